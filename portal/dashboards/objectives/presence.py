"""Who works on an objective, and where the strategy asks for somebody and nobody is."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import BigIntegerField, Count, F, Max, Q, Value

from activities.models import Activity, ActivityObjective, counted_once
from activities.models.activities import unconfirmed
from portal.records.places import shown_place
from strategy.analysis.presence import Active, Expected, presence_gaps
from strategy.models import Expectation, Requirement

from ..lens import Lens
from ..who.filters import shares_within


@dataclass(frozen=True, slots=True)
class Empty:
    """A place where somebody is asked for and nobody on record is at work."""

    name: str
    code: str
    required: int  # what is asked for there that year, in cents; 0 where only presence is asked for


@dataclass(frozen=True, slots=True)
class Work:
    """One activity as the reader sees it."""

    activity: Activity
    places: tuple[str, ...]
    start: (
        float | None
    )  # shares of the axis, 0 to 100; None where the period lies outside of it or is not known
    length: float


@dataclass(frozen=True)
class Presence:
    """The activities of a view, with `nobody`: the places that lack somebody in `year`."""

    lens: Lens
    activities: int
    organisations: int
    running: int  # under way on the as-of day, and confirmed lately
    running_organisations: int
    last_end: date | None  # of all activities in view
    year: int
    asked: int  # places where somebody is asked for
    nobody: tuple[Empty, ...]

    @cached_property
    def axis(self) -> tuple[date, date]:
        """First and last day of the years in view."""
        strategy, years = self.lens.strategy, self.lens.years
        return strategy.year_bounds(years[0])[0], strategy.year_bounds(years[-1])[1]

    @cached_property
    def today(self) -> float | None:
        """The as-of day as a share of the axis; None outside of it."""
        return (
            _share(self.axis, self.lens.as_of)
            if self.axis[0] <= self.lens.as_of <= self.axis[1]
            else None
        )

    @cached_property
    def axis_years(self) -> list[str]:
        """The labels of the axis, evenly apart: at most six."""
        first, last = self.lens.years[0], self.lens.years[-1]
        count = last - first + 1
        parts = next(
            (part for part in (4, 3, 5, 6, 2) if count % part == 0), count if count < 7 else 1
        )
        return [str(year) for year in range(first, last + 1, count // parts)]


def activities_in_view(lens: Lens):
    """What counts, is shown to the reader, and serves an objective in view at a place in view.

    Where years were chosen, only what runs in one of them.
    """
    shares = ActivityObjective.objects.filter(objective__in=list(lens.in_view))
    rows = (
        Activity.objects.visible_to(lens.viewer)
        .counting()
        .filter(pk__in=shares.order_by().values("activity"))
    )
    if lens.place is not None:
        rows = rows.filter(
            pk__in=shares_within(lens.place, lens.viewer).order_by().values("activity")
        )
    if not lens.whole_period:
        touched = Q()
        for first, last in map(lens.strategy.year_bounds, lens.years):
            touched |= Q(planned_start__lte=last, planned_end__gte=first)
        rows = rows.filter(touched)
    return rows


def presence(lens: Lens) -> Presence:
    """Count who is at work and find the places with nobody. A handful of queries, whatever the size."""
    day = lens.as_of
    now = Q(planned_start__lte=day, planned_end__gte=day) & ~unconfirmed(day)
    once = counted_once(lens.viewer)
    counts = (
        activities_in_view(lens)
        .order_by()
        .aggregate(
            activities=Count("pk", filter=once),
            organisations=Count("reporting_organisation", distinct=True),
            running=Count("pk", filter=now & once),
            running_organisations=Count("reporting_organisation", filter=now, distinct=True),
            last_end=Max("planned_end"),
        )
    )
    year = lens.as_of_year if lens.as_of_year in lens.years else lens.years[-1]
    asked = _asked(lens, year)
    nobody = _nobody(lens, year, asked) if asked else ()
    places = {place for _objective, place in asked}
    return Presence(lens, **counts, year=year, asked=len(places), nobody=nobody)


def _asked(lens: Lens, year: int) -> dict[tuple[int, int], int]:
    """(objective, place) where the strategy asks for somebody that year, with the cents asked for there."""
    keys = list(lens.in_view)
    required = Requirement.objects.filter(objective__in=keys, year=year).filter(
        Q(amount_revised__gt=0) | Q(amount_revised=None, amount_original__gt=0)
    )
    expected = Expectation.objects.filter(
        objective__in=keys, year_from__lte=year, year_to__gte=year
    )
    if lens.place is not None:
        inside = {"place__lft__gte": lens.place.lft, "place__rgt__lte": lens.place.rgt}
        required, expected = required.filter(**inside), expected.filter(**inside)
    found: dict[tuple[int, int], int] = defaultdict(int)
    rows = required.order_by().values_list("objective", "place", "amount_minor")
    nothing = Value(0, output_field=BigIntegerField())
    for objective, place, amount in rows.union(
        expected.order_by().values_list("objective", "place", nothing), all=True
    ):
        found[objective, place] += amount or 0
    return dict(found)


def _nobody(lens: Lens, year: int, asked: dict[tuple[int, int], int]) -> tuple[Empty, ...]:
    """Places of which some cell has nobody at work that year, with what those cells ask for; the most first."""
    first, last = lens.strategy.year_bounds(year)
    rows = activities_in_view(lens).running_between(first, last)
    if year >= lens.as_of_year:  # in a year that is over, what was recorded later tells of it
        rows = rows.still_true_on(lens.as_of)
    pairs = (
        rows.filter(objective_shares__objective__in=list(lens.in_view))
        .order_by()
        .values_list(
            "objective_shares__objective",
            "place_shares__place",
            "location_precision",
            "reporting_organisation",
        )
        .distinct()
    )
    pairs = list(pairs)
    tree = lens.state.tree()
    tree.add({place for _objective, place in asked} | {row[1] for row in pairs})
    paths = _paths(lens)
    active = []
    for objective, place, precision, organisation in pairs:
        if not (lens.viewer.is_secretariat or organisation in lens.viewer.organisations):
            place = shown_place(place, precision, tree)
        if place:
            active.append(Active(paths[objective], tree.path(place), None, None, year, year))
    cells = {
        Expected(paths[objective], tree.path(place), year): (objective, place)
        for objective, place in asked
    }
    required: dict[int, int] = defaultdict(int)
    for gap in presence_gaps(cells, active):
        required[cells[gap][1]] += asked[cells[gap]]
    nodes = tree.nodes
    return tuple(
        Empty(nodes[place].name, nodes[place].code, amount)
        for place, amount in sorted(
            required.items(), key=lambda item: (-item[1], nodes[item[0]].name)
        )
    )


def _paths(lens: Lens) -> dict[int, tuple[int, ...]]:
    """Keys from the pillar down to each objective."""
    paths: dict[int, tuple[int, ...]] = {}
    for key, node in lens.objectives.items():  # parents first, in the order of codes
        paths[key] = (*paths.get(node.parent_id, ()), key)
    return paths


class WorkRows(Sequence):
    """The activities of a view, those that end last first; a slice reads one page."""

    def __init__(self, found: Presence):
        self.found = found
        order = (F("planned_end").desc(nulls_last=True), "title", "pk")
        self._queryset = activities_in_view(found.lens).order_by(*order)

    def __len__(self):
        return self.found.activities

    def __getitem__(self, index):
        if not isinstance(index, slice):
            return self[index : index + 1][0]
        page = list(
            self._queryset.select_related("reporting_organisation").prefetch_related(
                "place_shares"
            )[index]
        )
        viewer = self.found.lens.viewer
        tree = self.found.lens.state.tree()
        tree.add(share.place_id for activity in page for share in activity.place_shares.all())
        rows = []
        for activity in page:
            exact = activity.sees_exact_place(viewer)
            keys = [share.place_id for share in activity.place_shares.all()]
            if not exact:
                keys = [shown_place(key, activity.location_precision, tree) for key in keys]
            names = tuple(dict.fromkeys(tree.nodes[key].name for key in keys if key))
            rows.append(Work(activity, names, *self._bar(activity)))
        return rows

    def _bar(self, activity: Activity) -> tuple[float | None, float]:
        axis, start, end = self.found.axis, activity.planned_start, activity.planned_end
        if not start or not end or end < axis[0] or start > axis[1]:
            return None, 0.0
        left = _share(axis, max(start, axis[0]))
        return left, max(_share(axis, min(end, axis[1])) - left, 0.0)


def _share(axis: tuple[date, date], day: date) -> float:
    return 100 * (day - axis[0]).days / max((axis[1] - axis[0]).days, 1)
