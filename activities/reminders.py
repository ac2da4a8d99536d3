"""What nobody has answered, what is due, and what the secretariat should look at. Run once a day."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from portal.directory.models import Organisation
from portal.notices.models import Notice
from portal.notices.services import notify_organisations

from . import told
from .choices import CoordinationState
from .models import Agreement, Coordination, CoordinationParty, Message, Overlap
from .sight import organisation_sees, with_sight

#: An organisation that has not answered is reminded once, after so long.
REMINDED_AFTER = timedelta(days=7)
#: Before its day, what was agreed is called to mind; after it, again and again at this distance.
DUE_SOON = timedelta(days=7)
OVERDUE_AGAIN = timedelta(days=14)
#: Nothing has moved for so long: the secretariat looks.
STUCK_AFTER = timedelta(days=14)
#: Overlaps found within this time are told; the run of a day overlaps with that of the day before.
NEW = timedelta(days=2)


def with_last_move(coordinations: QuerySet[Coordination]) -> QuerySet[Coordination]:
    """Conversations with `last_message_at` and `moved_at`: the last message, proposal or answer, or the opening."""
    opened = Coalesce(Max("messages__sent_at"), "opened_at")
    proposed = Coalesce(Max("agreements__proposed_at"), "opened_at")
    answered = Coalesce(Max("agreements__answers__answered_at"), "opened_at")
    return coordinations.annotate(
        last_message_at=Max("messages__sent_at"), moved_at=Greatest(opened, proposed, answered)
    )


def stuck(now: datetime, coordinations: QuerySet[Coordination] | None = None) -> QuerySet:
    """Conversations in which nothing has moved for 14 days, or where what was agreed is past its day; oldest first."""
    rows = Coordination.objects.all() if coordinations is None else coordinations
    overdue = overdue_agreements(now).filter(coordination=OuterRef("pk"))
    quiet = Q(state=CoordinationState.OPEN, moved_at__lt=now - STUCK_AFTER)
    return (
        with_last_move(rows.exclude(state=CoordinationState.CLOSED))
        .annotate(is_overdue=Exists(overdue))
        .filter(quiet | Q(is_overdue=True))
        .order_by("moved_at", "pk")
    )


def overdue_agreements(now: datetime) -> QuerySet[Agreement]:
    """What was agreed, is not done, and is past its day."""
    today = timezone.localdate(now)
    return Agreement.objects.filter(agreed_at__isnull=False, done_at=None, due_on__lt=today)


def remind(*, now: datetime) -> dict[str, int]:
    """Tell people of what was found, what waits for their answer, and what is due; returns how many of each."""
    return {
        "found": _found(now),
        "waiting": _waiting(now),
        "due": _due(now),
        "overdue": _overdue(now),
    }


def _found(now: datetime) -> int:
    """One notice to each organisation with new overlaps that it can see. Returns how many organisations."""
    rows = Overlap.objects.open().filter(found_at__gt=now - NEW, found_at__lte=now)
    newest: dict[int, datetime] = {}
    for overlap in with_sight(rows).iterator(chunk_size=500):
        for own, other in ((overlap.first, overlap.second), (overlap.second, overlap.first)):
            if organisation_sees(own.reporting_organisation, other):
                key = own.reporting_organisation_id
                newest[key] = max(newest.get(key, overlap.found_at), overlap.found_at)
    before = _last_told(told.FOUND, Organisation, newest)
    fresh = [key for key, at in newest.items() if before.get(key) is None or before[key] < at]
    for organisation in Organisation.objects.filter(pk__in=fresh):
        notify_organisations([organisation.pk], told.FOUND, organisation, now=now)
    return len(fresh)


def _waiting(now: datetime) -> int:
    """Remind each party, once, that others have waited for a week for its word or its answer."""
    parties = CoordinationParty.objects.filter(coordination__state=CoordinationState.OPEN)
    talks = parties.order_by().values("coordination")
    written: dict[int, list[tuple[int | None, datetime]]] = defaultdict(list)
    messages = Message.objects.filter(coordination__in=talks).order_by("sent_at")
    for key, *message in messages.values_list("coordination", "organisation", "sent_at"):
        written[key].append(tuple(message))
    proposed: dict[int, list[Agreement]] = defaultdict(list)
    pending = Agreement.objects.filter(coordination__in=talks, agreed_at=None)
    for agreement in pending.prefetch_related("answers"):
        proposed[agreement.coordination_id].append(agreement)
    count = 0
    for party in parties.select_related("coordination"):
        talk = party.coordination
        since = _waited_since(party, written[talk.pk], proposed[talk.pk])
        if since is None or since > now - REMINDED_AFTER:
            continue
        if party.reminded_at is not None and party.reminded_at > since:
            continue
        notify_organisations([party.organisation_id], told.WAITING, talk, now=now)
        CoordinationParty.objects.filter(pk=party.pk).update(reminded_at=now)
        count += 1
    return count


def _waited_since(party: CoordinationParty, written, proposed) -> datetime | None:
    """When the oldest thing came that an organisation has not answered; None where nothing waits for it."""
    own = party.organisation_id
    asked = [] if party.coordination.opened_for_id == own else [party.coordination.opened_at]
    last = max((at for organisation, at in written if organisation == own), default=None)
    asked += [at for organisation, at in written if organisation != own]
    unanswered = [at for at in asked if last is None or at > last]
    unanswered += [
        agreement.proposed_at
        for agreement in proposed
        if own not in {answer.organisation_id for answer in agreement.answers.all()}
    ]
    return min(unanswered, default=None)


def _due(now: datetime) -> int:
    """Call to mind, once, what is due within a week."""
    today = timezone.localdate(now)
    rows = Agreement.objects.filter(
        agreed_at__isnull=False, done_at=None, due_on__gte=today, due_on__lte=today + DUE_SOON
    )
    return _tell(rows, told.DUE, now, DUE_SOON + timedelta(days=1))


def _overdue(now: datetime) -> int:
    return _tell(overdue_agreements(now), told.OVERDUE, now, OVERDUE_AGAIN)


def _tell(agreements: QuerySet[Agreement], kind: str, now: datetime, distance: timedelta) -> int:
    """Tell whoever does it, else everybody concerned, unless they were told within the distance."""
    found = list(
        agreements.exclude(coordination__state=CoordinationState.CLOSED).prefetch_related(
            "coordination__parties"
        )
    )
    before = _last_told(kind, Agreement, [one.pk for one in found])
    due = [one for one in found if before.get(one.pk) is None or before[one.pk] <= now - distance]
    for one in due:
        parties = [party.organisation_id for party in one.coordination.parties.all()]
        who = [one.organisation_id] if one.organisation_id else parties
        notify_organisations(who, kind, one, now=now)
    return len(due)


def _last_told(kind: str, model, keys) -> dict[int, datetime]:
    """By key of a record, when somebody was last told this of it."""
    rows = Notice.objects.filter(
        kind=kind, content_type=ContentType.objects.get_for_model(model), object_id__in=list(keys)
    )
    return dict(rows.order_by().values_list("object_id").annotate(at=Max("created_at")))


def waiting_for(organisation_ids, coordinations: QuerySet[Coordination]) -> QuerySet[Coordination]:
    """Conversations in which a proposal waits for one of these organisations, or in which they have not written yet."""
    ids = list(organisation_ids)
    answered = Agreement.objects.filter(coordination=OuterRef("pk"), agreed_at=None).exclude(
        answers__organisation__in=ids
    )
    wrote = Message.objects.filter(coordination=OuterRef("pk"), organisation__in=ids)
    return coordinations.filter(state=CoordinationState.OPEN).filter(
        Exists(answered) | (~Exists(wrote) & ~Q(opened_for__in=ids))
    )
