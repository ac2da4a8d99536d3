from datetime import date
from uuid import uuid4

import pytest
from django.utils import timezone

from activities.models import (
    ActivityDraft,
    ActivityExploitation,
    ActivityIdentifier,
    ActivityPopulation,
    Digest,
    Participant,
    Review,
    SentForm,
    TextHold,
)
from activities.models.keys import WordCount
from tests.constraints import again, assert_refused, constraints_of, put
from tests.factories import (
    ActivityFactory,
    ActivityLinkGroupFactory,
    AgreementAnswerFactory,
    AgreementFactory,
    CoordinationFactory,
    MessageFactory,
    ObjectiveFactory,
    OrganisationFactory,
    OverlapFactory,
    PeopleReachedFactory,
    PlaceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

EARLY = date(2000, 1, 1)


def part(model, **values):
    return model.objects.create(activity=ActivityFactory(), **values)


def of_objectives():
    return ActivityFactory(objectives=[ObjectiveFactory()]).objective_shares.get()


def of_places():
    return ActivityFactory(places=[PlaceFactory()]).place_shares.get()


def linked():
    records = ActivityFactory(), ActivityFactory()
    ActivityLinkGroupFactory(activities=records)
    return records


def turn_round(overlap):
    put(overlap, first=overlap.second, second=overlap.first)


def draft(**values):
    values = {"user": UserFactory(), "updated_at": timezone.now(), **values}
    return ActivityDraft.objects.create(token=uuid4(), **values)


def two_drafts_of_one_activity():
    first = draft(activity=ActivityFactory())
    draft(user=first.user, activity=first.activity)


def step(**values):
    values = {"step": "accepted", "at": timezone.now(), **values}
    return Review.objects.create(activity=ActivityFactory(), **values)


def hold(**values):
    return TextHold.objects.create(activity=ActivityFactory(), held_at=timezone.now(), **values)


def digest():
    return Digest.objects.create(
        person=UserFactory(), month=date(2026, 11, 1), sent_at=timezone.now()
    )


REFUSED = {
    "activities_activity_ends_after_start": lambda: put(ActivityFactory(), planned_end=EARLY),
    "activities_activity_actual_ends_after_start": lambda: put(
        ActivityFactory(), actual_start=date(2026, 1, 1), actual_end=EARLY
    ),
    "activities_activity_budget_has_currency": lambda: put(ActivityFactory(), budget_amount=5),
    "activities_activity_shares_sum_to_100": lambda: put(ActivityFactory(), objective_total=90),
    "activities_activity_confirmed_when": lambda: put(
        ActivityFactory(), confirmed_by=UserFactory()
    ),
    "activities_objective_once": lambda: again(of_objectives()),
    "activities_objective_share_is_percentage": lambda: put(of_objectives(), share=101),
    "activities_place_once": lambda: again(of_places()),
    "activities_place_share_is_percentage": lambda: put(of_places(), share=0),
    "activities_population_once": lambda: again(part(ActivityPopulation, group="men")),
    "activities_exploitation_once": lambda: again(part(ActivityExploitation, form="labour")),
    "activities_participant_once": lambda: again(
        part(Participant, organisation=OrganisationFactory(), role="4")
    ),
    "activities_identifier_unique": lambda: again(
        part(ActivityIdentifier, source="IATI", identifier="1")
    ),
    "activities_reached_ends_after_start": lambda: put(PeopleReachedFactory(), period_end=EARLY),
    "activities_reached_once": lambda: again(PeopleReachedFactory()),
    "activities_reached_released_by_somebody": lambda: put(
        PeopleReachedFactory(), released_at=timezone.now()
    ),
    "activities_activity_link_position_once": lambda: put(linked()[1], link_position=0),
    "activities_overlap_once": lambda: again(OverlapFactory()),
    "activities_overlap_in_order": lambda: turn_round(OverlapFactory()),
    "activities_overlap_score_is_ratio": lambda: put(OverlapFactory(), score=1.2),
    "activities_overlap_settled_by_somebody": lambda: put(
        OverlapFactory(), state="linked", settled_at=timezone.now()
    ),
    "activities_overlap_settled_when": lambda: put(OverlapFactory(), state="linked"),
    "activities_overlap_dismissed_with_reason": lambda: put(
        OverlapFactory(), state="dismissed", settled_at=timezone.now(), settled_by=UserFactory()
    ),
    "activities_coordination_closed_by_somebody": lambda: put(
        CoordinationFactory(), state="closed", closed_at=timezone.now()
    ),
    "activities_coordination_closed_when": lambda: put(CoordinationFactory(), state="closed"),
    "activities_party_once": lambda: again(
        CoordinationFactory(parties=[OrganisationFactory()]).parties.get()
    ),
    "activities_message_says_something": lambda: put(MessageFactory(), text=""),
    "activities_agreement_done_by_somebody": lambda: put(
        AgreementFactory(agreed_at=timezone.now()), done_at=timezone.now()
    ),
    "activities_agreement_done_after_agreed": lambda: put(
        AgreementFactory(), done_at=timezone.now(), done_by=UserFactory()
    ),
    "activities_agreement_amount_has_currency": lambda: put(AgreementFactory(), amount=5),
    "activities_answer_once": lambda: again(AgreementAnswerFactory()),
    "activities_activity_removed_by_somebody": lambda: put(
        ActivityFactory(), removed_at=timezone.now()
    ),
    "activities_review_step_is_known": lambda: put(step(), step="lost"),
    "activities_review_returned_says_why": lambda: put(step(), step="returned"),
    "activities_hold_released_by_somebody": lambda: put(
        hold(reason="ours"), released_at=timezone.now()
    ),
    "activities_hold_released_with_reason": lambda: put(
        hold(), released_at=timezone.now(), released_by=UserFactory()
    ),
    "activities_word_count_once": lambda: again(WordCount.objects.create(mark="port", count=1)),
    "activities_digest_once": lambda: again(digest()),
    "activities_digest_of_a_month": lambda: put(digest(), month=date(2026, 11, 2)),
    "activities_draft_token_once": lambda: again(draft()),
    "activities_draft_one_per_activity": two_drafts_of_one_activity,
    "activities_sent_form_once": lambda: again(
        SentForm.objects.create(user=UserFactory(), token=uuid4(), sent_at=timezone.now())
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_database_refuses(name):
    assert_refused(name, REFUSED[name])


def test_every_constraint_is_tried():
    assert set(REFUSED) == constraints_of("activities")
