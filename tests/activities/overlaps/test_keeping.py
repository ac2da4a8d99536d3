"""Overlaps kept as records change, and the full pass that must say the same."""

from datetime import date

import pytest
from django.utils import timezone

from activities import services
from activities.models import ActivityPopulation, Overlap
from activities.overlaps import record_statement, score_all, update_overlaps
from tests.factories import (
    ActivityFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PlaceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

NOW = timezone.make_aware(timezone.datetime(2026, 11, 23, 9))


@pytest.fixture
def objective():
    return ObjectiveFactory()


@pytest.fixture
def place():
    return PlaceFactory()


@pytest.fixture
def course(objective, place):
    """A function that makes a course for border officers, as one organisation or the other tells it."""

    def make(title="Screening training for border officers", **more):
        text = "Two days on screening questions, calm interviews and referral at the crossing."
        values = {"description": text, "mode_of_delivery": "training", **more}
        activity = ActivityFactory(title=title, objectives=[objective], places=[place], **values)
        ActivityPopulation.objects.create(activity=activity, group="officials")
        return activity

    return make


def stored():
    return {
        (row.first_id, row.second_id): (row.kind, row.score, row.parts, row.shared_words)
        for row in Overlap.objects.filter(is_alike=True)
    }


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
