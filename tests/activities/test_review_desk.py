"""The desk's lists of what waits for review and of held texts."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.models import Activity, LoggingSettings, Review, TextHold
from activities.personal_data import look_at
from portal.history.services import history_of
from portal.notices.models import Notice
from tests.factories import ActivityFactory, ObjectiveFactory, PlaceFactory
from tests.form_data import data_of, errors_of
from tests.people import organisation_of

pytestmark = pytest.mark.usefixtures("wagtail_root")

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
REVIEWS = "/cms/reviews/"
HELD = "/cms/held_activities/"


@pytest.fixture
def desk(client, secretariat):
    client.force_login(secretariat)
    return client


def submitted(**values):
    return ActivityFactory(review_state="submitted", **values)


def states():
    return list(Activity.objects.order_by("pk").values_list("review_state", flat=True))


def says(response):
    return [str(message).strip() for message in response.context["messages"]]


def held(title="Night desk", **values):
    activity = ActivityFactory(title=title, description="Call 0712 345678.", **values)
    look_at(activity, now=NOW)
    return activity


def test_list_shows_what_was_submitted(desk):
    submitted(title="Night desk", description="Two <b>nurses</b>")
    ActivityFactory(title="Accepted already")
    ActivityFactory(title="Draft", review_state="draft")

    body = desk.get(REVIEWS).content.decode()

    assert "Night desk" in body
    assert "Two &lt;b&gt;nurses&lt;/b&gt;" in body
    assert "Accepted already" not in body


def test_one_is_accepted_by_its_own_button_whatever_is_ticked(desk):
    first, second = submitted(), submitted()

    desk.post(reverse("desk_reviews:act"), {"accept_one": first.pk, "activity": [second.pk]})

    assert states() == ["accepted", "submitted"]


def test_many_are_returned_at_once_with_one_comment(desk, editor_a, secretariat):
    first = submitted(reporting_organisation=organisation_of(editor_a))
    second = submitted()

    response = desk.post(
        reverse("desk_reviews:act"),
        {"activity": [first.pk, second.pk], "comment": "Name the region.", "return": "1"},
        follow=True,
    )

    assert states() == ["returned", "returned"]
    assert says(response) == ["2 activities were returned."]
    assert set(Review.objects.values_list("comment", "by")) == {
        ("Name the region.", secretariat.pk)
    }
    assert Notice.objects.filter(person=editor_a, kind="activities.returned").exists()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"accept": "1"}, "Tick at least one activity."),
        ({"return": "1"}, "Say what is to be changed, so that the writers know."),
    ],
)
def test_nothing_ticked_or_no_comment_changes_nothing(desk, data, sentence):
    one = submitted()
    data = data | ({"activity": [one.pk]} if "return" in data else {})

    response = desk.post(reverse("desk_reviews:act"), data, follow=True)

    assert (says(response), states()) == ([sentence], ["submitted"])


def test_what_somebody_decided_meanwhile_is_said(desk):
    one = ActivityFactory(title="Night desk")

    response = desk.post(
        reverse("desk_reviews:act"), {"activity": [one.pk], "accept": "1"}, follow=True
    )

    assert says(response) == ["Nothing was changed: somebody decided about “Night desk” already."]


def test_held_text_is_shown_with_its_hits_marked_and_released_with_a_reason(desk, editor_b):
    activity = held()
    body = desk.get(HELD).content.decode()
    assert "<mark>0712 345678</mark>" in body
    url = reverse("desk_held_activities:act", args=[activity.pk])

    refused = desk.post(url, {"reason": " "}, follow=True)
    assert says(refused) == ["Say why this text may be shown."]
    assert not Activity.objects.visible_to(editor_b).exists()

    shown = desk.post(url, {"reason": "Our own office."}, follow=True)
    assert says(shown) == ["“Night desk” is shown again."]
    assert TextHold.objects.get().reason == "Our own office."
    assert Activity.objects.visible_to(editor_b).exists()

    again = desk.post(url, {"reason": "Our own office."}, follow=True)
    assert says(again) == ["“Night desk” is not held any more."]


def test_marked_text_is_escaped(desk):
    ActivityFactory.reset_sequence()
    activity = ActivityFactory(description="<script>x</script> Call 0712 345678.")
    look_at(activity, now=NOW)

    assert "<script>x</script> Call" not in desk.get(HELD).content.decode()


def test_saving_at_the_desk_looks_at_the_text_and_says_so(desk):
    activity = ActivityFactory(title="Night desk")
    url = reverse("desk_activities:edit", args=[activity.pk])
    data = data_of(desk.get(url).context["form"]) | {"description": "Call 0712 345678."}

    response = desk.post(url, data, follow=True)

    activity.refresh_from_db()
    assert activity.is_held
    assert any("looks like a phone number" in message for message in says(response))


def test_accepting_at_the_desk_form_is_a_step_too_and_returning_is_not_done_there(
    desk, secretariat
):
    activity = submitted()
    url = reverse("desk_activities:edit", args=[activity.pk])
    data = data_of(desk.get(url).context["form"])

    refused = desk.post(url, data | {"review_state": "returned"})
    assert any("say what is to be changed" in error for error in errors_of(refused))

    desk.post(url, data | {"review_state": "accepted"})
    assert list(activity.reviews.values_list("step", "by")) == [("accepted", secretariat.pk)]


def test_switch_for_review_is_at_the_desk_and_its_history_is_kept(desk):
    url = reverse("wagtailsettings:edit", args=["activities", "loggingsettings"])
    url = desk.get(url, follow=True).redirect_chain[-1][0]

    desk.post(url, {})

    settings = LoggingSettings.objects.get()
    assert settings.review is False
    assert history_of(settings).exists()
    assert "Review is switched off" in desk.get(REVIEWS).content.decode()


@pytest.mark.parametrize("url", [REVIEWS, HELD])
def test_lists_are_the_secretariats_alone(client, editor_a, url):
    submitted()
    client.force_login(editor_a)

    assert client.get(url).status_code in (302, 403)
    assert client.post(reverse("desk_reviews:act"), {}).status_code in (302, 403)


def test_lists_ask_as_many_queries_for_many_as_for_one(desk):
    def queries(url):
        with CaptureQueriesContext(
            connection,
        ) as found:
            desk.get(url)
        return len(found)

    def make():
        submitted(objectives=[ObjectiveFactory()], places=[PlaceFactory()])
        held()

    make()
    queries(REVIEWS)
    few = [queries(REVIEWS), queries(HELD)]
    for _number in range(3):
        make()

    assert [queries(REVIEWS), queries(HELD)] == few
