"""Keeping the kept figures right: differences in, rolled up over places, gaps filled anew.

Every caller holds the lock of the strategy's row (`services.lock`), so that writers of one strategy
follow each other, and a figure is never the product of two half-finished changes.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import repeat

from django.db import connection
from django.db.models import Q

from portal.directory.models import Place
from portal.directory.tree import PlaceTree, world_key
from portal.lib.prepared import Prepared

from .analysis.filling import Money, Need, fill
from .models import Objective, Strategy, SummaryCell
from .models.summary import HERE, SUMMED

COLUMNS = (*SUMMED, *HERE)
KEY = ("strategy_id", "audience", "place_key", "objective_key", "year")
BATCH = 400
#: More places than these are not looked at one by one: the whole world is read in one go.
MOST_TOPS = 8

#: (audience, place key or 0, objective key or 0, year)
CellKey = tuple[int, int, int, int]
Deltas = dict[CellKey, dict[str, int]]


@Prepared
def _objectives(strategy):
    return (
        Objective.objects.filter(strategy=strategy)
        .order_by()
        .values_list("pk", "parent_id", "pillar")
    )


@Prepared
def _stated(strategy, audiences, years, objectives, places):
    """Which of these cells are asked for something, or were when they were judged last."""
    cells = _cells(strategy, audiences, years, objectives).filter(place_key__in=places)
    return cells.filter(_JUDGED).values_list(*KEY[1:])


@Prepared
def _standing(strategy, audiences, years, objectives, *bounds):
    """How each of these cells stands that asks for something or holds money of its own, in places between bounds.

    bounds: `lft` and `rgt` of one place after the other.
    """
    inside = Q()
    for lft, rgt in zip(bounds[::2], bounds[1::2], strict=True):
        inside |= Q(lft__gte=lft, rgt__lte=rgt)
    places = Place.objects.filter(inside).order_by().values("pk")
    return _with_money(_cells(strategy, audiences, years, objectives).filter(place_key__in=places))


@Prepared
def _standing_anywhere(strategy, audiences, years, objectives):
    """The same of all places."""
    return _with_money(_cells(strategy, audiences, years, objectives).filter(place_key__gt=0))


def _with_money(cells):
    return cells.filter(_JUDGED | ~Q(committed_here=0)).values_list(*KEY[1:], *HERE)


def _cells(strategy, audiences, years, objectives):
    return SummaryCell.objects.filter(
        strategy=strategy, audience__in=audiences, year__in=years, objective_key__in=objectives
    ).order_by()


_JUDGED = Q(required_here__gt=0) | Q(unmet_here__gt=0) | ~Q(surplus_here=0)


@dataclass(slots=True)
class ObjectiveTree:
    """The few objectives of a strategy: pillar and path of keys by key."""

    pillars: dict[int, int]
    paths: dict[int, tuple[int, ...]]

    @classmethod
    def of(cls, strategy: Strategy) -> "ObjectiveTree":
        return cls.made_of(_objectives(strategy.pk))

    @classmethod
    def made_of(cls, rows: Iterable[tuple[int, int | None, int]]) -> "ObjectiveTree":
        """rows: key, key of the parent and pillar of each objective."""
        rows = list(rows)
        parents = {pk: parent for pk, parent, _pillar in rows}
        paths = {}
        for pk in parents:
            path, step = [], pk
            while step is not None:
                path.append(step)
                step = parents.get(step)
            paths[pk] = tuple(reversed(path))
        return cls({pk: pillar for pk, _parent, pillar in rows}, paths)


def new_deltas() -> Deltas:
    return defaultdict(lambda: defaultdict(int))


def apply(
    strategy: Strategy, deltas: Mapping[CellKey, Mapping[str, int]], tree: PlaceTree | None = None
) -> None:
    """Add differences of money and requirements to the kept figures, and judge the touched gaps anew.

    deltas: for each cell the difference of `required`, `asked_cells`, `pledged`, `committed`, `disbursed`,
    `in_kind`, `assumed`, `assumed_full`, `by_rule` that is stated or given at that place itself.
    tree: places that were read before; more are read as needed.
    """
    tree = tree or PlaceTree()
    if not any(values.get("required") or values.get("asked_cells") for values in deltas.values()):
        _add(strategy, preview(strategy, deltas, tree))
        return
    deltas = _without_empty(deltas)
    tree.add(key[1] for key in deltas)
    _add(strategy, _rolled_up(deltas, tree))
    _add(strategy, _gaps_again(strategy, deltas, tree))


def preview(
    strategy: Strategy,
    deltas: Mapping[CellKey, Mapping[str, int]],
    tree: PlaceTree | None = None,
    objectives: ObjectiveTree | None = None,
) -> Deltas:
    """What `apply` would change in the kept figures for differences of money; nothing is written.

    So a viewer's figures are the kept ones plus what the rows of their own change.
    tree, objectives: what was read before; more is read as needed.
    """
    deltas = _without_empty(deltas)
    tree = tree or PlaceTree()
    tree.add(key[1] for key in deltas)
    changed = _rolled_up(deltas, tree)
    again = _gaps_again(strategy, deltas, tree, not_yet_kept=deltas, objectives=objectives)
    for key, values in again.items():
        for column, amount in values.items():
            changed[key][column] += amount
    return changed


def _without_empty(deltas: Mapping[CellKey, Mapping[str, int]]) -> dict[CellKey, Mapping[str, int]]:
    return {key: values for key, values in deltas.items() if any(values.values())}


def _rolled_up(deltas: Mapping[CellKey, Mapping[str, int]], tree: PlaceTree) -> Deltas:
    """The same differences at every place above; what has no place counts for the World."""
    world = None
    if any(not tree.path(key[1]) for key in deltas):
        world = tree.world or world_key()
    rolled = new_deltas()
    for (audience, place, objective, year), values in deltas.items():
        for column in ("committed", "required"):
            if values.get(column):
                rolled[audience, place, objective, year][f"{column}_here"] += values[column]
        for step in tree.path(place) or (0, *([world] if world else [])):
            for column, amount in values.items():
                rolled[audience, step, objective, year][column] += amount
    return rolled


def _add(strategy: Strategy, deltas: Mapping[CellKey, Mapping[str, int]]) -> None:
    """Upsert differences, in the order of the keys; of the columns only those that change."""
    rows = [(key, values) for key, values in sorted(deltas.items()) if any(values.values())]
    columns = [name for name in COLUMNS if any(values.get(name) for _key, values in rows)]
    table = SummaryCell._meta.db_table
    changes = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in columns)
    row_marks = f"({', '.join(['%s'] * (len(KEY) + len(columns)))})"
    with connection.cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            cursor.execute(
                f"INSERT INTO {table} ({', '.join((*KEY, *columns))}) "  # noqa: S608
                f"VALUES {', '.join([row_marks] * len(batch))} "
                f"ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {changes}",
                [
                    value
                    for key, values in batch
                    for value in (strategy.pk, *key, *map(values.get, columns, repeat(0)))
                ],
            )


def _gaps_again(
    strategy: Strategy,
    deltas: Mapping[CellKey, Mapping[str, int]],
    tree: PlaceTree,
    not_yet_kept: Mapping[CellKey, Mapping[str, int]] | None = None,
    objectives: ObjectiveTree | None = None,
) -> Deltas:
    """What changes in the gaps that these differences of money or requirements can reach.

    not_yet_kept: differences of money that the kept figures do not hold.

    Money reaches a need at its own node or above it in both trees. The reach of a cell that meets one: from the
    highest place above it at which its pillar asks for something that year, all that lies below. Nothing outside
    can share its money.
    """
    asked = {
        key for key, values in deltas.items() if values.get("required") or values.get("asked_cells")
    }
    touched = asked | {
        key for key, values in deltas.items() if values.get("committed") and key[1] and key[2]
    }
    if not touched:
        return new_deltas()
    objectives = objectives or ObjectiveTree.of(strategy)
    pillars = {objectives.pillars[key[2]] for key in touched}
    reach = (
        strategy.pk,
        {key[0] for key in touched},
        {key[3] for key in touched},
        [key for key, pillar in objectives.pillars.items() if pillar in pillars],
    )
    above = {step for key in touched for step in tree.path(key[1])}
    stated = asked.union(_stated(*reach, above))
    if not stated:
        return new_deltas()
    places_asked = defaultdict(set)
    for audience, place, objective, year in stated:
        places_asked[audience, objectives.pillars[objective], year].add(place)
    tops = defaultdict(set)
    for audience, place, objective, year in touched:
        scope = (audience, objectives.pillars[objective], year)
        path = [step for step in tree.path(place) if step in places_asked.get(scope, ())]
        nodes = objectives.paths[objective]
        if any((audience, step, node, year) in stated for step in path for node in nodes):
            tops[path[0]].add(scope)
    if not tops:
        return new_deltas()
    return _judge(_reached(reach, tops, tree), tops, tree, objectives, not_yet_kept or {})


def _reached(reach: tuple, tops: Mapping[int, set], tree: PlaceTree) -> list[tuple]:
    """How the cells stand that lie at or below the places of `tops`."""
    strategy, _audiences, _years, objectives = reach
    audiences, _pillars, years = (
        {values[part] for scopes in tops.values() for values in scopes} for part in range(3)
    )
    scope = (strategy, audiences, years, objectives)
    if len(tops) > MOST_TOPS:
        rows = _standing_anywhere(*scope)
    else:
        bounds = [bound for top in tops for bound in (tree.nodes[top].lft, tree.nodes[top].rgt)]
        rows = _standing(*scope, *bounds)
    tree.add({row[1] for row in rows})
    return rows


def _judge(
    rows: Iterable[tuple],
    tops: Mapping[int, set],
    tree: PlaceTree,
    objectives: ObjectiveTree,
    not_yet_kept: Mapping,
) -> Deltas:
    """Fill the needs of these cells with the money of these cells; what changes in them and above.

    tops: by place, the (audience, pillar, year) that are judged at and below it.
    """
    by_audience = defaultdict(lambda: ([], [], []))

    @cache
    def judged_at(place):
        return frozenset().union(*(tops[step] for step in tree.path(place) if step in tops))

    def is_judged(audience, place, objective, year):
        return (audience, objectives.pillars.get(objective), year) in judged_at(place)

    for audience, place, objective, year, required, unmet, surplus, empty, committed in rows:
        if not is_judged(audience, place, objective, year):
            continue
        needs, before, money = by_audience[audience]
        paths = (objectives.paths[objective], tree.path(place))
        if committed:
            money.append(Money(*paths, year, committed))
        if required or unmet or surplus or empty:
            needs.append(Need(*paths, year, required))
            before.append(((audience, place, objective, year), _Gap(unmet, surplus, empty)))
    for (audience, place, objective, year), values in not_yet_kept.items():
        if values.get("committed") and is_judged(audience, place, objective, year):
            paths = (objectives.paths[objective], tree.path(place))
            by_audience[audience][2].append(Money(*paths, year, values["committed"]))
    deltas = new_deltas()
    for needs, before, money in by_audience.values():
        for filled, (key, was) in zip(fill(needs, money), before, strict=True):
            _roll_gap(deltas, key, was, _Gap.of(filled), tree)
    return deltas


@dataclass(frozen=True, slots=True)
class _Gap:
    """How one stated requirement stands; `empty` is 1 where something is asked and nothing of it is met."""

    unmet: int = 0
    surplus: int = 0
    empty: int = 0

    @classmethod
    def of(cls, filled) -> "_Gap":
        return cls(filled.unmet, filled.surplus, int(filled.required > 0 and filled.met <= 0))


def _roll_gap(deltas: Deltas, key: CellKey, was: _Gap, now: _Gap, tree: PlaceTree) -> None:
    """Note the difference between two standings of one requirement, at its place and at every place above."""
    audience, place, objective, year = key
    if was == now:
        return
    here = deltas[key]
    here["unmet_here"] += now.unmet - was.unmet
    here["surplus_here"] += now.surplus - was.surplus
    here["empty_here"] += now.empty - was.empty
    for step in tree.path(place):
        values = deltas[audience, step, objective, year]
        values["unmet"] += now.unmet - was.unmet
        values["surplus"] += now.surplus - was.surplus
        values["empty_cells"] += now.empty - was.empty
