"""Where the strategy asks for somebody, and nobody is at work."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from strategy.analysis.filling import Path


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody should be at work on an objective, in a place, in a year.

    A requirement above zero is one too.
    """

    objective_path: Path  # pillar first
    place_path: Path  # world first
    year: int


@dataclass(frozen=True, slots=True)
class Active:
    """One activity at work on one objective in one place; several rows for several of them."""

    objective_path: Path
    place_path: Path
    activity: Hashable
    organisation: Hashable
    first_year: int  # strategy years, both counted
    last_year: int


@dataclass(frozen=True, slots=True)
class PresenceCell:
    """Who is at work at a node of both trees or below it, and where nobody is."""

    activities: int = 0
    organisations: int = 0
    expected: int = 0  # cells in which somebody is asked for
    gaps: int = 0  # those of them where nobody is active


def expand(objective_path: Path, place_path: Path, year_from: int, year_to: int) -> list[Expected]:
    """One `Expected` for each year of an expectation, both ends counted."""
    return [Expected(objective_path, place_path, year) for year in range(year_from, year_to + 1)]


def presence_gaps(expected: Iterable[Expected], active: Iterable[Active]) -> list[Expected]:
    """The cells where somebody is asked for and nobody is active, each once, in the order given.

    Active is who works at the cell's node or below it, in both trees, at some time of its year. Who
    works in a region or for a pillar as a whole is not thereby in each of its places or objectives.
    """
    cells = list(dict.fromkeys(expected))
    asked: dict[tuple[Path, Path], set[int]] = defaultdict(set)
    for cell in cells:
        asked[cell.objective_path, cell.place_path].add(cell.year)
    present: set[tuple[Path, Path, int]] = set()
    for row in active:
        for pair in _nodes_above(row.objective_path, row.place_path):
            present.update(
                (*pair, year)
                for year in asked.get(pair, ())
                if row.first_year <= year <= row.last_year
            )
    return [
        cell for cell in cells if (cell.objective_path, cell.place_path, cell.year) not in present
    ]


def matrix(
    expected: Iterable[Expected],
    active: Iterable[Active],
    objectives: Sequence[Path],
    places: Sequence[Path],
) -> dict[tuple[Path, Path], PresenceCell]:
    """A cell for each objective × place, by objective and then place, in the order given.

    Everything counts in each cell at or above its own node; an activity or organisation once per
    cell. A cell's gaps are those of `presence_gaps` at its node or below it.
    """
    expected, active = list(dict.fromkeys(expected)), list(active)
    wanted = {(objective, place) for objective in objectives for place in places}
    activities: dict[tuple[Path, Path], set[Hashable]] = defaultdict(set)
    organisations: dict[tuple[Path, Path], set[Hashable]] = defaultdict(set)
    for row in active:
        for pair in _nodes_above(row.objective_path, row.place_path):
            if pair in wanted:
                activities[pair].add(row.activity)
                organisations[pair].add(row.organisation)
    asked: dict[tuple[Path, Path], int] = defaultdict(int)
    gaps: dict[tuple[Path, Path], int] = defaultdict(int)
    for counts, cells in ((asked, expected), (gaps, presence_gaps(expected, active))):
        for cell in cells:
            for pair in _nodes_above(cell.objective_path, cell.place_path):
                counts[pair] += 1
    return {
        pair: PresenceCell(len(activities[pair]), len(organisations[pair]), asked[pair], gaps[pair])
        for pair in ((objective, place) for objective in objectives for place in places)
    }


def _nodes_above(objective_path: Path, place_path: Path) -> Iterable[tuple[Path, Path]]:
    """A node and all above it, in both trees."""
    for objective_depth in range(len(objective_path), 0, -1):
        for place_depth in range(len(place_path), 0, -1):
            yield objective_path[:objective_depth], place_path[:place_depth]
