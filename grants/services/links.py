"""Records that are one and the same grant."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import Max

from strategy.analysis.counting import GrantRow, regrant_cycle

from ..exceptions import AlreadyLinked, MoneyGoesRound
from ..models import Grant, LinkGroup
from ..splits import family
from .money import lock_all, save_money


@transaction.atomic
def link_grants(grants: Sequence[Grant], *, rule: str, by=None) -> LinkGroup:
    """Say that these records are one grant; the first of them counts for whoever sees it.

    Raises `AlreadyLinked`, and changes nothing, when one of them belongs to another group, and `MoneyGoesRound`
    when one of them passes on money of another.
    """
    keys = [grant.pk for grant in grants]
    lock_all(keys)
    locked = {
        grant.pk: grant
        for grant in Grant.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    }
    taken = [grant for grant in locked.values() if grant.link_group_id]
    if taken:
        raise AlreadyLinked(taken)
    if goes_round(keys):
        raise MoneyGoesRound(keys)
    group = LinkGroup.objects.create(rule=rule, linked_by=by)
    for position, key in enumerate(keys):
        locked[key].link_group, locked[key].link_position = group, position
        locked[key].save(update_fields=["link_group", "link_position", "folded", "updated_at"])
    save_money(keys)
    return group


def goes_round(keys: Iterable[int], parents: Mapping[int, int] | None = None) -> bool:
    """Whether money would go round in a circle if these were one grant.

    parents: by key the grant whose money it passes on, where that is not saved yet; 0 is the key of a new grant.
    """
    one, unsaved = set(keys), parents or {}
    rows = Grant.objects.filter(pk__in=family({*one, *unsaved.values()} - {0})).values_list(
        "pk", "regrant_of_id", "link_group_id"
    )
    found = {key: (unsaved.get(key, parent), group) for key, parent, group in rows}
    found.update((key, (parent, None)) for key, parent in unsaved.items() if key not in found)
    joined = {found[key][1] for key in one if key in found} - {None}
    return bool(
        regrant_cycle(
            GrantRow(key, "one" if key in one or group in joined else group, 0, parent)
            for key, (parent, group) in found.items()
        )
    )


@transaction.atomic
def unlink_grant(grant: Grant) -> None:
    """Take a record out of its group: it counts for itself again. A group of one is dissolved."""
    group = grant.link_group
    touched = family([grant.pk])
    lock_all(touched)
    members = list(
        Grant.objects.select_for_update().filter(link_group=group).order_by("link_position")
    )
    leaving = (
        members if len(members) <= 2 else [member for member in members if member.pk == grant.pk]
    )
    for member in leaving:
        member.link_group, member.link_position = None, 0
        member.save(update_fields=["link_group", "link_position", "folded", "updated_at"])
    if len(leaving) == len(members):
        group.delete()
    save_money(touched)


def next_link_position(group: LinkGroup) -> int:
    """The position after the last record of a group."""
    return (group.grants.aggregate(last=Max("link_position"))["last"] or 0) + 1
