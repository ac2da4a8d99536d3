"""From the database to who is where: what this viewer may see, as precisely as they may see it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property

from portal.dashboards.lens import Lens
from portal.directory.tree import Node, PlaceTree
from portal.records.places import shown_place
from strategy.analysis.presence import Active, Expected, presence_gaps
from strategy.models import Expectation, Requirement

from .filters import Selection

Row = Column = Hashable


@dataclass(frozen=True)
class Positions:
    """Where the activities of a selection are: objectives and places of each, as the viewer sees them.

    places: keys as shown; an activity whose place is hidden, or not stated, has none.
    """

    lens: Lens
    tree: PlaceTree
    objectives: dict[int, set[int]]
    places: dict[int, set[int]]
    activities: frozenset[int]
    asked: tuple[tuple[int, int], ...]  # objective and place at which somebody is asked for

    @cached_property
    def gaps(self) -> list[tuple[int, int]]:
        """Objective and place of each cell where the strategy asks for somebody and nobody in view is."""
        year = self.lens.as_of_year
        # Of a path only the nodes where somebody is asked for can be filled: the others are left out.
        asked_objectives = {objective for objective, _place in self.asked}
        asked_places = {place for _objective, place in self.asked}
        objective_steps = _steps_in(asked_objectives, self.objective_path)
        place_steps = _steps_in(asked_places, self.tree.path)
        pairs = set()
        for key, objectives in self.objectives.items():
            nodes = {objective_steps(objective) for objective in objectives} - {()}
            if nodes:
                spots = {place_steps(place) for place in self.places.get(key, ())} - {()}
                pairs.update((node, spot) for node in nodes for spot in spots)
        active = [Active(node, spot, None, None, year, year) for node, spot in pairs]
        cells = {
            Expected(objective_steps(objective), place_steps(place), year): (objective, place)
            for objective, place in self.asked
        }
        return [cells[gap] for gap in presence_gaps(cells, active)]

    def objective_path(self, key: int) -> tuple[int, ...]:
        """Keys from the pillar to this objective."""
        return self._paths[key]

    @cached_property
    def _paths(self) -> dict[int, tuple[int, ...]]:
        paths: dict[int, tuple[int, ...]] = {}
        for key, node in self.lens.objectives.items():  # parents first, in the order of codes
            paths[key] = (*paths.get(node.parent_id, ()), key)
        return paths


def _steps_in(wanted: set[int], path_of: Callable[[int], tuple[int, ...]]):
    """For a key those of `wanted` that its path goes through; each key is looked up once."""
    known: dict[int, tuple[int, ...]] = {}

    def steps(key: int) -> tuple[int, ...]:
        if key not in known:
            known[key] = tuple(step for step in path_of(key) if step in wanted)
        return known[key]

    return steps


def positions(selection: Selection) -> Positions:
    """Two queries beside those of the strategy's state, whatever the size."""
    lens = selection.lens
    tree, known, own = lens.state.whole_tree, lens.objectives, lens.viewer.organisations
    is_secretariat = lens.viewer.is_secretariat
    places: dict[int, set[int]] = defaultdict(set)
    objectives: dict[int, set[int]] = defaultdict(set)
    ids = set()
    rows = selection.present.order_by().values_list(
        "pk",
        "objective_shares__objective",
        "place_shares__place",
        "location_precision",
        "reporting_organisation",
    )
    shown: dict[tuple[int, str], int | None] = {}
    for activity, objective, place, precision, organisation in rows:
        ids.add(activity)
        if objective in known:
            objectives[activity].add(objective)
        if place and not (is_secretariat or organisation in own):
            if (place, precision) not in shown:
                shown[place, precision] = shown_place(place, precision, tree)
            place = shown[place, precision]
        if place:
            places[activity].add(place)
    return Positions(lens, tree, dict(objectives), dict(places), frozenset(ids), _asked(lens, tree))


def _asked(lens: Lens, tree: PlaceTree) -> tuple[tuple[int, int], ...]:
    """Where the strategy asks for somebody in the year of the as-of date, within the filters. One query."""
    year = lens.as_of_year
    required = Requirement.objects.filter(
        objective__strategy=lens.strategy, year=year, amount_original__gte=0
    )
    required = required.exclude(amount_revised=0).exclude(
        amount_revised__isnull=True, amount_original=0
    )
    expected = Expectation.objects.filter(
        objective__strategy=lens.strategy, year_from__lte=year, year_to__gte=year
    )
    pairs = required.order_by().values_list("objective", "place")
    pairs = pairs.union(expected.order_by().values_list("objective", "place"))
    wanted, nodes = lens.objective, lens.objectives
    inside = []
    for objective, place in pairs:
        node, spot = nodes[objective], tree.nodes[place]
        if wanted and not (node.code == wanted.code or node.code.startswith(f"{wanted.code}.")):
            continue
        if lens.place and not (lens.place.lft <= spot.lft and spot.rgt <= lens.place.rgt):
            continue
        inside.append((objective, place))
    return tuple(sorted(inside))


def is_asked(selection: Selection) -> bool:
    """Whether the strategy asks for somebody within the filters, in the year of the as-of date."""
    return bool(_asked(selection.lens, selection.lens.state.whole_tree))


@dataclass(frozen=True, slots=True)
class Cell:
    """Activities in a row and a column, and the cells at or below them that nobody fills."""

    count: int = 0
    asked: int = 0
    gaps: int = 0


@dataclass(frozen=True)
class Table:
    """Counts by row (an objective) and column (a place), each activity once per cell, row and column."""

    cells: dict[tuple[Row, Column], Cell]
    rows: dict[Row, int]
    columns: dict[Column, int]
    total: int


def tabulate(
    found: Positions,
    rows_of: Callable[[int], Iterable[Row]],
    columns_of: Callable[[int], Column | None],
) -> Table:
    """Count activities; rows_of: rows that an objective counts in; columns_of: the column of a place."""
    row_cache: dict[int, tuple[Row, ...]] = {}
    column_cache: dict[int, Column | None] = {}

    def rows(objective: int) -> tuple[Row, ...]:
        if objective not in row_cache:
            row_cache[objective] = tuple(rows_of(objective))
        return row_cache[objective]

    def column(place: int) -> Column | None:
        if place not in column_cache:
            column_cache[place] = columns_of(place)
        return column_cache[place]

    # Most activities are alike in this: each kind is counted once.
    alike: Counter = Counter(
        (
            frozenset(
                [row for objective in found.objectives.get(activity, ()) for row in rows(objective)]
            ),
            frozenset(map(column, found.places.get(activity, ()))),
        )
        for activity in found.activities
    )
    cells: Counter = Counter()
    by_row: Counter = Counter()
    by_column: Counter = Counter()
    for (mine, spots), count in alike.items():
        for row in mine:
            by_row[row] += count
        for spot in spots - {None}:
            by_column[spot] += count
            for row in mine:
                cells[row, spot] += count
    asked: Counter = Counter()
    gaps: Counter = Counter()
    for counts, pairs in ((asked, found.asked), (gaps, found.gaps)):
        for objective, place in pairs:
            spot = column(place)
            if spot is not None:
                counts.update((row, spot) for row in rows(objective))
    return Table(
        {key: Cell(cells[key], asked[key], gaps[key]) for key in {*cells.keys(), *asked.keys()}},
        dict(by_row),
        dict(by_column),
        len(found.activities),
    )


def matrix_root(found: Positions) -> Node:
    """The place whose parts are the columns: the one chosen, else the smallest that holds everything."""
    nodes = found.tree.nodes
    if found.lens.place:
        return nodes[found.lens.place.pk]
    used = {place for places in found.places.values() for place in places}
    used |= {place for _objective, place in found.asked}
    paths = [found.tree.path(place) for place in used]
    if not paths:
        return nodes[found.lens.root_key]
    shared = paths[0]
    for path in paths[1:]:
        length = next(
            (i for i, (a, b) in enumerate(zip(shared, path, strict=False)) if a != b),
            min(len(shared), len(path)),
        )
        shared = shared[:length]
    if len(shared) > 1 and all(path == shared for path in paths):
        shared = shared[:-1]
    return nodes[shared[-1]]


def parts_of(found: Positions, root: Node) -> tuple[list[Node], Callable[[int], int | None]]:
    """The places right below `root` in order, and for each place which of them it lies in.

    A place that is the root itself, or lies elsewhere, gives None.
    """
    children = [node for node in found.tree.nodes.values() if node.parent == root.pk]
    children.sort(key=lambda node: node.lft)
    keys = {child.pk for child in children}

    def part(place: int) -> int | None:
        return next((step for step in found.tree.path(place) if step in keys), None)

    return children, part
