"""Which column of a file is which of ours: by name, by other names, by likeness; personal data are left out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from portal.lib.personal_data import find
from portal.lib.text import fold

from .choices import DateOrder, Sureness
from .kinds import Column

#: From this likeness of names on a column is proposed.
ALIKE = 82
#: The heading stands in one of these first lines.
HEADER_WITHIN = 25
SAMPLES = 3
#: Of so many first rows a column's cells are looked at.
LOOKED_AT = 200
#: Columns whose name says that they hold one person's data, in English, Spanish and French.
PERSONAL = re.compile(
    r"""\b(?:
      (?:first|last|family|full|given|sur|victim.?s?|client.?s?|beneficiary.?s?|survivor.?s?|person.?s?|child.?s?)\s?names?
    | (?:e.?mails?|phones?|telephones?|mobiles?|whatsapp|fax)(?:\s(?:number|no|address))?
    | (?:home|street|postal|shelter)\s?address | address | gps | latitude | longitude | coordinates
    | (?:date|day|year)\sof\sbirth | birth\s?(?:date|day) | dob | age
    | passport(?:\s\w+)? | (?:national\s)?id\s?(?:card|number|no) | ssn | case\s(?:number|no|id|file) | nationality
    | contacts?(?:\s(?:person|name|details|info))? | focal\spoint | staff\sname | caseworker
    | nombres? | apellidos? | nombre\scompleto | correo(?:\selectronico)? | telefonos? | celular | movil
    | direccion | domicilio | fecha\sde\snacimiento | edad | pasaporte | cedula | dni | curp | expediente
    | persona\sde\scontacto | contactos?
    | noms? | prenoms? | nom\sde\sfamille | courriel | telephones? | portable | adresse | date\sde\snaissance
    | passeport | carte\sd.identite | numero\sde\sdossier | personne\sde\scontact
    )\b""",
    re.VERBOSE,
)
_SLASHED = re.compile(r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{2}|\d{4})$")


@dataclass(slots=True)
class Match:
    """Where a column goes: the key of one of ours, or "" for nowhere."""

    header: str
    samples: list[str]
    target: str
    sure: str
    percent: int = 100
    why: str = ""

    def as_json(self) -> dict:
        return {
            "header": self.header,
            "samples": self.samples,
            "target": self.target,
            "sure": self.sure,
            "percent": self.percent,
            "why": self.why,
        }


def header_line(rows: Sequence[Sequence[str]], columns: Sequence[Column]) -> int:
    """Which of the first lines is the heading (0 for the first): where most cells are names that we know."""
    known = set(names_of(columns))
    scores = [
        (sum(fold(cell) in known for cell in row), -number)
        for number, row in enumerate(rows[:HEADER_WITHIN])
    ]
    hits, line = max(scores)
    if hits:
        return -line
    filled = [number for number, row in enumerate(rows[:HEADER_WITHIN]) if sum(map(bool, row)) > 1]
    return filled[0] if filled else 0


def match_columns(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    columns: Sequence[Column],
    kept: Mapping[str, str],
) -> list[Match]:
    """A match for each heading, each of our columns once. kept: folded heading -> key, from earlier files."""
    known, by_key = names_of(columns), {column.key: column for column in columns}
    matches = [
        _first_match(header, [row[at] for row in rows[:LOOKED_AT] if at < len(row) and row[at]], known, by_key, kept)
        for at, header in enumerate(headers)
    ]  # fmt: skip
    order = {Sureness.KEPT: 0, Sureness.EXACT: 1, Sureness.ALIKE: 2}
    taken = set()
    for match in sorted(matches, key=lambda one: (order.get(one.sure, 9), -one.percent)):
        if not match.target:
            continue
        if match.target in taken:
            match.target, match.sure, match.percent = "", Sureness.NONE, 0
            match.why = _("Another column goes there already")
        taken.add(match.target)
    return matches


def _first_match(header, cells, known, by_key, kept) -> Match:
    samples = [cell[:60] for cell in dict.fromkeys(cells)][:SAMPLES]
    folded = fold(header)
    target, sure, percent = "", Sureness.NONE, 0
    if folded in kept and (not kept[folded] or kept[folded] in by_key):
        target, sure, percent = kept[folded], Sureness.KEPT, 100
    elif folded in known:
        target, sure, percent = known[folded], Sureness.EXACT, 100
    if target and by_key[target].private:
        return Match(header, [], target, sure, percent)
    if not target and (why := _personal(folded, cells)):
        return Match(header, [], "", Sureness.PERSONAL, 0, why)
    if not target and sure != Sureness.KEPT and folded:
        name, score = max(
            ((name, fuzz.token_sort_ratio(folded, name)) for name in known),
            key=lambda pair: pair[1],
        )
        if score >= ALIKE and not by_key[known[name]].private:
            target, sure, percent = known[name], Sureness.ALIKE, int(score)
    return Match(header, samples, target, sure, percent)


def _personal(folded: str, cells: Sequence[str]) -> str:
    """Why a column that is none of ours is left out as data of persons; "" when it is not."""
    if PERSONAL.search(re.sub(r"[^\w.]+", " ", folded)):
        return _("Its name says that it holds data of persons")
    with_hits = sum(1 for cell in cells if len(cell) <= 80 and find(cell))
    if with_hits * 5 >= len(cells) > 0:
        return _("It seems to hold names, phone numbers or addresses")
    return ""


def names_of(columns: Sequence[Column]) -> dict[str, str]:
    """Folded name -> key, for headings and all other names."""
    found = {}
    for column in columns:
        for name in (*column.names, str(column.header)):
            found.setdefault(fold(name), column.key)
    return found


def date_order(cells: Sequence[str]) -> tuple[str, bool]:
    """How slashed days of a file are meant, and whether somebody has to say so: "dmy", "mdy", or "" and True."""
    pairs = [match.groups()[:2] for cell in cells if (match := _SLASHED.match(cell))]
    if not pairs:
        return "", False
    day_first = any(int(first) > 12 for first, _second in pairs)
    month_first = any(int(second) > 12 for _first, second in pairs)
    if day_first and not month_first:
        return DateOrder.DAY_FIRST, False
    if month_first and not day_first:
        return DateOrder.MONTH_FIRST, False
    return "", any(first != second for first, second in pairs)
