"""How a cell of an activities' spreadsheet becomes a value, and back. What can't be read is said, never guessed."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from portal.imports.choices import DateOrder
from portal.lib.text import fold

from ..choices import OrganisationRole
from .names import CODE, Names, Unclear

Read = Callable[[str, Names, str], Any]  # the text of a cell, the names, how days are written
Write = Callable[[Any, Names], str]

# Texts


def text(most: int) -> Read:
    def read(text: str, names: Names, order: str) -> str:
        text = re.sub(r"^'(?=\s*[=+\-@])", "", text)
        if len(text) > most:
            raise Unclear(_("At most %(most)s letters, please.") % {"most": most})
        return text

    return read


def as_is(value: Any, names: Names) -> str:
    return str(value or "")


# Closed lists


def choice(choices: type) -> tuple[Read, Write]:
    def read(text: str, names: Names, order: str) -> str:
        wanted = fold(text)
        for value, label in choices.choices:
            if wanted in (fold(str(label)), value, fold(choices(value).name.replace("_", " "))):
                return value
        listed = ", ".join(str(label) for label in choices.labels)
        raise Unclear(_("Choose one of: %(listed)s.") % {"listed": listed})

    return read, lambda value, names: str(choices(value).label) if value else ""


def choices(choices: type) -> tuple[Read, Write]:
    one, write_one = choice(choices)

    def read(text: str, names: Names, order: str) -> frozenset[str]:
        return frozenset(one(part, names, order) for part in _parts(text))

    def write(value: frozenset[str], names: Names) -> str:
        return "; ".join(write_one(part, names) for part in choices.values if part in value)

    return read, write


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;\n|]", text) if part.strip()]


# Shares


_SHARE = re.compile(
    r"^(?P<what>.*?\S)\s*(?::|=)\s*(?P<one>\d+(?:[.,]\d+)?)\s*%?$|^(?P<name>.*?\S)\s+(?P<two>\d+(?:[.,]\d+)?)\s*%$"
)


def shares(book_name: str, example: str) -> tuple[Read, Write]:
    def read(text: str, names: Names, order: str) -> dict[int, Decimal]:
        book = getattr(names, book_name)
        shares: dict[int, Decimal] = {}
        found = [_with_share(part) for part in _parts(text)]
        if len(found) == 1 and found[0][1] is None:
            return {_named(book, found[0][0]): Decimal(100)}
        if any(share is None for _what, share in found):
            raise Unclear(
                _("Say how it divides, as in “%(example)s”.") % {"example": example},
                _in_equal_parts([what for what, _share in found]),
            )
        for what, share in found:
            key = _named(book, what)
            if key in shares:
                raise Unclear(_("“%(what)s” stands there twice.") % {"what": what})
            if not 0 < share <= 100:
                raise Unclear(_("A share is above 0 and at most 100."))
            shares[key] = share
        total = sum(shares.values(), Decimal(0))
        if total != 100:
            raise Unclear(
                _("The shares make %(total)s, not 100.") % {"total": f"{total.normalize():f}"}
            )
        return shares

    def write(value: dict[int, Decimal], names: Names) -> str:
        texts = getattr(names, book_name).texts
        if len(value) == 1:
            return texts[next(iter(value))]
        ordered = sorted(value.items(), key=lambda pair: (-pair[1], texts[pair[0]]))
        return "; ".join(f"{_short(texts[key])}: {share.normalize():f}" for key, share in ordered)

    return read, write


def _named(book: Any, what: str) -> int:
    """By name; an objective also by the code that a text begins with."""
    try:
        return book.find(what)
    except Unclear:
        code = CODE.match(what)
        if code and fold(code[1]) in book.keys:
            return book.find(code[1])
        raise


def _with_share(part: str) -> tuple[str, Decimal | None]:
    match = _SHARE.match(part)
    if not match:
        return part, None
    number = (match["one"] or match["two"]).replace(",", ".")
    return match["what"] or match["name"], Decimal(number)


def _in_equal_parts(parts: list[str]) -> str:
    share = (Decimal(100) / len(parts)).quantize(Decimal("0.01"))
    shares = [share] * (len(parts) - 1)
    shares.append(Decimal(100) - sum(shares, Decimal(0)))
    return "; ".join(
        f"{what}: {part.normalize():f}" for what, part in zip(parts, shares, strict=True)
    )


def _short(text: str) -> str:
    """ "1.2 Safe houses" -> "1.2"; what belongs to another strategy keeps its whole text."""
    code = CODE.match(text)
    return code[1] if code and not text.endswith("]") else text


# Organisations and groups


def organisation(text: str, names: Names, order: str) -> int:
    return names.organisations.find(text)


def participants(text: str, names: Names, order: str) -> frozenset[tuple[int, str]]:
    one, _write = choice(OrganisationRole)
    found = set()
    for part in _parts(text):
        match = re.match(r"^(.*\S)\s*:\s*([^:]+)$", part)
        role = one(match[2], names, order) if match else OrganisationRole.IMPLEMENTING.value
        found.add((names.organisations.find(match[1] if match else part), role))
    return frozenset(found)


def write_participants(value: frozenset[tuple[int, str]], names: Names) -> str:
    texts = names.organisations.texts
    return "; ".join(
        sorted(f"{texts.get(key, key)}: {OrganisationRole(role).label}" for key, role in value)
    )


def groups(text: str, names: Names, order: str) -> frozenset[int]:
    return frozenset(names.groups.find(part) for part in _parts(text))


def write_groups(value: frozenset[int], names: Names) -> str:
    return "; ".join(sorted(names.groups.texts[key] for key in value))


# Numbers


def money(text: str, names: Names, order: str) -> Decimal:
    number = number_of(text)
    if number < 0:
        raise Unclear(_("A budget is not below zero."))
    if number != number.quantize(Decimal("0.01")) or number >= Decimal(10) ** 18:
        raise Unclear(_("Write an amount with at most two decimals."))
    return number


def count(text: str, names: Names, order: str) -> int:
    number = number_of(text)
    if number != int(number) or not 0 <= number <= 2_000_000_000:
        raise Unclear(_("Write a whole number."))
    return int(number)


def number_of(text: str) -> Decimal:
    """42000, 42,000.50, 42.000,50, 42 000. Three digits after a single mark are thousands. Raises `Unclear`."""
    plain = re.sub(r"[\s\u00a0\u202f'’]", "", text)
    if not re.fullmatch(r"-?\d[\d.,]*", plain):
        raise Unclear(_("“%(text)s” is no number.") % {"text": text[:40]})
    last = max(plain.rfind("."), plain.rfind(","))
    if last >= 0:
        mark, rest = plain[last], plain[last + 1 :]
        other = "," if mark == "." else "."
        thousands = plain.count(mark) > 1 or (
            len(rest) == 3 and other not in plain and plain[:last].strip("-0") != ""
        )
        whole = re.sub(r"[.,]", "", plain[:last])
        plain = whole + rest if thousands else f"{whole}.{rest}"
    try:
        return Decimal(plain)
    except InvalidOperation:
        raise Unclear(_("“%(text)s” is no number.") % {"text": text[:40]}) from None


def currency(text: str, names: Names, order: str) -> str:
    code = text.strip().upper()
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise Unclear(_("Write the currency as three capital letters, for example USD."))
    return code


# Days

_MONTHS = {
    fold(name)[:4].rstrip("."): number
    for number, listed in enumerate(
        (
            "january jan enero ene janvier janv",
            "february feb febrero fevrier fevr",
            "march mar marzo mars",
            "april apr abril abr avril avr",
            "may mayo mai",
            "june jun junio juin",
            "july jul julio juil juillet",
            "august aug agosto ago aout",
            "september sep sept septiembre septembre",
            "october oct octubre octobre",
            "november nov noviembre novembre",
            "december dec diciembre dic decembre",
        ),
        start=1,
    )
    for name in listed.split()
}


def day(is_end: bool) -> Read:
    def read(text: str, names: Names, order: str) -> date:
        try:
            found = day_of(text, order, is_end=is_end)
        except ValueError:
            found = None
        if found is None:
            raise Unclear(
                _("“%(text)s” is no day we can read. Write it as 2027-03-15.") % {"text": text[:40]}
            )
        if not 1990 <= found.year <= 2100:
            raise Unclear(_("A day between 1990 and 2100, please."))
        return found

    return read


def day_of(text: str, order: str, *, is_end: bool = False) -> date | None:
    """2027-03-15, 15 Mar 2027, 15/03/2027, 2027-03 (its first day, its last for an end). None for no day."""
    text = text.strip()
    if match := re.match(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]\d\d:\d\d.*)?$", text):
        return date(*map(int, match.groups()))
    if match := re.match(r"^(\d{4})[-/](\d{1,2})$", text):
        return _month(int(match[1]), int(match[2]), is_end)
    if match := re.match(r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})$", text):
        first, second, year = map(int, match.groups())
        year += 2000 if year < 100 else 0
        if first == second or order == DateOrder.DAY_FIRST:
            return date(year, second, first)
        return date(year, first, second) if order == DateOrder.MONTH_FIRST else None
    words = fold(text).replace(",", " ").replace(".", " ").replace(" de ", " ").split()
    months = [_MONTHS.get(word[:4], _MONTHS.get(word[:3])) for word in words if not word.isdigit()]
    numbers = [int(word) for word in words if word.isdigit()]
    month = next((month for month in months if month), None)
    if month is None or len(numbers) + 1 != len(words):
        return None
    if len(numbers) == 1 and numbers[0] > 31:
        return _month(numbers[0], month, is_end)
    if len(numbers) == 2:
        day, year = sorted(numbers)
        return date(year, month, day) if year > 31 else None
    return None


def _month(year: int, month: int, is_end: bool) -> date:
    first = date(year, month, 1)
    if not is_end:
        return first
    after = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(after.toordinal() - 1)


def write_day(value: date | None, names: Names) -> str:
    return value.isoformat() if value else ""


def write_number(value: Decimal | int | None, names: Names) -> str:
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
