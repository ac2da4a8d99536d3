"""The list of overlaps: groups, filters, money, and who sees what of it."""

from datetime import date

import pytest
from django.urls import reverse

from activities import coordination as talks
from activities.choices import AgreementKind, DismissReason, OverlapState
from activities.linking import link_activities
from activities.models import Activity
from activities.settling import settle_overlap
from portal.records.choices import LocationPrecision, Visibility
from tests.factories import OrganisationFactory, PlaceFactory
from tests.people import organisation_of

from .conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wagtail_root", "ground")]
URL = "/overlaps/"


def see(client, person, query=""):
    client.force_login(person)
    response = client.get(URL + query)
    assert response.status_code == 200
    return response


def groups(response):
    return [
        sorted(activity.title for activity in group.activities)
        for group in response.context["page"]
    ]


def test_connected_pairs_are_one_group(client, activity, alike, editor_a):
    one, two, three, four, five = (activity(title=title) for title in "abcde")
    alike(one, two, score=0.6)
    alike(two, three, score=0.9)
    alike(four, five, score=0.7)

    response = see(client, editor_a)

    assert groups(response) == [["a", "b", "c"], ["d", "e"]]
    assert "2 groups of activities look alike." in response.content.decode()


def test_a_group_shows_its_signs_money_and_need(client, pair, editor_a):
    text = see(client, editor_a).content.decode()

    assert "2 similar activities: Shelter, Kenya" in text
    assert "3 of 5 signs match, 1 in part" in text
    assert "Both run from Feb 2026 to Mar 2026" in text
    assert "US$2,000" in text
    assert "Both may be needed: Kenya is still short of US$" in text
    assert "New. Nobody talks about it yet." in text


def test_money_is_counted_once_per_activity_and_once_per_linked_records(
    client, activity, alike, editor_a
):
    one, two, three = (activity(budget_amount=amount) for amount in (100, 20, 3))
    alike(one, two)
    alike(two, three)
    twin = activity(budget_amount=7)
    alike(twin, two)
    link_activities([one, twin], rule="a test")

    response = see(client, editor_a)

    (group,) = response.context["page"]
    assert group.planned.cents == response.context["planned"].cents == 12300


def test_the_sum_of_all_groups_is_the_sentence(client, activity, alike, editor_a):
    for amount in (100, 250):
        alike(activity(budget_amount=amount), activity(budget_amount=None, budget_currency=""))

    response = see(client, editor_a)

    assert sum(group.planned.cents for group in response.context["page"]) == 35000
    assert response.context["planned"].cents == 35000
    assert "1 gives no budget" in response.content.decode()


@pytest.mark.parametrize("count", [1, 6])
def test_queries_do_not_grow_with_groups(
    client, activity, alike, editor_a, secretariat, django_assert_max_num_queries, count
):
    for _number in range(count):
        hub = activity()
        for _other in range(count):
            alike(hub, activity())
    client.force_login(secretariat)
    client.get(URL)

    with django_assert_max_num_queries(36) as queries:
        client.get(URL)

    QUERIES.setdefault("list", len(queries))
    assert len(queries) == QUERIES["list"]


QUERIES: dict[str, int] = {}


# Filters


def test_filters_narrow_the_list(client, activity, alike, ground, pair, editor_a):
    other_place = PlaceFactory(code="UG", name="Uganda")
    elsewhere = alike(
        activity(places=[other_place], title="x"), activity(places=[other_place], title="y"),
        place=other_place, kind="same", objective=None,
    )  # fmt: skip
    mine, others = ["Course", "Training"], ["x", "y"]

    assert groups(see(client, editor_a, "?place=KE")) == [mine]
    assert groups(see(client, editor_a, "?place=UG")) == [others]
    assert groups(see(client, editor_a, "?kind=same")) == [others]
    assert groups(see(client, editor_a, f"?objective={ground['objective'].code}")) == [mine]
    assert groups(see(client, editor_a, "?objective=2")) == [mine]
    assert groups(see(client, editor_a, "?mine=true")) == [mine]
    assert groups(see(client, editor_a, "?stage=reopened")) == []
    elsewhere.reopened_at = NOW
    elsewhere.save()
    assert groups(see(client, editor_a, "?stage=reopened")) == [others]
    assert groups(see(client, editor_a, "?stage=new")) == [mine]


def test_a_filter_that_makes_no_sense_is_said_and_left_out(client, pair, editor_a):
    response = see(client, editor_a, "?place=XX&kind=odd")

    assert groups(response) == [["Course", "Training"]]
    assert "We know no place “XX”." in response.content.decode()
    assert "We know no kind “odd”." in response.content.decode()


def test_a_place_is_found_no_more_precisely_than_it_may_be_seen(
    client, activity, alike, ground, editor_a, secretariat
):
    division = PlaceFactory(
        code="KE-30", name="Sealed county", kind="division", parent=ground["place"]
    )
    alike(
        activity(places=[division], location_precision=LocationPrecision.COUNTRY),
        activity(places=[division], location_precision=LocationPrecision.COUNTRY),
        place=division,
    )  # fmt: skip

    assert groups(see(client, editor_a, "?place=KE-30")) == []
    assert len(groups(see(client, editor_a, "?place=KE"))) == 1
    assert "2 similar activities: Shelter, Kenya" in see(client, editor_a).content.decode()
    assert "Sealed county" not in see(client, editor_a).context["page"][0].title
    assert len(groups(see(client, secretariat, "?place=KE-30"))) == 1


def test_a_list_without_overlaps_says_so(client, editor_a):
    assert "No open overlaps" in see(client, editor_a).content.decode()
    assert "Nothing looks alike here" in see(client, editor_a, "?kind=same").content.decode()


# Hidden ends


def test_a_hidden_end_joins_nothing_and_counts_for_nobody_else(
    client, activity, alike, hidden_pair, pair, editor_a, funder, secretariat
):
    """A – hidden – B would be one group through the hidden record."""
    sealed = Activity.objects.get(title="Sealed house")
    alike(sealed, Activity.objects.get(title="Training"))
    for person in (editor_a, funder):
        response = see(client, person)
        text = response.content.decode()
        assert groups(response) == [["Course", "Training"]]
        assert "Sealed" not in text
        assert "Keeper" not in text
        assert "1 group of activities looks alike." in text
        assert response.context["planned"].cents == 200000

    response = see(client, secretariat)
    assert groups(response) == [["Course", "Sealed house", "Second course", "Training"]]
    assert "Only the secretariat sees this pair as a whole" in response.content.decode()


def test_the_header_counts_only_what_one_sees(client, pair, hidden_pair, editor_a):
    text = see(client, editor_a).content.decode()

    assert 'Overlaps <span class="ff-count">1<span class="visually-hidden"> open' in text


# The public


def test_the_public_reads_counts_and_no_names(client, pair, hidden_pair):
    text = client.get(URL).content.decode()

    assert "Where activities look alike" in text
    for name in ("Course", "Training", "Sealed", "Organisation A", "Organisation B", "Kenya"):
        assert name not in text
    assert "Open now: &lt;10." in text


def test_a_hidden_record_changes_nothing_of_what_the_public_reads(
    client, activity, alike, pair, editor_a
):
    before = client.get(URL).content
    alike(
        Activity.objects.get(title="Course"),
        activity(organisation_of(editor_a), visibility=Visibility.COALITION),
    )

    assert client.get(URL).content == before


def test_public_counts_are_rounded(client, activity, alike):
    hub = activity()
    for _number in range(12):
        alike(hub, activity())

    assert "Open now: 10." in client.get(URL).content.decode()


def test_the_public_takes_the_counts_along_as_they_are_shown(client, activity, alike):
    hub = activity()
    for _number in range(12):
        alike(hub, activity())

    def rows():
        address = reverse("dashboards:overlaps-file", args=["csv"])
        lines = b"".join(client.get(address).streaming_content).decode("utf-8-sig").splitlines()
        return [line.split(",") for line in lines]

    shown = rows()
    assert [row[1] for row in shown if row[0].startswith("Q")][-1] == "10"

    alike(activity(visibility=Visibility.ORGANISATION), hub)

    assert rows() == shown
    picture = client.get(reverse("dashboards:overlaps-file", args=["png"]))
    assert picture.content.startswith(b"\x89PNG")
    assert client.get(reverse("dashboards:overlaps-file", args=["exe"])).status_code == 404


def test_somebody_who_belongs_to_nobody_reads_what_the_public_reads(client, pair):
    from tests.factories import UserFactory

    client.force_login(UserFactory())

    assert "Where activities look alike" in client.get(URL).content.decode()


# What became of them


@pytest.fixture
def agreed(pair, editor_a, editor_b):
    talk = talks.open_coordination(
        [pair], by=editor_a, organisation=organisation_of(editor_a), now=NOW
    )
    agreement = talks.propose_agreement(
        talk, AgreementKind.JOINED, "A leads, B teaches", by=editor_a, organisation=organisation_of(editor_a),
        who=organisation_of(editor_a), amount=88000, currency="USD", now=NOW, due_on=date(2026, 6, 1),
    )  # fmt: skip
    return talks.agree(
        agreement, True, by=editor_b, organisation=organisation_of(editor_b), now=NOW
    )


def test_what_was_agreed_stands_in_numbers_that_open_their_rows(client, agreed, funder):
    found = see(client, funder).context["agreed"]
    assert (found.decisions, found.joint, found.divided, found.freed_cents) == (1, 1, 0, 8800000)

    for outcome, count in (("joint", 1), ("divided", 0), ("money", 1), ("dismissed", 0), ("", 1)):
        page = see(client, funder, f"?state=settled&outcome={outcome}").context["page"]
        assert len(page.object_list) == count, outcome
    (row,) = see(client, funder, "?state=settled&outcome=money").context["page"]
    assert row.freed.cents == found.freed_cents
    text = see(client, funder, "?state=settled").content.decode()
    assert "One joint activity, led by Organisation A" in text
    assert "A leads, B teaches" in text
    assert "US$88,000.00" in text


def test_words_and_money_of_a_decision_are_for_those_who_see_all_of_it(
    client, activity, alike, pair, editor_a, editor_b, funder
):
    keeper = OrganisationFactory(name="Keeper", slug="keeper")
    sealed = activity(keeper, title="Sealed house")
    other = alike(Activity.objects.get(title="Course"), sealed)
    talk = talks.open_coordination(
        [pair, other], by=editor_a, organisation=organisation_of(editor_a), now=NOW
    )
    agreement = talks.propose_agreement(
        talk, AgreementKind.DIVIDED, "With the sealed house", by=editor_a,
        organisation=organisation_of(editor_a), amount=500, currency="USD", now=NOW,
    )  # fmt: skip
    for organisation in (organisation_of(editor_b), keeper):
        talks.agree(agreement, True, by=editor_b, organisation=organisation, now=NOW)
    Activity.objects.filter(pk=sealed.pk).update(visibility=Visibility.ORGANISATION)

    response = see(client, funder, "?state=settled")
    text = response.content.decode()
    assert len(response.context["page"].object_list) == 1
    assert "With the sealed house" not in text
    assert "US$500" not in text
    assert response.context["agreed"].freed_cents == 0
    assert see(client, funder, "?state=settled&outcome=money").context["agreed"].freed_cents == 0


def test_a_dismissal_says_its_reason(client, pair, editor_a):
    settle_overlap(
        pair, OverlapState.DISMISSED, reason=DismissReason.PEOPLE, note="Seafarers", by=editor_a, now=NOW
    )  # fmt: skip

    text = see(client, editor_a, "?state=settled").content.decode()

    assert "Not a duplicate: different people" in text
    assert "Seafarers" in text
    assert groups(see(client, editor_a)) == []


def test_htmx_gets_the_part_that_changes(client, pair, editor_a):
    client.force_login(editor_a)

    text = client.get(URL, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in text
    assert "2 similar activities" in text


def test_an_activity_names_its_overlaps_to_members_alone(client, pair, editor_a):
    address = reverse("dashboards:activity", args=[Activity.objects.get(title="Course").pk])
    assert "Looks like this one" not in client.get(address).content.decode()

    client.force_login(editor_a)
    text = client.get(address).content.decode()

    assert "Looks like this one" in text
    assert reverse("dashboards:overlap", args=[pair.pk]) in text
