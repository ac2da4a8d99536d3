"""Activities at the desk."""

import pytest
from django.urls import reverse

from activities.models import Activity, PeopleReached
from tests.factories import (
    ActivityFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PeopleReachedFactory,
    PlaceFactory,
)
from tests.form_data import add_row, data_of, errors_of

pytestmark = pytest.mark.usefixtures("wagtail_root")


@pytest.fixture
def desk(client, secretariat):
    client.force_login(secretariat)
    return client


def edit_url(activity):
    return reverse("desk_activities:edit", args=[activity.pk])


def shown(desk, url):
    return data_of(desk.get(url).context["form"])


def test_saving_keeps_the_stored_totals_of_shares(desk):
    url = reverse("desk_activities:add")
    data = shown(desk, url) | {
        "title": "Lessons",
        "reporting_organisation": OrganisationFactory().pk,
        "population_choices": ["children", "women"],
    }
    add_row(data, "objective_shares", objective=ObjectiveFactory(), share="40")
    add_row(data, "objective_shares", objective=ObjectiveFactory(), share="60")

    response = desk.post(url, data)

    assert response.status_code == 302, errors_of(response)
    activity = Activity.objects.get()
    assert (activity.objective_total, activity.place_total) == (100, 0)
    assert [row.group for row in activity.populations.order_by("group")] == ["children", "women"]


@pytest.mark.parametrize(
    ("share", "sentence"),
    [
        (
            "90",
            "The shares of the places add up to 90. Give 10 more, so that they make 100, or remove them all.",
        ),
        ("110", None),
    ],
)
def test_shares_off_100_are_refused_with_what_to_do(desk, share, sentence):
    activity = ActivityFactory()
    data = add_row(
        shown(desk, edit_url(activity)), "place_shares", place=PlaceFactory(), share=share
    )

    response = desk.post(edit_url(activity), data)

    assert response.status_code == 200
    assert errors_of(response)
    assert sentence is None or sentence in errors_of(response)
    assert not activity.place_shares.exists()


def test_removing_all_shares_is_fine(desk):
    activity = ActivityFactory(objectives=[ObjectiveFactory()])
    data = shown(desk, edit_url(activity)) | {"objective_shares-0-DELETE": "on"}

    response = desk.post(edit_url(activity), data)

    assert response.status_code == 302, errors_of(response)
    activity.refresh_from_db()
    assert activity.objective_total == 0


def test_history_tells_shares_and_groups_of_people(desk):
    activity = ActivityFactory(objectives=[ObjectiveFactory(short_title="Schools")])
    data = shown(desk, edit_url(activity)) | {
        "objective_shares-0-DELETE": "on",
        "population_choices": ["men"],
    }
    desk.post(edit_url(activity), data)

    page = desk.get(reverse("desk_activities:history", args=[activity.pk])).content.decode()

    assert "1.1 Schools: 100 %" in page
    assert "Men" in page


def test_release_says_who_and_when_and_happens_once(desk, secretariat):
    reached = PeopleReachedFactory()
    url = reverse("desk_people_reached:release", args=[reached.pk])

    desk.post(url)
    first = PeopleReached.objects.get()
    desk.post(url)

    assert first.released_by == secretariat
    assert first.released_at == PeopleReached.objects.get().released_at


def test_release_needs_a_post(desk):
    reached = PeopleReachedFactory()

    assert desk.get(reverse("desk_people_reached:release", args=[reached.pk])).status_code == 405


def test_list_of_counts_tells_released_from_waiting(desk, secretariat):
    waiting = PeopleReachedFactory()
    released = PeopleReachedFactory()
    desk.post(reverse("desk_people_reached:release", args=[released.pk]))
    url = reverse("desk_people_reached:index")

    assert list(desk.get(url, {"release": "no"}).context["object_list"]) == [waiting]
    assert list(desk.get(url, {"release": "yes"}).context["object_list"]) == [released]


def test_activity_that_is_paid_for_is_not_deleted(desk):
    from tests.factories import ActivityFundingFactory

    activity = ActivityFundingFactory().activity

    response = desk.post(reverse("desk_activities:delete", args=[activity.pk]))

    assert response.status_code == 200
    assert Activity.objects.filter(pk=activity.pk).exists()
