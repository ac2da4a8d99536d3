"""Review: what members publish is accepted, or returned with a comment, by the secretariat."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from portal.accounts.models import SECRETARIAT, User
from portal.directory.access import viewer_of
from portal.notices.services import notify, notify_organisations
from portal.records.choices import ReviewState

from . import told
from .choices import ReviewStep
from .exceptions import NotSubmitted
from .models import Activity, LoggingSettings, Review


def review_is_on() -> bool:
    """Whether the secretariat of this coalition reviews what members publish. One query."""
    switched = LoggingSettings.objects.values_list("review", flat=True).first()
    return LoggingSettings._meta.get_field("review").default if switched is None else switched


@transaction.atomic
def submit(activity: Activity, *, by, now: datetime) -> Activity:
    """Publish a draft, or what was returned: it waits for review, or is accepted where nobody needs to look.

    What the secretariat publishes needs no review of its own. What is accepted already stays accepted.
    """
    found = _locked([activity])[0]
    if found.review_state in (ReviewState.DRAFT, ReviewState.RETURNED):
        if viewer_of(by).is_secretariat or not review_is_on():
            _step(found, ReviewStep.ACCEPTED, "", by, now)
        else:
            _step(found, ReviewStep.SUBMITTED, "", by, now)
            notify(secretariat_people(), told.SUBMITTED, found, now=now)
    activity.review_state = found.review_state
    return found


@transaction.atomic
def accept(activities: Iterable[Activity], *, by, now: datetime) -> list[Activity]:
    """Accept activities: others see them and they count. Raises `NotSubmitted`, and changes nothing."""
    return _decide(activities, ReviewStep.ACCEPTED, "", told.ACCEPTED, by, now)


@transaction.atomic
def send_back(activities: Iterable[Activity], comment: str, *, by, now: datetime) -> list[Activity]:
    """Return activities to their writers with a comment. Raises `NotSubmitted`, and changes nothing."""
    return _decide(activities, ReviewStep.RETURNED, comment, told.RETURNED, by, now)


def note_step(activity: Activity, before: str | None, *, by, now: datetime) -> None:
    """Keep the step of a review that was taken by changing the record itself; before: its state until then."""
    step = {
        ReviewState.SUBMITTED: ReviewStep.SUBMITTED,
        ReviewState.ACCEPTED: ReviewStep.ACCEPTED,
    }.get(activity.review_state)
    if step is None or before == activity.review_state:
        return
    Review.objects.create(activity=activity, step=step, by=by, at=now)
    if step == ReviewStep.ACCEPTED and before == ReviewState.SUBMITTED:
        notify_organisations(
            [activity.reporting_organisation_id], told.ACCEPTED, activity, now=now, but=by
        )


def last_comment(activity: Activity) -> Review | None:
    """What the secretariat last asked to be changed, while the activity is returned; None otherwise."""
    if activity.review_state != ReviewState.RETURNED:
        return None
    return activity.reviews.filter(step=ReviewStep.RETURNED).first()


def secretariat_people():
    """Who is told of what waits for the secretariat."""
    return User.objects.filter(groups__name=SECRETARIAT, is_active=True)


def _decide(activities, step, comment, kind, by, now) -> list[Activity]:
    found = _locked(activities)
    others = [one for one in found if one.review_state != ReviewState.SUBMITTED]
    if others:
        raise NotSubmitted(others)
    for one in found:
        _step(one, step, comment, by, now)
        notify_organisations([one.reporting_organisation_id], kind, one, now=now, but=by)
    return found


def _locked(activities: Iterable[Activity]) -> list[Activity]:
    keys = [one.pk for one in activities]
    rows = Activity.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    return list(rows.order_by("pk"))


def _step(activity: Activity, step: ReviewStep, comment: str, by, now: datetime) -> Activity:
    activity.review_state = ReviewState(step.value)
    activity.save(update_fields=["review_state", "updated_at"])
    Review.objects.create(activity=activity, step=step, comment=comment, by=by, at=now)
    return activity
