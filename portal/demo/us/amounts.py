"""Amounts as people typed them: the total that is said, or none; never a guess."""

import re
from dataclasses import dataclass
from decimal import Decimal

TOTAL = re.compile(
    r"\s*\$\s*(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?)(?!\d|,\d)"
)
PARTS = re.compile(
    r"(?P<label>[^$;:()]+?)[,:]?\s*\$\s*(?P<number>\d{1,3}(?:,\d{3})*(?:\.\d{1,2})?)(?=[;).,]|\s|$)"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A share of the total that the cell names, as in "(Kazakhstan, $450,000; ...)"."""

    label: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Amount:
    """What a cell says: the total in US dollars, None where none is said, and the words around it."""

    total: Decimal | None
    parts: tuple[Part, ...] = ()
    note: str = ""


def read_amount(text: str) -> Amount:
    """The amount a cell states: its leading dollar figure, and what it adds in words.

    "Cannot determine ..." and an empty cell give no total. Figures after the first one are parts of it.
    """
    text = " ".join(text.split())
    match = TOTAL.match(text)
    if match is None:
        return Amount(None, note=text)
    rest = text[match.end() :].strip()
    note = rest.strip(" .—-") if rest.strip(" .") else ""
    return Amount(_decimal(match["number"]), _parts(rest), note)


def _parts(text: str) -> tuple[Part, ...]:
    found = ((m["label"].strip(" ,.;"), _decimal(m["number"])) for m in PARTS.finditer(text))
    return tuple(Part(label, amount) for label, amount in found if label)


def _decimal(number: str) -> Decimal:
    return Decimal(number.replace(",", ""))
