"""Review of activities: submitted, accepted or returned with a comment; told to the writer; kept."""

from datetime import UTC, datetime, timedelta

import pytest

from activities.exceptions import NotSubmitted
from activities.models import Activity, LoggingSettings, Review
from activities.reviewing import accept, last_comment, review_is_on, send_back, submit
from portal.notices.models import Notice
from tests.factories import ActivityFactory
from tests.people import organisation_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def draft(editor_a):
    return ActivityFactory(
        title="Night desk",
        reporting_organisation=organisation_of(editor_a),
        review_state="draft",
    )


def told(person):
    return sorted(Notice.objects.filter(person=person).values_list("kind", flat=True))


def state(activity):
    return Activity.objects.get(pk=activity.pk).review_state


def test_what_a_member_publishes_waits_for_review(draft, editor_a, editor_b, secretariat):
    submit(draft, by=editor_a, now=NOW)

    assert (state(draft), draft.review_state) == ("submitted", "submitted")
    assert [(row.step, row.by, row.at) for row in draft.reviews.all()] == [
        ("submitted", editor_a, NOW)
    ]
    assert told(secretariat) == ["activities.submitted"]
    assert not Activity.objects.visible_to(editor_b).exists()


def test_what_the_secretariat_publishes_is_accepted(draft, secretariat):
    submit(draft, by=secretariat, now=NOW)

    assert state(draft) == "accepted"


def test_review_switched_off_accepts_at_once(draft, editor_a, secretariat):
    LoggingSettings.objects.create(review=False)

    submit(draft, by=editor_a, now=NOW)

    assert (review_is_on(), state(draft), told(secretariat)) == (False, "accepted", [])


def test_review_is_on_where_nobody_said_otherwise(db):
    assert review_is_on() is True


def test_what_is_accepted_stays_so_when_it_is_changed(editor_a):
    activity = ActivityFactory(reporting_organisation=organisation_of(editor_a))

    submit(activity, by=editor_a, now=NOW)

    assert (state(activity), activity.reviews.count()) == ("accepted", 0)


def test_many_are_accepted_at_once_and_their_writers_told(draft, editor_a, editor_b, secretariat):
    other = ActivityFactory(
        reporting_organisation=organisation_of(editor_b), review_state="submitted"
    )
    submit(draft, by=editor_a, now=NOW)

    accept([draft, other], by=secretariat, now=LATER)

    assert [state(draft), state(other)] == ["accepted", "accepted"]
    assert (told(editor_a), told(editor_b)) == (["activities.accepted"], ["activities.accepted"])


def test_returned_activity_says_what_to_change_until_it_is_sent_again(draft, editor_a, secretariat):
    submit(draft, by=editor_a, now=NOW)
    send_back([draft], "Name the region.", by=secretariat, now=LATER)
    draft.refresh_from_db()

    assert (state(draft), last_comment(draft).comment) == ("returned", "Name the region.")
    assert told(editor_a) == ["activities.returned"]

    submit(draft, by=editor_a, now=LATER)
    draft.refresh_from_db()
    assert (state(draft), last_comment(draft)) == ("submitted", None)
    assert [row.step for row in draft.reviews.all()] == ["submitted", "returned", "submitted"]


def test_second_decision_is_refused_and_changes_nothing(draft, editor_a, secretariat):
    submit(draft, by=editor_a, now=NOW)
    waiting = ActivityFactory(review_state="submitted")
    accept([draft], by=secretariat, now=LATER)

    with pytest.raises(NotSubmitted) as refusal:
        send_back([draft, waiting], "No.", by=secretariat, now=LATER)

    assert refusal.value.activities == [draft]
    assert (state(draft), state(waiting)) == ("accepted", "submitted")


def test_comment_is_for_the_own_organisation_and_the_secretariat(
    draft, editor_a, editor_b, public, funder, secretariat
):
    submit(draft, by=editor_a, now=NOW)

    seen = [Review.objects.visible_to(who).count() for who in (public, editor_b, funder)]
    assert seen == [0, 0, 0]
    assert [Review.objects.visible_to(who).count() for who in (editor_a, secretariat)] == [1, 1]
