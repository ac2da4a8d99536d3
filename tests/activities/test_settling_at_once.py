"""Several people at the same overlap in the same moment: one decision is kept, and one conversation is opened."""

from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from django.db import connection, connections

from activities import coordination as services
from activities.choices import AgreementKind, OverlapState
from activities.exceptions import AlreadyAgreed, AlreadySettled
from activities.models import Agreement, Coordination, CoordinationParty, Overlap
from activities.settling import settle_overlap
from tests.factories import ActivityFactory, MembershipFactory, OverlapFactory
from tests.people import organisation_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite has one writer at a time."
    ),
]

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
PEOPLE = 4


@pytest.fixture
def people():
    """Two editors of each of two organisations, and an overlap between records of the two."""
    first = [MembershipFactory().user]
    first.append(MembershipFactory(organisation=organisation_of(first[0])).user)
    second = [MembershipFactory().user]
    second.append(MembershipFactory(organisation=organisation_of(second[0])).user)
    return [*first, *second]


@pytest.fixture
def pair(people):
    one, other = (
        ActivityFactory(reporting_organisation=organisation_of(person))
        for person in (people[0], people[2])
    )
    return OverlapFactory(first=one, second=other)


def at_once(people, do):
    """Let each person do it in a thread of their own, all beginning together; what came of each."""
    start, outcomes = Barrier(len(people)), {}

    def work(person):
        start.wait()
        try:
            outcomes[person] = do(person)
        except (AlreadySettled, AlreadyAgreed) as refusal:
            outcomes[person] = refusal
        finally:
            connections.close_all()

    threads = [Thread(target=work, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return [outcomes[person] for person in people]


def test_one_of_those_who_settle_at_once_is_kept_and_the_others_are_told_who(people, pair):
    outcomes = at_once(
        people, lambda person: settle_overlap(pair, OverlapState.LINKED, by=person, now=NOW)
    )

    refused = [one for one in outcomes if isinstance(one, AlreadySettled)]
    winner = Overlap.objects.get().settled_by
    assert len(refused) == PEOPLE - 1
    assert {refusal.overlap.settled_by for refusal in refused} == {winner}


def test_those_who_write_at_once_are_in_one_conversation(people, pair):
    outcomes = at_once(
        people,
        lambda person: services.open_coordination(
            [pair], text=f"From {person}", by=person, organisation=organisation_of(person), now=NOW
        ),
    )

    assert {one.pk for one in outcomes} == {Coordination.objects.get().pk}
    assert CoordinationParty.objects.count() == 2
    assert Coordination.objects.get().messages.count() == PEOPLE


def test_two_who_agree_at_once_make_one_agreement(people, pair):
    talk = services.open_coordination([pair], by=people[0], organisation=None, now=NOW)
    agreement = services.propose_agreement(
        talk, AgreementKind.DIVIDED, "By port", by=people[0], organisation=None, now=NOW
    )

    at_once(
        people,
        lambda person: services.agree(
            agreement, True, by=person, organisation=organisation_of(person), now=NOW
        ),
    )

    assert Agreement.objects.get().agreed_at == NOW
    assert Agreement.objects.get().answers.count() == 2
    assert Overlap.objects.get().state == OverlapState.DIVIDED
