"""The four files of the demo, row by row, with the line each row stands on.

Every row is read: it comes back as a row or among the skipped ones, with the reason.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from portal.demo.us.integrity import DamagedFile, read_checked

DATA = Path(__file__).resolve().parent.parent / "data"
GRANTS = "us-anti-tip-grants-2001-2014.csv"
PROJECTS = {2002: "us-anti-tip-projects-fy2002.csv", 2003: "us-anti-tip-projects-fy2003.csv"}
TIERS = "tip-tiers-1999-2015.csv"

PREVENTION, PROTECTION, PROSECUTION, PARTNERSHIP = 1, 2, 3, 4
FLAGS = (
    ("prevention", PREVENTION),
    ("protection", PROTECTION),
    ("prosecution", PROSECUTION),
    ("research", PARTNERSHIP),
)
TIER_WATCH_LIST, TIER_3 = 3, 4  # the file's own codes; 1 and 2 are Tier 1 and Tier 2

GRANT_COLUMNS = [
    "id",
    "country",
    "grant_year",
    "year_actual",
    "cowcode",
    "grant",
    "recipient",
    "subgrantee",
    "prevention",
    "protection",
    "prosecution",
    "research",
    "amount",
    "region1",
    "region2",
    "recipient_type",
]
PROJECT_COLUMNS = [
    "region",
    "country",
    "type_of_program",
    "funding_agency",
    "project_title",
    "recipient",
    "description",
]
TIER_COLUMNS = ["countryname", "iso", "year", "ccode", "tier"]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that was read and is not loaded, and why."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class GrantRow:
    """One grant of the file 2001-2014; amount in US dollars, None where the source has none."""

    line: int
    number: int  # the file's own id
    country: str
    year: int  # fiscal year, 1 October to 30 September, named by the year it ends in
    cow_code: str  # Correlates of War code; empty for regions and a few countries
    recipient: str
    recipient_type: str
    subgrantee: str
    region: str
    pillars: tuple[int, ...]  # as coded by the source; research is Partnership
    amount: Decimal | None

    @property
    def content(self) -> tuple:
        """Everything but the number: two grants with the same content are exact duplicates."""
        return (
            self.country, self.year, self.cow_code, self.recipient, self.recipient_type,
            self.subgrantee, self.region, self.pillars, self.amount,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One project of the State Department's list of a fiscal year."""

    line: int
    number: int  # its place in the list, from 1
    year: int
    region: str
    country: str
    programme: str  # "Prevention, Protection" in many spellings
    agency: str
    title: str
    recipient: str
    subrecipient: str
    description: str
    amount: str  # as typed; empty in the list of 2002


@dataclass(frozen=True, slots=True)
class TierRow:
    """How the Trafficking in Persons Report of a year ranks a country; tier by the file's codes."""

    line: int
    country: str
    iso3: str
    year: int
    tier: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file gave: rows, rows skipped, and its checksum."""

    file: str
    sha256: str
    rows: tuple
    skipped: tuple[Skipped, ...]

    @property
    def read(self) -> int:
        """Rows read, without the header."""
        return len(self.rows) + len(self.skipped)


def read_grants(folder: Path = DATA) -> Reading:
    """The grants 2001-2014; rows that say "no grant that year" are skipped. Raises `DamagedFile`."""
    rows, skipped = [], []
    source = read_checked(folder, GRANTS)
    for line, cells in _records(source.text, GRANTS, GRANT_COLUMNS):
        cell = _Cells(GRANTS, line, cells)
        given = cell.choice("grant", {"1.0": "grant", "0.0": "none", "NA": "unknown"})
        if given != "grant":
            reason = (
                "no grant that year"
                if given == "none"
                else "not known whether there was a grant that year"
            )
            skipped.append(Skipped(GRANTS, line, reason))
            continue
        coded = (
            pillar
            for flag, pillar in FLAGS
            if cell.choice(flag, {"1.0": True, "0.0": False, "NA": False})
        )
        rows.append(
            GrantRow(
                line=line,
                number=cell.integer("id"),
                country=cell.text("country"),
                year=cell.year("year_actual"),
                cow_code=cell.text("cowcode"),
                recipient=cell.text("recipient"),
                recipient_type=cell.text("recipient_type"),
                subgrantee=cell.text("subgrantee"),
                region=cell.text("region1"),
                pillars=tuple(coded),
                amount=cell.amount("amount"),
            )
        )
    _no_repeated_numbers(rows)
    return Reading(GRANTS, source.sha256, tuple(rows), tuple(skipped))


def read_projects(year: int, folder: Path = DATA) -> Reading:
    """The State Department's project list of fiscal year 2002 or 2003. Raises `DamagedFile`."""
    name = PROJECTS[year]
    source = read_checked(folder, name)
    rows = []
    for number, (line, cells) in enumerate(_records(source.text, name, PROJECT_COLUMNS), start=1):
        cell = _Cells(name, line, cells)
        if not (cell.text("project_title") or cell.text("description") or cell.text("recipient")):
            raise DamagedFile(name, line, "a project without title, description and recipient")
        rows.append(
            ProjectRow(
                line=line,
                number=number,
                year=year,
                region=cell.text("region"),
                country=cell.text("country"),
                programme=cell.text("type_of_program"),
                agency=cell.text("funding_agency"),
                title=cell.text("project_title"),
                recipient=cell.text("recipient"),
                subrecipient=cell.text("subrecipient"),
                description=cell.text("description"),
                amount=cell.text("amount"),
            )
        )
    return Reading(name, source.sha256, tuple(rows), ())


def read_tiers(folder: Path = DATA) -> Reading:
    """The tiers by country and year; a country not ranked that year is skipped. Raises `DamagedFile`."""
    rows, skipped = [], []
    source = read_checked(folder, TIERS)
    for line, cells in _records(source.text, TIERS, TIER_COLUMNS):
        cell = _Cells(TIERS, line, cells)
        tier = cell.choice("tier", {"1": 1, "2": 2, "3": TIER_WATCH_LIST, "4": TIER_3, "NA": None})
        if tier is None:
            skipped.append(Skipped(TIERS, line, "not ranked that year"))
            continue
        rows.append(
            TierRow(line, cell.text("countryname"), cell.text("iso"), cell.integer("year"), tier)
        )
    return Reading(TIERS, source.sha256, tuple(rows), tuple(skipped))


def exact_duplicates(rows: Iterable[GrantRow]) -> list[tuple[GrantRow, ...]]:
    """Groups of grants alike in everything but the number the source gives them, in the order of the file.

    They are loaded: the source numbers each, and the project list of 2003 confirms one such pair.
    """
    groups = defaultdict(list)
    for row in rows:
        groups[row.content].append(row)
    return [tuple(group) for group in groups.values() if len(group) > 1]


class _Cells:
    """One row's cells by column; what cannot be read names file, line and column."""

    def __init__(self, file: str, line: int, cells: dict[str, str]):
        self.file, self.line, self.cells = file, line, cells

    def text(self, column: str) -> str:
        """The cell without outer blanks; the source's NA and a missing column are empty."""
        value = " ".join((self.cells.get(column) or "").replace("\u00a0", " ").split())
        return "" if value in {"NA", "N/A"} else value

    def integer(self, column: str) -> int:
        value = self.cells[column].strip()
        if not value.isdecimal():
            raise self.refused(column, value, "a whole number")
        return int(value)

    def year(self, column: str) -> int:
        value = self.cells[column].strip()
        if not (value[:4].isdecimal() and value[4:] == "-01-01"):
            raise self.refused(column, value, "a year, as in 2003-01-01")
        return int(value[:4])

    def amount(self, column: str) -> Decimal | None:
        value = self.cells[column].strip()
        if value in {"NA", ""}:
            return None
        try:
            amount = Decimal(value)
        except InvalidOperation:
            raise self.refused(column, value, "an amount") from None
        if not amount.is_finite() or amount < 0:
            raise self.refused(column, value, "an amount of zero or more")
        return amount.quantize(Decimal("0.01"))

    def choice(self, column: str, choices: dict):
        value = self.cells[column].strip()
        if value not in choices:
            raise self.refused(column, value, "one of " + ", ".join(choices))
        return choices[value]

    def refused(self, column: str, value: str, wanted: str) -> DamagedFile:
        return DamagedFile(
            self.file, self.line, f"column {column} should be {wanted}, not {value!r}"
        )


def _records(text: str, file: str, columns: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows as dictionaries with the line they begin on. Raises `DamagedFile` for a wrong header or length."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        header = next(reader, [])
        missing = [column for column in columns if column not in header]
        if missing:
            raise DamagedFile(file, 1, "the header lacks " + ", ".join(missing))
        begins = reader.line_num + 1
        for cells in reader:
            if len(cells) != len(header):
                raise DamagedFile(
                    file, begins, f"{len(cells)} cells where the header has {len(header)}"
                )
            yield begins, dict(zip(header, cells, strict=True))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise DamagedFile(file, begins, str(error)) from None


def _no_repeated_numbers(rows: list[GrantRow]) -> None:
    seen: dict[int, int] = {}
    for row in rows:
        if row.number in seen:
            raise DamagedFile(
                GRANTS, row.line, f"id {row.number} stands on line {seen[row.number]} already"
            )
        seen[row.number] = row.line
