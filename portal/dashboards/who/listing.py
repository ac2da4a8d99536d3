"""The list of activities: their order, and each as a row of ready texts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import F, OuterRef, Prefetch, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.choices import OVER, ActivityStatus
from activities.models import Activity, ActivityObjective, ActivityPlace, PeopleReached
from portal.dashboards.lens import Lens
from portal.directory.choices import OrganisationType, PlaceKind
from portal.directory.models import Place
from portal.directory.tree import PlaceTree
from portal.lib.ages import ago
from portal.lib.numbers import money, period
from portal.lib.tabular import Sheet
from portal.records.choices import LocationPrecision, Visibility
from portal.records.places import shown_place
from strategy.models import Objective

from .filters import Selection, keys_within, with_days
from .reach import Reached, people_reached

MOST_PLACES = 3


@dataclass(frozen=True, slots=True)
class ListRow:
    """One activity as its viewer sees it."""

    activity: Activity
    objective: Objective | None  # the one with the largest share among those in view
    places: tuple[Place, ...]  # as precisely as the viewer may know
    is_place_stated: bool
    reach: Reached | None  # of the newest period
    is_unconfirmed: bool  # listed, and not counted as present
    word: str  # how long ago somebody last said that it is true; empty for what is over

    @property
    def place(self) -> str:
        return places_in_words(self.places, is_stated=self.is_place_stated)

    @property
    def period(self) -> str:
        return period(self.activity.starts, self.activity.ends)

    @property
    def budget(self) -> str:
        """In its own currency; empty where none is stated."""
        amount = self.activity.budget_amount
        return "" if amount is None else money(amount, self.activity.budget_currency)

    @property
    def is_shared_with_all(self) -> bool:
        return self.activity.visibility == Visibility.PUBLIC


def in_order(selection: Selection) -> QuerySet[Activity]:
    """The activities in view in the order asked for, each with `main`, the sort key of its objective."""
    activities = with_main(selection.lens, selection.activities)
    if selection.sort == "end":
        return activities.order_by(F("ends").asc(nulls_last=True), "pk")
    return activities.order_by(F("main").asc(nulls_last=True), "title", "pk")


def with_main(lens: Lens, activities: QuerySet[Activity]) -> QuerySet[Activity]:
    """Activities with `main`: the sort key of the objective in view that has the largest share."""
    shares = ActivityObjective.objects.filter(
        activity=OuterRef("pk"), objective__strategy=lens.strategy
    )
    if lens.objective:
        shares = shares.filter(objective__in=keys_within(lens, lens.objective))
    main = shares.order_by("-share", "objective__sort_key").values("objective__sort_key")[:1]
    return activities.annotate(main=Subquery(main))


def newest_rows(lens: Lens, activities: QuerySet[Activity], most: int) -> list[ListRow]:
    """Rows of the activities that end last."""
    activities = with_main(lens, with_days(activities))
    return list_rows(lens, activities.order_by(F("ends").desc(nulls_first=True), "pk")[:most])


def list_rows(lens: Lens, activities: QuerySet[Activity]) -> list[ListRow]:
    """Rows of these activities, in their order. Three queries, whatever the size."""
    shares = ActivityPlace.objects.select_related("place__parent__parent").order_by("-share", "pk")
    activities = activities.select_related("reporting_organisation").prefetch_related(
        Prefetch("place_shares", queryset=shares),
        Prefetch("people_reached", queryset=PeopleReached.objects.order_by("period_start")),
    )
    by_key = {node.sort_key: node for node in lens.objectives.values()}
    return [_row(lens, activity, by_key.get(activity.main)) for activity in activities]


def _row(lens: Lens, activity: Activity, objective: Objective | None) -> ListRow:
    viewer = lens.viewer
    mine = viewer.is_secretariat or activity.is_owned_by(viewer)
    shares = activity.place_shares.all()
    places = shown_places(activity, shares, exact=mine)
    reached = people_reached(activity.people_reached.all(), exact=mine)
    return ListRow(
        activity=activity,
        objective=objective,
        places=places,
        is_place_stated=bool(shares),
        reach=reached[0] if reached else None,
        is_unconfirmed=activity.is_unconfirmed_on(lens.as_of),
        word=word_about(activity),
    )


def word_about(activity: Activity) -> str:
    """`confirmed 3 months ago`; empty for what is over: nobody is asked about it any more."""
    today = timezone.localdate()
    ends = activity.actual_end or activity.planned_end
    if activity.activity_status in OVER or (ends and ends < today):
        return ""
    age = ago(timezone.localdate(activity.word_at), today)
    words = _("confirmed %(ago)s") if activity.confirmed_at else _("put on record %(ago)s")
    return words % {"ago": age}


def shown_places(
    activity: Activity, shares: Iterable[ActivityPlace], *, exact: bool
) -> tuple[Place, ...]:
    """The places that a viewer sees, each once, the largest share first; () where they are hidden.

    The same rule as `portal.records.places.shown_place`, over places that are read already.
    """
    if not exact and activity.location_precision == LocationPrecision.HIDDEN:
        return ()
    by_country = not exact and activity.location_precision == LocationPrecision.COUNTRY
    seen: dict[int, Place] = {}
    for share in shares:
        place = share.place
        while by_country and place.kind == PlaceKind.DIVISION and place.parent:
            place = place.parent
        seen.setdefault(place.pk, place)
    return tuple(seen.values())


def places_in_words(places: Sequence[Place], *, is_stated: bool = True) -> str:
    """`Kenya, Uganda and 3 more`, or why there is none."""
    if not places:
        return _("not shown") if is_stated else _("not stated")
    names = ", ".join(place.name for place in places[:MOST_PLACES])
    more = len(places) - MOST_PLACES
    if more <= 0:
        return names
    return ngettext("%(names)s and %(n)d more", "%(names)s and %(n)d more", more) % {
        "names": names,
        "n": more,
    }


def groups(rows: Sequence[ListRow]) -> list[tuple[int | None, list[ListRow]]]:
    """Rows by pillar, in their order; None for activities without an objective."""
    found: list[tuple[int | None, list[ListRow]]] = []
    for row in rows:
        pillar = row.objective.pillar if row.objective else None
        if not found or found[-1][0] != pillar:
            found.append((pillar, []))
        found[-1][1].append(row)
    return found


def list_sheet(selection: Selection) -> Sheet:
    """All activities in view, for a file."""
    return Sheet(
        title=_("Who does what"),
        about=selection.in_words(),
        columns=[
            _("Activity"),
            _("Address"),
            _("Objective"),
            _("Organisation"),
            _("Type of organisation"),
            _("Places"),
            _("Start"),
            _("End"),
            _("People reached"),
            _("Budget"),
            _("Currency"),
            _("Status"),
            _("Last confirmed"),
        ],
        rows=_sheet_rows(selection),
    )


def _sheet_rows(selection: Selection) -> Iterator[Sequence]:
    """The same rows as `list_rows`, without a model for each: a file holds all of them. Four queries."""
    lens = selection.lens
    keys = selection.activities.order_by().values("pk")
    tree = PlaceTree.whole()
    places: dict[int, list[int]] = defaultdict(list)
    shares = ActivityPlace.objects.filter(activity__in=keys).order_by("-share", "pk")
    for activity, place in shares.values_list("activity", "place"):
        places[activity].append(place)
    people: dict[int, list[PeopleReached]] = defaultdict(list)
    for row in PeopleReached.objects.filter(activity__in=keys).order_by("period_start"):
        people[row.activity_id].append(row)
    objectives = {node.sort_key: str(node) for node in lens.objectives.values()}
    types = {value: str(label) for value, label in OrganisationType.choices}
    statuses = {value: str(label) for value, label in ActivityStatus.choices}
    for row in in_order(selection).values_list(*_SHEET_FIELDS).iterator(chunk_size=2000):
        (
            key,
            title,
            main,
            organisation,
            name,
            kind,
            precision,
            starts,
            ends,
            amount,
            currency,
            status,
            confirmed,
        ) = row
        mine = lens.viewer.is_secretariat or organisation in lens.viewer.organisations
        seen = [place if mine else shown_place(place, precision, tree) for place in places[key]]
        reached = people_reached(people[key], exact=mine)[:1] if key in people else ()
        yield (
            title,
            reverse("dashboards:activity", args=[key]),
            objectives.get(main, ""),
            name,
            types.get(kind, ""),
            "; ".join(tree.nodes[place].name for place in dict.fromkeys(seen) if place),
            starts,
            ends,
            ", ".join(f"{count.text} {count.label}" for found in reached for count in found.counts),
            amount,
            currency,
            statuses[status],
            confirmed and timezone.localdate(confirmed),
        )


_SHEET_FIELDS = (
    "pk",
    "title",
    "main",
    "reporting_organisation",
    "reporting_organisation__name",
    "reporting_organisation__organisation_type",
    "location_precision",
    "starts",
    "ends",
    "budget_amount",
    "budget_currency",
    "activity_status",
    "confirmed_at",
)
