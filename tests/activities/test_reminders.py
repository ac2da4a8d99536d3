from datetime import UTC, datetime, timedelta

import pytest

from activities import coordination as services
from activities.choices import AgreementKind
from activities.models import Coordination, Overlap
from activities.reminders import remind, stuck, waiting_for
from portal.notices.models import Notice
from portal.notices.queries import told
from portal.records.choices import Visibility
from tests.factories import ActivityFactory, OverlapFactory
from tests.people import organisation_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


def days(number):
    return NOW + timedelta(days=number)


@pytest.fixture
def pair(editor_a, editor_b):
    found = OverlapFactory(
        first=ActivityFactory(title="Course", reporting_organisation=organisation_of(editor_a)),
        second=ActivityFactory(title="Training", reporting_organisation=organisation_of(editor_b)),
    )
    Overlap.objects.filter(pk=found.pk).update(found_at=NOW)
    return found


@pytest.fixture
def talk(pair, editor_a):
    return services.open_coordination(
        [pair], text="Hello", by=editor_a, organisation=organisation_of(editor_a), now=NOW
    )


def write(talk, by, now):
    services.post_message(talk, "Words", by=by, organisation=organisation_of(by), now=now)


def agreed(talk, editor_a, editor_b, due_on, now=NOW):
    agreement = services.propose_agreement(
        talk, AgreementKind.DIVIDED, "By port", by=editor_a, organisation=organisation_of(editor_a),
        now=now, due_on=due_on, who=organisation_of(editor_b),
    )  # fmt: skip
    return services.agree(
        agreement, True, by=editor_b, organisation=organisation_of(editor_b), now=now
    )


def kinds(person):
    return sorted(row.kind for row in Notice.objects.filter(person=person))


# What was found


def test_both_sides_are_told_once_of_what_was_found(pair, editor_a, editor_b):
    assert remind(now=days(1))["found"] == 2
    assert kinds(editor_a) == kinds(editor_b) == ["overlaps.found"]

    assert remind(now=days(1.5))["found"] == 0


def test_what_was_found_later_is_told_again(pair, editor_a):
    remind(now=days(1))
    other = OverlapFactory(first=pair.first, second=ActivityFactory())
    Overlap.objects.filter(pk=other.pk).update(found_at=days(2))

    assert remind(now=days(3))["found"] == 2


def test_nobody_is_told_of_a_pair_that_they_may_not_see(pair, editor_a, editor_b):
    pair.second.visibility = Visibility.ORGANISATION
    pair.second.save()

    assert remind(now=days(1))["found"] == 1
    assert kinds(editor_a) == []
    assert kinds(editor_b) == ["overlaps.found"]


# Who has not answered


def test_a_party_that_says_nothing_for_a_week_is_reminded_once(talk, editor_a, editor_b):
    assert remind(now=days(6))["waiting"] == 0

    assert remind(now=days(8))["waiting"] == 1
    assert "coordination.waiting" in kinds(editor_b)
    assert "coordination.waiting" not in kinds(editor_a)

    assert remind(now=days(20))["waiting"] == 0


def test_an_answer_turns_it_round(talk, editor_a, editor_b):
    write(talk, editor_b, days(3))

    remind(now=days(11))

    assert "coordination.waiting" not in kinds(editor_b)
    assert "coordination.waiting" in kinds(editor_a)


def test_a_proposal_waits_for_whoever_has_not_answered(talk, editor_a, editor_b):
    write(talk, editor_b, days(1))
    write(talk, editor_a, days(1.1))
    write(talk, editor_b, days(1.2))
    write(talk, editor_a, days(1.3))
    services.propose_agreement(
        talk, AgreementKind.JOINED, "Together", by=editor_b, organisation=organisation_of(editor_b),
        now=days(2),
    )  # fmt: skip

    seen = Coordination.objects.all()
    assert list(waiting_for([organisation_of(editor_a).pk], seen)) == [talk]
    assert list(waiting_for([organisation_of(editor_b).pk], seen)) == []


# What is due


def test_what_is_due_is_called_to_mind_before_and_after_its_day(talk, editor_a, editor_b):
    agreed(talk, editor_a, editor_b, days(10).date())
    assert remind(now=days(1))["due"] == 0

    assert remind(now=days(4))["due"] == 1
    assert remind(now=days(5))["due"] == 0
    assert remind(now=days(10))["overdue"] == 0
    assert remind(now=days(11))["overdue"] == 1
    assert remind(now=days(12))["overdue"] == 0
    assert remind(now=days(26))["overdue"] == 1
    assert {"agreement.due", "agreement.overdue"} <= set(kinds(editor_b))
    assert not {"agreement.due", "agreement.overdue"} & set(kinds(editor_a))


def test_nobody_is_reminded_of_what_is_done(talk, editor_a, editor_b):
    agreement = agreed(talk, editor_a, editor_b, days(10).date())
    services.mark_done(agreement, by=editor_b, now=days(2))

    assert remind(now=days(11)) == {"found": 0, "waiting": 0, "due": 0, "overdue": 0}


def test_a_notice_leads_to_the_conversation(talk, editor_a, editor_b):
    agreed(talk, editor_a, editor_b, days(3).date())
    remind(now=days(1))

    due = next(one for one in told(editor_b) if one.kind == "agreement.due")

    assert due.record_url == talk.get_absolute_url()
    assert due.sentence == f"What you agreed is due soon: {talk.subject}"


# What is stuck


def test_a_conversation_without_a_move_for_two_weeks_is_stuck(talk, editor_b):
    assert list(stuck(days(13))) == []
    assert list(stuck(days(15))) == [talk]

    write(talk, editor_b, days(14))
    assert list(stuck(days(15))) == []


def test_what_is_past_its_day_is_stuck_until_it_is_done_or_closed(talk, editor_a, editor_b):
    agreement = agreed(talk, editor_a, editor_b, days(3).date())
    assert list(stuck(days(4))) == [talk]

    services.mark_done(agreement, by=editor_b, now=days(4))
    assert list(stuck(days(5))) == []


def test_a_closed_conversation_is_not_stuck(talk, editor_a):
    services.close_coordination(talk, by=editor_a, now=days(1))

    assert list(stuck(days(30))) == []
