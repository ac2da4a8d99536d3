"""One overlap side by side, and the buttons under it."""

import re

import pytest
from django.urls import reverse

from activities.choices import OverlapState, WriterChoice
from activities.models import Activity, Agreement, Coordination, Overlap
from activities.settling import settle_overlap
from portal.records.choices import LocationPrecision, Visibility
from tests.factories import MembershipFactory, OverlapStatementFactory, PlaceFactory
from tests.people import organisation_of

from .conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wagtail_root", "ground")]
MISSING = 987_654_321
ACTIONS = {
    "talk": {},
    "propose": {"kind": "joined", "text": "Together"},
    "link": {},
    "dismiss": {"reason": "people"},
    "undo": {},
}


def url(pair, action=""):
    return reverse(
        f"dashboards:overlap{'-' if action else ''}{action}", args=[getattr(pair, "pk", pair)]
    )


def see(client, person, pair):
    client.force_login(person)
    response = client.get(url(pair))
    assert response.status_code == 200
    return response.content.decode()


def words(text):
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def state(pair):
    return Overlap.objects.get(pk=pair.pk).state


# What stands there


def test_the_page_sets_both_side_by_side_with_the_sign_of_each_row(client, pair, editor_a):
    text = see(client, editor_a, pair)

    assert "Yours, Organisation A" in text
    assert "Organisation B" in text
    assert "Together they plan to spend" in text
    assert "US$2,000" in text
    assert "Both: Feb to Mar 2026" in text
    assert "--sa:" in text
    assert "Not said" in text  # the people, of which neither says a word
    assert "Of what is asked, 0% is met." in words(text)


def test_shared_words_are_marked_in_both_and_text_stays_text(client, pair, editor_a):
    text = see(client, editor_a, pair)

    assert "Course for <mark>officers</mark>: <mark>screening</mark>." in text
    assert "Training of an <mark>officer</mark> in <mark>screening</mark> &lt;b&gt;" in text


def test_what_each_writer_said_in_the_form_stands_there(client, pair, editor_a, editor_b):
    OverlapStatementFactory(
        overlap=pair, activity=pair.second, choice=WriterChoice.PEOPLE, reason="Only seafarers",
        said_by=editor_b, said_at=NOW,
    )  # fmt: skip

    text = words(see(client, editor_a, pair))

    assert "Different people : Only seafarers" in text or "Different people: Only seafarers" in text


def test_places_are_shown_no_more_precisely_than_their_owner_wants(
    client, activity, alike, ground, editor_a, secretariat
):
    division = PlaceFactory(
        code="KE-30", name="Sealed county", kind="division", parent=ground["place"]
    )
    pair = alike(
        activity(organisation_of(editor_a), places=[division]),
        activity(places=[division], location_precision=LocationPrecision.COUNTRY),
        place=division,
    )  # fmt: skip

    text = see(client, editor_a, pair)
    assert "<h1>2 similar activities: Shelter, Kenya</h1>" in text
    assert text.count("Sealed county") == 1  # in the reader's own column
    assert "Shelter, Sealed county" in see(client, secretariat, pair)


def test_three_that_are_alike_stand_in_three_columns(client, activity, alike, pair, editor_a):
    third = activity(title="Workshop")
    alike(Activity.objects.get(title="Training"), third)

    text = see(client, editor_a, pair)

    assert "3 similar activities" in text
    assert [title in text for title in ("Course", "Training", "Workshop")] == [True] * 3
    assert "US$3,000" in text


@pytest.mark.parametrize("count", [1, 8])
def test_queries_do_not_grow_with_the_group(
    client, activity, alike, pair, secretariat, django_assert_max_num_queries, count
):
    for number in range(count):
        alike(pair.first, activity(title=f"Other {number}"))
    client.force_login(secretariat)
    client.get(url(pair))

    with django_assert_max_num_queries(48) as queries:
        client.get(url(pair))

    QUERIES.setdefault("page", len(queries))
    assert len(queries) <= QUERIES["page"] + 1  # a larger group has a list of the rest


QUERIES: dict[str, int] = {}


# Who


def test_hidden_and_missing_answer_the_same(
    client, hidden_pair, public, viewer, editor_a, editor_b, funder, secretariat
):
    for person in (None, viewer, editor_a, editor_b, funder):
        if person is not None:
            client.force_login(person)
        answers = [client.get(url(one)) for one in (hidden_pair, MISSING)]
        assert [one.status_code for one in answers] == [404, 404]
        for action, data in ACTIONS.items():
            posts = [
                client.post(url(one, action), data).status_code for one in (hidden_pair, MISSING)
            ]
            assert posts == [302 if person is None else 404] * 2
    assert state(hidden_pair) == OverlapState.OPEN
    assert Coordination.objects.count() == 0


def test_the_public_opens_no_overlap_even_of_public_records(client, pair):
    assert client.get(url(pair)).status_code == 404


def test_funders_and_viewers_read_and_change_nothing(client, pair, funder, viewer):
    for person in (funder, viewer):
        text = see(client, person, pair)
        assert "The organisations concerned and the secretariat decide." in text
        assert "Mark as not a duplicate" not in text
        for action, data in ACTIONS.items():
            assert client.post(url(pair, action), data).status_code == 404
    assert state(pair) == OverlapState.OPEN


def test_the_secretariat_is_warned_where_one_side_may_not_see_the_other(
    client, hidden_pair, secretariat
):
    text = see(client, secretariat, hidden_pair)

    assert "Organisation A may not see the other side" in text
    assert "Start coordination" not in text
    client.post(url(hidden_pair, "talk"), {})
    assert Coordination.objects.count() == 0


# Settling


def test_dismissing_keeps_the_reason_and_can_be_undone(client, pair, editor_a):
    client.force_login(editor_a)

    response = client.post(
        url(pair, "dismiss"), {"reason": "people", "note": "Seafarers"}, follow=True
    )
    text = response.content.decode()
    assert "Not a duplicate: Different people" in text
    assert "Seafarers" in text
    assert "Decided by Editor A" in text

    client.post(url(pair, "undo"))
    assert state(pair) == OverlapState.OPEN


def test_dismissing_without_a_reason_says_what_to_do_and_keeps_the_words(client, pair, editor_a):
    client.force_login(editor_a)

    text = client.post(url(pair, "dismiss"), {"note": "Because"}).content.decode()

    assert "Error:" in text
    assert "Choose a reason, so that nobody asks again." in text
    assert 'value="Because"' in text
    assert state(pair) == OverlapState.OPEN


def test_a_text_with_a_persons_data_is_asked_about_once(client, pair, editor_a):
    client.force_login(editor_a)
    data = {"reason": "people", "note": "Ask maria@example.org about it"}

    text = client.post(url(pair, "dismiss"), data).content.decode()
    assert "looks like an e-mail address" in text
    assert state(pair) == OverlapState.OPEN

    client.post(url(pair, "dismiss"), {**data, "anyway": "true"})
    assert state(pair) == OverlapState.DISMISSED


def test_linking_through_the_page_counts_the_records_once(client, pair, editor_a, ground):
    client.force_login(editor_a)
    seen = Activity.objects.visible_to(editor_a).counting()
    assert seen.counting_once_for(editor_a).count() == 2

    text = client.post(url(pair, "link"), follow=True).content.decode()

    assert "count once in every figure from now on" in text
    assert seen.counting_once_for(editor_a).count() == 1
    client.post(url(pair, "undo"))
    assert seen.counting_once_for(editor_a).count() == 2


def test_the_second_to_settle_is_told_who_was_first(client, pair, editor_a, editor_b):
    settle_overlap(pair, OverlapState.LINKED, by=editor_b, now=NOW)
    client.force_login(editor_a)

    text = client.post(url(pair, "dismiss"), {"reason": "people"}, follow=True).content.decode()

    assert "Editor B has settled this already: Linked as one project. Nothing was changed." in text
    assert state(pair) == OverlapState.LINKED


def test_a_double_click_settles_once(client, pair, editor_a):
    client.force_login(editor_a)
    client.post(url(pair, "dismiss"), {"reason": "people"})

    text = client.post(url(pair, "dismiss"), {"reason": "people"}, follow=True).content.decode()

    assert "You have settled this already" in text


def test_a_decision_is_about_the_pairs_that_were_ticked(client, activity, alike, pair, editor_a):
    third = activity(organisation_of(editor_a), title="Workshop")
    other = alike(Activity.objects.get(title="Training"), third)
    client.force_login(editor_a)

    client.post(url(pair, "dismiss"), {"reason": "time", "pair": [other.pk]})
    assert [state(one) for one in (pair, other)] == ["open", "dismissed"]

    client.post(url(other, "undo"))
    client.post(url(pair, "dismiss"), {"reason": "time", "pair": [pair.pk, other.pk]})
    assert [state(one) for one in (pair, other)] == ["dismissed", "dismissed"]


def test_a_ticked_pair_of_others_is_left_alone(client, activity, alike, pair, editor_a):
    foreign = alike(Activity.objects.get(title="Training"), activity(title="Workshop"))
    client.force_login(editor_a)

    client.post(url(pair, "dismiss"), {"reason": "time", "pair": [pair.pk, foreign.pk]})

    assert [state(one) for one in (pair, foreign)] == ["dismissed", "open"]


# Talking


def test_writing_to_both_opens_one_conversation(client, pair, editor_a, editor_b):
    client.force_login(editor_a)

    response = client.post(url(pair, "talk"), {"text": "Shall we meet?"}, follow=True)
    again = client.post(url(pair, "talk"), {"text": "Shall we meet?"}, follow=True)

    assert response.redirect_chain[-1][0] == again.redirect_chain[-1][0]
    assert Coordination.objects.get().messages.count() == 1
    assert "Shall we meet?" in response.content.decode()
    assert state(pair) == OverlapState.TALKING


def test_proposing_a_joint_activity_waits_for_the_other(client, pair, editor_a):
    client.force_login(editor_a)

    response = client.post(
        url(pair, "propose"),
        {
            "kind": "joined",
            "text": "One course",
            "who": organisation_of(editor_a).pk,
            "amount": "500",
        },
        follow=True,
    )

    agreement = Agreement.objects.get()
    assert (agreement.kind, agreement.currency, agreement.agreed_at) == ("joined", "USD", None)
    assert "Waits for answers" in response.content.decode()
    assert "Proposed: One joint activity. It waits for answers." in see(client, editor_a, pair)


def test_others_are_not_told_what_is_proposed(client, pair, editor_a, funder):
    client.force_login(editor_a)
    client.post(url(pair, "propose"), {"kind": "divided", "text": "By port"})

    text = see(client, funder, pair)

    assert "They are talking." in text
    assert "By port" not in text
    assert "Proposed:" not in text


def test_a_proposal_without_words_says_what_is_missing(client, pair, editor_a):
    client.force_login(editor_a)

    text = client.post(url(pair, "propose"), {"kind": "divided"}).content.decode()

    assert "Say what you propose." in text
    assert Coordination.objects.count() == 0


def test_there_is_no_talk_with_oneself(client, activity, alike, editor_a):
    own = organisation_of(editor_a)
    pair = alike(activity(own), activity(own), kind="double")

    text = see(client, editor_a, pair)

    assert "there is nobody to write to" in text
    assert "Start coordination" not in text
    client.post(url(pair, "talk"), {})
    assert Coordination.objects.count() == 0


def test_opened_again_after_an_edit_is_said(client, pair, editor_a):
    Overlap.objects.filter(pk=pair.pk).update(reopened_at=NOW)

    assert "Opened again on 4 May 2026 after an edit." in see(client, editor_a, pair)


def test_somebody_of_two_organisations_writes_for_one_of_them(client, pair, editor_a):
    MembershipFactory(user=editor_a)
    client.force_login(editor_a)

    client.post(url(pair, "talk"), {"text": "Hello"})

    assert Coordination.objects.get().messages.get().organisation.name == "Organisation A"


def test_a_record_hidden_later_takes_its_overlap_with_it(client, pair, editor_a):
    Activity.objects.filter(title="Training").update(visibility=Visibility.ORGANISATION)
    client.force_login(editor_a)

    assert client.get(url(pair)).status_code == 404
