"""Saving an activity with all its parts at once: everything or nothing, once, and over nobody's later change."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from portal.directory.models import Place
from portal.history.services import history_of, log_changes
from portal.lib.numbers import percent_exact
from portal.records.choices import LocationPrecision, ReviewState, Visibility
from strategy.models import Objective

from .choices import ActivityStatus, Exploitation, OrganisationRole, Population
from .exceptions import ChangedMeanwhile, SentBefore
from .models import (
    Activity,
    ActivityDraft,
    ActivityExploitation,
    ActivityPopulation,
    OverlapStatement,
    Participant,
    SentForm,
)
from .overlaps import record_statement
from .personal_data import look_at
from .reviewing import submit
from .services import set_shares


@dataclass(frozen=True, slots=True)
class ActivityData:
    """All that the form says of an activity, checked. Organisations, objectives, places and groups by key."""

    reporting_organisation: int
    title: str
    description: str
    objectives: Mapping[int, Decimal]
    places: Mapping[int, Decimal]
    planned_start: date | None
    planned_end: date | None
    activity_status: str = ActivityStatus.IMPLEMENTATION
    mode_of_delivery: str = ""
    populations: frozenset[str] = frozenset()
    exploitations: frozenset[str] = frozenset()
    people_expected: int | None = None
    participants: frozenset[tuple[int, str]] = frozenset()  # organisation, role
    budget_amount: Decimal | None = None
    budget_currency: str = ""
    visibility: str = Visibility.PUBLIC
    working_groups: frozenset[int] = frozenset()
    location_precision: str = LocationPrecision.EXACT
    contact: str = ""

    @property
    def version(self) -> str:
        """The same for two that say the same, whoever saved them, and how."""
        said = {name: _plain(value) for name, value in asdict(self).items()}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class Said:
    """What the writer does about a similar activity: a `WriterChoice`, and why."""

    other: Activity
    choice: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """The form that is saved: sent twice, it is saved once. draft: also of which draft nothing is left."""

    token: UUID
    said: tuple[Said, ...] = field(default=())


#: Fields of the record itself; everything else of `ActivityData` has rows of its own.
PLAIN = (
    "title",
    "description",
    "planned_start",
    "planned_end",
    "activity_status",
    "mode_of_delivery",
    "people_expected",
    "budget_amount",
    "budget_currency",
    "visibility",
    "location_precision",
    "contact",
)


def data_of(activity: Activity) -> ActivityData:
    """What the record says now. Six queries, fewer where its parts are prefetched."""
    return ActivityData(
        reporting_organisation=activity.reporting_organisation_id,
        objectives={row.objective_id: row.share for row in activity.objective_shares.all()},
        places={row.place_id: row.share for row in activity.place_shares.all()},
        populations=frozenset(row.group for row in activity.populations.all()),
        exploitations=frozenset(row.form for row in activity.exploitations.all()),
        participants=frozenset(
            (row.organisation_id, row.role) for row in activity.participants.all()
        ),
        working_groups=frozenset(group.pk for group in activity.working_groups.all()),
        **{name: getattr(activity, name) for name in PLAIN},
    )


@transaction.atomic
def save_activity(
    data: ActivityData,
    *,
    by,
    now: datetime,
    activity: Activity | None = None,
    expected_version: str = "",
    sent: Sent | None = None,
) -> Activity:
    """Make the activity that `data` says, or bring `activity` to it, publish it, and drop the draft of it.

    expected_version: `ActivityData.version` of what the writer began with. Raises, and changes nothing,
    `ChangedMeanwhile` when the record says something else by now; `SentBefore` when the form `sent` was saved
    already; `SharesOff` when shares do not make 100.
    """
    receipt = _receipt(sent.token, by, now) if sent else None
    before = None
    if activity is None:
        activity = Activity(
            reporting_organisation_id=data.reporting_organisation, review_state=ReviewState.DRAFT
        )
    else:
        activity = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
        before = data_of(activity)
        if before.version != expected_version:
            raise ChangedMeanwhile(activity)
    _write(activity, data, before, by, now)
    if before is not None and (changes := _changed_parts(before, data)):
        log_changes(activity, changes)
    look_at(activity, now=now)
    submit(activity, by=by, now=now)
    known = said_before(activity)
    for said in sent.said if sent else ():
        if known.get(said.other.pk) != (said.choice, said.reason):
            record_statement(activity, said.other, said.choice, said.reason, by=by, now=now)
    if sent and receipt:
        receipt.activity = activity
        receipt.save(update_fields=["activity"])
        _drop_draft(sent.token, activity, by)
    activity.refresh_from_db()
    return activity


def said_before(activity: Activity) -> dict[int, tuple[str, str]]:
    """What was said last about each similar activity: `{its key: (choice, reason)}`."""
    rows = OverlapStatement.objects.filter(activity=activity).order_by("said_at", "pk")
    return {
        second if first == activity.pk else first: (choice, reason)
        for first, second, choice, reason in rows.values_list(
            "overlap__first", "overlap__second", "choice", "reason"
        )
    }


def _receipt(token: UUID, by, now: datetime) -> SentForm:
    """Note that the form is sent; a second one with its token waits here until the first is through."""
    try:
        with transaction.atomic():
            return SentForm.objects.create(user=by, token=token, sent_at=now)
    except IntegrityError:
        first = SentForm.objects.select_related("activity").get(user=by, token=token)
        raise SentBefore(first.activity) from None


def _write(activity: Activity, data: ActivityData, before, by, now: datetime) -> None:
    if data.budget_amount != activity.budget_amount or (
        data.budget_currency != activity.budget_currency
    ):
        activity.budget_value_date = None if data.budget_amount is None else now.date()
    if (data.planned_start, data.planned_end) != (activity.planned_start, activity.planned_end):
        activity.dates_assumed = False
    for name in PLAIN:
        setattr(activity, name, getattr(data, name))
    # Whoever saves the form says that the record is true.
    activity.confirmed_at, activity.confirmed_by = now, by
    activity.save()
    if before is None or (before.objectives, before.places) != (data.objectives, data.places):
        set_shares(
            activity,
            objectives=_by_record(Objective, data.objectives),
            places=_by_record(Place, data.places),
        )
        activity.refresh_from_db()
    _replace(ActivityPopulation, activity, [{"group": one} for one in data.populations])
    _replace(ActivityExploitation, activity, [{"form": one} for one in data.exploitations])
    _replace(
        Participant,
        activity,
        [{"organisation_id": key, "role": role} for key, role in data.participants],
    )
    activity.working_groups.set(data.working_groups)


def _by_record(model, shares: Mapping[int, Decimal]) -> dict:
    found = model.objects.in_bulk(shares)
    return {found[key]: share for key, share in shares.items()}


def _replace(model, activity: Activity, rows: Iterable[dict]) -> None:
    """Bring the rows of a part to `rows`; rows that stay are left alone."""
    wanted = [tuple(sorted(row.items())) for row in rows]
    names = [name for name, _value in wanted[0]] if wanted else ["pk"]
    known = {
        tuple((name, getattr(row, name)) for name in names): row.pk
        for row in model.objects.filter(activity=activity)
    }
    gone = [pk for values, pk in known.items() if values not in wanted]
    model.objects.filter(pk__in=gone).delete()
    model.objects.bulk_create(
        model(activity=activity, **dict(values)) for values in sorted(wanted) if values not in known
    )


def _changed_parts(before: ActivityData, after: ActivityData) -> dict:
    """`{relation: [old texts, new texts]}` of what has rows of its own, for the history."""
    changes = {}
    for name, relation, words in _PARTS:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            changes[relation] = [sorted(words(old)), sorted(words(new))]
    return changes


def _share_words(model):
    def words(shares):
        names = model.objects.in_bulk(shares)
        return [f"{names[key]}: {percent_exact(share)}" for key, share in shares.items()]

    return words


def _participant_words(participants):
    from portal.directory.models import Organisation

    names = Organisation.objects.in_bulk({key for key, _role in participants})
    return [f"{names[key]} ({OrganisationRole(role).label})" for key, role in participants]


def _group_words(groups):
    from portal.directory.models import WorkingGroup

    return [str(group) for group in WorkingGroup.objects.filter(pk__in=groups)]


_PARTS = (
    ("objectives", "objective_shares", _share_words(Objective)),
    ("places", "place_shares", _share_words(Place)),
    ("populations", "populations", lambda groups: [str(Population(one).label) for one in groups]),
    ("exploitations", "exploitations", lambda rows: [str(Exploitation(one).label) for one in rows]),
    ("participants", "participants", _participant_words),
    ("working_groups", "working_groups", _group_words),
)


def _drop_draft(token: UUID, activity: Activity, by) -> None:
    """What is saved is no draft any more, neither this form's nor an older one of the same person."""
    drafts = ActivityDraft.objects.filter(user=by)
    drafts.filter(token=token).delete()
    drafts.filter(activity=activity).delete()


@transaction.atomic
def remove_activity(activity: Activity, *, by, now: datetime) -> None:
    """Take an activity away: nobody sees it and nothing counts it. `bring_back` undoes it."""
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    activity.removed_at, activity.removed_by = now, by
    activity.save(update_fields=["removed_at", "removed_by", "updated_at"])


@transaction.atomic
def bring_back(activity: Activity) -> None:
    """Undo `remove_activity`."""
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    activity.removed_at = activity.removed_by = None
    activity.save(update_fields=["removed_at", "removed_by", "updated_at"])


@transaction.atomic
def set_status(activity: Activity, status: str) -> None:
    """Say how far an activity is, as when it is cancelled."""
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    activity.activity_status = ActivityStatus(status)
    activity.save(update_fields=["activity_status", "updated_at"])


def status_before_cancelled(activity: Activity) -> str:
    """What the history says; under way where it says nothing."""
    for entry in history_of(activity).filter(data__changes__has_key="activity_status"):
        before, after = entry.data["changes"]["activity_status"]
        if after == ActivityStatus.CANCELLED and before in ActivityStatus.values:
            return before
    return ActivityStatus.IMPLEMENTATION


def _plain(value):
    if isinstance(value, Mapping):
        return sorted([str(key), _plain(part)] for key, part in value.items())
    if isinstance(value, frozenset):
        return sorted(str(part) for part in value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return None if value is None else str(value)
