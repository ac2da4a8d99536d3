from uuid import uuid4

import pytest
from django.utils import timezone

from activities.models import Activity, ActivityDraft
from portal.dashboards.logging.keys import user_key

from .conftest import NEW, edit_url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wagtail_root")]
DRAFT = "/activities/draft/"


def keep(client, form, **more):
    return client.post(DRAFT, {**form, **more})


def test_a_draft_is_kept_as_typed_and_comes_back(editor, filled):
    form = filled(title="Half a ti", budget="some money", objective=None)

    answer = keep(editor, form)

    assert answer.json()["version"] == 1
    assert answer.json()["says"].startswith("Draft saved at")
    page = editor.get(f"{NEW}?draft={form['token']}").content.decode()
    assert 'value="Half a ti"' in page
    assert 'value="some money"' in page
    assert "Half a ti" in editor.get("/my-work/").content.decode()


def test_one_row_is_kept_however_often_it_is_saved(editor, filled):
    form = filled()

    versions = [
        keep(editor, {**form, "title": title}, seen=seen).json()["version"]
        for seen, title in enumerate(("A", "Ab", "Abc"))
    ]

    assert versions == [1, 2, 3]
    assert ActivityDraft.objects.get().title == "Abc"


def test_a_draft_that_another_device_changed_is_not_written_over(editor, filled):
    form = filled()
    keep(editor, form)
    keep(editor, {**form, "title": "On the laptop"}, seen=1)

    answer = keep(editor, {**form, "title": "On the phone"}, seen=1)

    assert (answer.status_code, answer.json()["version"]) == (409, 2)
    assert ActivityDraft.objects.get().title == "On the laptop"
    assert keep(editor, {**form, "title": "On the phone"}, seen=2, force=1).status_code == 200
    assert ActivityDraft.objects.get().title == "On the phone"


def test_a_form_sent_from_an_older_device_becomes_a_second_draft(editor, filled):
    form = filled(title="At first")
    keep(editor, form)
    for seen, title in ((1, "On the laptop"), (2, "On the laptop, longer")):
        keep(editor, {**form, "title": title}, seen=seen)

    editor.post(NEW, {**form, "title": "On the phone", "objective": [], "seen": "1"})

    titles = {draft.title for draft in ActivityDraft.objects.all()}
    assert titles == {"On the laptop, longer", "On the phone"}


def test_a_form_sent_while_its_draft_is_saved_stays_one_draft(editor, filled):
    form = filled(title="Talk")
    keep(editor, form)
    keep(editor, {**form, "title": "Talks"}, seen=1)

    editor.post(NEW, {**form, "title": "Talks on wages", "objective": [], "seen": "1"})

    assert ActivityDraft.objects.get().title == "Talks on wages"


def test_line_ends_of_a_browser_and_of_a_script_are_the_same_draft(editor, filled):
    form = filled(description="One\r\nTwo")
    keep(editor, form)

    answer = keep(editor, {**form, "description": "One\nTwo"})

    assert answer.json()["version"] == 1


def test_a_draft_of_a_form_that_was_sent_is_none(send, editor, filled):
    form = filled()
    send(form)

    answer = keep(editor, form)

    assert answer.json()["sent"].startswith("/activities/")
    assert not ActivityDraft.objects.exists()
    assert editor.get(f"{NEW}?draft={form['token']}").status_code == 302


def test_nobody_else_has_a_draft(client, editor, filled, editor_b, secretariat):
    form = filled(title="Only mine")
    keep(editor, form)
    draft = ActivityDraft.objects.get()

    for person in (editor_b, secretariat):
        client.force_login(person)
        assert "Only mine" not in client.get(f"{NEW}?draft={form['token']}").content.decode()
        assert "Only mine" not in client.get("/my-work/").content.decode()
        assert client.post(f"/activities/drafts/{draft.pk}/delete/").status_code == 404
    assert ActivityDraft.objects.filter(pk=draft.pk).exists()


def test_what_one_person_wrote_on_a_device_is_not_kept_for_another(
    client, editor, filled, editor_a, editor_b
):
    client.force_login(editor_b)

    answer = keep(client, filled(), owner_key=user_key(editor_a))

    assert answer.status_code == 401
    assert not ActivityDraft.objects.exists()


def test_one_draft_per_activity_and_person(editor, send, filled, editor_a):
    send(filled())
    activity = Activity.objects.latest("pk")

    for title in ("First", "Second"):
        form = {"title": title, "activity": activity.pk, "token": str(uuid4()), "force": "1"}
        assert keep(editor, form).status_code == 200

    assert ActivityDraft.objects.get().title == "Second"
    page = editor.get(edit_url(activity)).content.decode()
    assert 'value="Second"' in page
    assert "have not sent it yet" in page


def test_nobody_drafts_changes_to_an_activity_of_others(editor, ground):
    form = {"title": "Mine now", "activity": ground.other.pk, "token": str(uuid4())}

    assert keep(editor, form).status_code == 404


def test_a_draft_that_is_too_long_says_so(editor, filled):
    answer = keep(editor, filled(description="x" * 100_000))

    assert answer.status_code == 413
    assert "too long" in answer.json()["problem"]


def test_a_nul_byte_is_left_out_of_a_draft(editor, filled):
    assert keep(editor, filled(title="a\0b")).status_code == 200
    assert ActivityDraft.objects.get().title == "ab"


def test_a_stranger_gets_no_draft_and_learns_nothing(client, filled):
    assert client.get(DRAFT).json() == {"user": ""}
    assert keep(client, filled()).status_code == 401
    assert not ActivityDraft.objects.exists()


def test_keep_as_draft_leads_to_my_work(editor, filled):
    response = editor.post(NEW, filled(action="keep", objective=None), follow=True)

    assert response.redirect_chain == [("/my-work/", 302)]
    assert "Your draft is kept" in response.content.decode()
    assert not Activity.objects.filter(title="Talks on rights at work").exists()


# Signed out while writing, without scripts


def sent_signed_out(client, form):
    owner = client.get(NEW).context["owner"]
    client.logout()
    return client.post(NEW, {**form, "owner": owner})


def test_a_form_sent_signed_out_waits_for_its_writer(client, editor, filled, editor_a):
    response = sent_signed_out(client, filled(title="Nearly lost"))

    assert response["Location"] == f"/sign-in/?next={NEW}"
    client.force_login(editor_a)
    page = client.get(NEW).content.decode()
    assert "Nearly lost" in page
    assert "it is not sent yet" in page
    assert "Nearly lost" not in client.get(NEW).content.decode()


def test_a_form_sent_signed_out_is_not_shown_to_the_next_person(client, editor, filled, editor_b):
    sent_signed_out(client, filled(title="Nearly lost"))
    client.force_login(editor_b)
    assert "kept_form" in client.session

    assert "Nearly lost" not in client.get(NEW).content.decode()
    assert "kept_form" not in client.session


def test_nothing_is_kept_for_somebody_who_never_had_the_form(client, filled, ground):
    client.post(NEW, filled(owner="1:forged"))

    assert "kept_form" not in client.session


def test_a_draft_can_be_thrown_away(editor, filled):
    keep(editor, filled())

    editor.post(f"/activities/drafts/{ActivityDraft.objects.get().pk}/delete/")

    assert not ActivityDraft.objects.exists()


def test_my_work_lists_drafts_newest_first(editor, editor_a, ground):
    for title, hour in (("Old", 1), ("New", 2)):
        ActivityDraft.objects.create(
            user=editor_a, token=uuid4(), data={"title": [title]},
            updated_at=timezone.now().replace(hour=hour),
        )  # fmt: skip

    drafts = editor.get("/my-work/").context["drafts"]

    assert [draft.title for draft in drafts] == ["New", "Old"]
