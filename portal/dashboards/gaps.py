"""What the funding gaps page says: one gathering, one set of findings for page, files, PDF and interface."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import sub

from django.db.models import OuterRef, Subquery, Sum

from portal.directory.choices import PlaceKind
from portal.directory.models import Place
from strategy.analysis import coverage
from strategy.analysis.completeness import Completeness
from strategy.analysis.coverage import AMOUNTS, Cell, PillarShare, Totals, in_order, together, total
from strategy.analysis.headline import Filters, Headline, headline
from strategy.models import Objective, SummaryCell

from .gather import grants_by_year, own_difference, sums_of
from .lens import Lens


@dataclass(frozen=True, slots=True)
class Gap:
    """One objective in one place, over the years in view, and what it lacks; cents."""

    objective: Objective
    place: str
    place_code: str
    required: int
    unmet: int
    disbursed: int
    years: tuple[int, ...]  # those in which something is missing

    @property
    def met(self) -> int:
        return self.required - self.unmet


@dataclass(frozen=True)
class GapsPage:
    """Everything that the funding gaps page shows, as numbers. `parts` are disjoint cells that add up to `totals`."""

    lens: Lens
    parts: list[Cell]
    columns: list[
        tuple[str | None, str]
    ]  # (place code, name); None: the place as a whole, or place not stated
    largest: list[Gap]
    completeness: dict[int, Completeness]

    @cached_property
    def shares(self) -> dict[int, PillarShare]:
        """By pillar its share of all tagged money in view, beside its target."""
        found = coverage.share_of_tagged(self.pillars, self.lens.state.targets)
        return {share.pillar: share for share in found}

    @cached_property
    def _by_year(self) -> dict[tuple[str, int, int], Totals]:
        """Totals by objective code, pillar and year; most other sums are sums of these."""
        return _grouped(self.parts, lambda cell: (cell.objective, cell.pillar, cell.year))

    @cached_property
    def totals(self) -> Totals:
        """All that is tagged and in view."""
        return together(self.pillars.values())

    @cached_property
    def untagged(self) -> Totals:
        return total(cell for cell in self.parts if cell.objective is None)

    @cached_property
    def pillars(self) -> dict[int, Totals]:
        """By pillar, those in view that ask for something or have something."""
        found = _summed(self.by_year_and_pillar, lambda key: key[1])
        return dict(sorted(found.items()))

    @cached_property
    def objectives(self) -> dict[str, Totals]:
        """By objective code, in order."""
        found = _summed(self._by_year, lambda key: key[0])
        return {code: found[code] for code in sorted(found, key=in_order)}

    @cached_property
    def years(self) -> dict[int, Totals]:
        """Every year in view, also those without anything."""
        found = _summed(self.by_year_and_pillar, lambda key: key[0])
        return {year: found.get(year, Totals()) for year in self.lens.years}

    @cached_property
    def by_year_and_pillar(self) -> dict[tuple[int, int], Totals]:
        return _summed(self._by_year, lambda key: (key[2], key[1]))

    @cached_property
    def _by_place(self) -> dict[tuple[str, int, str | None], Totals]:
        """Totals by objective code, pillar and place code."""
        return _grouped(self.parts, lambda cell: (cell.objective, cell.pillar, cell.place))

    def places(self, pillar: int | None = None) -> dict[str, Totals]:
        """By place code, in order, what is tagged to a pillar (None: to any); not what has no place of its own."""
        parts = {
            key: totals
            for key, totals in self._by_place.items()
            if key[2] is not None and pillar in (None, key[1])
        }
        return dict(sorted(_summed(parts, lambda key: key[2]).items()))

    def heat(self, by: str) -> dict[tuple[str, str | int | None], Totals]:
        """Totals by objective code and place code (`by` place) or year (`by` year)."""
        found = self._by_year if by == "year" else self._by_place
        return {(code, column): totals for (code, _pillar, column), totals in found.items()}

    @cached_property
    def incomplete_years(self) -> tuple[int, ...]:
        return tuple(year for year in self.lens.years if self.completeness[year].is_incomplete)

    @cached_property
    def since(self) -> dict[int | None, int | None]:
        """By pillar (None: all together) the first year of the unbroken run of years that fall short."""
        year = min(self.lens.as_of_year, max(self.lens.years))
        found = {None: coverage.since_when(self.years, year)}
        for pillar in self.pillars:
            by_year = {y: t for (y, p), t in self.by_year_and_pillar.items() if p == pillar}
            found[pillar] = coverage.since_when(by_year, year)
        return found

    @cached_property
    def headline(self) -> Headline:
        lens = self.lens
        chosen = Filters(
            lens.years,
            lens.pillar,
            lens.objective.code if lens.objective else None,
            lens.place.code if lens.place else None,
        )
        return headline(
            self.totals,
            self.pillars,
            chosen,
            since=self.since,
            incomplete_years=self.incomplete_years,
        )


def _grouped(cells: Iterable[Cell], key: Callable[[Cell], tuple]) -> dict[tuple, Totals]:
    """Totals of tagged cells by a key."""
    groups = defaultdict(list)
    for cell in cells:
        if cell.objective is not None:
            groups[key(cell)].append(cell)
    return {name: total(group) for name, group in groups.items()}


def _summed(parts: Mapping[tuple, Totals], key: Callable[[tuple], Hashable]) -> dict:
    """Sums of totals by a coarser key."""
    groups = defaultdict(list)
    for name, totals in parts.items():
        groups[key(name)].append(totals)
    return {name: together(group) for name, group in groups.items()}


def findings(lens: Lens, *, largest: int = 8) -> GapsPage:
    """Gather and judge what a lens shows. A handful of queries, whatever the size."""
    below, found = _children_with_figures(lens)
    parts = _disjoint(lens, found, {place.pk: place.code for place in below})
    present = {cell.place for cell in parts if cell.objective is not None}
    columns: list[tuple[str | None, str]] = [
        (place.code, place.name) for place in below if place.code in present
    ]
    if None in present:
        columns.append((None, ""))
    return GapsPage(lens, parts, columns, largest_gaps(lens, largest), completeness(lens))


#: Where the parts of a plain row of figures stand: its key, what is asked, what is committed.
_PLACE, _OBJECTIVE, _REQUIRED, _COMMITTED = (
    0,
    1,
    3 + AMOUNTS.index("required"),
    3 + AMOUNTS.index("committed"),
)


def _children_with_figures(lens: Lens) -> tuple[list[Place], list[tuple[int, ...]]]:
    """The places to compare, by name, and the rows of figures of the root and of them.

    The root's children; where a single one of them has all the figures, its children in its stead, and so on.
    In a country one query reads all its divisions; above, each step down the tree takes one.
    """
    parent, state, root = lens.root, lens.state, lens.root_key
    if parent is None:
        return [], sums_of(lens, {root})
    is_small = parent.kind not in (PlaceKind.WORLD, PlaceKind.REGION)
    inside = {place.pk for place in state.inside(parent)} if is_small else set()
    read = sums_of(lens, {root, *inside}) if is_small else []
    root_rows = None
    while True:
        below = state.children(parent)
        keys = {root, *(place.pk for place in below)}
        if keys - inside <= {root} and is_small:
            found = [row for row in read if row[_PLACE] in keys]
        else:
            found = sums_of(lens, keys)
        if root_rows is None:
            root_rows = [row for row in found if row[_PLACE] == root]
        mine = [row for row in found if row[_PLACE] != root]
        only = {row[_PLACE] for row in mine}
        if len(only) != 1 or _tagged(mine) != _tagged(root_rows):
            return below, found
        child = next(place for place in below if place.pk in only)
        if not state.children(child):
            return below, found
        parent = child


def _tagged(rows: Iterable[tuple[int, ...]]) -> int:
    return sum(row[_COMMITTED] + row[_REQUIRED] for row in rows if row[_OBJECTIVE])


def _disjoint(lens: Lens, found: list[tuple[int, ...]], codes: Mapping[int, str]) -> list[Cell]:
    """The cells below the root, and under no place what the root has beyond them; they add up to the root."""
    nodes: dict[int, tuple] = {
        key: (node.code, node.pillar) for key, node in lens.objectives.items()
    }
    nodes[0] = (None, None)
    root = lens.root_key
    rest = {row[1:3]: row[3:] for row in found if row[_PLACE] == root}
    below = []
    for row in found:
        place, objective, year, *sums = row
        if place == root:
            continue
        below.append(Cell(*nodes[objective], codes[place], year, *sums))
        if row[1:3] in rest:
            rest[row[1:3]] = tuple(map(sub, rest[row[1:3]], sums))
    left = [
        Cell(*nodes[objective], None, year, *sums)
        for (objective, year), sums in rest.items()
        if any(sums)
    ]
    return below + left


def largest_gaps(lens: Lens, count: int) -> list[Gap]:
    """The stated requirements with most missing over the years in view, most first. Two queries."""
    if not count:
        return []
    stated = SummaryCell.objects.filter(
        strategy=lens.strategy, audience=lens.audience, required_here__gt=0, year__in=lens.years,
        objective_key__in=list(lens.in_view),
    )  # fmt: skip
    if lens.place is not None:
        stated = stated.filter(
            place_key__in=Place.objects.within(lens.place).order_by().values("pk")
        )
    own = {key: values for key, values in own_difference(lens).items() if values.get("unmet_here")}
    sums = (
        stated.order_by()
        .values("objective_key", "place_key")
        .annotate(required=Sum("required_here"), missing=Sum("unmet_here"))
        .filter(missing__gt=0)
        .order_by("-missing", "-required", "objective_key", "place_key")
        .values_list("objective_key", "place_key", "required", "missing")
    )
    # The viewer's own money can only move the few places that it reaches: read that many more.
    top = {
        (objective, place): [int(required), int(missing)]
        for objective, place, required, missing in sums[: count + len(own)]
    }
    for (_audience, place, objective, year), values in own.items():
        if (objective, place) in top and year in lens.years:
            top[objective, place][1] += values["unmet_here"]
    best = sorted(top.items(), key=lambda item: (-item[1][1], -item[1][0], item[0]))[:count]
    best = [(key, numbers) for key, numbers in best if numbers[1] > 0]
    return _with_words(lens, best) if best else []


def _with_words(lens: Lens, best: list[tuple[tuple[int, int], list[int]]]) -> list[Gap]:
    """The gaps with their places' names, with the years they are short in and with what was paid out. One query."""
    keys = [key for key, _numbers in best]
    below = {key: _at_and_below(lens, key[0]) for key in keys}
    place = Place.objects.filter(pk=OuterRef("place_key"))
    rows = (
        SummaryCell.objects.filter(
            strategy=lens.strategy, audience=lens.audience, place_key__in={key[1] for key in keys},
            objective_key__in=set().union(*below.values()), year__in=lens.years,
        )
        .order_by("year")
        .values_list(
            "objective_key", "place_key", "year", "unmet_here", "disbursed",
            Subquery(place.values("name")), Subquery(place.values("code")),
        )
    )  # fmt: skip
    names, short, paid = {}, defaultdict(list), defaultdict(int)
    for objective, spot, year, unmet_here, disbursed, name, code in rows:
        names[spot] = (name, code)
        paid[objective, spot] += disbursed
        if unmet_here > 0:
            short[objective, spot].append(year)
    for (_audience, spot, objective, year), values in own_difference(lens).items():
        if year in lens.years:
            paid[objective, spot] += values.get("disbursed", 0)
    return [
        Gap(
            lens.objectives[objective],
            *names[spot],
            required,
            missing,
            sum(paid[node, spot] for node in below[objective, spot]),
            tuple(short[objective, spot]),
        )
        for (objective, spot), (required, missing) in best
    ]


def _at_and_below(lens: Lens, objective: int) -> set[int]:
    """Keys of an objective and of all below it."""
    code = lens.objectives[objective].code
    return {
        key
        for key, node in lens.objectives.items()
        if node.code == code or node.code.startswith(f"{code}.")
    }


def completeness(lens: Lens) -> dict[int, Completeness]:
    """How many grants of each year count and have no amount: the strategy's years, and others that have some."""
    found = grants_by_year(lens)
    years = sorted({*lens.strategy.years, *found})
    return {year: Completeness(year, *found.get(year, (0, 0))) for year in years}
