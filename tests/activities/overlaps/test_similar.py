"""Activities like a draft, told only to those who may see them; groups, reasons and places of overlaps."""

from datetime import UTC, date, datetime

import pytest

from activities.models import ActivityPopulation, Overlap
from activities.overlaps import Draft, groups, reasons, score_all, shown_place, similar_to
from portal.directory.choices import PlaceKind
from portal.records.choices import LocationPrecision, Visibility
from tests.factories import (
    ActivityFactory,
    ObjectiveFactory,
    OrganisationFactory,
    OverlapFactory,
    PlaceFactory,
)

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

    make_course.objective, make_course.place = objective, place
    return make_course


@pytest.fixture
def draft(course):
    return Draft(
        title="Course in screening for officers at the frontier",
        objectives={course.objective.pk: 100},
        places={course.place.pk: 100},
        planned_start=date(2026, 3, 1),
        planned_end=date(2026, 9, 30),
        populations={"officials"},
        mode_of_delivery="training",
        organisation=OrganisationFactory().pk,
    )


def test_draft_is_told_what_is_like_it_and_why(course, draft, editor_a):
    like = course()
    course("Radio drama", description="On two stations.")
    score_all()

    similar = similar_to(draft, editor_a)

    (found,) = similar.shown
    assert (found.activity, similar.hidden) == (like, [])
    assert found.reasons == [
        "Same objective",
        "Same place",
        "Both run for 7 months",
        "Same people",
        "Same way of working",
        f"Shared words: {', '.join(found.shared_words[:4])}"
        if found.parts["text"] < 0.6
        else f"Same words: {', '.join(found.shared_words[:4])}",
    ]
    assert "screening" in found.shared_words


def test_draft_scores_as_the_saved_record_will(course, draft, editor_a):
    course()
    score_all()
    found = similar_to(draft, editor_a).shown[0]

    saved = course(
        draft.title,
        description="",
        planned_start=draft.planned_start,
        planned_end=draft.planned_end,
        reporting_organisation_id=draft.organisation,
    )
    score_all(recount=False)

    row = Overlap.objects.get(second=saved)
    assert (row.score, row.parts, row.shared_words) == (
        found.score,
        found.parts,
        found.shared_words,
    )
    assert found.is_alike


def test_record_that_the_writer_may_not_see_is_named_for_the_secretariat_alone(
    course, draft, editor_a, secretariat
):
    hidden = course(visibility=Visibility.ORGANISATION)
    score_all()

    assert similar_to(draft, editor_a).shown == []
    assert similar_to(draft, editor_a).hidden == [hidden.pk]
    assert [one.activity for one in similar_to(draft, secretariat).shown] == [hidden]


def test_record_that_is_edited_is_not_like_itself(course, draft, secretariat):
    mine = course()
    score_all()

    similar = similar_to(
        Draft(mine.title, TEXT, {course.objective.pk: 100}, activity=mine.pk), secretariat
    )

    assert similar.shown == []


def test_only_the_most_alike_are_shown(course, draft, secretariat):
    for number in range(7):
        course(description=TEXT if number % 2 else "")
    score_all()

    shown = similar_to(draft, secretariat, limit=5).shown

    assert len(shown) == 5
    assert [one.score for one in shown] == sorted((one.score for one in shown), reverse=True)


def test_empty_draft_is_like_nothing(course, secretariat):
    course()
    score_all()

    assert similar_to(Draft(""), secretariat).shown == []


@pytest.mark.parametrize("number", [1, 6])
def test_queries_do_not_grow_with_what_is_similar(
    course, draft, editor_a, django_assert_num_queries, number
):
    for _ in range(number):
        course()
    score_all()
    similar_to(draft, editor_a)

    with django_assert_num_queries(10):
        assert similar_to(draft, editor_a).shown


def test_groups_hang_together_through_what_the_reader_sees(secretariat, public):
    one, two, three, four = (
        ActivityFactory(visibility=Visibility.ORGANISATION if number == 2 else Visibility.PUBLIC)
        for number in range(1, 5)
    )
    first = OverlapFactory(first=one, second=two, score=0.8)
    second = OverlapFactory(first=two, second=three, score=0.9)
    third = OverlapFactory(first=three, second=four, score=0.85)

    assert groups(Overlap.objects.visible_to(secretariat)) == [[second, third, first]]
    assert groups(Overlap.objects.visible_to(public)) == [[third]]


def test_shared_place_is_as_precise_as_the_vaguer_record_lets_it_be(secretariat, public):
    country = PlaceFactory(kind=PlaceKind.COUNTRY)
    division = PlaceFactory(kind=PlaceKind.DIVISION, parent=country)
    vague = ActivityFactory(location_precision=LocationPrecision.COUNTRY)
    hidden = ActivityFactory(location_precision=LocationPrecision.HIDDEN)
    open_one, other = ActivityFactory(), ActivityFactory()
    exact = OverlapFactory(first=open_one, second=other, place=division)
    by_country = OverlapFactory(first=vague, second=other, place=division)
    nowhere = OverlapFactory(first=hidden, second=other, place=division)

    assert [shown_place(row, public) for row in (exact, by_country, nowhere)] == [
        division,
        country,
        None,
    ]
    assert shown_place(nowhere, secretariat) == division


def test_reasons_of_a_pair_that_is_hardly_alike_are_few():
    row = OverlapFactory(
        parts={"objective": 0.4, "place": 0.7, "population": 0.5, "text": 0.2, "participants": 0.3},
        shared_words=["screening"],
    )

    assert reasons(row) == [
        "Related objectives",
        "One place lies in the other",
        "Partly the same people",
        "Shared words: screening",
        "A partner or funder in common",
    ]
