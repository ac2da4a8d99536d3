"""Each kind of person at the desk."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from activities.models import Activity
from portal.records.choices import Visibility
from tests.factories import (
    ActivityFactory,
    ActivityFundingFactory,
    GrantFactory,
    LinkGroupFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PeopleReachedFactory,
    PlaceFactory,
    RequirementFactory,
    StrategyFactory,
)
from tests.form_data import data_of, errors_of
from tests.people import organisation_of

LISTS = {
    "activities": ActivityFactory,
    "grants": GrantFactory,
    "organisations": OrganisationFactory,
    "requirements": RequirementFactory,
}
OF_ONE = ("edit", "delete", "history")

pytestmark = pytest.mark.usefixtures("wagtail_root")


@pytest.fixture
def guest(editor_a):
    """An editor of Organisation A who was let in to the desk, with every permission on records there."""
    group = Group.objects.create(name="Guests of the desk")
    apps = ("directory", "strategy", "activities", "grants")
    group.permissions.set(
        [
            Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"),
            *Permission.objects.filter(content_type__app_label__in=apps),
        ]
    )
    editor_a.groups.add(group)
    return editor_a


def pages_of(name, record):
    yield reverse(f"desk_{name}:index")
    yield reverse(f"desk_{name}:index") + "?export=csv"
    yield reverse(f"desk_{name}:add")
    for page in OF_ONE:
        yield reverse(f"desk_{name}:{page}", args=[record.pk])


def rows_of(client, name, **params):
    response = client.get(reverse(f"desk_{name}:index"), params)
    return set(response.context["object_list"])


def exported(client, name):
    response = client.get(reverse(f"desk_{name}:index"), {"export": "csv"})
    return b"".join(response.streaming_content).decode()


@pytest.mark.parametrize("name", LISTS)
def test_desk_asks_the_public_to_sign_in(client, name):
    record = LISTS[name]()

    for url in pages_of(name, record):
        response = client.get(url)

        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("person", ["viewer", "editor_b", "funder"])
def test_desk_refuses_who_was_not_let_in(client, request, name, person):
    record = LISTS[name]()
    client.force_login(request.getfixturevalue(person))

    for url in pages_of(name, record):
        response = client.get(url)

        assert response.status_code in (302, 403)
        if response.status_code == 302:
            assert "/cms/" not in response["Location"].split("?")[0]


@pytest.mark.parametrize("name", LISTS)
def test_desk_serves_the_secretariat(client, secretariat, name):
    record = LISTS[name]()
    client.force_login(secretariat)

    statuses = [client.get(url).status_code for url in pages_of(name, record)]

    assert statuses == [200] * len(statuses)


@pytest.mark.parametrize("name", ["activities", "grants"])
def test_list_shows_a_guest_only_visible_rows(client, guest, name):
    shown = LISTS[name](title="Shared with all")
    hidden = LISTS[name](title="Kept from others", visibility=Visibility.ORGANISATION)
    client.force_login(guest)

    assert rows_of(client, name) == {shown}
    assert "Kept from others" not in exported(client, name)
    assert hidden.title not in client.get(reverse(f"desk_{name}:index")).content.decode()


@pytest.mark.parametrize("name", ["activities", "grants"])
def test_search_and_filters_keep_to_visible_rows(client, guest, name):
    LISTS[name](title="Kept from others", visibility=Visibility.ORGANISATION)
    client.force_login(guest)

    assert rows_of(client, name, q="kept") == set()
    assert rows_of(client, name, visibility=Visibility.ORGANISATION) == set()


@pytest.mark.parametrize("page", OF_ONE)
@pytest.mark.parametrize("name", LISTS)
def test_record_of_others_answers_a_guest_like_a_missing_one(client, guest, name, page):
    others = LISTS[name]()
    client.force_login(guest)

    answers = [client.get(reverse(f"desk_{name}:{page}", args=[pk])) for pk in (others.pk, 999_999)]

    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("page", ["edit", "delete"])
def test_post_to_record_of_others_changes_nothing(client, guest, page):
    others = ActivityFactory(title="Theirs")
    client.force_login(guest)

    response = client.post(reverse(f"desk_activities:{page}", args=[others.pk]), {"title": "Mine"})

    assert response.status_code == 404
    others.refresh_from_db()
    assert others.title == "Theirs"


def test_guest_edits_a_record_of_their_own(client, guest):
    mine = ActivityFactory(
        reporting_organisation=organisation_of(guest), visibility=Visibility.ORGANISATION
    )
    client.force_login(guest)

    assert rows_of(client, "activities") == {mine}
    assert client.get(reverse("desk_activities:edit", args=[mine.pk])).status_code == 200


def test_list_links_a_guest_only_to_what_they_may_change(client, guest):
    mine = ActivityFactory(reporting_organisation=organisation_of(guest))
    theirs = ActivityFactory()
    client.force_login(guest)

    page = client.get(reverse("desk_activities:index")).content.decode()

    assert reverse("desk_activities:edit", args=[mine.pk]) in page
    assert reverse("desk_activities:edit", args=[theirs.pk]) not in page


def test_guest_sees_no_draft_strategy(client, guest):
    StrategyFactory()
    draft = StrategyFactory(status="draft", title="Not yet agreed")
    objective = ObjectiveFactory(strategy=draft)
    RequirementFactory(objective=objective)
    client.force_login(guest)

    for name in ("strategies", "objectives", "requirements"):
        assert "Not yet agreed" not in exported(client, name)
    assert rows_of(client, "requirements") == set()


def test_counts_of_people_are_shown_to_nobody_else(client, guest):
    PeopleReachedFactory(count=4321)
    client.force_login(guest)

    assert rows_of(client, "people_reached") == set()
    assert "4321" not in exported(client, "people_reached")


def test_funding_needs_both_ends_to_be_visible(client, guest):
    shown = ActivityFundingFactory()
    ActivityFundingFactory(grant=GrantFactory(visibility=Visibility.ORGANISATION))
    ActivityFundingFactory(activity=ActivityFactory(visibility=Visibility.ORGANISATION))
    client.force_login(guest)

    assert rows_of(client, "activity_funding") == {shown}


def test_links_need_every_record_to_be_visible(client, guest):
    shown = LinkGroupFactory(grants=[GrantFactory(), GrantFactory()])
    hidden = LinkGroupFactory(
        grants=[GrantFactory(), GrantFactory(visibility=Visibility.ORGANISATION)]
    )
    client.force_login(guest)

    assert rows_of(client, "links") == {shown}
    assert client.get(reverse("desk_links:records", args=[hidden.pk])).status_code == 404


@pytest.mark.parametrize("chooser", ["activity_chooser", "grant_chooser"])
def test_chooser_offers_only_visible_rows(client, guest, chooser):
    factory = ActivityFactory if chooser == "activity_chooser" else GrantFactory
    hidden = factory(title="Kept from others", visibility=Visibility.ORGANISATION)
    factory(title="Shared with all")
    client.force_login(guest)
    namespace = f"{chooser}:"

    results = client.get(reverse(f"{namespace}choose_results")).content.decode()
    chosen = client.get(reverse(f"{namespace}chosen", args=[hidden.pk]))
    several = client.get(
        reverse(f"{namespace}chosen_multiple"), {"id": [hidden.pk]}
    ).content.decode()

    assert "Shared with all" in results
    assert "Kept from others" not in results
    assert chosen.status_code == 404
    assert "Kept from others" not in several


def test_people_are_chosen_by_the_secretariat_alone(client, guest, secretariat):
    client.force_login(guest)
    assert (
        "Secretariat" not in client.get(reverse("person_chooser:choose_results")).content.decode()
    )

    client.force_login(secretariat)
    assert "Secretariat" in client.get(reverse("person_chooser:choose_results")).content.decode()


def test_place_is_no_more_precise_than_the_record_says(client, guest):
    country = PlaceFactory(name="Kenya")
    division = PlaceFactory(name="Nairobi", parent=country, kind="division")
    ActivityFactory(places=[division], location_precision="country")
    client.force_login(guest)

    page = client.get(reverse("desk_activities:index"))
    table = page.content.decode().split("<tbody>")[1]

    assert "Kenya" in table
    assert "Nairobi" not in table
    assert "Nairobi" not in exported(client, "activities")
    assert rows_of(client, "activities", place=country.pk) == set()


def test_history_of_the_whole_site_is_for_the_secretariat(client, guest, secretariat):
    url = reverse("wagtailadmin_reports:site_history")
    GrantFactory(title="Kept from others", visibility=Visibility.ORGANISATION)

    client.force_login(guest)
    refused = client.get(url)
    client.force_login(secretariat)
    shown = client.get(url)

    assert refused.status_code in (302, 403)
    assert "Kept from others" in shown.content.decode()


def test_guest_gives_no_record_to_another_organisation(client, guest):
    mine = ActivityFactory(reporting_organisation=organisation_of(guest))
    other = OrganisationFactory()
    client.force_login(guest)
    add, edit = reverse("desk_activities:add"), reverse("desk_activities:edit", args=[mine.pk])

    made = client.post(
        add,
        data_of(client.get(add).context["form"])
        | {"title": "New", "reporting_organisation": other.pk},
    )
    moved = client.post(
        edit, data_of(client.get(edit).context["form"]) | {"reporting_organisation": other.pk}
    )

    sentence = "This would give the record to an organisation that you do not work for."
    assert sentence in errors_of(made)
    assert sentence in errors_of(moved)
    assert [activity.reporting_organisation for activity in Activity.objects.all()] == [
        mine.reporting_organisation
    ]


def test_guest_makes_a_record_of_their_own(client, guest):
    client.force_login(guest)
    add = reverse("desk_activities:add")
    data = data_of(client.get(add).context["form"]) | {
        "title": "New",
        "reporting_organisation": organisation_of(guest).pk,
    }

    response = client.post(add, data)

    assert response.status_code == 302, errors_of(response)
    assert Activity.objects.get().title == "New"


def test_hidden_record_is_no_choice_in_a_form(client, guest):
    hidden = GrantFactory(visibility=Visibility.ORGANISATION)
    mine = GrantFactory(recipient_organisation=organisation_of(guest))
    client.force_login(guest)
    edit = reverse("desk_grants:edit", args=[mine.pk])

    response = client.post(
        edit, data_of(client.get(edit).context["form"]) | {"regrant_of": hidden.pk}
    )

    assert response.status_code == 200
    mine.refresh_from_db()
    assert mine.regrant_of is None


def test_hidden_parent_of_a_grant_is_kept_and_not_named(client, guest):
    hidden = GrantFactory(title="Kept from others", visibility=Visibility.ORGANISATION)
    mine = GrantFactory(recipient_organisation=organisation_of(guest), regrant_of=hidden)
    client.force_login(guest)
    edit = reverse("desk_grants:edit", args=[mine.pk])
    page = client.get(edit)

    response = client.post(edit, data_of(page.context["form"]) | {"title": "Changed"})

    assert response.status_code == 302, errors_of(response)
    assert "Kept from others" not in page.content.decode()
    assert "Kept from others" not in exported(client, "grants")
    mine.refresh_from_db()
    assert (mine.title, mine.regrant_of) == ("Changed", hidden)
