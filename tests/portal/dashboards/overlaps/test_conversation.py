"""Conversations: read and written by those concerned, and by nobody else."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activities import coordination as services
from activities.choices import AgreementKind
from activities.models import Agreement, Coordination, Message, Overlap
from portal.notices.models import Notice
from tests.factories import CoordinationFactory
from tests.people import organisation_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wagtail_root", "ground")]
MISSING = 987_654_321
POSTS = {
    "message": {"text": "Hi"},
    "propose": {"kind": "joined", "text": "x"},
    "close": {},
    "reopen": {},
}


@pytest.fixture
def talk(pair, editor_a):
    return services.open_coordination(
        [pair], text="Sealed words", by=editor_a, organisation=organisation_of(editor_a), now=timezone.now()
    )  # fmt: skip


@pytest.fixture
def agreement(talk, editor_a):
    return services.propose_agreement(
        talk, AgreementKind.DIVIDED, "By port", by=editor_a, organisation=organisation_of(editor_a),
        now=timezone.now(),
    )  # fmt: skip


def url(name, one):
    return reverse(f"dashboards:{name}", args=[getattr(one, "pk", one)])


def see(client, person, talk):
    client.force_login(person)
    return client.get(url("coordination", talk))


def test_only_those_concerned_and_the_secretariat_read_it(
    client, talk, viewer, editor_a, editor_b, funder, secretariat
):
    for person in (viewer, editor_a, editor_b, secretariat):
        assert "Sealed words" in see(client, person, talk).content.decode()
    assert see(client, funder, talk).status_code == 404
    assert see(client, funder, MISSING).status_code == 404
    client.logout()
    assert client.get(url("coordination", talk)).status_code == 302


def test_nobody_else_writes_answers_or_closes(client, talk, agreement, viewer, funder):
    for person in (viewer, funder):
        client.force_login(person)
        for name, data in POSTS.items():
            for one in (talk, MISSING):
                assert client.post(url(f"coordination-{name}", one), data).status_code == 404
        for name in ("answer", "done"):
            for one in (agreement, MISSING):
                assert (
                    client.post(url(f"agreement-{name}", one), {"answer": "yes"}).status_code == 404
                )
    assert Message.objects.count() == 1
    assert Agreement.objects.get().answers.count() == 1


def test_the_list_holds_ones_own_conversations_alone(client, talk, editor_a, funder, secretariat):
    CoordinationFactory(subject="Of others")
    address = reverse("dashboards:coordinations")

    client.force_login(editor_a)
    text = client.get(address).content.decode()
    assert talk.subject in text
    assert "Of others" not in text

    client.force_login(funder)
    assert talk.subject not in client.get(address).content.decode()

    client.force_login(secretariat)
    assert "Of others" in client.get(address).content.decode()


def test_the_secretariat_sees_what_is_stuck(client, talk, secretariat, editor_a):
    Coordination.objects.update(opened_at=timezone.now() - timedelta(days=20))
    Message.objects.update(sent_at=timezone.now() - timedelta(days=20))
    address = reverse("dashboards:coordinations") + "?show=stuck"

    client.force_login(secretariat)
    text = client.get(address).content.decode()
    assert talk.subject in text
    assert "Nobody answers" in text
    work = client.get(reverse("dashboards:work")).content.decode()
    assert "conversation is stuck" in work

    client.force_login(editor_a)
    assert "Stuck" not in client.get(address).content.decode()


@pytest.mark.parametrize("count", [1, 6])
def test_queries_of_the_list_do_not_grow(client, secretariat, django_assert_max_num_queries, count):
    CoordinationFactory.create_batch(count)
    client.force_login(secretariat)
    client.get(reverse("dashboards:coordinations"))

    with django_assert_max_num_queries(22) as queries:
        client.get(reverse("dashboards:coordinations"))

    QUERIES.setdefault("list", len(queries))
    assert len(queries) == QUERIES["list"]


QUERIES: dict[str, int] = {}


def test_opening_it_reads_the_notice_and_is_seen_by_the_other(client, talk, editor_a, editor_b):
    assert Notice.objects.unread().filter(person=editor_b).count() == 2

    see(client, editor_b, talk)

    assert not Notice.objects.unread().filter(person=editor_b).exists()
    party = talk.parties.get(organisation=organisation_of(editor_b))
    assert party.seen_at is not None
    assert talk.parties.get(organisation=organisation_of(editor_a)).seen_at is None


def test_writing_reaches_the_other_and_says_for_whom(client, talk, editor_b, editor_a):
    client.force_login(editor_b)

    client.post(url("coordination-message", talk), {"text": "Let us <b>meet</b>"})

    text = see(client, editor_a, talk).content.decode()
    assert "Let us &lt;b&gt;meet&lt;/b&gt;" in text
    assert "<b>Organisation B</b>, Editor B" in text


def test_an_empty_message_is_asked_for_words(client, talk, editor_b):
    client.force_login(editor_b)

    text = client.post(url("coordination-message", talk), {"text": "  "}).content.decode()

    assert "Write something first." in text
    assert "Error:" in text


def test_a_message_with_a_persons_data_is_asked_about_once(client, talk, editor_b):
    client.force_login(editor_b)
    data = {"text": "Call +44 20 7946 0958"}

    assert (
        "looks like a phone number"
        in client.post(url("coordination-message", talk), data).content.decode()
    )
    assert Message.objects.count() == 1

    client.post(url("coordination-message", talk), {**data, "anyway": "true"})
    assert Message.objects.count() == 2


def test_yes_of_the_last_one_settles_it(client, pair, talk, agreement, editor_b):
    client.force_login(editor_b)

    text = client.post(
        url("agreement-answer", agreement), {"answer": "yes"}, follow=True
    ).content.decode()

    assert "All have said yes. It holds from now on." in text
    assert Overlap.objects.get(pk=pair.pk).state == "divided"

    text = client.post(
        url("agreement-answer", agreement), {"answer": "yes"}, follow=True
    ).content.decode()
    assert "All have said yes already. It holds." in text


def test_the_secretariat_gives_no_answer_for_others(client, agreement, secretariat):
    client.force_login(secretariat)

    assert client.post(url("agreement-answer", agreement), {"answer": "yes"}).status_code == 404


def test_done_and_not_done_after_all(client, agreement, editor_b):
    client.force_login(editor_b)
    client.post(url("agreement-done", agreement), {"done": "yes"})
    assert Agreement.objects.get().done_at is None  # not agreed yet

    client.post(url("agreement-answer", agreement), {"answer": "yes"})
    client.post(url("agreement-done", agreement), {"done": "yes"})
    assert Agreement.objects.get().done_by == editor_b

    client.post(url("agreement-done", agreement), {"done": "no"})
    assert Agreement.objects.get().done_at is None


def test_closing_and_opening_again(client, pair, talk, editor_a, editor_b):
    client.force_login(editor_a)
    text = client.post(url("coordination-close", talk), follow=True).content.decode()
    assert "Closed by Editor A" in text
    assert Overlap.objects.get(pk=pair.pk).state == "open"

    client.force_login(editor_b)
    text = client.post(
        url("coordination-message", talk), {"text": "Late"}, follow=True
    ).content.decode()
    assert "Editor A has closed this conversation." in text
    assert Message.objects.count() == 1

    client.post(url("coordination-reopen", talk))
    assert Overlap.objects.get(pk=pair.pk).state == "talking"


def test_a_proposal_with_a_day_that_has_passed_is_refused(client, talk, editor_a):
    client.force_login(editor_a)

    text = client.post(
        url("coordination-propose", talk),
        {"kind": "divided", "text": "By port", "due_on": date(2020, 1, 1).isoformat()},
    ).content.decode()

    assert "This day has passed." in text
    assert Agreement.objects.count() == 0


def test_my_work_says_what_waits(client, pair, talk, editor_a, editor_b):
    client.force_login(editor_b)
    text = client.get(reverse("dashboards:work")).content.decode()

    assert "1 conversation waits for your answer" in text
    assert "Others wait for your answer" in text
    assert talk.subject in text
    client.force_login(editor_a)
    assert "waits for your answer" not in client.get(reverse("dashboards:work")).content.decode()
