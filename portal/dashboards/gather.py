"""From the database to rows: what this viewer may see, and nothing else.

The kept figures (`strategy.models.SummaryCell`) hold what an audience sees. What a viewer sees beyond that,
rows of their own organisations and working groups, is added here, links and regrants included.
"""

from collections.abc import Iterable, Mapping

from django.db.models import Sum

from grants.choices import Measure
from grants.models import Grant, Split
from grants.splits import Family, family
from portal.directory.access import Viewer
from portal.directory.choices import Audience
from portal.directory.tree import PlaceTree
from portal.records.choices import LocationPrecision, ReviewState, Visibility
from portal.records.places import shown_place
from strategy import summary
from strategy.analysis.coverage import AMOUNTS, Cell
from strategy.models import SummaryCell

from .lens import Lens

#: The amounts of a cell: columns of the kept figures by the same names.
_SUMS = AMOUNTS
_COUNTED = ("grants", "without_amount")
#: Where the amounts begin in a plain row of figures.
ROW_AMOUNTS = 3


def cells(
    lens: Lens, places: Iterable[int] | None = None, *, years: Iterable[int] | None = None
) -> list[Cell]:
    """The figures of these places (keys; the lens's own place if none are given), by objective and year.

    Each place's cells hold all that lies at and below it. Untagged money comes as cells without objective, and only
    where neither a pillar nor an objective is chosen. One query, whatever the size.
    """
    keys = {lens.root_key} if places is None else set(places)
    nodes = {key: (node.code, node.pillar) for key, node in lens.objectives.items()}
    untagged = (None, None)
    return [
        Cell(*nodes.get(objective, untagged), place, year, *sums)
        for place, objective, year, *sums in sums_of(lens, keys, years=years)
    ]


def sums_of(
    lens: Lens, keys: set[int], *, years: Iterable[int] | None = None
) -> list[tuple[int, ...]]:
    """The same as plain rows: place key, objective key (0: untagged), year and the amounts, in this order.

    The counts of grants by year are read along, for `grants_by_year`.
    """
    wanted = lens.years if years is None else tuple(years)
    narrowed = lens.pillar or lens.objective
    objectives = set(lens.in_view) if narrowed else {*lens.objectives, 0}
    columns = ("place_key", "objective_key", "year", *_SUMS, *_COUNTED)
    kept = SummaryCell.objects.filter(strategy=lens.strategy, audience=lens.audience).order_by()
    rows = kept.filter(place_key__in=keys, year__in=wanted, objective_key__in=objectives)
    rows = rows.values_list(*columns)
    with_counts = 0 not in keys and _grants_key(lens) not in lens.known
    if with_counts:
        rows = rows.union(kept.filter(**_OF_YEARS).values_list(*columns), all=True)
    found, counted = [], {}
    for row in rows:
        if row[0] or not with_counts:
            found.append(row[:-2])
        else:
            counted[row[2]] = row[-2:]
    if with_counts:
        lens.known[_grants_key(lens)] = counted
    changed = {
        key[1:]: values for key, values in own_difference(lens).items()
        if key[1] in keys and key[3] in wanted and key[2] in objectives
    }  # fmt: skip
    if changed:
        found = _changed(found, changed)
    return sorted(row for row in found if any(row[3:]))


def _changed(rows: Iterable[tuple], changed: Mapping[tuple, Mapping[str, int]]) -> list[tuple]:
    """Rows of (place, objective, year, sums) with differences added, in the same order."""
    sums = {row[:3]: row[3:] for row in rows}
    nothing = (0,) * len(_SUMS)
    for key, values in changed.items():
        before = sums.get(key, nothing)
        sums[key] = tuple(
            was + values.get(name, 0) for was, name in zip(before, _SUMS, strict=True)
        )
    return [(*key, *row) for key, row in sorted(sums.items())]


def own_difference(lens: Lens) -> summary.Deltas:
    """What this view changes in the kept figures of the viewer's audience, gaps included.

    The viewer's own rows (nothing for the public and the secretariat); and goods and services in kind, where
    the reader counts them as money. Worked out once per lens.
    """
    key = ("difference", lens.viewer, lens.in_kind)
    if key not in lens.known:
        lens.known[key] = _own_difference(lens)
    return lens.known[key]


def with_money(lens: Lens, money: Mapping[summary.CellKey, int]) -> Lens:
    """The same view as if so much more were committed: cents by audience, place key, objective key and year.

    Every figure drawn through it, gaps included, is what it would be. Nothing is written.
    """
    deltas = _own_deltas(lens)
    for key, cents in money.items():
        deltas[key]["committed"] += cents
    known = {("difference", lens.viewer, lens.in_kind): summary.preview(lens.strategy, deltas)}
    return lens.at(known=known)


def _own_difference(lens: Lens) -> summary.Deltas:
    deltas = _own_deltas(lens)
    if not deltas:
        return {}
    nodes = lens.objectives.values()
    objectives = summary.ObjectiveTree.made_of((n.pk, n.parent_id, n.pillar) for n in nodes)
    tree = PlaceTree(dict(lens.state.whole_tree.nodes))
    return summary.preview(lens.strategy, deltas, tree, objectives)


def _own_deltas(lens: Lens) -> summary.Deltas:
    """What is added to the cells of the viewer's audience, and taken from them, before gaps are judged."""
    own = own_family(lens)
    deltas = summary.new_deltas()
    if own is not None:
        _add(deltas, own.before, lens.audience, -1)
        _add(deltas, own.after, lens.audience, +1)
    if lens.in_kind:
        _count_in_kind(deltas, lens, own)
    return deltas


def _count_in_kind(deltas: summary.Deltas, lens: Lens, own: "Own | None") -> None:
    """Add what is given in kind to what is committed."""
    at = "place" if lens.audience == Audience.ALL else "shown_place"
    kept = Split.objects.filter(strategy=lens.strategy, measure=Measure.COMMITTED, in_kind=True)
    kept = kept.counting_for(lens.audience).exclude(grant__in=own.ids if own else ())
    sums = kept.order_by().values_list(at, "objective", "year").annotate(total=Sum("amount"))
    for place, objective, year, total in sums:
        deltas[int(lens.audience), place or 0, objective or 0, year]["committed"] += int(total)
    for _grant, row, place, in_kind, _passed_on in own.after if own else ():
        if in_kind and row.measure == Measure.COMMITTED:
            key = (int(lens.audience), place or 0, row.objective or 0, row.year)
            deltas[key]["committed"] += row.amount


class Own:
    """The grants whose counting the viewer's own rows change: `before` as their audience sees them, `after` as they do.

    Each is a list of (grant key, split row, place key as shown, in kind, whether it is a row passed on).
    """

    def __init__(self, lens: Lens, ids: set[int]):
        self.ids = ids
        made = Family(lens.strategy, sorted(ids))
        seen = made.seen_by(lens.audience)
        shown = Grant.objects.filter(pk__in=ids).visible_to(lens.viewer).order_by()
        owners = {key: by for key, *by in shown.values_list("pk", *Grant.owner_fields)}
        exact = {key for key, by in owners.items() if lens.viewer.organisations.intersection(by)}
        mine = seen | owners.keys()
        tree = lens.state.whole_tree
        self.before = list(self._rows(made, seen, frozenset(), tree))
        self.after = list(self._rows(made, mine, exact, tree))
        self.grants_before = made.years_of(made.counting(seen))
        self.grants_after = made.years_of(made.counting(mine))

    @staticmethod
    def _rows(made: Family, visible, exact, tree):
        for key, negative in made.counting(visible).items():
            grant = made.grants[key]
            for passed_on, rows in ((False, made.rows_of(key)), (True, negative)):
                for row in rows:
                    place = (
                        row.place
                        if key in exact
                        else shown_place(row.place, grant["location_precision"], tree)
                    )
                    yield key, row, place, grant["in_kind"], passed_on


def own_family(lens: Lens) -> Own | None:
    """The viewer's own rows and their kin; None where there is nothing beyond the audience's figures.

    Read once per lens.
    """
    viewer = lens.viewer
    if viewer.is_secretariat or not (viewer.organisations or viewer.working_groups):
        return None
    key = ("own", viewer)
    if key not in lens.known:
        ids = _beyond_audience(viewer, lens.audience)
        lens.known[key] = Own(lens, family(ids)) if ids else None
    return lens.known[key]


#: The cells that hold how many grants there are in a year: those without place and objective.
_OF_YEARS = {"place_key": 0, "objective_key": 0}


def _grants_key(lens: Lens) -> tuple:
    return "grants", lens.audience


def grants_by_year(lens: Lens) -> dict[int, tuple[int, int]]:
    """By strategy year: grants that count for this viewer, and those of them without an amount. One query at most."""
    counted = lens.known.get(_grants_key(lens))
    if counted is None:
        rows = SummaryCell.objects.filter(
            strategy=lens.strategy, audience=lens.audience, **_OF_YEARS
        )
        rows = rows.order_by().values_list("year", *_COUNTED)
        counted = lens.known[_grants_key(lens)] = {year: tuple(counts) for year, *counts in rows}
    found = {year: counts for year, counts in counted.items() if counts[0]}
    own = own_family(lens)
    for rows_of_own, sign in ((own.grants_before, -1), (own.grants_after, +1)) if own else ():
        for _grant, year, has_amount in rows_of_own:
            grants, without = found.get(year, (0, 0))
            found[year] = (grants + sign, without + (0 if has_amount else sign))
    return found


def _beyond_audience(viewer: Viewer, audience: Audience) -> set[int]:
    """Grants that this viewer sees, or sees more precisely, than their audience does."""
    seen = {
        Audience.PUBLIC: [Visibility.PUBLIC],
        Audience.COALITION: [Visibility.PUBLIC, Visibility.COALITION],
    }
    theirs = Grant.objects.visible_to(viewer).filter(review_state=ReviewState.ACCEPTED)
    hidden = theirs.exclude(visibility__in=seen[audience]).order_by().values_list("pk", flat=True)
    if not viewer.organisations:
        return set(hidden)
    vague = Grant.objects.owned_by(viewer.organisations).exclude(
        location_precision=LocationPrecision.EXACT
    )
    return set(hidden.union(vague.order_by().values_list("pk", flat=True)))


def _add(deltas: summary.Deltas, rows, audience: int, sign: int) -> None:
    for _grant, row, place, in_kind, _passed_on in rows:
        values = deltas[int(audience), place or 0, row.objective or 0, row.year]
        if in_kind:
            if row.measure == Measure.COMMITTED:
                values["in_kind"] += sign * row.amount
            continue
        values[row.measure] += sign * row.amount
        if row.measure == Measure.COMMITTED:
            if row.is_assumed:
                values["assumed"] += sign * row.amount
                values["assumed_full"] += sign * row.full
            if row.by_rule:
                values["by_rule"] += sign * row.amount
