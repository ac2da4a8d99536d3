"""Numbers, money and days as people read them, in the language that is active.

Everywhere in this module an `int` amount is in minor units of its currency (cents) and a `Decimal`
amount in whole units. Rounding is half up and exact: nothing passes through a float. `None` becomes
"no data", which is not zero.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache, wraps
from typing import ParamSpec

from django.utils import formats
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

NBSP = "\u00a0"
MINUS = "\u2212"

Given = ParamSpec("Given")

# Source: ISO 4217. Every other currency has two digits.
NO_CENTS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND"
MINOR_DIGITS = {**dict.fromkeys(NO_CENTS.split(), 0), **dict.fromkeys(THOUSANDTHS.split(), 3)}
SYMBOLS = {"USD": "US$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}


@dataclass(frozen=True, slots=True)
class Style:
    """How a language writes percentages and round sums of money."""

    percent: str
    money: str  # {symbol} and {number}
    symbols: dict[str, str]  # where they differ from SYMBOLS
    million: tuple[str, str]  # below 2 of them, and from 2 on
    billion: tuple[str, str]
    short: tuple[str, str, str]  # thousand, million, billion in labels


ENGLISH = Style(
    percent="{number}%",
    money="{symbol}{number}",
    symbols={},
    million=("million", "million"),
    billion=("billion", "billion"),
    short=("k", "M", "bn"),
)
# Source: Unicode CLDR, percent and currency patterns of each language.
STYLES = {
    "en": ENGLISH,
    "fr": Style(
        percent="{number}\u202f%",
        money="{number}\u00a0{symbol}",
        symbols={"USD": "$\u00a0US", "GBP": "£", "JPY": "¥"},
        million=("million", "millions"),
        billion=("milliard", "milliards"),
        short=("k", "M", "Md"),
    ),
    "es": Style(
        percent="{number}\u00a0%",
        money="{number}\u00a0{symbol}",
        symbols={},
        million=("millón", "millones"),
        billion=("mil millones", "mil millones"),
        short=("mil", "M", "mil\u00a0M"),
    ),
}


def _style() -> Style:
    return STYLES.get((get_language() or "en").split("-")[0], ENGLISH)


def _known_by_language(write: Callable[Given, str]) -> Callable[Given, str]:
    """The same texts again without writing them anew: pages are full of them, and a change moves few.

    An `int` and an equal `Decimal` mean different amounts here, so types count.
    """

    @lru_cache(maxsize=16_384, typed=True)
    def written(language: str | None, *args: Given.args, **kwargs: Given.kwargs) -> str:
        return write(*args, **kwargs)

    @wraps(write)
    def known(*args: Given.args, **kwargs: Given.kwargs) -> str:
        return written(get_language(), *args, **kwargs)  # type: ignore[arg-type]  # lru_cache forgets `Given`

    return known


def no_data() -> str:
    """The words for a number that nobody has given."""
    return _("no data")


def round_half_up(value: Decimal | Fraction | int, digits: int = 0) -> Decimal:
    """`value` with `digits` decimals; a half goes away from zero, as readers expect."""
    if isinstance(value, Decimal) and abs(value.adjusted()) < 18:
        return (
            value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + 0
        )  # there is no minus nought
    scale = 10**digits
    exact = Fraction(value) * scale
    nearest = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return Decimal(nearest if exact >= 0 else -nearest).scaleb(-digits)


@_known_by_language
def decimal(value: Decimal | Fraction | int | None, digits: int = 0) -> str:
    """`value` with `digits` decimals and the language's separators."""
    if value is None:
        return no_data()
    text = formats.number_format(
        abs(round_half_up(value, digits)), digits, use_l10n=True, force_grouping=True
    )
    return MINUS + text if value < 0 and text.strip("0.,") else text


def whole(value: Decimal | int | None) -> str:
    """A count: `12,345`."""
    return decimal(value)


@_known_by_language
def percent(share: Decimal | Fraction | int | float | None) -> str:
    """A share from 0 to 100, without decimals: `18%`; `<1%` for what is under 1 but not zero."""
    if share is None:
        return no_data()
    share = Fraction(str(share)) if isinstance(share, float) else Fraction(share)
    number = f"<{decimal(1)}" if 0 < share < 1 else decimal(share)
    return _style().percent.format(number=number)


def percent_exact(share: Decimal) -> str:
    """A share as exactly as it was stated: `50%`, `33.333333%`."""
    exponent = share.normalize().as_tuple().exponent
    digits = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return _style().percent.format(number=decimal(share, digits))


def share_of(part: Decimal | int, whole_: Decimal | int) -> Fraction | None:
    """`part` as an exact percentage of `whole_`; None when that is 0."""
    return Fraction(part) * 100 / Fraction(whole_) if whole_ else None


def percent_of(part: Decimal | int, whole_: Decimal | int) -> str | None:
    """`part` as a percentage of `whole_`, as `percent` writes it; None when `whole_` is 0."""
    share = share_of(part, whole_)
    return None if share is None else percent(share)


def minor_digits(currency: str) -> int:
    """How many decimals amounts in `currency` have."""
    return MINOR_DIGITS.get(currency, 2)


def in_units(amount: Decimal | int, currency: str = "") -> Decimal:
    """`amount` in whole units of `currency`: an int is in minor units, a Decimal is so already."""
    return (
        amount if isinstance(amount, Decimal) else Decimal(amount).scaleb(-minor_digits(currency))
    )


def symbol(currency: str) -> str:
    """`US$` for `USD`; the code itself for currencies without a sign that all readers know."""
    return _style().symbols.get(currency) or SYMBOLS.get(currency, currency)


def _with_symbol(number: str, currency: str) -> str:
    """The number with its currency, a code set apart; without a currency the number alone."""
    if not currency:
        return number
    sign = symbol(currency)
    sign = sign + NBSP if sign.isalpha() and _style().money.startswith("{symbol}") else sign
    if number.startswith(MINUS) and _style().money.startswith("{symbol}"):
        return MINUS + _style().money.format(symbol=sign, number=number[1:])
    return _style().money.format(symbol=sign, number=number)


def _rounded(value: Decimal) -> tuple[Decimal, int]:
    """What stands before the unit, and the power of ten of the unit: 0, 6 or 9.

    A unit begins where the one below it would round up to it, so that 999,600 is "1.0 million".
    """
    if abs(round_half_up(value.scaleb(-6), 1)) >= 1000:
        return round_half_up(value.scaleb(-9), 1), 9
    if abs(round_half_up(value.scaleb(-3))) >= 1000:
        return round_half_up(value.scaleb(-6), 1), 6
    if abs(value) >= 10_000:
        return round_half_up(value.scaleb(-3)).scaleb(3), 0
    return round_half_up(value), 0


@_known_by_language
def money(amount: Decimal | int | None, currency: str = "") -> str:
    """Money in a sentence: `US$17.7 million`, `US$351,000`, `US$950`, `<US$1`."""
    if amount is None:
        return no_data()
    value = in_units(amount, currency)
    if 0 < value < 1:
        return "<" + _with_symbol(decimal(1), currency)
    number, power = _rounded(value)
    if not power:
        return _with_symbol(decimal(number), currency)
    words = _style().billion if power == 9 else _style().million
    word = words[0] if abs(number) < 2 else words[1]
    text = decimal(number, 1)
    if _style().money.startswith("{symbol}"):
        return f"{_with_symbol(text, currency)}{NBSP}{word}"
    return _with_symbol(f"{text}{NBSP}{word}", currency)


@_known_by_language
def money_short(amount: Decimal | int | None, currency: str = "") -> str:
    """Money in a label: `17.7 M`, `670 k`, `950`; `US$17.7 M` where a currency is given."""
    if amount is None:
        return no_data()
    value = in_units(amount, currency)
    if 0 < value < 1:
        return "<" + _with_symbol(decimal(1), currency)
    thousand, million, billion = _style().short
    number, power = _rounded(value)
    if power:
        text = f"{decimal(number, 1)}{NBSP}{billion if power == 9 else million}"
    elif abs(number) >= 10_000:
        text = f"{decimal(number.scaleb(-3))}{NBSP}{thousand}"
    else:
        text = decimal(number)
    return _with_symbol(text, currency)


@_known_by_language
def money_full(amount: Decimal | int | None, currency: str = "") -> str:
    """Money to the last minor unit, for tables and rows that are added up: `US$17,712,345.67`."""
    if amount is None:
        return no_data()
    return _with_symbol(decimal(in_units(amount, currency), minor_digits(currency)), currency)


def day(value: date | None) -> str:
    """`9 November 2026`."""
    return no_data() if value is None else formats.date_format(value, "DATE_FORMAT")


def month(value: date | None) -> str:
    """`Feb 2027`."""
    return no_data() if value is None else formats.date_format(value, "M Y")


def period(start: date | None, end: date | None) -> str:
    """`Mar 2025 to Dec 2026`, `Jan to Dec 2026`; one open end is said in words."""
    if start is None and end is None:
        return no_data()
    if end is None:
        return _("from %(month)s") % {"month": month(start)}
    if start is None:
        return _("to %(month)s") % {"month": month(end)}
    if (start.year, start.month) == (end.year, end.month):
        return month(end)
    first = formats.date_format(start, "M") if start.year == end.year else month(start)
    return pgettext("months", "%(start)s to %(end)s") % {"start": first, "end": month(end)}


def axis(amounts: list[int], currency: str = "") -> list[str]:
    """Labels of a scale in the unit of the largest, named only there: `0`, `5`, `10 M`."""
    if not amounts:
        return []
    values = [in_units(amount, currency) for amount in amounts]
    power = next((power for power in (9, 6, 3) if max(values) >= 10**power), 0)
    scaled = [value.scaleb(-power) for value in values]
    digits = max(
        (max(-int(value.normalize().as_tuple().exponent), 0) for value in scaled), default=0
    )
    labels = [decimal(value, min(digits, 2)) for value in scaled]
    if power:
        labels[-1] += NBSP + _style().short[power // 3 - 1]
    return labels
