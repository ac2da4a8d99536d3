"""Names of organisations: one for the many ways the sources write it, and none where a cell names nobody."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

GOVERNMENT = "United States Government"
KNOWN = Path(__file__).with_name("names.txt")


@dataclass(frozen=True, slots=True)
class Name:
    """An organisation's name and, where it is known by one, its short name."""

    name: str
    short_name: str = ""


# Cells that name no organisation: kept in the record's description, never made into one.
NOBODY = re.compile(
    r"^(?:\W*|na|n/a|not listed|tbd|various.*|public|post|agency:?|see .*|local ngos?|ngos?(?::.*)?|individuals?,?|"
    r"\d+ individuals.*|\d+ international visitors|international visitors?.*|interagency agreement|local translation "
    r"company|federal employees|personal services contracts|speaker program|transferred funds to .*|"
    r"congressional earmark .*|croatia|asia|hawaii|serb-mont|new jersey|io|embassies|lithuanian and u\.s\. initiatives|"
    r"\d+ programe evaluations.*|full?bright .*|humphrey fellow.*|subawards pending|n\.a\.|independence|"
    r"(?:nepali )?ngo consortium|faith consortium|sage and dsg)$",
    re.IGNORECASE,
)
PEOPLE = {"Individual", "Academic Fellowship"}  # recipient types under which the file names persons
PERSON = re.compile(
    r"^(?:mr|mrs|ms|dr)\.? |, phd\b|assistant district attorney|;? associate professor|ginsburg",
    re.IGNORECASE,
)
THROUGH = re.compile(r"^(?P<doer>.+)\s+through\s+(?:the\s+)?(?P<passing>.+?)\.?$", re.IGNORECASE)
AMOUNT = re.compile(r",?\s*\$[\d,]+\s*$")
SEVERAL = re.compile(r"\s*(?:;|:|,| and | & |/)\s*")
SUBPARTNERS = re.compile(r"^(?:prime:\s*)?(?P<first>[^;:]+?)\s*[;:].*$", re.IGNORECASE)
GOVERNMENT_WITH = re.compile(r"^(?P<government>Government of [\w ]+?)\s*(?:–|�|/)\s*(?P<doer>.+)$")


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who a cell names: who does the work, and who passes the money on, when it says "through" somebody."""

    doer: Name | None
    passing: Name | None = None
    others: tuple[Name, ...] = ()

    @property
    def paid(self) -> Name | None:
        """Who gets the money from the funder."""
        return self.passing or self.doer


def read_recipient(cell: str, recipient_type: str = "") -> Recipient:
    """The organisations a recipient cell names, by their one name each.

    Where a cell lists several, the first is the recipient and those we know stand in `others`. Persons are
    never named: fellows, visitors and experts give no organisation.
    """
    cell = AMOUNT.sub("", cell.replace("“", '"').replace("”", '"').replace("’", "'")).strip(" ,")
    if recipient_type in PEOPLE or NOBODY.match(cell) or PERSON.search(cell):
        return Recipient(None)
    if known := _known(cell):
        return Recipient(known)
    if (match := THROUGH.match(cell)) and match["doer"].count("(") == match["doer"].count(")"):
        inner = read_recipient(match["doer"])
        return Recipient(
            inner.doer, _known(match["passing"]) or Name(match["passing"]), inner.others
        )
    if match := GOVERNMENT_WITH.match(cell):
        return Recipient(named(match["government"]), None, (named(match["doer"]),))
    parts = [part for part in SEVERAL.split(cell) if part]
    if len(parts) > 1:
        first, *rest = (_known(part) for part in parts)
        if first:
            others = tuple(dict.fromkeys(name for name in rest if name and name != first))
            return Recipient(first, None, others)
    if match := SUBPARTNERS.match(cell):
        return Recipient(named(match["first"]))
    return Recipient(named(cell))


def read_agency(cell: str) -> Name:
    """The United States agency that a project list names; the government as a whole where it names none."""
    return _known(cell) or Name(GOVERNMENT)


def named(label: str) -> Name:
    """The one name of a label that means one organisation."""
    label = mended(label).strip(" ,'")
    if known := _known(label):
        return known
    if match := ACRONYM.match(label):
        return _known(match["name"]) or Name(match["name"][:255], match["short"])
    return Name(label[:255])


def mended(label: str) -> str:
    """The label with the letters that the grants file lost: dashes, Spanish endings, apostrophes."""
    label = label.replace(" \ufffd ", " – ").replace("i\ufffdn", "ión").replace("\ufffd", "'")
    return " ".join(label.split())


def similarity(one: str, other: str) -> float:
    """How alike two recipient cells are, 0 to 1: shared words over the words of the shorter one, after naming."""
    first, second = _words(one), _words(other)
    if not first or not second:
        return 0.0
    return len(first & second) / min(len(first), len(second))


def fold_name(name: str) -> str:
    """Letters and figures in lower case with single blanks, without accents, signs or the source's lost bytes."""
    letters = (c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", "".join(letters).lower()).split())


ACRONYM = re.compile(r"^(?P<name>[^()]+?) \((?P<short>[A-Z][A-Z-]{1,9})\)$")
FILLERS = {"the", "of", "and", "for", "in", "a", "de", "y", "inc", "through", "with"}


def _words(cell: str) -> set[str]:
    recipient = read_recipient(cell)
    names = [name for name in (recipient.doer, recipient.passing, *recipient.others) if name]
    text = " ".join([cell, *(f"{name.name} {name.short_name}" for name in names)])
    return set(fold_name(text).split()) - FILLERS


@cache
def _spellings() -> dict[str, Name]:
    spellings = {}
    for line in KNOWN.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        full, short, others = line.split("|", 2)
        name = Name(full, short)
        for spelling in (full, short, *others.split(";")):
            if spelling.strip():
                spellings.setdefault(fold_name(spelling), name)
    return spellings


def _known(label: str) -> Name | None:
    folded = fold_name(label)
    return _spellings().get(folded) or _spellings().get(folded.removeprefix("the "))
