"""Overlaps kept as records change, and the full pass that must say the same."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from activities import services
from activities.choices import ActivityStatus
from activities.linking import link_activities
from activities.models import (
    Activity,
    ActivityFeatures,
    ActivityKey,
    ActivityPopulation,
    Overlap,
    Participant,
)
from activities.overlaps import changed_now, postponed, record_statement, score_all, update_overlaps
from portal.demo.labelled import make
from portal.demo.labelled_loader import load_labelled
from portal.directory.models import Place
from portal.records.choices import ReviewState
from strategy.models import Objective
from tests.factories import ActivityFactory, ObjectiveFactory, PlaceFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TEXT = "Two days on screening questions, calm interviews and referral at the crossing."


@pytest.fixture
def course():
    """A function that makes a course for border officers, each time by another organisation."""
    objective, place = ObjectiveFactory(), PlaceFactory()

    def make_course(title="Screening training for border officers", **more):
        values = {"description": TEXT, "mode_of_delivery": "training", **more}
        activity = ActivityFactory(title=title, objectives=[objective], places=[place], **values)
        ActivityPopulation.objects.create(activity=activity, group="officials")
        return activity

    return make_course


@pytest.fixture
def pair(course):
    """Two tellings of one course, and the overlap found."""
    first, second = course(), course("Officers at the border learn screening")
    update_overlaps([first.pk, second.pk])
    return Overlap.objects.get()


def stored():
    """Everything that the search writes, of all that is alike."""
    return sorted(
        Overlap.objects.filter(is_alike=True).values_list(
            "first", "second", "kind", "score", "parts", "shared_words", "shared_from",
            "shared_until", "objective", "place",
        ),
        key=lambda row: row[:2],
    )  # fmt: skip


def kept():
    """Features and keys, as they are looked up."""
    features = ActivityFeatures.objects.order_by("activity").values_list(
        "activity", "data", "country", "place", "start", "end", "is_stale"
    )
    keys = ActivityKey.objects.values_list("activity", "mark", "country")
    return list(features), sorted(keys)


def test_two_tellings_of_one_course_are_alike(course):
    first = course()
    second = course("Officers at the border learn screening", planned_start=date(2026, 2, 1))

    update_overlaps([second.pk])

    overlap = Overlap.objects.get()
    assert (overlap.first, overlap.second) == (first, second)
    assert overlap.kind == "duplication"
    assert overlap.parts["objective"] == overlap.parts["place"] == 1
    assert overlap.parts["participants"] == 0
    assert "screening" in overlap.shared_words
    assert (overlap.shared_from, overlap.shared_until) == (date(2026, 2, 1), date(2026, 12, 31))
    assert overlap.objective == first.objective_shares.get().objective
    assert overlap.place == first.place_shares.get().place


def test_one_organisation_is_told_of_a_likely_double_entry(course):
    first = course()
    course(reporting_organisation=first.reporting_organisation)

    score_all()

    assert Overlap.objects.get().kind == "double"


def test_organisation_that_takes_part_in_the_others_work_has_the_same_project(course):
    first, second = course(), course()
    Participant.objects.create(activity=first, organisation=second.reporting_organisation, role="1")

    score_all()

    assert Overlap.objects.get().kind == "same"


@pytest.mark.parametrize(
    "changes",
    [
        {"planned_start": date(2027, 1, 1), "planned_end": date(2027, 6, 30)},
        {"activity_status": ActivityStatus.CANCELLED},
        {"review_state": ReviewState.DRAFT},
        {"review_state": ReviewState.RETURNED},
        {
            "title": "Savings groups for fishing families",
            "description": "Women save together on the quay.",
        },
    ],
    ids=["another time", "cancelled", "draft", "returned", "other words"],
)
def test_pair_goes_when_an_edit_parts_it(pair, changes):
    for name, value in changes.items():
        setattr(pair.second, name, value)
    pair.second.save()

    changed_now(pair.second.pk)

    assert not Overlap.objects.exists()


def test_pair_goes_when_a_part_says_otherwise(pair, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        services.set_shares(pair.second, places={PlaceFactory(): 100})

    assert not Overlap.objects.exists()


def test_pair_goes_when_it_is_for_other_people(pair, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        pair.second.populations.all().delete()
        ActivityPopulation.objects.create(activity=pair.second, group="children")

    assert not Overlap.objects.exists()


def test_saving_finds_the_pair_when_the_transaction_ends(
    course, django_capture_on_commit_callbacks
):
    first = course()
    changed_now(first.pk)

    with django_capture_on_commit_callbacks(execute=True):
        second = course()

    assert Overlap.objects.get().second == second
    assert not ActivityFeatures.objects.filter(is_stale=True).exists()


def test_change_that_was_not_looked_at_is_looked_at_with_the_next(course):
    course(), course()
    assert ActivityFeatures.objects.filter(is_stale=True).count() == 2

    changed_now(course("Radio drama", description="").pk)

    assert Overlap.objects.count() == 1


def test_deleting_an_activity_takes_all_that_was_kept_of_it(
    pair, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        pair.first.delete()

    assert not Overlap.objects.exists()
    assert not ActivityFeatures.objects.filter(activity=pair.first_id).exists()


def settle(overlap, state, **more):
    overlap.state, overlap.settled_by, overlap.settled_at = state, UserFactory(), NOW
    overlap.settled_score = overlap.score
    for name, value in more.items():
        setattr(overlap, name, value)
    overlap.save()


@pytest.mark.parametrize(
    "rescore", [score_all, lambda: update_overlaps(Activity.objects.values_list("pk", flat=True))]
)
def test_decision_survives_when_the_two_are_no_longer_alike(pair, rescore):
    settle(pair, "divided", note="One takes the port.")
    Activity.objects.filter(pk=pair.second_id).update(title="Savings groups", description="")

    rescore()

    row = Overlap.objects.get()
    assert (row.state, row.note, row.is_alike) == ("divided", "One takes the port.", False)
    assert row.settled_at == NOW


def test_dismissed_pair_is_opened_again_once_an_edit_makes_it_clearly_more_alike(course):
    first = course()
    second = course("Officers learn screening", description="", mode_of_delivery="")
    score_all()
    pair = Overlap.objects.get()
    settle(pair, "dismissed", reason="people")
    Activity.objects.filter(pk=second.pk).update(
        title=first.title, description=first.description, mode_of_delivery="training"
    )

    score_all()
    assert Overlap.objects.get().state == "dismissed"
    Overlap.objects.update(settled_score=0.7)
    update_overlaps([second.pk], now=NOW + timedelta(days=1))

    row = Overlap.objects.get()
    assert (row.state, row.settled_by, row.reason) == ("open", None, "")
    assert row.reopened_at == NOW + timedelta(days=1)


def test_statement_keeps_a_pair_that_is_hardly_alike(course):
    first = course()
    second = course("Radio drama about brokers", description="Told on two stations.")
    by = UserFactory()

    said = record_statement(second, first, "people", "Ours is for listeners.", by=by, now=NOW)
    score_all()

    row = Overlap.objects.get()
    assert (row.first, row.second, row.is_alike) == (first, second, False)
    assert list(row.statements.all()) == [said]
    assert said.organisation == second.reporting_organisation


def test_linked_records_are_not_proposed_again(course):
    link_activities([course(), course()], rule="one project")

    score_all()

    assert not Overlap.objects.exists()


def test_bulk_load_is_scored_once_at_its_end(course):
    with postponed():
        course(), course()
        assert not Overlap.objects.exists()

    assert Overlap.objects.count() == 1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_edits_one_by_one_and_a_pass_from_nothing_say_the_same(seed):
    """Any run of edits, each compared alone, leaves what a full pass by the same counts of words finds."""
    labelled = make(150, seed, countries=2)
    keys = list(load_labelled(labelled).values())
    score_all()
    random = Random(seed)
    places, objectives = list(Place.objects.order_by("pk")), list(Objective.objects.order_by("pk"))
    for _ in range(60):
        activity = Activity.objects.get(pk=random.choice(keys))
        other = Activity.objects.get(pk=random.choice(keys))
        edit = random.randrange(7)
        if edit == 0:
            activity.title, activity.description = other.title, other.description
        elif edit == 1:
            activity.planned_start, activity.planned_end = other.planned_start, other.planned_end
        elif edit == 2:
            one, two = random.sample(places, 2)
            services.set_shares(activity, places={one: 60, two: 40})
        elif edit == 3:
            services.set_shares(activity, objectives={random.choice(objectives): 100})
        elif edit == 4:
            activity.populations.all().delete()
        elif edit == 5:
            copied = {share.place: share.share for share in other.place_shares.all()}
            services.set_shares(activity, places=copied)
            activity.title = f"{other.title} again"
        else:
            activity.review_state = random.choice(ReviewState.values)
        activity.save()
        changed_now(activity.pk)
    edited, kept_of_edits = stored(), kept()

    score_all(recount=False)

    assert edited == stored()
    assert kept_of_edits == kept()
    assert edited
