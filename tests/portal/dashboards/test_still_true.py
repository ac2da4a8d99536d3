"""“Still true?”: the mail of a month, its link, one tap in My work, and who counts as present."""

import re
from datetime import date, timedelta

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activities import digests
from activities.digests import choose_digest, make_key, send_digests
from activities.models import Activity, Digest
from portal.dashboards.who.queries import positions
from portal.history.services import history_of
from tests.factories import (
    ActivityFactory,
    MembershipFactory,
    ObjectiveFactory,
    PlaceFactory,
    StrategyFactory,
)
from tests.people import organisation_of

pytestmark = pytest.mark.django_db

DUE = "/my-work/still-true/"


@pytest.fixture(autouse=True)
def strategy(db):
    today = timezone.localdate()
    return StrategyFactory(
        as_of=None,
        starts_on=date(today.year - 1, 1, 1),
        ends_on=date(today.year + 1, 12, 31),
    )


def stale(person, days=200, **values):
    """An activity that goes on, and that nobody confirmed for so many days."""
    today = timezone.localdate()
    made = ActivityFactory(
        reporting_organisation=organisation_of(person),
        **{"planned_start": today, "planned_end": today + timedelta(days=90), **values},
    )
    Activity.objects.filter(pk=made.pk).update(confirmed_at=timezone.now() - timedelta(days=days))
    made.refresh_from_db()
    return made


def address(mail):
    return re.search(r"http://testserver(/still-true/\S+)", mail.body)[1]


# The mail


def test_mail_comes_once_a_month_and_says_nothing_of_what_waits(editor_a, mailoutbox):
    stale(editor_a, title="Sealed title")
    now = timezone.now()

    assert [send_digests(now=now), send_digests(now=now)] == [1, 0]
    next_month = (now.replace(day=1) + timedelta(days=40)).replace(day=1)
    assert send_digests(now=next_month) == 1

    assert [mail.to for mail in mailoutbox] == [[editor_a.email]] * 2
    for mail in mailoutbox:
        assert "Sealed title" not in mail.subject + mail.body
        assert organisation_of(editor_a).name not in mail.subject + mail.body


def test_mail_is_for_those_who_may_confirm_something(editor_a, editor_b, viewer, mailoutbox):
    stale(editor_a)
    stale(editor_b, days=10)
    stale(editor_b, review_state="draft")

    send_digests(now=timezone.now())

    assert [mail.to for mail in mailoutbox] == [[editor_a.email]]


def test_mail_can_be_switched_off_and_on(client, editor_a, mailoutbox):
    stale(editor_a)
    client.force_login(editor_a)

    client.post("/my-work/still-true/mails/", {"mails": "off"})
    assert send_digests(now=timezone.now()) == 0

    client.post("/my-work/still-true/mails/", {"mails": "on"})
    assert send_digests(now=timezone.now()) == 1


def test_mail_that_the_server_refuses_is_tried_again(editor_a, monkeypatch, mailoutbox):
    stale(editor_a)

    class Away:
        def send_messages(self, messages):
            raise OSError("away")

    with monkeypatch.context() as patch:
        patch.setattr(digests, "get_connection", Away)
        assert send_digests(now=timezone.now()) == 0

    assert not Digest.objects.exists()
    assert send_digests(now=timezone.now()) == 1


# The link


def test_link_confirms_without_signing_in_and_only_by_a_post(client, editor_a, mailoutbox):
    first, second = stale(editor_a, title="Night desk"), stale(editor_a, title="Day desk")
    before = first.confirmed_at
    send_digests(now=timezone.now())
    url = address(mailoutbox[0])

    body = client.get(url).content.decode()
    first.refresh_from_db()
    assert "Night desk" in body
    assert first.confirmed_at == before

    done = client.post(f"{url}{first.pk}/", follow=True)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.confirmed_by == editor_a
    assert second.confirmed_by is None
    assert "1 activity waits" in done.content.decode()
    assert history_of(first).first().user == editor_a
    assert client.get("/my-work/").status_code == 302  # nobody is signed in by it

    client.post(f"{url}{first.pk}/undo/")
    first.refresh_from_db()
    assert (first.confirmed_at, first.confirmed_by) == (before, None)


def test_link_names_only_what_everybody_may_see(client, editor_a):
    objective = ObjectiveFactory(pillar=2)
    one = stale(editor_a, title="Sealed title", visibility="coalition", objectives=[objective])

    body = client.get(f"/still-true/{make_key(editor_a, [one.pk])}/").content.decode()

    assert "Sealed title" not in body
    assert f"An activity that is not public, objective {objective.code}" in body


def test_link_reaches_its_own_activities_and_no_others(client, editor_a, editor_b):
    mine, other = stale(editor_a), stale(editor_a)
    theirs = stale(editor_b)
    key = make_key(editor_a, [mine.pk, theirs.pk])

    answers = [
        client.post(f"/still-true/{key}/{one.pk}/").status_code for one in (mine, other, theirs)
    ]

    assert answers == [302, 404, 404]


def test_link_ends_with_the_right_to_edit_and_with_the_account(client, editor_a):
    one = stale(editor_a)
    key = make_key(editor_a, [one.pk])

    editor_a.memberships.update(role="viewer")
    assert client.post(f"/still-true/{key}/{one.pk}/").status_code == 404

    editor_a.is_active = False
    editor_a.save()
    assert client.get(f"/still-true/{key}/").status_code == 410


def test_old_and_changed_links_say_that_they_have_ended(client, editor_a, monkeypatch):
    one = stale(editor_a)
    key = make_key(editor_a, [one.pk])
    forged = signing.dumps([editor_a.pk, [one.pk]], salt="other")

    monkeypatch.setattr(digests, "LASTS", timedelta(seconds=-1))
    old = client.get(f"/still-true/{key}/")
    monkeypatch.undo()

    assert (old.status_code, "does not work any more" in old.content.decode()) == (410, True)
    assert client.get(f"/still-true/{forged}/").status_code == 410
    assert client.post(f"/still-true/{forged}/{one.pk}/").status_code == 404


def test_link_switches_the_mail_off(client, editor_a, mailoutbox):
    one = stale(editor_a)
    key = make_key(editor_a, [one.pk])

    client.post(f"/still-true/{key}/mails/", {"mails": "off"})

    assert send_digests(now=timezone.now()) == 0


# My work


def test_one_tap_confirms_and_undo_takes_it_back(client, editor_a):
    one = stale(editor_a, title="Night desk")
    before = one.confirmed_at
    client.force_login(editor_a)

    page = client.post(f"/my-work/confirm/{one.pk}/", {"next": "all"}, follow=True)
    assert page.redirect_chain[-1][0] == DUE
    assert page.context["confirmed"] == [one]
    assert list(page.context["page"]) == []

    client.post(f"/my-work/unconfirm/{one.pk}/", {"next": "all"})
    one.refresh_from_db()
    assert (one.confirmed_at, one.confirmed_by) == (before, None)
    assert list(client.get(DUE).context["page"]) == [one]


def test_others_can_neither_confirm_nor_undo(client, editor_a, editor_b, viewer):
    one = stale(editor_a)
    answers = []
    for person in (editor_b, viewer):
        client.force_login(person)
        answers += [
            client.post(f"/my-work/{verb}/{one.pk}/").status_code
            for verb in ("confirm", "unconfirm")
        ]

    assert answers == [404] * 4


def test_what_somebody_confirmed_since_is_not_taken_back(client, editor_a):
    one = stale(editor_a)
    client.force_login(editor_a)
    client.post(f"/my-work/confirm/{one.pk}/")
    later = timezone.now() + timedelta(minutes=1)
    Activity.objects.filter(pk=one.pk).update(confirmed_at=later)

    page = client.post(f"/my-work/unconfirm/{one.pk}/", follow=True)

    one.refresh_from_db()
    assert one.confirmed_at == later
    assert "cannot be taken back" in page.content.decode()


def test_list_asks_as_many_queries_for_many_as_for_one(client, editor_a):
    client.force_login(editor_a)

    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(DUE)
        return len(found)

    stale(editor_a)
    queries()
    few = queries()
    for _number in range(4):
        stale(editor_a)
    queries()

    assert queries() == few


def test_digest_asks_as_many_queries_per_person_whatever_waits(editor_a, mailoutbox):
    person = MembershipFactory(organisation=organisation_of(editor_a)).user
    choose_digest(person, False)
    for _number in range(5):
        stale(editor_a)

    with CaptureQueriesContext(connection) as found:
        send_digests(now=timezone.now())

    assert len(mailoutbox) == 1
    assert len(found) <= 14


# Who counts as present


def test_unconfirmed_activity_leaves_the_matrix_and_is_listed_as_unconfirmed(client, editor_a):
    objective, place = ObjectiveFactory(pillar=2), PlaceFactory(name="Kenya", code="KE")
    stale(editor_a, title="Old desk", objectives=[objective], places=[place])
    new = stale(editor_a, days=5, title="New desk", objectives=[objective], places=[place])

    listed = client.get("/who/").content.decode()
    in_matrix = positions(client.get("/who/?view=matrix").context["selection"])
    page = client.get(f"/objectives/{objective.code}/").content.decode()

    assert "Old desk" in listed
    assert "Not confirmed lately" in listed
    assert "1 activity by 1 organisation." in listed
    assert "1 more was not confirmed lately" in listed
    assert in_matrix.activities == {new.pk}
    assert "Old desk" in page
