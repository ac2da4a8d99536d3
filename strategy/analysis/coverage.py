"""What is asked, met and missing: cells, their sums, their shares and their ranges."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple, Protocol, TypeVar

from strategy.analysis.filling import (
    FilledNeed,
    Money,
    Need,
    Path,
    fill,
    surplus,
    unasked,
    unmet_need,
)

__all__ = [
    "AMOUNTS",
    "Cell",
    "FilledNeed",
    "Money",
    "Need",
    "Path",
    "PillarShare",
    "Range",
    "Totals",
    "asking",
    "by_objective",
    "by_pillar",
    "by_place",
    "by_year",
    "coverage",
    "fill",
    "in_order",
    "largest_gaps",
    "lowest",
    "met_ranges",
    "most_missing",
    "ranges",
    "ranked",
    "share_of_tagged",
    "since_when",
    "surplus",
    "together",
    "total",
    "unasked",
    "unmet_need",
]

Key = TypeVar("Key", bound=Hashable)


class Cell(NamedTuple):
    """One objective in one place in one year, for one audience; amounts in cents. A tuple: pages make thousands.

    The cells of one sum must not overlap: never a place or an objective beside its own ancestor,
    unless the amounts are those given at the node itself.
    """

    objective: str | None  # code, as in "1.2"; None for untagged money
    pillar: int | None  # 1 to 4; None for untagged money
    place: str | None  # ISO 3166 or UN M49 code; None for unplaced money
    year: int  # strategy year, named by the year it ends in
    required: int = 0
    unmet: int = 0  # the gap: never made smaller by a surplus elsewhere
    committed: int = 0  # cash only
    disbursed: int = 0
    pledged: int = 0  # beside the rest, never counted as funding
    surplus: int = 0  # committed beyond what is asked, where something is asked
    assumed: int = 0  # the part of committed that rests on an assumed split
    assumed_full: int = 0  # what that part would be if all of it went to this pillar
    by_rule: int = 0  # the part of committed tagged by a rule and not yet by a person
    in_kind: int = 0  # committed in kind, not in `committed`
    asked_cells: int = 0  # cells in which something is asked
    empty_cells: int = 0  # those of them that got nothing


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of cells, in cents; all 0 for no cells."""

    required: int = 0
    unmet: int = 0
    committed: int = 0
    disbursed: int = 0
    pledged: int = 0
    surplus: int = 0
    assumed: int = 0
    assumed_full: int = 0
    by_rule: int = 0
    in_kind: int = 0
    asked_cells: int = 0
    empty_cells: int = 0
    met_low: int = 0  # what is surely met, were no assumed part of it given here
    met_high: int = 0  # what may be met, were all of the assumed money given here

    @property
    def missing(self) -> int:
        """The unmet need."""
        return self.unmet

    @property
    def met(self) -> int:
        """The part of what is asked that is met; met + missing = required."""
        return self.required - self.unmet

    @property
    def beyond(self) -> int:
        """Committed money that fills no gap: surplus, and money where nothing is asked."""
        return self.committed - self.met

    @property
    def unasked(self) -> int:
        """Committed money where nothing is asked."""
        return self.beyond - self.surplus

    @property
    def met_share(self) -> Decimal | None:
        """Percent of what is asked that is met; None when no requirement is stated."""
        return _percent(self.met, self.required)

    @property
    def coverage(self) -> Decimal | None:
        """committed ÷ required, 1 when whole; None when no requirement is stated."""
        return coverage(self.committed, self.required)


@dataclass(frozen=True, slots=True)
class PillarShare:
    """A pillar's share of all tagged money beside its target share, in percent."""

    pillar: int
    committed: int  # cents
    share: Decimal | None  # None when nothing is tagged
    target: Decimal | None  # None when the strategy sets none


@dataclass(frozen=True, slots=True)
class Range:
    """How much of a pillar's figure rests on an assumed split; low <= value <= high."""

    pillar: int
    low: int | Decimal
    value: int | Decimal
    high: int | Decimal


class Gap(Protocol):
    """What `largest_gaps` sorts: a `FilledNeed` or a `Cell`."""

    @property
    def objective(self) -> int | str | None: ...
    @property
    def place(self) -> int | str | None: ...
    @property
    def year(self) -> int: ...
    @property
    def required(self) -> int: ...
    @property
    def unmet(self) -> int: ...


AnyGap = TypeVar("AnyGap", bound=Gap)
ByPillar = Mapping[int | None, Totals] | Mapping[int, Totals]

#: The amounts of a cell stand together, after what they are of, in the order of `Totals`.
_FIRST = Cell._fields.index("required")
AMOUNTS = Cell._fields[_FIRST:]
_values = attrgetter(*(field.name for field in fields(Totals)))


def total(cells: Iterable[Cell]) -> Totals:
    """The sums of `cells`; all 0 for none.

    `met_low` and `met_high` are bounds summed cell by cell, so that finer cells give a narrower
    range: assumed money can neither take more from a cell than it met nor fill more than is asked.
    """
    cells = list(cells)
    if not cells:
        return Totals()
    met_low = met_high = 0
    for cell in cells:
        met = cell.required - cell.unmet
        met_low += min(met, max(0, met - cell.assumed))
        met_high += max(met, min(cell.required, met - cell.assumed + cell.assumed_full))
    sums = map(sum, zip(*[cell[_FIRST:] for cell in cells], strict=True))
    return Totals(*[*sums, met_low, met_high])


def together(totals: Iterable[Totals]) -> Totals:
    """The sums of sums: what `total` gives for all of their cells."""
    rows = [_values(one) for one in totals]
    return Totals(*map(sum, zip(*rows, strict=True))) if rows else Totals()


def by_pillar(cells: Iterable[Cell]) -> dict[int | None, Totals]:
    """Totals by pillar, in order; None, last, holds the untagged money. Only what has cells."""
    return _by(cells, lambda cell: cell.pillar)


def by_year(cells: Iterable[Cell]) -> dict[int, Totals]:
    """Totals by strategy year, in order. Only years that have cells."""
    return _by(cells, lambda cell: cell.year)


def by_objective(cells: Iterable[Cell]) -> dict[str | None, Totals]:
    """Totals by objective code, in order of the code's numbers; None, last, is untagged."""
    return _by(cells, lambda cell: cell.objective)


def by_place(cells: Iterable[Cell]) -> dict[str | None, Totals]:
    """Totals by place code, in order of the code; None, last, holds the unplaced money."""
    return _by(cells, lambda cell: cell.place)


def coverage(committed: int, required: int) -> Decimal | None:
    """committed ÷ required, 1 when whole; None when no requirement is stated."""
    return Decimal(committed) / Decimal(required) if required else None


def largest_gaps(gaps: Iterable[AnyGap], n: int) -> list[AnyGap]:
    """The `n` largest gaps above 0, largest first; of equal ones the one that asks for more.

    Takes filled needs or cells. What still ties comes by objective, place and year.
    """
    missing = [gap for gap in gaps if gap.unmet > 0]
    missing.sort(
        key=lambda gap: (
            -gap.unmet,
            -gap.required,
            in_order(gap.objective),
            in_order(gap.place),
            gap.year,
        )
    )
    return missing[:n]


def most_missing(groups: Mapping[Key, Totals], n: int) -> list[tuple[Key, Totals]]:
    """The `n` groups (by place, say) with most missing, most first; only those above 0.

    Of equal ones the one that asks for more; what still ties in the order of `groups`.
    """
    missing = [(name, totals) for name, totals in groups.items() if totals.missing > 0]
    missing.sort(key=lambda group: (-group[1].missing, -group[1].required))
    return missing[:n]


def asking(groups: Mapping[Key, Totals]) -> tuple[list[Key], list[Key]]:
    """The groups that ask for something, and those of them that got nothing; in order."""
    asked = [name for name, totals in groups.items() if totals.required > 0]
    return asked, [name for name in asked if groups[name].committed <= 0]


def share_of_tagged(
    pillars: Mapping[int | None, Totals], targets: Mapping[int, Decimal]
) -> list[PillarShare]:
    """Each pillar's committed money ÷ all tagged money, beside its target; in order of pillars.

    Every pillar that has money or a target is there. Untagged money (None) is left out.
    """
    tagged = sum(totals.committed for pillar, totals in pillars.items() if pillar is not None)
    shares = []
    for pillar in sorted({pillar for pillar in pillars if pillar is not None} | set(targets)):
        committed = pillars.get(pillar, Totals()).committed
        shares.append(
            PillarShare(pillar, committed, _percent(committed, tagged), targets.get(pillar))
        )
    return shares


def ranges(pillars: ByPillar) -> list[Range]:
    """The committed cents of each pillar with their range, in order of pillars.

    From what was tagged to this pillar alone, to all that names it.
    """
    return [
        Range(
            pillar,
            low=totals.committed - totals.assumed,
            value=totals.committed,
            high=totals.committed - totals.assumed + totals.assumed_full,
        )
        for pillar, totals in sorted(_tagged(pillars).items())
    ]


def met_ranges(pillars: ByPillar) -> list[Range]:
    """The met share (percent) of each pillar that states a requirement, with its range."""
    return [
        Range(
            pillar,
            low=_share(totals.met_low, totals.required),
            value=_share(totals.met, totals.required),
            high=_share(totals.met_high, totals.required),
        )
        for pillar, totals in sorted(_tagged(pillars).items())
        if totals.required
    ]


def ranked(pillar_ranges: Iterable[Range]) -> list[tuple[int, ...]]:
    """The pillars from low to high; those whose ranges overlap stand together, in order of pillars.

    An order is claimed between the tuples only, never within one. Ranges that touch overlap.
    """
    groups: list[tuple[int, ...]] = []
    reached: int | Decimal = 0
    for entry in sorted(pillar_ranges, key=lambda entry: (entry.low, entry.high, entry.pillar)):
        if groups and entry.low <= reached:
            groups[-1] = tuple(sorted((*groups[-1], entry.pillar)))
            reached = max(reached, entry.high)
        else:
            groups.append((entry.pillar,))
            reached = entry.high
    return groups


def lowest(pillar_ranges: Iterable[Range]) -> int | None:
    """The pillar whose whole range lies below all others'; None when no such claim holds."""
    groups = ranked(pillar_ranges)
    return groups[0][0] if groups and len(groups[0]) == 1 else None


def since_when(cells_by_year: Mapping[int, Totals], as_of_year: int) -> int | None:
    """The first year of the unbroken run of years with unmet need that ends in the as-of year.

    None when nothing is unmet in the as-of year. A year without a requirement breaks the run.
    """
    first = None
    year = as_of_year
    while (totals := cells_by_year.get(year)) and totals.unmet > 0:
        first, year = year, year - 1
    return first


def _by(cells: Iterable[Cell], key: Callable[[Cell], Key]) -> dict[Key, Totals]:
    groups: dict[Key, list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[key(cell)].append(cell)
    return {name: total(groups[name]) for name in sorted(groups, key=in_order)}


def in_order(name: object) -> tuple[bool, list[tuple[bool, int, str]]]:
    """Sorts "1.10" after "1.9", numbers before words, and None last."""
    if name is None:
        return True, []
    parts = str(name).split(".")
    return False, [(not p.isdecimal(), int(p) if p.isdecimal() else 0, p) for p in parts]


def _tagged(pillars: ByPillar) -> dict[int, Totals]:
    return {pillar: totals for pillar, totals in pillars.items() if pillar is not None}


def _share(part: int, whole: int) -> Decimal:
    return Decimal(100 * part) / Decimal(whole)


def _percent(part: int, whole: int) -> Decimal | None:
    return _share(part, whole) if whole else None
