"""What the funding gaps page says: one gathering, one set of findings for page, files, PDF and interface."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property

from django.db.models import Sum

from portal.directory.models import Place
from strategy.analysis import coverage
from strategy.analysis.completeness import Completeness
from strategy.analysis.coverage import Cell, PillarShare, Totals, total
from strategy.analysis.headline import Filters, Headline, headline
from strategy.models import Objective, SummaryCell

from .gather import cells, grants_by_year, own_difference
from .lens import Lens

_AMOUNTS = tuple(field.name for field in fields(Cell) if field.type in ("int", int))


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
        targets = dict(self.lens.strategy.pillar_targets.values_list("pillar", "share"))
        found = coverage.share_of_tagged(self.pillars, targets)
        return {share.pillar: share for share in found}

    @cached_property
    def totals(self) -> Totals:
        """All that is tagged and in view."""
        return total(cell for cell in self.parts if cell.objective is not None)

    @cached_property
    def untagged(self) -> Totals:
        return total(cell for cell in self.parts if cell.objective is None)

    @cached_property
    def pillars(self) -> dict[int, Totals]:
        """By pillar, those in view that ask for something or have something."""
        return {
            key: value for key, value in coverage.by_pillar(self.parts).items() if key is not None
        }

    @cached_property
    def objectives(self) -> dict[str, Totals]:
        return {
            key: value
            for key, value in coverage.by_objective(self.parts).items()
            if key is not None
        }

    @cached_property
    def years(self) -> dict[int, Totals]:
        """Every year in view, also those without anything."""
        found = coverage.by_year(cell for cell in self.parts if cell.objective is not None)
        return {year: found.get(year, Totals()) for year in self.lens.years}

    @cached_property
    def by_year_and_pillar(self) -> dict[tuple[int, int], Totals]:
        groups = defaultdict(list)
        for cell in self.parts:
            if cell.pillar is not None:
                groups[cell.year, cell.pillar].append(cell)
        return {key: total(group) for key, group in groups.items()}

    def heat(self, by: str) -> dict[tuple[str, str | int | None], Totals]:
        """Totals by objective code and place code (`by` place) or year (`by` year)."""
        groups = defaultdict(list)
        for cell in self.parts:
            if cell.objective is not None:
                groups[cell.objective, cell.year if by == "year" else cell.place].append(cell)
        return {key: total(group) for key, group in groups.items()}

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


def findings(lens: Lens, *, largest: int = 8) -> GapsPage:
    """Gather and judge what a lens shows. A handful of queries, whatever the size."""
    below, found = _children_with_figures(lens)
    codes = {pk: code for pk, code, _name in below}
    parts = _disjoint(found, lens.root_key, codes)
    present = {cell.place for cell in parts if cell.objective is not None}
    columns = [(code, name) for _pk, code, name in below if code in present]
    if None in present:
        columns.append((None, ""))
    return GapsPage(lens, parts, columns, _largest(lens, largest), completeness(lens))


def _children_with_figures(lens: Lens) -> tuple[list[tuple[int, str, str]], list[Cell]]:
    """The places to compare, (key, code, name), and the cells of the root and of them.

    The root's children; where a single one of them has all the figures, its children in its stead, and so on.
    """
    parent, root_cells = lens.root, None
    while True:
        below = (
            list(parent.children.order_by("name").values_list("pk", "code", "name"))
            if parent
            else []
        )
        found = cells(lens, [lens.root_key, *(pk for pk, _code, _name in below)])
        if root_cells is None:
            root_cells = [cell for cell in found if cell.place == lens.root_key]
        mine = [cell for cell in found if cell.place != lens.root_key]
        only = {cell.place for cell in mine}
        tagged = sum(
            cell.committed + cell.required for cell in root_cells if cell.objective is not None
        )
        if (
            len(only) != 1
            or sum(cell.committed + cell.required for cell in mine if cell.objective is not None)
            != tagged
        ):
            return below, found
        child = Place.objects.get(pk=only.pop())
        if child.rgt == child.lft + 1 or not child.children.exists():
            return below, found
        parent = child


def _disjoint(found: list[Cell], root: int, codes: Mapping[int, str]) -> list[Cell]:
    """The cells below the root, and under no place what the root has beyond them; they add up to the root."""
    rest: dict[tuple, Cell] = {}
    below = []
    for cell in found:
        if cell.place == root:
            rest[cell.objective, cell.year] = replace(cell, place=None)
        else:
            below.append(replace(cell, place=codes[cell.place]))
    for cell in below:
        key = (cell.objective, cell.year)
        whole = rest.get(key)
        if whole is not None:
            rest[key] = replace(
                whole,
                **{
                    name: getattr(whole, name) - getattr(cell, name)
                    for name in _AMOUNTS
                    if name != "year"
                },
            )
    left = [
        cell
        for cell in rest.values()
        if any(getattr(cell, name) for name in _AMOUNTS if name != "year")
    ]
    return below + left


def _largest(lens: Lens, count: int) -> list[Gap]:
    """The stated requirements with most missing over the years in view, most first."""
    rows = SummaryCell.objects.filter(
        strategy=lens.strategy, audience=lens.audience, required_here__gt=0, year__in=lens.years,
        objective_key__in=list(lens.in_view),
    )  # fmt: skip
    if lens.place is not None:
        rows = rows.filter(place_key__in=Place.objects.within(lens.place).order_by().values("pk"))
    own = {key: values for key, values in own_difference(lens).items() if values.get("unmet_here")}
    sums = (
        rows.order_by()
        .values("objective_key", "place_key")
        .annotate(required=Sum("required_here"), missing=Sum("unmet_here"))
        .filter(missing__gt=0)
        .order_by("-missing", "-required", "objective_key", "place_key")
    )
    # The viewer's own money can only move the few places that it reaches: read that many more.
    top = {
        (row["objective_key"], row["place_key"]): [int(row["required"]), int(row["missing"])]
        for row in sums[: count + len(own)]
    }
    for (_audience, place, objective, year), values in own.items():
        if (objective, place) in top and year in lens.years:
            top[objective, place][1] += values["unmet_here"]
    best = sorted(top.items(), key=lambda item: (-item[1][1], -item[1][0], item[0]))[:count]
    names = {
        pk: (name, code)
        for pk, name, code in Place.objects.filter(
            pk__in={place for (_objective, place), _ in best}
        ).values_list("pk", "name", "code")
    }
    short_years = defaultdict(list)
    wanted = rows.filter(
        place_key__in={place for (_o, place), _ in best},
        objective_key__in={o for (o, _p), _ in best},
        unmet_here__gt=0,
    ).order_by("year")
    for objective, place, year in wanted.values_list("objective_key", "place_key", "year"):
        short_years[objective, place].append(year)
    paid = _paid(lens, [key for key, _numbers in best])
    return [
        Gap(
            lens.objectives[objective],
            *names[place],
            required,
            missing,
            paid[objective, place],
            tuple(short_years[objective, place]),
        )
        for (objective, place), (required, missing) in best
        if missing > 0
    ]


def _paid(lens: Lens, keys: list[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Cents paid out at these (objective key, place key) and below, over the years in view."""
    sums = (
        SummaryCell.objects.filter(
            strategy=lens.strategy,
            audience=lens.audience,
            place_key__in={place for _objective, place in keys},
            year__in=lens.years,
        )
        .order_by()
        .values_list("objective_key", "place_key")
        .annotate(total=Sum("disbursed"))
    )
    own = [
        (objective, place, values["disbursed"])
        for (_audience, place, objective, year), values in own_difference(lens).items()
        if year in lens.years and values.get("disbursed")
    ]
    found = dict.fromkeys(keys, 0)
    codes = {key: node.code for key, node in lens.objectives.items()}
    for objective, place, cents in [*sums, *own]:
        for key in keys:
            above, below = codes[key[0]], codes.get(objective, "")
            if key[1] == place and (below == above or below.startswith(f"{above}.")):
                found[key] += int(cents)
    return found


def completeness(lens: Lens) -> dict[int, Completeness]:
    """How many grants of each year count and have no amount: the strategy's years, and others that have some."""
    found = grants_by_year(lens)
    years = sorted({*lens.strategy.years, *found})
    return {year: Completeness(year, *found.get(year, (0, 0))) for year in years}
