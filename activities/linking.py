"""Records of one and the same activity: which of them counts, and for whom."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max

from .models import Activity, ActivityLinkGroup


@transaction.atomic
def link_activities(activities: Sequence[Activity], *, rule: str, by=None) -> ActivityLinkGroup:
    """Say that these records are one activity: the first of them counts for whoever sees it.

    Records that were linked before bring the others of their group; the group of the first stays as it is,
    and the rest stands behind it in its order.
    """
    keys = [activity.pk for activity in activities]
    known = Activity.objects.filter(pk__in=keys).exclude(link_group=None).order_by()
    groups = set(known.values_list("link_group", flat=True))
    rows = Activity.objects.select_for_update(of=("self",)).order_by("pk")
    locked = {row.pk: row for row in rows.filter(pk__in=keys)}
    behind = {row.pk: row for row in rows.filter(link_group__in=groups).exclude(pk__in=keys)}
    group = _group_that_stays([locked[key] for key in keys]) or ActivityLinkGroup.objects.create(
        rule=rule, linked_by=by
    )
    position = group.activities.aggregate(last=Max("link_position"))["last"]
    position = -1 if position is None else position
    others = sorted(behind.values(), key=lambda row: (row.link_group_id, row.link_position))
    for row in [*(locked[key] for key in keys), *others]:
        if row.link_group_id != group.pk:
            position += 1
            row.link_group, row.link_position = group, position
            row.save(update_fields=["link_group", "link_position", "folded", "updated_at"])
    for emptied in ActivityLinkGroup.objects.filter(pk__in=groups - {group.pk}):
        emptied.delete()
    return group


@transaction.atomic
def unlink_activity(activity: Activity) -> None:
    """Take a record out of its group: it counts for itself again. A group of one is dissolved."""
    group = Activity.objects.get(pk=activity.pk).link_group
    if group is None:
        return
    members = list(
        Activity.objects.select_for_update(of=("self",))
        .filter(link_group=group)
        .order_by("link_position", "pk")
    )
    leaving = members if len(members) <= 2 else [row for row in members if row.pk == activity.pk]
    for row in leaving:
        row.link_group, row.link_position = None, 0
        row.save(update_fields=["link_group", "link_position", "folded", "updated_at"])
    if len(leaving) == len(members):
        group.delete()


def _group_that_stays(rows: Sequence[Activity]) -> ActivityLinkGroup | None:
    return next((row.link_group for row in rows if row.link_group_id), None)
