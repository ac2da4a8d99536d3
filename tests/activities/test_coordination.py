from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from activities import coordination as services
from activities.choices import AgreementKind, CoordinationState, OverlapState
from activities.exceptions import (
    AlreadyAgreed,
    AlreadySettled,
    CoordinationClosed,
    NotAgreed,
    NotAllSee,
    NotConcerned,
    OneOrganisation,
)
from activities.models import Activity, Agreement, Coordination, Message, Overlap
from activities.permissions import answering_organisations, can_write
from activities.settling import settle_overlap, undo_settlement
from portal.notices.models import Notice
from portal.records.choices import Visibility
from tests.factories import ActivityFactory, MembershipFactory, OverlapFactory
from tests.people import organisation_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def pair(editor_a, editor_b):
    return OverlapFactory(
        first=ActivityFactory(title="Course", reporting_organisation=organisation_of(editor_a)),
        second=ActivityFactory(title="Training", reporting_organisation=organisation_of(editor_b)),
    )


@pytest.fixture
def talk(pair, editor_a):
    """A conversation about the pair, opened by Organisation A."""
    return services.open_coordination(
        [pair], by=editor_a, organisation=organisation_of(editor_a), now=NOW
    )


def propose(talk, by, kind=AgreementKind.JOINED, now=NOW, **what):
    return services.propose_agreement(
        talk, kind, "We do it together", by=by, organisation=organisation_of(by), now=now, **what
    )


def agree(agreement, by, accepted=True, now=LATER):
    return services.agree(agreement, accepted, by=by, organisation=organisation_of(by), now=now)


def told(person):
    return [row.kind for row in Notice.objects.filter(person=person).order_by("pk")]


# Opening


def test_opening_brings_both_organisations_into_one_conversation(pair, talk, editor_a, editor_b):
    pair.refresh_from_db()

    assert pair.state == OverlapState.TALKING
    assert pair.coordination == talk
    assert {party.organisation for party in talk.parties.all()} == {
        organisation_of(editor_a),
        organisation_of(editor_b),
    }
    assert (told(editor_a), told(editor_b)) == ([], ["coordination.opened"])


def test_opening_twice_is_one_conversation(pair, talk, editor_b):
    again = services.open_coordination(
        [pair], by=editor_b, organisation=organisation_of(editor_b), now=LATER
    )

    assert again == talk
    assert talk.parties.count() == 2


def test_opening_about_a_third_record_brings_its_organisation_in(pair, talk, editor_a):
    third = ActivityFactory()
    other = OverlapFactory(first=pair.first, second=third)

    again = services.open_coordination(
        [pair, other], by=editor_a, organisation=organisation_of(editor_a), now=LATER
    )

    assert again == talk
    assert third.reporting_organisation in [one.organisation for one in talk.parties.all()]


def test_the_subject_names_no_record(talk):
    assert "Course" not in talk.subject
    assert "Training" not in talk.subject


def test_there_is_nobody_to_talk_to_about_ones_own_two_records(editor_a):
    own = organisation_of(editor_a)
    pair = OverlapFactory(
        first=ActivityFactory(reporting_organisation=own),
        second=ActivityFactory(reporting_organisation=own),
    )

    with pytest.raises(OneOrganisation):
        services.open_coordination([pair], by=editor_a, organisation=own, now=NOW)


def test_a_conversation_never_gives_a_hidden_record_away(pair, secretariat, editor_a):
    pair.second.visibility = Visibility.ORGANISATION
    pair.second.save()

    with pytest.raises(NotAllSee) as refusal:
        services.open_coordination([pair], by=secretariat, organisation=None, now=NOW)

    assert refusal.value.organisation_ids == {organisation_of(editor_a).pk}
    assert Coordination.objects.count() == 0


def test_opening_about_what_is_settled_is_refused(pair, editor_a):
    settle_overlap(pair, OverlapState.LINKED, by=editor_a, now=NOW)

    with pytest.raises(AlreadySettled):
        services.open_coordination(
            [pair], by=editor_a, organisation=organisation_of(editor_a), now=LATER
        )


# Who reads and writes


def test_only_the_parties_and_the_secretariat_see_a_conversation(
    talk, public, viewer, editor_a, editor_b, funder, secretariat
):
    stranger = MembershipFactory().user
    people = (public, viewer, editor_a, editor_b, funder, stranger, secretariat)

    seen = [Coordination.objects.visible_to(one).exists() for one in people]
    written = [can_write(one, talk) for one in people]

    assert seen == [False, True, True, True, False, False, True]
    assert written == [False, False, True, True, False, False, True]


def test_the_same_words_sent_twice_are_one_message(talk, editor_a, editor_b):
    for now in (NOW, NOW + timedelta(seconds=3)):
        services.post_message(
            talk, "Shall we meet?", by=editor_a, organisation=organisation_of(editor_a), now=now
        )

    assert Message.objects.count() == 1
    assert told(editor_b) == ["coordination.opened", "coordination.message"]


def test_nobody_writes_for_an_organisation_that_takes_no_part(talk, editor_a, funder):
    with pytest.raises(NotConcerned):
        services.post_message(
            talk, "Hello", by=editor_a, organisation=organisation_of(funder), now=NOW
        )


# Agreeing


def test_a_joint_activity_starts_only_when_all_agree(pair, talk, editor_a, editor_b):
    agreement = propose(talk, editor_a)
    pair.refresh_from_db()
    assert agreement.agreed_at is None
    assert pair.state == OverlapState.TALKING

    agree(agreement, editor_b)

    pair.refresh_from_db()
    talk.refresh_from_db()
    assert (pair.state, pair.note) == (OverlapState.JOINT, "We do it together")
    assert talk.state == CoordinationState.AGREED
    assert Agreement.objects.get().agreed_at == pair.settled_at == LATER


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (AgreementKind.JOINED, "joint"),
        (AgreementKind.DIVIDED, "divided"),
        (AgreementKind.SAME_PROJECT, "linked"),
        (AgreementKind.NOT_TWICE, "divided"),
        (AgreementKind.OTHER, "talking"),
    ],
)
def test_each_kind_of_agreement_settles_in_its_way(pair, talk, editor_a, editor_b, kind, state):
    agree(propose(talk, editor_a, kind), editor_b)

    pair.refresh_from_db()
    assert pair.state == state


def test_a_no_holds_it_up_and_can_become_a_yes(pair, talk, editor_a, editor_b):
    agreement = propose(talk, editor_a)

    agree(agreement, editor_b, accepted=False)
    assert Agreement.objects.get().agreed_at is None
    assert "coordination.refused" in told(editor_a)

    agree(agreement, editor_b, accepted=True)
    assert Agreement.objects.get().agreed_at == LATER


def test_a_second_yes_after_all_agreed_is_told_so(talk, editor_a, editor_b):
    agreement = propose(talk, editor_a)
    agree(agreement, editor_b)

    with pytest.raises(AlreadyAgreed):
        agree(agreement, editor_a)


def test_the_secretariat_proposes_and_the_parties_answer(
    pair, talk, editor_a, editor_b, secretariat
):
    agreement = services.propose_agreement(
        talk, AgreementKind.DIVIDED, "By port", by=secretariat, organisation=None, now=NOW
    )
    assert answering_organisations(secretariat, agreement) == frozenset()

    agree(agreement, editor_a)
    agree(agreement, editor_b)

    pair.refresh_from_db()
    assert pair.state == OverlapState.DIVIDED


def test_a_proposal_sent_twice_is_one(talk, editor_a):
    propose(talk, editor_a)
    propose(talk, editor_a, now=NOW + timedelta(seconds=2))

    assert Agreement.objects.count() == 1


def test_undoing_what_was_agreed_opens_the_talk_and_waits_for_answers(
    pair, talk, editor_a, editor_b
):
    agree(propose(talk, editor_a), editor_b)
    pair.refresh_from_db()

    undo_settlement(pair, by=editor_b, now=LATER)

    pair.refresh_from_db()
    talk.refresh_from_db()
    agreement = Agreement.objects.get()
    assert pair.state == OverlapState.TALKING
    assert talk.state == CoordinationState.OPEN
    assert (agreement.agreed_at, agreement.answers.count()) == (None, 0)


def test_agreeing_on_one_project_makes_its_records_count_once(talk, editor_a, editor_b):
    agree(propose(talk, editor_a, AgreementKind.SAME_PROJECT), editor_b)

    seen = Activity.objects.visible_to(editor_a).counting()
    assert (seen.count(), seen.counting_once_for(editor_a).count()) == (2, 1)


# Doing and closing


def test_done_needs_an_agreement_and_can_be_taken_back(talk, editor_a, editor_b):
    agreement = propose(
        talk, editor_a, due_on=date(2026, 6, 1), amount=Decimal(88000), currency="USD"
    )
    with pytest.raises(NotAgreed):
        services.mark_done(agreement, by=editor_a, now=NOW)
    agree(agreement, editor_b)

    services.mark_done(agreement, by=editor_b, now=LATER)
    services.mark_done(agreement, by=editor_a, now=LATER + timedelta(days=1))
    agreement.refresh_from_db()
    assert (agreement.done_by, agreement.done_at) == (editor_b, LATER)

    services.undo_done(agreement)
    agreement.refresh_from_db()
    assert agreement.done_at is None


def test_closing_opens_what_it_did_not_settle_and_is_undone(pair, talk, editor_a):
    services.close_coordination(talk, by=editor_a, now=LATER)
    assert Overlap.objects.get(pk=pair.pk).state == OverlapState.OPEN
    with pytest.raises(CoordinationClosed):
        services.post_message(
            talk, "Hi", by=editor_a, organisation=organisation_of(editor_a), now=LATER
        )

    services.reopen_coordination(talk, by=editor_a, now=LATER)

    talk.refresh_from_db()
    assert (talk.state, talk.closed_by) == (CoordinationState.OPEN, None)
    assert Overlap.objects.get(pk=pair.pk).state == OverlapState.TALKING
