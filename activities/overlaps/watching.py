"""Which activities changed in a transaction, and comparing them once it is over.

A change is marked in the database with the change itself, so that it is compared later even if the process dies
between the two.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import local

from django.db import transaction
from django.db.models.signals import post_delete, post_save

from activities.models import (
    Activity,
    ActivityExploitation,
    ActivityFeatures,
    ActivityObjective,
    ActivityPlace,
    ActivityPopulation,
    Participant,
)

from . import keeping

_here = local()
PARTS = (
    ActivityObjective,
    ActivityPlace,
    ActivityPopulation,
    ActivityExploitation,
    Participant,
)
#: Fields of an activity and its parts that a comparison reads.
COMPARED_BY = frozenset(
    (
        "title", "description", "activity_status", "planned_start", "planned_end", "mode_of_delivery",
        "reporting_organisation", "review_state", "removed_at", "link_group", "objective_total", "place_total",
        "objective", "place", "share", "group", "form", "organisation", "role",
    )
)  # fmt: skip


def note_change(activity_id: int) -> None:
    """Compare this activity with the others when the transaction ends; outside of one, at once."""
    if getattr(_here, "postponed", 0):
        return
    waiting = _waiting()
    if not transaction.get_connection().in_atomic_block:
        keeping.update_overlaps([activity_id])
        return
    if not _is_registered():
        waiting.clear()
    transaction.on_commit(_compare_waiting, robust=True)
    if activity_id not in waiting:
        waiting.add(activity_id)
        _mark([activity_id])


def changed_now(activity_id: int) -> None:
    """Compare this activity within the transaction, for a caller that has just written the last of its parts."""
    _waiting().discard(activity_id)
    keeping.update_overlaps([activity_id])


def mark_changed(keys: Iterable[int]) -> None:
    """Mark activities that were written in bulk, in the transaction that wrote them: `update_overlaps` follows."""
    if found := sorted(set(keys)):
        _mark(found)


@contextmanager
def postponed() -> Iterator[None]:
    """Everything that changes within is scored once, at the end, in bulk. For loads of many records."""
    _here.postponed = getattr(_here, "postponed", 0) + 1
    try:
        yield
    finally:
        _here.postponed -= 1
    if not _here.postponed:
        keeping.score_all()


def watch() -> None:
    """Notice every saved activity and part; called once, when the apps are ready."""
    post_save.connect(on_saved, sender=Activity, dispatch_uid="activities.overlaps")
    for part in PARTS:
        post_save.connect(on_saved, sender=part, dispatch_uid="activities.overlaps")
        post_delete.connect(on_part_deleted, sender=part, dispatch_uid="activities.overlaps")


def on_saved(sender, instance, raw=False, update_fields=None, **kwargs) -> None:
    """An activity, or a part of one, was saved."""
    if raw or (update_fields is not None and not COMPARED_BY & set(update_fields)):
        return
    key = instance.pk if isinstance(instance, Activity) else instance.activity_id
    note_change(key)


def on_part_deleted(sender, instance, origin=None, **kwargs) -> None:
    """A part of an activity was taken away; where the activity itself goes there is nothing left to compare."""
    if getattr(origin, "model", type(origin)) is sender:
        note_change(instance.activity_id)


def _compare_waiting() -> None:
    keys = set(_waiting())
    _waiting().clear()
    if keys:
        keeping.update_overlaps(keys)


def _waiting() -> set[int]:
    if not hasattr(_here, "waiting"):
        _here.waiting = set()
    return _here.waiting


def _is_registered() -> bool:
    """False again after a rollback, which forgets what was to be done."""
    return any(entry[1] is _compare_waiting for entry in transaction.get_connection().run_on_commit)


def _mark(keys: list[int]) -> None:
    ActivityFeatures.objects.bulk_create(
        [ActivityFeatures(activity_id=key, is_stale=True) for key in keys],
        update_conflicts=True,
        unique_fields=["activity"],
        update_fields=["is_stale"],
    )
