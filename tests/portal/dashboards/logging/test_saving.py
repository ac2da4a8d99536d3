from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from activities.models import Activity, ActivityDraft, OverlapStatement, SentForm
from portal.history.services import history_of
from portal.records.choices import ReviewState
from tests.factories import MembershipFactory, OrganisationFactory

from .conftest import NEW, edit_url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wagtail_root")]


def made():
    return Activity.objects.exclude(title__startswith="Talks about").get()


def said_of(activity):
    """An activity with all its parts, as plain values."""
    return {
        "title": activity.title,
        "period": (activity.planned_start, activity.planned_end),
        "objectives": {row.objective.title: row.share for row in activity.objective_shares.all()},
        "places": {row.place.code: row.share for row in activity.place_shares.all()},
        "people": {row.group for row in activity.populations.all()},
        "forms": {row.form for row in activity.exploitations.all()},
        "partners": {(row.organisation.name, row.role) for row in activity.participants.all()},
        "budget": (activity.budget_amount, activity.budget_currency),
        "shared": (activity.visibility, [str(one) for one in activity.working_groups.all()]),
    }


def test_new_activity_is_saved_with_everything_that_was_said(send, filled, ground, editor_a):
    form = filled(
        **{
            "objective": [ground.care.pk, ground.law.pk],
            f"objective_share-{ground.care.pk}": "66,7",
            f"objective_share-{ground.law.pk}": "33.3",
            "place": [ground.kenya.pk, ground.ghana.pk],
            "population": ["migrants", "workers"],
            "exploitation": ["labour"],
            "people": "3,000",
            "delivery": "campaign",
            "partner": [ground.partner.pk],
            f"role-{ground.partner.pk}": "1",
            "budget": "64,000",
            "currency": "USD",
            "visibility": "working_group",
            "group": [ground.group.pk],
            "precision": "country",
            "contact": "Office of the programme",
            "start_day": "15",
        }
    )

    response, problems = send(form)

    assert problems == []
    assert response.status_code == 302
    activity = made()
    assert str(activity.pk) in response["Location"]
    assert said_of(activity) == {
        "title": "Talks on rights at work",
        "period": (date(2027, 2, 15), date(2027, 11, 30)),
        "objectives": {"Care": Decimal("66.7"), "Law": Decimal("33.3")},
        "places": {"KE": 50, "GH": 50},
        "people": {"migrants", "workers"},
        "forms": {"labour"},
        "partners": {("Harbour House", "1")},
        "budget": (64000, "USD"),
        "shared": ("working_group", [ground.group.name]),
    }
    assert activity.reporting_organisation == ground.a
    assert (activity.people_expected, activity.location_precision) == (3000, "country")
    assert activity.confirmed_by == editor_a
    assert activity.review_state == ReviewState.SUBMITTED


def test_a_form_sent_twice_makes_one_activity_and_leads_to_it_twice(send, filled):
    form = filled()

    first, _problems = send(form)
    second, _problems = send(form)

    assert first["Location"] == second["Location"]
    assert Activity.objects.filter(title=form["title"]).count() == 1


def test_a_form_changed_and_sent_again_shows_both_and_loses_nothing(send, filled, ground):
    form = filled()
    send(form)

    response, _problems = send({**form, "title": "Talks on wages"})

    assert response.status_code == 409
    assert [(row["key"], row["mine"], row["theirs"]) for row in response.context["rows"]] == [
        ("title", ["Talks on wages"], ["Talks on rights at work"])
    ]
    assert made().title == "Talks on rights at work"


def test_the_token_of_somebody_else_leads_to_nothing_of_theirs(client, filled, editor_b, send):
    form = filled()
    send(form)
    client.force_login(editor_b)

    response = client.post(NEW, {**form, "title": "Another"})

    assert response.status_code == 302
    assert Activity.objects.filter(title__in=("Another", form["title"])).count() == 2


def test_what_the_writer_does_about_a_similar_activity_is_kept(send, filled, ground, editor_a):
    form = filled(
        **{f"say-{ground.other.pk}": "people", f"why-{ground.other.pk}": "Ours are for fishers."}
    )

    send(form)

    statement = OverlapStatement.objects.get()
    assert (statement.choice, statement.reason) == ("people", "Ours are for fishers.")
    assert statement.activity == made()
    assert {statement.overlap.first, statement.overlap.second} == {made(), ground.other}
    assert statement.said_by == editor_a


def test_what_was_said_stands_in_the_form_again_and_is_kept_once(send, editor, filled, ground):
    send(filled(**{f"say-{ground.other.pk}": "people", f"why-{ground.other.pk}": "For fishers."}))
    form = opened(editor, made())

    editor.post(edit_url(made()), {**form, "title": ["Talks on wages"]})
    editor.post(edit_url(made()), {**opened(editor, made()), f"say-{ground.other.pk}": ["join"]})

    assert form[f"say-{ground.other.pk}"] == ["people"]
    said = OverlapStatement.objects.order_by("pk").values_list("choice", "reason")
    assert list(said) == [("people", "For fishers."), ("join", "For fishers.")]


def test_nothing_is_said_of_an_activity_that_the_writer_does_not_see(send, filled, ground):
    Activity.objects.filter(pk=ground.other.pk).update(visibility="organisation")

    response, _problems = send(filled(**{f"say-{ground.other.pk}": "people"}))

    assert response.status_code == 302
    assert not OverlapStatement.objects.exists()


def test_saving_drops_the_draft_and_nobody_elses(send, filled, editor_a, editor_b):
    form = filled()
    for user in (editor_a, editor_b):
        ActivityDraft.objects.create(
            user=user, token=form["token"], data={}, updated_at=timezone.now()
        )

    send(form)

    assert [draft.user for draft in ActivityDraft.objects.all()] == [editor_b]


def test_nothing_is_saved_where_one_thing_fails(send, filled, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the last step fails")

    monkeypatch.setattr("activities.saving.submit", fail)

    with pytest.raises(RuntimeError):
        send(filled())

    assert not Activity.objects.filter(title="Talks on rights at work").exists()
    assert not SentForm.objects.exists()


# Changing


@pytest.fixture
def activity(send, filled):
    """An activity of Organisation A, made through the form."""
    send(filled())
    return made()


def opened(client, activity):
    """The form of an activity, as a browser would send it back unchanged."""
    context = client.get(edit_url(activity)).context
    return {**context["typed"], "token": str(uuid4()), "action": "save"}


def test_changing_an_activity_keeps_what_was_not_touched(editor, activity, ground):
    form = opened(editor, activity)
    before = said_of(activity)

    response = editor.post(edit_url(activity), {**form, "title": ["Talks on wages"]})

    assert response.status_code == 302
    activity.refresh_from_db()
    assert said_of(activity) == {**before, "title": "Talks on wages"}


def test_changes_of_parts_stand_in_the_history(editor, activity, ground):
    form = opened(editor, activity)

    editor.post(edit_url(activity), {**form, "place": [str(ground.ghana.pk)]})

    entries = history_of(activity)
    changes = [entry.data["changes"].get("place_shares") for entry in entries]
    assert [["Kenya: 100%"], ["Ghana: 100%"]] in changes


def test_the_second_of_two_editors_is_shown_both_versions(editor, activity, ground):
    mine = opened(editor, activity)
    theirs = opened(editor, activity)
    editor.post(edit_url(activity), {**theirs, "title": ["Their title"], "budget": ["500"]})

    response = editor.post(edit_url(activity), {**mine, "title": ["My title"], "people": ["40"]})

    assert response.status_code == 409
    rows = {row["key"]: row for row in response.context["rows"]}
    assert {key: (row["mine"], row["theirs"], row["keep"]) for key, row in rows.items()} == {
        "title": (["My title"], ["Their title"], "mine"),
        "people": (["40"], ["nothing"], "mine"),
        "budget": (["nothing"], ["US$500.00"], "theirs"),
    }
    activity.refresh_from_db()
    assert activity.title == "Their title"

    fields = {}
    for name, value in response.context["fields"]:
        fields.setdefault(name, []).append(value)
    chosen = {"keep-title": "mine", "keep-people": "mine", "keep-budget": "theirs"}
    answer = editor.post(
        edit_url(activity),
        {**fields, **chosen, "resolve": "1", "action": "save", "token": str(uuid4())},
    )

    assert answer.status_code == 302
    activity.refresh_from_db()
    assert (activity.title, activity.people_expected, activity.budget_amount) == (
        "My title",
        40,
        500,
    )


def test_a_confirmation_meanwhile_is_no_conflict(editor, activity, editor_a):
    form = opened(editor, activity)
    Activity.objects.get(pk=activity.pk).save()

    response = editor.post(edit_url(activity), {**form, "title": ["Talks on wages"]})

    assert response.status_code == 302


def test_an_edit_sent_twice_is_saved_once(editor, activity):
    form = {**opened(editor, activity), "title": ["Talks on wages"]}

    first = editor.post(edit_url(activity), form)
    entries = history_of(activity).count()
    second = editor.post(edit_url(activity), form)

    assert (first.status_code, second.status_code) == (302, 302)
    assert history_of(activity).count() == entries


# Who may


@pytest.mark.parametrize(
    ("person", "status"),
    [("viewer", 403), ("editor_a", 200), ("funder", 200), ("secretariat", 200)],
)
def test_who_may_log(client, request, ground, person, status):
    client.force_login(request.getfixturevalue(person))

    assert client.get(NEW).status_code == status


@pytest.mark.parametrize(
    ("person", "status"), [("viewer", 404), ("editor_b", 404), ("secretariat", 200)]
)
def test_who_may_change(client, request, activity, person, status):
    client.force_login(request.getfixturevalue(person))

    assert client.get(edit_url(activity)).status_code == status
    assert client.post(edit_url(activity), {}).status_code == (422 if status == 200 else 404)


def test_an_editor_of_two_organisations_says_for_which(send, filled, editor_a):
    second = OrganisationFactory(name="Second")
    MembershipFactory(user=editor_a, organisation=second)

    _response, problems = send(filled())
    response, none = send(filled(organisation=second.pk))

    assert problems == ["Choose the organisation that reports the activity"]
    assert none == []
    assert response.status_code == 302
    assert made().reporting_organisation == second


# Deleting and cancelling


def test_deleting_hides_an_activity_from_all_and_can_be_undone(client, activity, editor, public):
    Activity.objects.filter(pk=activity.pk).update(review_state="accepted")

    editor.post(f"/activities/{activity.pk}/delete/")

    page = editor.get("/my-work/").content.decode()
    assert "Deleted lately" in page
    assert editor.get(f"/activities/{activity.pk}/").status_code == 404
    assert not Activity.objects.counting().filter(pk=activity.pk).exists()
    assert not Activity.objects.visible_to(public).filter(pk=activity.pk).exists()

    editor.post(f"/activities/{activity.pk}/undo/")

    assert editor.get(f"/activities/{activity.pk}/").status_code == 200
    assert Activity.objects.counting().filter(pk=activity.pk).exists()


def test_cancelling_can_be_undone_to_what_it_was(editor, activity):
    Activity.objects.get(pk=activity.pk)
    before = activity.activity_status

    editor.post(f"/activities/{activity.pk}/delete/", {"how": "cancel"})
    activity.refresh_from_db()
    assert activity.activity_status == "5"
    editor.post(f"/activities/{activity.pk}/undo/")

    activity.refresh_from_db()
    assert activity.activity_status == before


@pytest.mark.parametrize("what", ["delete", "undo"])
def test_nobody_else_deletes_or_brings_back(client, activity, editor_b, viewer, what):
    for person in (editor_b, viewer):
        client.force_login(person)
        assert client.post(f"/activities/{activity.pk}/{what}/").status_code == 404
    activity.refresh_from_db()
    assert activity.removed_at is None
