"""Conversations: the list of one's own (the secretariat: all, what is stuck first), and one with all that was said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch
from django.utils import timezone

from activities.choices import CoordinationState
from activities.models import (
    Agreement,
    AgreementAnswer,
    Coordination,
    CoordinationParty,
    Message,
    Overlap,
)
from activities.reminders import STUCK_AFTER, overdue_agreements
from portal.directory.access import viewer_of
from portal.directory.models import Organisation
from portal.lib.numbers import money_full

from .groups import RELATED


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation in a list."""

    coordination: Coordination
    organisations: str
    moved_at: datetime
    days: int  # since something moved
    is_quiet: bool
    overdue: int  # agreements past their day


def rows_of(coordinations, now: datetime) -> list[Row]:
    """Rows of these conversations (a queryset `with_last_move`). Three queries."""
    parties = CoordinationParty.objects.select_related("organisation")
    found = list(coordinations.prefetch_related(Prefetch("parties", parties)))
    late: dict[int, int] = {}
    for key in (
        overdue_agreements(now)
        .filter(coordination__in=[one.pk for one in found])
        .values_list("coordination", flat=True)
    ):
        late[key] = late.get(key, 0) + 1
    return [
        Row(
            one,
            ", ".join(party.organisation.name for party in one.parties.all()),
            one.moved_at,
            (now - one.moved_at).days,
            one.state == CoordinationState.OPEN and one.moved_at < now - STUCK_AFTER,
            late.get(one.pk, 0),
        )
        for one in found
    ]


@dataclass(frozen=True)
class Proposal:
    """An agreement with what each party said to it, and what this reader may do."""

    agreement: Agreement
    answers: Sequence[tuple[Organisation, bool | None]]  # None: not answered yet
    #: Organisations for which the reader may answer or change an answer, and what they said.
    to_answer: Sequence[tuple[Organisation, bool | None]]
    amount: str
    is_late: bool


@dataclass(frozen=True)
class Conversation:
    """All of a conversation for one of its parties, or the secretariat."""

    coordination: Coordination
    parties: Sequence[CoordinationParty]
    messages: Sequence[Message]
    proposals: Sequence[Proposal]
    overlaps: Sequence[Overlap]
    may_write: bool
    seats: Sequence[Organisation]  # parties for which the reader may write

    @property
    def is_closed(self) -> bool:
        return self.coordination.state == CoordinationState.CLOSED

    @property
    def organisations(self) -> list[Organisation]:
        return [party.organisation for party in self.parties]


def conversation(coordination: Coordination, user) -> Conversation:
    """Read a conversation. The queries do not grow with it."""
    viewer = viewer_of(user)
    parties = list(
        coordination.parties.select_related("organisation").order_by("organisation__name", "pk")
    )
    seats = [
        one.organisation for one in parties if one.organisation_id in viewer.editable_organisations
    ]
    agreements = coordination.agreements.select_related(
        "organisation", "proposed_by", "done_by"
    ).prefetch_related(Prefetch("answers", AgreementAnswer.objects.select_related("organisation")))
    today = timezone.localdate()
    return Conversation(
        coordination=coordination,
        parties=parties,
        messages=list(coordination.messages.select_related("author", "organisation")),
        proposals=[_proposal(one, parties, seats, today) for one in agreements],
        overlaps=list(
            Overlap.objects.visible_to(user)
            .filter(coordination=coordination)
            .select_related(*RELATED)
        ),
        may_write=bool(seats) or viewer.is_secretariat,
        seats=seats,
    )


def _proposal(agreement: Agreement, parties, seats, today: date) -> Proposal:
    said = {answer.organisation_id: answer.accepted for answer in agreement.answers.all()}
    amount = ""
    if agreement.amount is not None:
        amount = money_full(agreement.amount, agreement.currency)
    is_open = agreement.agreed_at is None
    return Proposal(
        agreement=agreement,
        answers=[(one.organisation, said.get(one.organisation_id)) for one in parties],
        to_answer=[(one, said.get(one.pk)) for one in seats if is_open],
        amount=amount,
        is_late=bool(
            agreement.agreed_at
            and not agreement.done_at
            and agreement.due_on
            and agreement.due_on < today
        ),
    )
