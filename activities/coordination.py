"""Conversations between organisations whose activities are alike: opening, writing, agreeing, doing, closing.

`by` is the person who acts and `organisation` whom they act for (None: the secretariat). Everything is safe to send
twice: the same message again, the same answer again and a second opening change nothing.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.directory.models import Organisation
from portal.notices.services import notify_organisations

from . import told
from .choices import AgreementKind, CoordinationState, OverlapState
from .exceptions import (
    AlreadyAgreed,
    AlreadySettled,
    CoordinationClosed,
    NotAgreed,
    NotAllSee,
    NotConcerned,
    OneOrganisation,
)
from .models import Agreement, AgreementAnswer, Coordination, CoordinationParty, Message, Overlap
from .settling import locked, organisations_of, settle_overlaps
from .sight import organisation_sees, with_sight

#: The same words from the same person within this time are one message that was sent twice.
TWICE = timedelta(minutes=2)
#: What an agreement makes of the overlaps that it is about; “something else” leaves them in the conversation.
SETTLES = {
    AgreementKind.JOINED: OverlapState.JOINT,
    AgreementKind.DIVIDED: OverlapState.DIVIDED,
    AgreementKind.SAME_PROJECT: OverlapState.LINKED,
    AgreementKind.NOT_TWICE: OverlapState.DIVIDED,
}


@transaction.atomic
def open_coordination(
    overlaps: Iterable[Overlap],
    *,
    text: str = "",
    by,
    organisation: Organisation | None,
    now: datetime,
) -> Coordination:
    """Open the conversation about these overlaps, or join the one that is open about one of them.

    Raises `AlreadySettled`; `OneOrganisation` where there is nobody to talk to; `NotAllSee` where an organisation
    concerned may not see one of the records.
    """
    found = locked(overlaps)
    for overlap in found:
        if overlap.is_settled:
            raise AlreadySettled(overlap)
    parties = organisations_of(found)
    if len(parties) < 2:
        raise OneOrganisation
    _check_sight(found)
    coordination = _open_one(found)
    if coordination is None:
        coordination = Coordination.objects.create(
            subject=_subject(found), opened_by=by, opened_for=organisation, opened_at=now
        )
    known = set(coordination.parties.values_list("organisation", flat=True))
    for key in sorted(parties - known):
        CoordinationParty.objects.create(coordination=coordination, organisation_id=key)
    for overlap in found:
        if overlap.coordination_id in (None, coordination.pk) or overlap.state == OverlapState.OPEN:
            overlap.coordination, overlap.state = coordination, OverlapState.TALKING
            overlap.save(update_fields=["coordination", "state"])
    if text.strip():
        post_message(coordination, text, by=by, organisation=organisation, now=now)
    notify_organisations(parties - known, told.OPENED, coordination, now=now, but=by)
    return coordination


def _check_sight(overlaps: list[Overlap]) -> None:
    """Every organisation must see every record that the conversation is about."""
    rows = list(with_sight(Overlap.objects.filter(pk__in=[overlap.pk for overlap in overlaps])))
    activities = {one.pk: one for row in rows for one in (row.first, row.second)}
    parties = {
        one.reporting_organisation_id: one.reporting_organisation for one in activities.values()
    }
    blind = {
        key
        for key, party in parties.items()
        for activity in activities.values()
        if not organisation_sees(party, activity)
    }
    if blind:
        raise NotAllSee(blind)


def _open_one(overlaps: list[Overlap]) -> Coordination | None:
    """The oldest conversation about one of these that is not closed."""
    rows = Coordination.objects.select_for_update().filter(
        pk__in=[overlap.coordination_id for overlap in overlaps if overlap.coordination_id]
    )
    return rows.exclude(state=CoordinationState.CLOSED).order_by("opened_at", "pk").first()


def _subject(overlaps: list[Overlap]) -> str:
    """The objective that the records share: no title of a record, which may be hidden from a reader one day."""
    objective = next((one.objective for one in overlaps if one.objective_id), None)
    if objective is None:
        return _("Similar activities")
    return _("Similar activities: %(objective)s") % {"objective": objective}


def _locked(coordination: Coordination) -> Coordination:
    """The conversation anew and locked. Raises `CoordinationClosed`."""
    coordination = Coordination.objects.select_for_update().get(pk=coordination.pk)
    if coordination.state == CoordinationState.CLOSED:
        raise CoordinationClosed(coordination)
    return coordination


def _party_keys(coordination: Coordination) -> set[int]:
    return set(coordination.parties.values_list("organisation", flat=True))


def _checked_party(coordination: Coordination, organisation: Organisation | None) -> None:
    if organisation is not None and organisation.pk not in _party_keys(coordination):
        raise NotConcerned(organisation.pk)


@transaction.atomic
def post_message(
    coordination: Coordination, text: str, *, by, organisation: Organisation | None, now: datetime
) -> Message:
    """Write in a conversation; the same words sent twice are one. Raises `CoordinationClosed`, `NotConcerned`."""
    coordination = _locked(coordination)
    _checked_party(coordination, organisation)
    text = text.strip()
    again = coordination.messages.filter(author=by, text=text, sent_at__gte=now - TWICE).first()
    if again is not None:
        return again
    message = Message.objects.create(
        coordination=coordination, author=by, organisation=organisation, text=text, sent_at=now
    )
    notify_organisations(_party_keys(coordination), told.MESSAGE, coordination, now=now, but=by)
    return message


@transaction.atomic
def propose_agreement(
    coordination: Coordination,
    kind: str,
    text: str,
    *,
    by,
    organisation: Organisation | None,
    now: datetime,
    who: Organisation | None = None,
    due_on: date | None = None,
    amount: Decimal | None = None,
    currency: str = "",
) -> Agreement:
    """Propose what to agree on. organisation: for whom `by` proposes it, which says yes with it; who: does it.

    The same proposal sent twice is one. Raises `CoordinationClosed`, `NotConcerned`.
    """
    coordination = _locked(coordination)
    _checked_party(coordination, organisation)
    _checked_party(coordination, who)
    again = coordination.agreements.filter(
        proposed_by=by, kind=kind, text=text, proposed_at__gte=now - TWICE
    ).first()
    if again is not None:
        return again
    agreement = Agreement.objects.create(
        coordination=coordination, kind=kind, text=text, organisation=who, due_on=due_on, amount=amount,
        currency=currency if amount is not None else "", proposed_by=by, proposed_at=now,
    )  # fmt: skip
    if organisation is not None:
        _answer(agreement, organisation.pk, True, by, now)
        _hold_if_all(agreement, coordination, by, now)
    if agreement.agreed_at is None:
        notify_organisations(
            _party_keys(coordination), told.PROPOSED, coordination, now=now, but=by
        )
    return agreement


@transaction.atomic
def propose_for(
    overlaps: Iterable[Overlap],
    kind: str,
    text: str,
    *,
    by,
    organisation: Organisation | None,
    now: datetime,
    **what,
) -> Agreement:
    """Open the conversation about these overlaps (or join it) with a proposal. what: as for `propose_agreement`."""
    coordination = open_coordination(overlaps, by=by, organisation=organisation, now=now)
    return propose_agreement(
        coordination, kind, text, by=by, organisation=organisation, now=now, **what
    )


@transaction.atomic
def agree(
    agreement: Agreement, accepted: bool, *, by, organisation: Organisation, now: datetime
) -> Agreement:
    """Say yes or no for an organisation concerned. With the last yes it holds, and the overlaps are settled by it.

    An answer can be changed until then. Raises `AlreadyAgreed`, `CoordinationClosed`, `NotConcerned`; and
    `AlreadySettled` when one of the overlaps was settled otherwise meanwhile.
    """
    coordination = _locked(agreement.coordination)
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    _checked_party(coordination, organisation)
    if agreement.agreed_at is not None:
        raise AlreadyAgreed(agreement)
    _answer(agreement, organisation.pk, accepted, by, now)
    if accepted:
        _hold_if_all(agreement, coordination, by, now)
    else:
        notify_organisations(_party_keys(coordination), told.REFUSED, coordination, now=now, but=by)
    return agreement


def _answer(agreement: Agreement, organisation_id: int, accepted: bool, by, now: datetime) -> None:
    answer = AgreementAnswer.objects.filter(
        agreement=agreement, organisation=organisation_id
    ).first() or AgreementAnswer(agreement=agreement, organisation_id=organisation_id)
    answer.accepted, answer.answered_by, answer.answered_at = accepted, by, now
    answer.save()


def _hold_if_all(agreement: Agreement, coordination: Coordination, by, now: datetime) -> None:
    yes = set(agreement.answers.filter(accepted=True).values_list("organisation", flat=True))
    parties = _party_keys(coordination)
    if not parties <= yes:
        return
    agreement.agreed_at = now
    agreement.save(update_fields=["agreed_at"])
    if agreement.kind in SETTLES:
        still = coordination.overlaps.filter(state__in=(OverlapState.OPEN, OverlapState.TALKING))
        settle_overlaps(
            still, SETTLES[AgreementKind(agreement.kind)], note=agreement.text, by=by, now=now
        )
        coordination.state = CoordinationState.AGREED
        coordination.save(update_fields=["state"])
    notify_organisations(parties, told.AGREED, coordination, now=now, but=by)


@transaction.atomic
def mark_done(agreement: Agreement, *, by, now: datetime) -> Agreement:
    """Say that what was agreed is done. Done twice is done once. Raises `NotAgreed`."""
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if agreement.agreed_at is None:
        raise NotAgreed(agreement)
    if agreement.done_at is None:
        agreement.done_at, agreement.done_by = now, by
        agreement.save(update_fields=["done_at", "done_by"])
    return agreement


@transaction.atomic
def undo_done(agreement: Agreement) -> Agreement:
    """Say that it is not done after all."""
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    agreement.done_at = agreement.done_by = None
    agreement.save(update_fields=["done_at", "done_by"])
    return agreement


@transaction.atomic
def close_coordination(coordination: Coordination, *, by, now: datetime) -> Coordination:
    """End a conversation. Overlaps that it did not settle are open again. Raises `CoordinationClosed`."""
    coordination = _locked(coordination)
    for overlap in locked(coordination.overlaps.filter(state=OverlapState.TALKING)):
        overlap.state = OverlapState.OPEN
        overlap.save(update_fields=["state"])
    coordination.state = CoordinationState.CLOSED
    coordination.closed_by, coordination.closed_at = by, now
    coordination.save(update_fields=["state", "closed_by", "closed_at"])
    notify_organisations(_party_keys(coordination), told.CLOSED, coordination, now=now, but=by)
    return coordination


@transaction.atomic
def reopen_coordination(coordination: Coordination, *, by, now: datetime) -> Coordination:
    """Take the end of a conversation back; one that is open stays as it is."""
    coordination = Coordination.objects.select_for_update().get(pk=coordination.pk)
    if coordination.state != CoordinationState.CLOSED:
        return coordination
    for overlap in locked(coordination.overlaps.filter(state=OverlapState.OPEN)):
        overlap.state = OverlapState.TALKING
        overlap.save(update_fields=["state"])
    holds = coordination.agreements.filter(agreed_at__isnull=False, kind__in=SETTLES).exists()
    coordination.state = CoordinationState.AGREED if holds else CoordinationState.OPEN
    coordination.closed_by = coordination.closed_at = None
    coordination.save(update_fields=["state", "closed_by", "closed_at"])
    notify_organisations(_party_keys(coordination), told.OPENED, coordination, now=now, but=by)
    return coordination


def note_seen(
    coordination: Coordination, organisation_ids: Iterable[int], *, now: datetime
) -> None:
    """Somebody of these organisations has opened the conversation."""
    CoordinationParty.objects.filter(
        Q(seen_at=None) | Q(seen_at__lt=now - TWICE),
        coordination=coordination,
        organisation__in=list(organisation_ids),
    ).update(seen_at=now)
