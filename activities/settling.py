"""Deciding about overlaps, and taking a decision back. Whoever settles first is kept; the second is told who it was."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from portal.notices.services import notify_organisations
from strategy.analysis.overlap import groups

from .choices import CoordinationState, OverlapState
from .exceptions import AlreadySettled, NotSettled
from .linking import link_activities, unlink_activity
from .models import Activity, Agreement, AgreementAnswer, Overlap
from .told import SETTLED, UNDONE

_DECISION = (
    "state", "reason", "note", "settled_by", "settled_at", "settled_score", "reopened_at",
)  # fmt: skip


def settle_overlap(
    overlap: Overlap,
    state: str,
    *,
    reason: str = "",
    note: str = "",
    by,
    now: datetime,
) -> Overlap:
    """Record what became of one overlap. Raises `AlreadySettled`, and changes nothing, when it was settled before."""
    (settled,) = settle_overlaps([overlap], state, reason=reason, note=note, by=by, now=now)
    return settled


@transaction.atomic
def settle_overlaps(
    overlaps: Iterable[Overlap],
    state: str,
    *,
    reason: str = "",
    note: str = "",
    by,
    now: datetime,
) -> list[Overlap]:
    """Record one decision about several overlaps; records linked as one project count once from here on.

    Raises `AlreadySettled` with the first that somebody settled before, and changes nothing.
    """
    found = locked(overlaps)
    for overlap in found:
        if overlap.is_settled:
            raise AlreadySettled(overlap)
    for overlap in found:
        overlap.state, overlap.reason, overlap.note = state, reason, note
        overlap.settled_by, overlap.settled_at, overlap.settled_score = by, now, overlap.score
        overlap.reopened_at = None
        overlap.save(update_fields=_DECISION)
        if state == OverlapState.LINKED:
            link_activities([overlap.first, overlap.second], rule="settled as one project", by=by)
        notify_organisations(organisations_of([overlap]), SETTLED, overlap, now=now, but=by)
    return found


def locked(overlaps: Iterable[Overlap]) -> list[Overlap]:
    """The rows anew and locked, by key, so that two writers never wait for each other."""
    keys = {overlap.pk for overlap in overlaps}
    rows = Overlap.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    return list(rows.select_related("first", "second").order_by("pk"))


def organisations_of(overlaps: Iterable[Overlap]) -> set[int]:
    """The keys of the organisations whose records these are."""
    return {
        activity.reporting_organisation_id
        for overlap in overlaps
        for activity in (overlap.first, overlap.second)
    }


@transaction.atomic
def undo_settlement(overlap: Overlap, *, by, now: datetime) -> list[Overlap]:
    """Take back a decision, with the others of the same moment that `by` may change; returns what is open again.

    What was agreed in a coordination is taken back as a whole, and waits for answers again. Linked records count
    each for itself again. Raises `NotSettled` when somebody took it back before.
    """
    (overlap,) = locked([overlap])
    if not overlap.is_settled:
        raise NotSettled(overlap)
    together = Overlap.objects.filter(
        state=overlap.state, settled_at=overlap.settled_at, settled_by=overlap.settled_by
    )
    agreed = _agreement_behind(overlap)
    if agreed is not None:
        together = together.filter(coordination=overlap.coordination_id)
    else:
        together = together.filter(pk__in=Overlap.objects.editable_by(by).values("pk"))
    found = locked([overlap, *together])
    was_linked = overlap.state == OverlapState.LINKED
    for one in found:
        one.state = _state_before(one)
        one.reason = one.note = ""
        one.settled_by = one.settled_at = one.settled_score = None
        one.save(update_fields=_DECISION)
    if was_linked:
        for one in found:
            _unlink(one)
    if agreed is not None:
        _take_back(agreed)
    for one in found:
        notify_organisations(organisations_of([one]), UNDONE, one, now=now, but=by)
    return found


def _state_before(overlap: Overlap) -> str:
    talks = overlap.coordination
    if talks is not None and talks.state != CoordinationState.CLOSED:
        return OverlapState.TALKING
    return OverlapState.OPEN


def _agreement_behind(overlap: Overlap) -> Agreement | None:
    """The agreement that settled an overlap: they carry the same moment."""
    return Agreement.objects.filter(
        coordination=overlap.coordination_id, agreed_at=overlap.settled_at
    ).first()


def _take_back(agreement: Agreement) -> None:
    """Nobody has said yes any more; what was said stays in the history."""
    for answer in AgreementAnswer.objects.filter(agreement=agreement):
        answer.delete()
    agreement.agreed_at = agreement.done_at = agreement.done_by = None
    agreement.save(update_fields=["agreed_at", "done_at", "done_by"])
    coordination = agreement.coordination
    if coordination.state == CoordinationState.AGREED:
        coordination.state = CoordinationState.OPEN
        coordination.save(update_fields=["state"])


def _unlink(overlap: Overlap) -> None:
    """Part the records of a pair, and keep together what other decisions still hold together."""
    first = Activity.objects.get(pk=overlap.first_id)
    second = Activity.objects.get(pk=overlap.second_id)
    if first.link_group_id is None or first.link_group_id != second.link_group_id:
        return
    keys = list(
        Activity.objects.filter(link_group=first.link_group_id)
        .order_by("link_position", "pk")
        .values_list("pk", flat=True)
    )
    links = Overlap.objects.filter(
        state=OverlapState.LINKED, first__in=keys, second__in=keys
    ).values_list("first", "second")
    parts = groups([*((key, key) for key in keys), *links])
    if any(overlap.first_id in part and overlap.second_id in part for part in parts):
        return
    # Records that were linked in another way stay with the side whose record comes first.
    leaving = next(
        part for part in reversed(parts) if overlap.first_id in part or overlap.second_id in part
    )
    rule = first.link_group.rule
    for key in leaving:
        unlink_activity(Activity.objects.get(pk=key))
    if len(leaving) > 1:
        link_activities(list(Activity.objects.filter(pk__in=leaving)), rule=rule)
