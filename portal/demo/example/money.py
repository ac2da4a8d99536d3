"""Requirements and grants of the invented coalition, such that they add up to its figures.

Requirements: by objective, place and year, exactly. Grants: the ones with a number and a story of their own
first; what is then still to be committed is cut into layers of one to four years for each objective, and each
layer is shared among the organisations that work on it. Objective totals, places and paid-out money come out
exactly. Years come out to a fraction of a percent, since money is spread over days and years have 365 or 366.
"""

# ruff: noqa: E501 (tables read best with one row to a line)

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from portal.demo.example.figures import (
    CODES,
    COMMITTED_BY_YEAR,
    COVER,
    NEED,
    OBJECTIVES,
    PINNED,
    REQUIRED_BY_YEAR,
    YEARS,
    units,
)
from portal.demo.example.people import FUNDERS, WORKERS
from portal.demo.example.tables import largest_remainder, table

AS_OF = date(2026, 10, 31)
WINDOWS = (
    (2025, 2028),
    (2025, 2027),
    (2025, 2026),
    (2026, 2028),
    (2026, 2027),
    (2027, 2028),
    *((year, year) for year in YEARS),
)


@dataclass(frozen=True, slots=True)
class GrantFigures:
    """A grant; amounts in units. `parts` share the amount by objective and place; none: untagged."""

    number: str
    title: str
    funder: str
    grantee: str
    start: date
    end: date
    amount: int
    parts: dict[tuple[str, str], int] = field(default_factory=dict)
    paid: int = 0
    description: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """A grant with a number of its own, before its places are chosen; shares in percent by objective."""

    number: str
    title: str
    funder: str
    grantee: str
    start: date
    end: date
    millions: float
    shares: dict[str, int]
    places: tuple[str, ...]  # in the order in which they are filled
    paid: float  # millions
    description: str = ""


STORIES = (
    Story("G-1077", "Desks at the crossing", "Regional Development Programme", "Regional Migration Centre", date(2025, 1, 1), date(2026, 12, 31), 0.90, {"1.1": 40, "2.4": 60}, ("XX-RD", "XX-CR", "XX-PC", "XX-WC", "XX-NB"), 0.60, "Checked information for people about to leave, and screening at the crossing."),
    Story("G-1103", "Women's radio on safe work", "Alder Foundation", "Northgate Women's Cooperative", date(2025, 7, 1), date(2027, 6, 30), 0.24, {"1.1": 100}, ("XX-HD",), 0.08, "A weekly phone-in on jobs abroad, fees and contracts."),
    Story("G-1042", "Journeys: bus stations and border towns", "Brightwater Fund", "Kestrel Community Network", date(2025, 4, 1), date(2026, 12, 31), 0.42, {"1.1": 100}, ("XX-NB", "XX-HD", "XX-LP", "XX-WC"), 0.26, "Volunteers meet people before they leave."),
    Story("G-1031", "Shelter and emergency care", "Alder Foundation", "Ferry Road Shelter", date(2025, 1, 1), date(2026, 12, 31), 1.24, {"2.1": 100}, ("XX-CR",), 0.96, "Twenty-four places, day and night."),
    Story("G-1058", "Long-term recovery and housing", "Alder Foundation", "Second Harbour Recovery", date(2025, 7, 1), date(2028, 6, 30), 0.88, {"2.3": 80, "4.2": 20}, ("XX-CR",), 0.24, "Housing, work placements, and paid advisers."),
    Story("G-1066", "Legal aid at the port", "Alder Foundation", "Tidewater Legal Clinic", date(2025, 2, 1), date(2027, 1, 31), 0.52, {"2.2": 70, "3.2": 30}, ("XX-PC",), 0.38, "Lawyers for seafarers and domestic workers, also in court."),
    Story("G-1120", "Teacher networks", "Alder Foundation", "Upland Education Trust", date(2026, 1, 1), date(2027, 12, 31), 0.24, {"1.2": 100}, ("XX-HD",), 0.09, "Teachers learn to spot recruitment."),
    Story("G-1125", "Digital evidence laboratory", "Alder Foundation", "University of the Plains", date(2025, 1, 1), date(2026, 12, 31), 0.664, {"3.1": 100}, ("XX-CR",), 0.45, "Training and tools for investigators."),
    Story("G-1129", "Interpreters at the crossing", "Alder Foundation", "Border and Ports Authority", date(2025, 1, 1), date(2026, 12, 31), 0.152, {"2.4": 100}, ("XX-NB",), 0.07, "Interpreters on call for screening."),
    Story("G-1133", "One referral form", "Alder Foundation", "Ministry of Social Affairs", date(2025, 1, 1), date(2026, 12, 31), 0.164, {"4.1": 100}, ("XX-CR", "XX-NB"), 0.10, "One form and one standard for all members."),
)  # fmt: skip

UNTAGGED = (
    ("G-1188", "Journeys: information before departure", "Kestrel Community Network", date(2027, 1, 1), date(2028, 12, 31), 0.18, "Volunteers meet people before they leave at bus stations and give checked information about fees, contracts and whom to call."),
    ("G-1190", "Courtroom support and safe testimony", "Tidewater Legal Clinic", date(2027, 4, 1), date(2029, 3, 31), 0.32, "Lawyers and psychologists prepare witnesses, arrange remote testimony and help with residence permits while a case runs."),
    ("G-1192", "Strong communities programme", "Upland Education Trust", date(2027, 1, 1), date(2027, 12, 31), 0.26, "Core support for community work in high-departure districts, including school clubs and small savings groups."),
    ("G-1194", "Night desk at the port", "Tidewater Legal Clinic", date(2027, 2, 1), date(2028, 1, 31), 0.14, "A desk that seafarers can reach at night, and a way to a shelter."),
    ("G-1195", "Voices in every working group", "Voices at the Table", date(2027, 1, 1), date(2028, 12, 31), 0.21, "Survivor advisers are paid for their time in each working group."),
    ("G-1197", "Safe houses on the islands", "Ferry Road Shelter", date(2027, 1, 1), date(2027, 12, 31), 0.19, "Two rooms and a boat."),
)  # fmt: skip
UNTAGGED_FUNDER = "Alder Foundation"  # has stories and untagged grants alone: 14 in all
OTHER_FUNDERS = tuple(funder for funder in FUNDERS if funder != UNTAGGED_FUNDER)
LEAST = units(0.03)  # a smaller part is no grant of its own


def requirements() -> dict[tuple[str, str, int], int]:
    """Units asked for by objective, place and year; only what is above zero."""
    asked = {}
    for pillar, millions in REQUIRED_BY_YEAR.items():
        years = [units(amount) for amount in millions]
        cells = []
        for code in _of_pillar(pillar):
            by_place = largest_remainder(OBJECTIVES[code].required, NEED[code])
            if code == "1.1":  # asks for the same every year
                flat = [OBJECTIVES[code].required // len(YEARS)] * len(YEARS)
                years = [whole - part for whole, part in zip(years, flat, strict=True)]
                rows = [
                    (code, place, amount) for place, amount in zip(CODES, by_place, strict=True)
                ]
                asked.update(_by_year(rows, flat))
            else:
                cells += [
                    (code, place, amount) for place, amount in zip(CODES, by_place, strict=True)
                ]
        asked.update(_by_year(cells, years))
    return {key: amount for key, amount in asked.items() if amount}


def committed_by_place() -> dict[tuple[str, str], int]:
    """Units committed by objective and place; adds up to each objective's figure."""
    found = {}
    for code, figures in OBJECTIVES.items():
        need = largest_remainder(figures.required, NEED[code])
        pinned = {i: need[i] * percent // 100 for (c, i), percent in PINNED.items() if c == code}
        weights = [0 if i in pinned else need[i] * COVER[code][i] for i in range(len(CODES))]
        parts = largest_remainder(figures.committed - sum(pinned.values()), weights)
        for i, place in enumerate(CODES):
            found[code, place] = pinned.get(i, parts[i])
    return found


def grants() -> list[GrantFigures]:
    """All tagged grants, the ones with a story first, then the untagged ones."""
    open_places = committed_by_place()
    made = [_tell(story, open_places) for story in STORIES]
    told = list(made)
    numbers = (f"G-{number}" for number in range(1001, 2000))
    taken = {grant.number for grant in told} | {row[0] for row in UNTAGGED}
    free = (number for number in numbers if number not in taken)
    for pillar, millions in COMMITTED_BY_YEAR.items():
        codes = _of_pillar(pillar)
        left = [
            units(amount) - _spent(told, pillar, year)
            for amount, year in zip(millions, YEARS, strict=True)
        ]
        rows = [sum(open_places[code, place] for place in CODES) for code in codes]
        left = _reconciled(left, sum(rows))
        for code, by_year in zip(codes, table(rows, left), strict=True):
            made += _layers(code, by_year, open_places, free)
    made = _pay_out(made, {story.number for story in STORIES})
    for number, title, grantee, start, end, millions, description in UNTAGGED:
        made.append(
            GrantFigures(
                number,
                title,
                UNTAGGED_FUNDER,
                grantee,
                start,
                end,
                units(millions),
                description=description,
            )
        )
    return made


def _of_pillar(pillar: str) -> list[str]:
    return [code for code in OBJECTIVES if code[0] == pillar]


def _by_year(rows, years) -> dict[tuple[str, str, int], int]:
    cells = table([amount for _, _, amount in rows], years)
    return {
        (code, place, year): amount
        for (code, place, _), by_year in zip(rows, cells, strict=True)
        for year, amount in zip(YEARS, by_year, strict=True)
    }


def _tell(story: Story, open_places: dict) -> GrantFigures:
    """A story with its money put into places, which are then closed by as much."""
    amount = units(story.millions)
    by_objective = largest_remainder(amount, list(story.shares.values()))
    parts = {}
    for code, part in zip(story.shares, by_objective, strict=True):
        left = part
        for place in story.places:
            taken = min(left, open_places[code, place])
            if taken:
                open_places[code, place] -= taken
                parts[code, place] = taken
                left -= taken
        if left:
            raise ValueError(f"{story.number} has {left} units more than {code} has room for")
    return GrantFigures(
        story.number, story.title, story.funder, story.grantee, story.start, story.end, amount, parts,
        units(story.paid), story.description,
    )  # fmt: skip


def _spent(told: Iterable[GrantFigures], pillar: str, year: int) -> int:
    """Units that grants commit to a pillar in a year, by days."""
    total = Fraction(0)
    for grant in told:
        here = sum(amount for (code, _), amount in grant.parts.items() if code[0] == pillar)
        first, last = max(grant.start, date(year, 1, 1)), min(grant.end, date(year, 12, 31))
        if first <= last:
            days = (grant.end - grant.start).days + 1
            total += Fraction(here * ((last - first).days + 1), days)
    return round(total)


def _reconciled(years: list[int], total: int) -> list[int]:
    """Years that add up to `total`: rounding by days leaves a few units, which the largest year takes."""
    years = [max(0, amount) for amount in years]
    years[years.index(max(years))] += total - sum(years)
    return years


def _layers(code: str, by_year: list[int], open_places: dict, free) -> list[GrantFigures]:
    """Grants of one to four years that commit `by_year` to an objective, in the places that are open."""
    left = dict(zip(YEARS, by_year, strict=True))
    layers = []
    for first, last in WINDOWS:
        years = range(first, last + 1)
        each = min(left[year] for year in years)
        if each > 0:
            layers.append((first, last, each * len(years)))
            for year in years:
                left[year] -= each
    rows = [open_places[code, place] for place in CODES]
    cells = table(rows, [amount for _, _, amount in layers])
    made = []
    for at, (first, last, _) in enumerate(layers):
        by_grantee = defaultdict(dict)
        for i, place in enumerate(CODES):
            if cells[i][at]:
                by_grantee[WORKERS[code][i % len(WORKERS[code])]][code, place] = cells[i][at]
        for grantee, parts in _without_crumbs(by_grantee).items():
            funder = OTHER_FUNDERS[(sum(map(ord, code + grantee)) + at) % len(OTHER_FUNDERS)]
            made.append(
                GrantFigures(
                    number=next(free),
                    title=f"{OBJECTIVES[code].short_title}: {grantee}",
                    funder=funder,
                    grantee=grantee,
                    start=date(first, 1, 1),
                    end=date(last, 12, 31),
                    amount=sum(parts.values()),
                    parts=parts,
                )
            )
    return made


def _without_crumbs(by_grantee: dict) -> dict:
    """Parts too small for a grant of their own go to the grantee who has most."""
    largest = max(by_grantee, key=lambda grantee: sum(by_grantee[grantee].values()))
    kept = {largest: dict(by_grantee[largest])}
    for grantee, parts in by_grantee.items():
        if grantee == largest:
            continue
        if sum(parts.values()) >= LEAST:
            kept[grantee] = dict(parts)
            continue
        for key, amount in parts.items():
            kept[largest][key] = kept[largest].get(key, 0) + amount
    return kept


def _pay_out(made: list[GrantFigures], told: set[str]) -> list[GrantFigures]:
    """Grants with what was paid out of them: each objective's figure, by how much of a grant's time is over."""
    paid = {grant.number: grant.paid for grant in made}
    for code, figures in OBJECTIVES.items():
        before = sum(_share_paid(grant, code) for grant in made if grant.number in told)
        mine = [grant for grant in made if grant.number not in told and _objective(grant) == code]
        weights = [Fraction(grant.amount) * _elapsed(grant) for grant in mine]
        for grant, part in zip(
            mine, largest_remainder(figures.disbursed - before, weights), strict=True
        ):
            paid[grant.number] = part
    return [
        GrantFigures(
            g.number, g.title, g.funder, g.grantee, g.start, g.end, g.amount, g.parts, paid[g.number], g.description
        )
        for g in made
    ]  # fmt: skip


def _objective(grant: GrantFigures) -> str:
    return next(iter(grant.parts))[0]


def _share_paid(grant: GrantFigures, code: str) -> int:
    here = sum(amount for (objective, _), amount in grant.parts.items() if objective == code)
    return round(Fraction(grant.paid * here, grant.amount))


def _elapsed(grant: GrantFigures) -> Fraction:
    """How much of a grant's time is over on the as-of date, 0 to 1."""
    days = (grant.end - grant.start).days + 1
    gone = (min(AS_OF, grant.end) - grant.start).days + 1
    return Fraction(max(0, gone), days)
