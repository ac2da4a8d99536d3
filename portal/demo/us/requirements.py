"""What the demo asks for: one rule, drawn from the record, since no public costing exists."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from portal.demo.us.places import place, place_iso3
from portal.demo.us.sources import (
    PREVENTION,
    PROSECUTION,
    PROTECTION,
    TIER_WATCH_LIST,
    GrantRow,
    TierRow,
)

PILLARS = (PREVENTION, PROTECTION, PROSECUTION)
YEARS = range(2003, 2015)
CENT = Decimal("0.01")

BASIS_OF_ESTIMATE = (
    "For every year and each of prevention, protection and prosecution, each country that the Trafficking in "
    "Persons Report of that year ranks Tier 2 Watch List or Tier 3 is asked for what the median country got for "
    "that pillar in that year, among countries that got anything (rows of the grants file that carry a country "
    "code, equal split over a grant's coded pillars, grants with an amount). It illustrates a method and is no "
    "costing."
)


@dataclass(frozen=True, slots=True)
class RequirementRow:
    """One pillar in one country in one year; amount in US dollars."""

    pillar: int
    place: str  # ISO 3166-1, two letters
    year: int
    amount: Decimal


def money_by_country(grants: Iterable[GrantRow]) -> dict[tuple[int, int, str], Decimal]:
    """What each country got by year and pillar, from rows that carry a country code and an amount above zero."""
    given: dict[tuple[int, int, str], Decimal] = defaultdict(Decimal)
    for row in grants:
        if not (row.cow_code and row.amount and row.pillars):
            continue
        for pillar in row.pillars:
            given[row.year, pillar, place(row.country).codes[0]] += row.amount / len(row.pillars)
    return dict(given)


def median(amounts: list[Decimal]) -> Decimal:
    """The middle amount, or the mean of the two middle ones, to the cent. Raises `ValueError` for none."""
    if not amounts:
        raise ValueError("no amounts")
    ordered = sorted(amounts)
    middle = len(ordered) // 2
    value = ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    return value.quantize(CENT, ROUND_HALF_UP)


def requirements(grants: Iterable[GrantRow], tiers: Iterable[TierRow]) -> list[RequirementRow]:
    """Every requirement of the demo, by year, pillar and place. `BASIS_OF_ESTIMATE` says how."""
    given = money_by_country(grants)
    asked = defaultdict(set)
    for tier in tiers:
        if tier.tier >= TIER_WATCH_LIST:
            asked[tier.year].add(place_iso3(tier.iso3))
    rows = []
    for year in YEARS:
        for pillar in PILLARS:
            got = [amount for (y, p, _), amount in given.items() if (y, p) == (year, pillar)]
            if got:
                rows += [
                    RequirementRow(pillar, code, year, median(got)) for code in sorted(asked[year])
                ]
    return rows
