"""The columns of an activities' spreadsheet, each once: for the file out, the file in, and the help beside them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.imports.choices import DateOrder
from portal.imports.kinds import Column
from portal.lib.text import fold
from portal.records.choices import LocationPrecision, Visibility

from .choices import ActivityStatus, DeliveryMode, Exploitation, OrganisationRole, Population
from .names import CODE, Names, Unclear

Read = Callable[[str, Names, str], Any]  # the text of a cell, the names, how days are written
Write = Callable[[Any, Names], str]


@dataclass(frozen=True, slots=True)
class Field:
    """How a column's cell becomes a value, and back. empty: the value of an empty cell."""

    column: Column
    read: Read
    write: Write
    empty: Any = ""


# Texts


def _text(most: int) -> Read:
    def read(text: str, names: Names, order: str) -> str:
        text = re.sub(r"^'(?=\s*[=+\-@])", "", text)
        if len(text) > most:
            raise Unclear(_("At most %(most)s letters, please.") % {"most": most})
        return text

    return read


def _as_is(value: Any, names: Names) -> str:
    return str(value or "")


# Closed lists


def _choice(choices: type) -> tuple[Read, Write]:
    def read(text: str, names: Names, order: str) -> str:
        wanted = fold(text)
        for value, label in choices.choices:
            if wanted in (fold(str(label)), value, fold(choices(value).name.replace("_", " "))):
                return value
        listed = ", ".join(str(label) for label in choices.labels)
        raise Unclear(_("Choose one of: %(listed)s.") % {"listed": listed})

    return read, lambda value, names: str(choices(value).label) if value else ""


def _choices(choices: type) -> tuple[Read, Write]:
    one, write_one = _choice(choices)

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


def _shares(book_name: str, example: str) -> tuple[Read, Write]:
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


def _organisation(text: str, names: Names, order: str) -> int:
    return names.organisations.find(text)


def _participants(text: str, names: Names, order: str) -> frozenset[tuple[int, str]]:
    one, _write = _choice(OrganisationRole)
    found = set()
    for part in _parts(text):
        match = re.match(r"^(.*\S)\s*:\s*([^:]+)$", part)
        role = one(match[2], names, order) if match else OrganisationRole.IMPLEMENTING.value
        found.add((names.organisations.find(match[1] if match else part), role))
    return frozenset(found)


def _write_participants(value: frozenset[tuple[int, str]], names: Names) -> str:
    texts = names.organisations.texts
    return "; ".join(
        sorted(f"{texts.get(key, key)}: {OrganisationRole(role).label}" for key, role in value)
    )


def _groups(text: str, names: Names, order: str) -> frozenset[int]:
    return frozenset(names.groups.find(part) for part in _parts(text))


def _write_groups(value: frozenset[int], names: Names) -> str:
    return "; ".join(sorted(names.groups.texts[key] for key in value))


# Numbers


def _money(text: str, names: Names, order: str) -> Decimal:
    number = number_of(text)
    if number < 0:
        raise Unclear(_("A budget is not below zero."))
    if number != number.quantize(Decimal("0.01")) or number >= Decimal(10) ** 18:
        raise Unclear(_("Write an amount with at most two decimals."))
    return number


def _count(text: str, names: Names, order: str) -> int:
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


def _currency(text: str, names: Names, order: str) -> str:
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


def _day(is_end: bool) -> Read:
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


def _write_day(value: date | None, names: Names) -> str:
    return value.isoformat() if value else ""


def _write_number(value: Decimal | int | None, names: Names) -> str:
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


# The columns

RECORD, VERSION = "record", "version"

_BOOKKEEPING = [
    Column(
        RECORD,
        gettext_lazy("Record"),
        ("Fourfold record", "record id", "registro", "enregistrement"),
        gettext_lazy(
            "The number of the record. Leave it as it is; leave it empty for a new activity."
        ),
        width=10,
        private=True,
    ),
    Column(
        VERSION,
        gettext_lazy("Version (leave as it is)"),
        ("version", "versión"),
        gettext_lazy("So that nobody's change made meanwhile is overwritten."),
        width=12,
        private=True,
    ),
]


def _field(key, header, names, help_text, codec, *, empty="", **options) -> Field:
    read, write = codec
    return Field(Column(key, header, names, help_text, **options), read, write, empty)


_PLACE = _shares("places", "Kenya (KE): 60; Uganda (UG): 40")
_OBJECTIVE = _shares("objectives", "1.1: 60; 2.3: 40")

FIELDS: list[Field] = [
    _field(
        "title",
        gettext_lazy("Title"),
        ("activity title", "project name", "project title", "project", "activity", "activity name", "name of project",
         "título", "titulo del proyecto", "nombre del proyecto", "proyecto", "actividad", "nombre de la actividad",
         "titre", "titre du projet", "nom du projet", "projet", "activité", "intitulé"),
        gettext_lazy("What you would call it in one line."),
        (_text(300), _as_is),
        width=44,
        needed=True,
    ),
    _field(
        "reporting_organisation",
        gettext_lazy("Organisation"),
        ("reporting organisation", "reporting organization", "organization", "organisation name", "our organisation",
         "agency", "member", "organización", "organizacion informante", "entidad", "organisation déclarante",
         "organisme"),
        gettext_lazy("Whose activity it is. Only needed if you write for several."),
        (_organisation, lambda value, names: names.organisations.texts.get(value, "")),
        empty=None,
        width=26,
    ),
    _field(
        "activity_status",
        gettext_lazy("Status"),
        ("activity status", "project status", "state", "estado", "situación", "statut", "état"),
        gettext_lazy("Under way, if you leave it empty."),
        _choice(ActivityStatus),
        empty=ActivityStatus.IMPLEMENTATION.value,
        listed="statuses",
        width=14,
    ),
    _field(
        "planned_start",
        gettext_lazy("Start"),
        ("planned start", "start date", "from", "begin", "beginning", "start of project", "fecha de inicio", "inicio",
         "desde", "comienzo", "date de début", "début", "debut"),
        gettext_lazy("A day, as 2027-03-15."),
        (_day(False), _write_day),
        empty=None,
        is_date=True,
        width=13,
    ),
    _field(
        "planned_end",
        gettext_lazy("End"),
        ("planned end", "end date", "to", "until", "finish", "completion date", "fecha de fin",
         "fecha de término", "fin",
         "hasta", "date de fin", "fecha final"),
        gettext_lazy("A day, as 2027-11-30."),
        (_day(True), _write_day),
        empty=None,
        is_date=True,
        width=13,
    ),
    _field(
        "objectives",
        gettext_lazy("Objectives"),
        ("objective", "obj", "obj.", "strategy objective", "objective code", "goal", "objetivo", "objetivos",
         "objectif", "objectifs"),
        gettext_lazy("Choose one from the list. For several, write shares that make 100: 1.1: 60; 2.3: 40"),
        _OBJECTIVE,
        empty=None,
        listed="objectives",
        several=True,
        needed=True,
        width=36,
    ),
    _field(
        "places",
        gettext_lazy("Places"),
        ("place", "zone", "location", "locations", "country", "countries", "region", "area", "district",
         "where", "lugar",
         "lugares", "país", "países", "zona", "ubicación", "lieu", "lieux", "pays", "région", "localisation"),
        gettext_lazy("A country or region, never an address. For several: Kenya (KE): 60; Uganda (UG): 40"),
        _PLACE,
        empty=None,
        listed="places",
        several=True,
        needed=True,
        width=30,
    ),
    _field(
        "description",
        gettext_lazy("Description"),
        ("notes", "summary", "details", "what we do", "project description", "activity description", "descripción",
         "resumen", "notas", "description du projet", "résumé", "remarques"),
        gettext_lazy("What you do and for whom. No names, phone numbers or cases."),
        (_text(20_000), _as_is),
        width=60,
    ),
    _field(
        "populations",
        gettext_lazy("For whom"),
        ("population", "population groups", "population group", "target group", "target groups", "beneficiary group",
         "población", "población meta", "grupo meta", "public cible", "population cible", "groupe cible"),
        gettext_lazy("From the list; several with a semicolon between: Women; Children"),
        _choices(Population),
        empty=frozenset(),
        listed="populations",
        several=True,
        width=26,
    ),
    _field(
        "exploitations",
        gettext_lazy("Form of exploitation"),
        ("forms of exploitation", "exploitation", "type of exploitation", "forma de explotación",
         "formas de explotación",
         "tipo de explotación", "forme d'exploitation", "formes d'exploitation"),
        gettext_lazy("From the list; several with a semicolon between."),
        _choices(Exploitation),
        empty=frozenset(),
        listed="exploitations",
        several=True,
        width=24,
    ),
    _field(
        "mode_of_delivery",
        gettext_lazy("How"),
        ("mode of delivery", "delivery mode", "delivery", "type of work", "modalidad", "modo de ejecución",
         "mode d'action",
         "modalité"),
        gettext_lazy("From the list."),
        _choice(DeliveryMode),
        listed="modes",
        width=22,
    ),
    _field(
        "people_expected",
        gettext_lazy("People expected"),
        ("people", "beneficiaries", "expected people", "number of people", "people reached", "number of beneficiaries",
         "target number", "beneficiarios", "personas", "número de personas", "bénéficiaires", "nombre de personnes"),
        gettext_lazy("A number alone. Others never see it exactly."),
        (_count, _write_number),
        empty=None,
        width=12,
    ),
    _field(
        "budget_amount",
        gettext_lazy("Budget"),
        ("budget amount", "amount", "total budget", "cost", "amt", "amt usd", "budget usd", "presupuesto", "monto",
         "importe", "montant", "coût"),
        gettext_lazy("A number, with its currency in the next column."),
        (_money, _write_number),
        empty=None,
        width=14,
    ),
    _field(
        "budget_currency",
        gettext_lazy("Currency"),
        ("budget currency", "currency code", "curr", "moneda", "divisa", "devise", "monnaie"),
        gettext_lazy("Three letters, as USD."),
        (_currency, _as_is),
        listed="currencies",
        width=10,
    ),
    _field(
        "participants",
        gettext_lazy("With whom"),
        ("participants", "participating organisations", "partners", "partner", "partner organisations",
         "implementing partner",
         "socios", "socio", "organizaciones participantes", "partenaires", "partenaire"),
        gettext_lazy("Organisation: role; organisation: role. Roles: funding, accountable, extending, implementing."),
        (_participants, _write_participants),
        empty=frozenset(),
        several=True,
        width=30,
    ),
    _field(
        "visibility",
        gettext_lazy("Who may see it"),
        ("visibility", "shared with", "visibilidad", "quién puede verlo", "visibilité"),
        gettext_lazy("Public, if you leave it empty."),
        _choice(Visibility),
        empty=Visibility.PUBLIC.value,
        listed="visibilities",
        width=18,
    ),
    _field(
        "working_groups",
        gettext_lazy("Working groups"),
        ("working group", "task force", "grupo de trabajo", "groupe de travail"),
        gettext_lazy("Only for what named working groups alone may see."),
        (_groups, _write_groups),
        empty=frozenset(),
        several=True,
        width=20,
    ),
    _field(
        "location_precision",
        gettext_lazy("How precisely others see the place"),
        ("location precision", "precision", "precisión", "précision"),
        gettext_lazy("As recorded, if you leave it empty."),
        _choice(LocationPrecision),
        empty=LocationPrecision.EXACT.value,
        listed="precisions",
        width=20,
    ),
    _field(
        "actual_start",
        gettext_lazy("Actual start"),
        ("actual start date", "inicio real", "début réel", "date de début réelle"),
        gettext_lazy("Once it has begun."),
        (_day(False), _write_day),
        empty=None,
        is_date=True,
        width=13,
    ),
    _field(
        "actual_end",
        gettext_lazy("Actual end"),
        ("actual end date", "fin real", "fin réelle", "date de fin réelle"),
        gettext_lazy("Once it is over."),
        (_day(True), _write_day),
        empty=None,
        is_date=True,
        width=13,
    ),
    _field(
        "contact",
        gettext_lazy("Office to contact"),
        ("contact office", "shared mailbox", "oficina de contacto", "bureau à contacter"),
        gettext_lazy("An office or a shared mailbox, not a person."),
        (_text(200), _as_is),
        width=24,
    ),
    _field(
        "reference",
        gettext_lazy("Your number"),
        ("reference", "our reference", "own id", "project number", "project id", "project code",
         "activity id", "internal id",
         "código", "código del proyecto", "número de proyecto", "référence", "numéro du projet", "code du projet"),
        gettext_lazy("Your own number of the project. Next time we find it by this."),
        (_text(120), _as_is),
        width=16,
    ),
]  # fmt: skip

BY_KEY: dict[str, Field] = {field.column.key: field for field in FIELDS}
COLUMNS: list[Column] = [_BOOKKEEPING[0], *(field.column for field in FIELDS), _BOOKKEEPING[1]]
