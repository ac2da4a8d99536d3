"""What of overlaps waits for one person: for the header and for their own page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Q

from activities.choices import SETTLED_STATES, OverlapState
from activities.models import Activity, Coordination, Overlap
from activities.permissions import may_see_overlaps
from activities.reminders import stuck, waiting_for
from portal.directory.access import Viewer, viewer_of
from strategy.models import Strategy

#: How many of each are named; the counts say how many there are.
SHOWN = 5
#: How many overlaps an activity's page names.
MOST = 20
KEPT_FOR = 60 * 60


def open_count(viewer: Viewer, strategy: Strategy) -> int:
    """Open overlaps of one's own organisations that one sees. Kept until something is saved."""
    if not viewer.organisations:
        return 0
    key = f"overlaps:{viewer.key}:{strategy.pk}:{strategy.data_version}"
    return cache.get_or_set(key, lambda: _open(viewer, viewer.organisations).count(), KEPT_FOR)


def _open(user, organisations):
    """Open overlaps of the records of these organisations; the few are found first, and then who sees them."""
    own = Activity.objects.filter(reporting_organisation__in=organisations).order_by()
    return Overlap.objects.visible_to(user).open().of(list(own.values_list("pk", flat=True)))


@dataclass(frozen=True, slots=True)
class Waiting:
    """Open overlaps of one's organisations, and conversations that wait for their answer."""

    overlaps: Sequence[Overlap]
    overlaps_count: int
    talks: Sequence[Coordination]
    talks_count: int

    def __bool__(self):
        return bool(self.overlaps_count or self.talks_count)


def waiting(user, organisations: frozenset[int]) -> Waiting:
    """What waits for the editors of these organisations, among a person's own."""
    editable = viewer_of(user).editable_organisations & organisations
    if not editable:
        return Waiting((), 0, (), 0)
    found = list(_open(user, editable).order_by("-score", "pk").values_list("pk", flat=True))
    named = Overlap.objects.filter(pk__in=found[:SHOWN]).select_related(
        "first__reporting_organisation", "second__reporting_organisation"
    )
    talks = waiting_for(editable, Coordination.objects.visible_to(user))
    return Waiting(
        list(named.order_by("-score", "pk")),
        len(found),
        list(talks.order_by("opened_at", "pk")[:SHOWN]),
        talks.count(),
    )


def stuck_count(user, now: datetime) -> int:
    """Conversations that the secretariat should look at."""
    return stuck(now, Coordination.objects.visible_to(user)).count()


def overlaps_of(activity: Activity, user) -> list[tuple[Overlap, Activity]]:
    """An activity's overlaps that a person may read, the strongest first, each with the other record. One query."""
    if not may_see_overlaps(user):
        return []
    rows = Overlap.objects.visible_to(user).of([activity.pk])
    rows = rows.filter(
        Q(is_alike=True) | Q(state__in=SETTLED_STATES) | Q(state=OverlapState.TALKING)
    )
    rows = rows.select_related("first__reporting_organisation", "second__reporting_organisation")
    return [
        (row, row.second if row.first_id == activity.pk else row.first)
        for row in rows.order_by("-score", "pk")[:MOST]
    ]
