"""Around the form: what others will see, words about personal data, and what a member gets back."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format

from activities.choices import Population
from activities.models import Activity, Review
from grants.models import Allocation
from grants.services import rebuild_figures, set_allocations
from portal.records.choices import Visibility
from tests.factories import (
    ActivityFactory,
    GrantFactory,
    ObjectiveFactory,
    PlaceFactory,
    RequirementFactory,
    WorkingGroupFactory,
    strategy_in_force,
)
from tests.people import organisation_of

pytestmark = pytest.mark.django_db

NEW = "/activities/new/"
PREVIEW = "/activities/preview/"
LIVE = "/activities/personal-data/"


@pytest.fixture
def objective(db):
    return ObjectiveFactory(pillar=1, title="Safe migration", short_title="Safe migration")


@pytest.fixture
def country(db):
    return PlaceFactory(name="Kenya", code="KE")


@pytest.fixture
def region(country):
    return PlaceFactory(name="Coast", parent=country, kind="division")


@pytest.fixture
def form(objective, region):
    """A complete form for a new activity."""
    return {
        "objective": objective.pk,
        "place": region.pk,
        "start_month": "2",
        "start_year": "2026",
        "end_month": "11",
        "end_year": "2026",
        "title": "Bus station talks",
        "description": "Two talks a week.",
        "population": [Population.MIGRANTS],
        "people": "3000",
        "budget": "40",
        "currency": "USD",
        "visibility": "public",
        "precision": "country",
        "contact": "Desk, office@example.org",
        "action": "save",
    }


@pytest.fixture
def member(client, editor_a):
    client.force_login(editor_a)
    return client


def saved_by(client, form):
    response = client.post(NEW, form)
    assert response.status_code == 302, response.content.decode()[:3000]
    return Activity.objects.latest("pk"), response["Location"]


# What others will see


def seen(response):
    return {one.key: str(one.page) for one in response.context["seen"]}


def test_preview_shows_each_reader_the_page_with_the_place_as_they_would_see_it(member, form):
    response = member.post(PREVIEW, form)

    pages = seen(response)
    assert list(pages) == ["public", "members", "funders"]
    for page in pages.values():
        assert "Kenya" in page
        assert "Coast" not in page
        assert "office@example.org" in page
        assert "3,000" not in page
        assert "3000" not in page


@pytest.mark.parametrize(
    ("visibility", "who"),
    [
        ("public", {"public", "members", "funders"}),
        ("coalition", {"members", "funders"}),
        ("organisation", set()),
    ],
)
def test_preview_says_who_sees_nothing(member, form, visibility, who):
    response = member.post(PREVIEW, form | {"visibility": visibility})

    assert {key for key, page in seen(response).items() if page} == who
    if who != {"public", "members", "funders"}:
        assert "not even the title" in response.content.decode()


def test_preview_shows_the_named_working_groups(member, form, editor_a):
    group = WorkingGroupFactory(organisations=[organisation_of(editor_a)])

    response = member.post(PREVIEW, form | {"visibility": "working_group", "group": [group.pk]})

    assert {key for key, page in seen(response).items() if page} == {"groups"}


def test_preview_is_what_the_page_says_later(member, client, form, secretariat, editor_b):
    later = seen(member.post(PREVIEW, form))["members"]
    activity, _url = saved_by(member, form)
    Activity.objects.update(review_state="accepted")

    client.force_login(editor_b)
    page = client.get(activity.get_absolute_url()).content.decode()

    today = date_format(date.today(), "j F Y")  # noqa: DTZ011
    for line in later.replace("members-", "").splitlines():
        if today not in line:
            assert line.strip() in page


def test_preview_keeps_nothing(member, form, secretariat, mailoutbox):
    member.post(PREVIEW, form | {"description": "Call 0712 345678."})

    assert not Activity.objects.exists()
    assert not Review.objects.exists()
    assert mailoutbox == []


def test_preview_of_a_change_leaves_the_record_alone(member, form, editor_a):
    activity = ActivityFactory(title="Old", reporting_organisation=organisation_of(editor_a))

    response = member.post(PREVIEW, form | {"activity": activity.pk})

    assert response.context["title"] == "Bus station talks"
    assert Activity.objects.get().title == "Old"


def test_preview_asks_for_what_is_missing(member, form):
    response = member.post(PREVIEW, form | {"title": ""})

    assert "Give the activity a name" in response.content.decode()
    assert seen(response) == {}


def test_preview_is_for_those_who_write(client, form, viewer):
    assert client.post(PREVIEW, form).status_code == 302
    client.force_login(viewer)
    assert client.post(PREVIEW, form).status_code == 403


# Personal data


def test_words_come_while_one_types(member):
    body = member.post(LIVE, {"title": "Talks", "description": "Call 0712 345678"}).content.decode()

    assert "“0712 345678” looks like a phone number" in body
    assert member.post(LIVE, {"title": "Talks", "contact": "0712 345678"}).content.strip() == b""


def test_saving_asks_once_and_then_the_writer_decides(member, form, editor_b):
    form["description"] = "Amina, aged 16, told us."

    asked = member.post(NEW, form)

    assert asked.status_code == 422
    assert not Activity.objects.exists()
    body = asked.content.decode()
    assert "looks like a person&#x27;s name with an age" in body
    assert 'name="personal_seen" value="description:Amina, aged 16"' in body

    activity, _url = saved_by(member, form | {"personal_seen": "description:Amina, aged 16"})
    assert activity.is_held
    Activity.objects.update(review_state="accepted")
    assert not Activity.objects.visible_to(editor_b).exists()


def test_form_asks_again_about_something_new_only(member, form, editor_a):
    activity = ActivityFactory(
        reporting_organisation=organisation_of(editor_a), description="Call 0712 345678."
    )
    page = member.get(f"/activities/{activity.pk}/edit/").context["typed"]
    change = form | {"version": page["version"], "base": page["base"]}
    url = f"/activities/{activity.pk}/edit/"

    kept = member.post(url, change | {"description": "Call 0712 345678. Soon."})
    assert kept.status_code == 302

    page = member.get(url).context["typed"]
    change |= {"version": page["version"], "base": page["base"]}
    asked = member.post(url, change | {"description": "Call 0712 345678, 0733 345678."})
    assert asked.status_code == 422


# After saving


def ask(objective, place, amount):
    RequirementFactory(objective=objective, place=place, year=2026, amount_original=amount)
    rebuild_figures(strategy_in_force().pk)


def give(objective, place, amount, **values):
    grant = GrantFactory(amount_awarded=Decimal(amount), **values)
    tag = Allocation(objective=objective, place=place, share=Decimal(100), origin="person")
    set_allocations(grant, strategy_in_force(), [tag])
    return grant


def test_saving_leads_to_what_the_record_is_good_for(
    member, form, objective, region, country, editor_b, funder
):
    ask(objective, region, 1000)
    grant = give(objective, region, 180)
    near = ActivityFactory(
        title="Safe jobs desk", objectives=[objective], places=[region],
        reporting_organisation=organisation_of(editor_b),
    )  # fmt: skip
    elsewhere = ActivityFactory(title="Far away", objectives=[objective], places=[PlaceFactory()])
    over = ActivityFactory(
        title="Long over", objectives=[objective], places=[region],
        planned_start=date(2025, 1, 1), planned_end=date(2025, 12, 31),
    )  # fmt: skip
    hidden = ActivityFactory(
        title="Hidden", objectives=[objective], places=[region], visibility="organisation"
    )

    _activity, url = saved_by(member, form)
    response = member.get(url)
    body = response.content.decode()

    assert near.title in body
    assert not any(one.title in body for one in (elsewhere, over, hidden))
    assert "Your US$40 would lift it to 22%." in body
    assert grant.funding_organisation.name in body
    assert "The secretariat looks at it now" in body


def test_paragraph_is_drawn_from_what_everybody_sees(
    member, form, objective, region, country, editor_a, editor_b
):
    """The figures of the country, as the place is shown no more precisely; nothing of the coalition's own."""
    ask(objective, country, 1000)
    give(objective, country, 180)
    give(objective, country, 500, visibility="coalition")
    ActivityFactory(
        title="Members only", objectives=[objective], places=[region], visibility="coalition",
        reporting_organisation=organisation_of(editor_b),
    )  # fmt: skip

    _activity, url = saved_by(member, form)
    response = member.get(url)

    code = objective.code
    assert response.context["proposal"] == (
        f"In Kenya, the strategy of Coalition asks for US$1,000 for objective {code} “Safe migration” from "
        f"2024 to 2027. US$180 is committed, 18% of what is asked is met, and US$820 is missing (as of "
        f"30 June 2026, http://testserver/gaps/rows/?objective={code}&place=KE&figure=missing). "
        "Nobody else is on record there for the same objective. "
        "Organisation A works on it with “Bus station talks” (Feb to Nov 2026). "
        "Its budget of US$40 would close US$40 of the gap."
    )
    assert "Members only" in response.content.decode()


def test_without_an_objective_of_the_strategy_nothing_is_claimed(member, editor_a):
    strategy_in_force()
    activity = ActivityFactory(reporting_organisation=organisation_of(editor_a))

    response = member.get(f"/activities/{activity.pk}/saved/")

    assert response.context["proposal"] == ""
    assert "no gap can be named" in response.content.decode()


def test_one_page_is_a_picture(member, form, objective, region):
    ask(objective, region, 1000)
    _activity, url = saved_by(member, form)

    response = member.get(f"{url}one-page.png")

    assert response["Content-Type"] == "image/png"
    assert response.content.startswith(b"\x89PNG")


def test_only_those_who_may_change_it_get_there(client, editor_a, editor_b, viewer):
    strategy_in_force()
    activity = ActivityFactory(reporting_organisation=organisation_of(editor_a))
    url = f"/activities/{activity.pk}/saved/"

    answers = [client.get(url).status_code]
    for person in (viewer, editor_b, editor_a):
        client.force_login(person)
        answers.append(client.get(url).status_code)

    assert answers == [302, 404, 404, 200]


def test_queries_of_the_page_do_not_grow(member, form, objective, region):
    def queries(url):
        with CaptureQueriesContext(connection) as found:
            member.get(url)
        return len(found)

    ask(objective, region, 1000)
    give(objective, region, 10)
    ActivityFactory(objectives=[objective], places=[region])
    _activity, url = saved_by(member, form)
    queries(url)
    few = queries(url)
    for _number in range(4):
        give(objective, region, 10)
        ActivityFactory(objectives=[objective], places=[region], visibility=Visibility.PUBLIC)
    queries(url)  # counts of the frame that are kept for a while

    assert queries(url) == few
