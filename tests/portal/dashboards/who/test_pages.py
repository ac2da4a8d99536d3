from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from grants.services import save_money
from portal.history.services import history_of
from portal.records.choices import LocationPrecision, ReviewState, Visibility
from tests.factories import (
    ActivityFactory,
    ActivityFundingFactory,
    AllocationFactory,
    ExchangeRateFactory,
    GrantFactory,
    LinkGroupFactory,
    OrganisationFactory,
    PeopleReachedFactory,
    TransactionFactory,
)
from tests.people import organisation_of

pytestmark = pytest.mark.django_db

PEOPLE = ["public", "editor_b", "viewer", "editor_a", "secretariat"]


def open_as(client, user, record):
    if not isinstance(user, AnonymousUser):
        client.force_login(user)
    return client.get(record.get_absolute_url())


def tagged(objective, place, *, shares=(100,), **kwargs):
    """A grant with its tags, counted."""
    grant = GrantFactory(**kwargs)
    for share in shares:
        AllocationFactory(grant=grant, objective=objective, place=place, share=share)
    save_money([grant.pk])
    return grant


@pytest.mark.parametrize("kind", ["activity", "grant"])
@pytest.mark.parametrize(
    ("visibility", "seen"),
    [
        (Visibility.PUBLIC, [200, 200, 200, 200, 200]),
        (Visibility.COALITION, [404, 200, 200, 200, 200]),
        (Visibility.ORGANISATION, [404, 404, 200, 200, 200]),
    ],
)
def test_records_are_found_by_those_who_may_see_them(
    client, request, strategy, editor_a, kind, visibility, seen
):
    mine = organisation_of(editor_a)
    if kind == "activity":
        record = ActivityFactory(reporting_organisation=mine, visibility=visibility)
    else:
        record = GrantFactory(recipient_organisation=mine, visibility=visibility)

    codes = []
    for person in PEOPLE:
        client.logout()
        codes.append(open_as(client, request.getfixturevalue(person), record).status_code)

    assert codes == seen


@pytest.mark.parametrize("address", ["/activities/{}/", "/grants/{}/"])
def test_hidden_and_missing_look_the_same(client, strategy, address):
    activity = ActivityFactory(visibility=Visibility.ORGANISATION)
    grant = GrantFactory(visibility=Visibility.ORGANISATION)

    keys = (activity.pk if "activities" in address else grant.pk, 987654)
    answers = [client.get(address.format(key)) for key in keys]

    assert [answer.status_code for answer in answers] == [404, 404]
    hidden, missing = (
        answer.content.decode().replace(address.format(key), "")
        for answer, key in zip(answers, keys, strict=True)
    )
    assert hidden == missing


def test_missing_organisation_is_not_found(client, strategy):
    assert client.get("/organisations/nobody/").status_code == 404


def test_draft_is_seen_by_its_owner_with_its_state(client, strategy, editor_a):
    draft = ActivityFactory(
        reporting_organisation=organisation_of(editor_a), review_state=ReviewState.DRAFT
    )

    assert open_as(client, AnonymousUser(), draft).status_code == 404
    assert "Draft" in open_as(client, editor_a, draft).content.decode()


def test_activity_page_shows_shares_participants_and_grants(
    client, awareness, shelter, kenya, nairobi
):
    activity = ActivityFactory(
        objectives={awareness: 60, shelter: 40},
        places={nairobi: 100},
        budget_amount=Decimal("210000"),
        budget_currency="KES",
    )
    activity.participants.create(organisation=OrganisationFactory(name="Partner"), role="4")
    activity.save()
    ActivityFundingFactory(activity=activity, grant=GrantFactory(title="Open grant"))
    ActivityFundingFactory(
        activity=activity, grant=GrantFactory(title="Secret", visibility=Visibility.ORGANISATION)
    )

    text = open_as(client, AnonymousUser(), activity).content.decode()

    for words in (
        "60%",
        "40%",
        "Nairobi City",
        "Partner",
        "Implementing",
        "KES\u00a0210,000.00",
        "Open grant",
    ):
        assert words in text
    assert "Secret" not in text


@pytest.mark.parametrize(
    ("precision", "seen"),
    [(LocationPrecision.COUNTRY, "Kenya"), (LocationPrecision.HIDDEN, "Not shown")],
)
def test_activity_page_shows_places_no_more_precisely_than_they_say(
    client, editor_a, awareness, nairobi, precision, seen
):
    activity = ActivityFactory(
        reporting_organisation=organisation_of(editor_a),
        places=[nairobi],
        location_precision=precision,
    )

    text = open_as(client, AnonymousUser(), activity).content.decode()
    assert seen in text
    assert "Nairobi" not in text

    assert "Nairobi" in open_as(client, editor_a, activity).content.decode()


def test_people_are_exact_for_the_owner_and_safe_after_release_for_others(
    client, strategy, editor_a, secretariat
):
    activity = ActivityFactory(reporting_organisation=organisation_of(editor_a))
    PeopleReachedFactory(activity=activity, group="women", count=7)
    PeopleReachedFactory(activity=activity, group="men", count=46)
    PeopleReachedFactory(activity=activity, group="", count=53)
    cells = lambda user: [  # noqa: E731
        (row["found"].total.text, [count.text for count in row["found"].groups])
        for row in open_as(client, user, activity).context["reached"]
    ]

    assert cells(AnonymousUser()) == []
    assert cells(editor_a) == [("53", ["7", "46"])]

    client.logout()
    activity.people_reached.update(released_at=timezone.now(), released_by=secretariat)
    cache.clear()
    assert cells(AnonymousUser()) == [("55", ["<10", "hidden"])]


def test_confirmations_are_shown_to_the_owner_only(client, strategy, editor_a):
    activity = ActivityFactory(reporting_organisation=organisation_of(editor_a))
    activity.confirmed_at = timezone.now()
    activity.save()

    assert len(open_as(client, editor_a, activity).context["confirmations"]) == 1

    client.logout()
    assert open_as(client, AnonymousUser(), activity).context["confirmations"] == []


def test_reading_of_what_an_organisation_keeps_to_itself_is_written_down(
    client, strategy, editor_a, secretariat
):
    activity = ActivityFactory(
        reporting_organisation=organisation_of(editor_a), visibility=Visibility.ORGANISATION
    )
    readings = lambda: [  # noqa: E731
        entry.user for entry in history_of(activity) if entry.action == "fourfold.read"
    ]

    open_as(client, editor_a, activity)
    assert readings() == []

    open_as(client, secretariat, activity)
    assert readings() == [secretariat]


def test_grant_page_says_what_it_counts_for(client, awareness, shelter, kenya):
    grant = GrantFactory(planned_start=date(2026, 1, 1), planned_end=date(2027, 12, 31))
    AllocationFactory(
        grant=grant, objective=awareness, place=kenya, share=50, origin="rule", evidence="awareness"
    )
    AllocationFactory(grant=grant, objective=shelter, share=30, origin="source", is_assumed=True)
    TransactionFactory(grant=grant, kind="3", amount=Decimal("250.00"))
    TransactionFactory(grant=grant, kind="2")
    save_money([grant.pk])

    context = open_as(client, AnonymousUser(), grant).context

    worth = context["worth"]
    assert worth.totals == {"committed": 100000, "disbursed": 25000, "pledged": 0}
    assert worth.years == (2026, 2027)
    assert [(tag.share, tag.by_rule, tag.is_assumed) for tag in worth.tags] == [
        (Decimal(50), True, False),
        (Decimal(30), False, True),
    ]
    assert worth.untagged == Decimal(20)
    committed = context["splits"][0]
    assert [row["total"] for row in committed["rows"]] == ["500.00", "300.00", "200.00"]
    assert committed["total"] == "1,000.00"


def test_grant_page_shows_the_rate_of_a_conversion(client, awareness):
    ExchangeRateFactory(currency="USD", day=date(2025, 12, 31), rate=Decimal("1.2"))
    ExchangeRateFactory(currency="GBP", day=date(2025, 12, 31), rate=Decimal("0.8"))
    grant = tagged(awareness, None, currency="GBP")

    text = open_as(client, AnonymousUser(), grant).content.decode()

    assert "£1,000.00" in text
    assert "US$1,500.00" in text
    assert "at 1.5000, rate of 31 December 2025" in text


def test_grant_page_lists_what_could_not_be_converted(client, awareness):
    grant = tagged(awareness, None, currency="KES")

    response = open_as(client, AnonymousUser(), grant)

    assert response.context["unconverted"] == [
        "Committed, KES\u00a01,000.00, 1 January 2026: No exchange rate within 7 days"
    ]
    assert "no rate" in response.content.decode()
    assert response.context["worth"].counts is False


def test_grant_page_says_which_of_two_records_counts(client, awareness):
    first = tagged(awareness, None, title="First record")
    second = tagged(awareness, None, title="Second record")
    LinkGroupFactory(grants=[first, second])
    save_money([first.pk])

    counting = open_as(client, AnonymousUser(), first)
    other = open_as(client, AnonymousUser(), second)

    assert counting.context["worth"].counts is True
    assert other.context["worth"].counts is False
    assert other.context["worth"].counting_record == first
    assert "is the record that counts" in other.content.decode()


def test_grant_page_hides_linked_records_that_one_may_not_see(client, awareness):
    first = tagged(awareness, None, title="Hidden record", visibility=Visibility.ORGANISATION)
    second = tagged(awareness, None, title="Second record")
    LinkGroupFactory(grants=[first, second])
    save_money([first.pk])

    response = open_as(client, AnonymousUser(), second)

    assert response.context["worth"].counts is True
    assert "Hidden record" not in response.content.decode()


def test_organisation_page_adds_up_its_money(client, awareness, shelter):
    organisation = OrganisationFactory(name="In the middle")
    funder = OrganisationFactory(name="Funder", is_funder=True)
    for amount in (1000, 500):
        tagged(
            awareness,
            None,
            funding_organisation=funder,
            recipient_organisation=organisation,
            amount_awarded=Decimal(amount),
        )
    tagged(
        shelter,
        None,
        funding_organisation=organisation,
        recipient_organisation=OrganisationFactory(name="Last"),
        amount_awarded=Decimal(300),
    )
    tagged(
        shelter,
        None,
        funding_organisation=organisation,
        recipient_organisation=organisation,
        amount_awarded=Decimal(70),
    )

    context = open_as(client, AnonymousUser(), organisation).context

    money = context["money"]
    assert (money.received, money.given, money.own_means) == (150000, 30000, 7000)
    assert [(row.organisation, row.amount) for row in money.funders] == [(funder, 150000)]
    assert [row.organisation.name for row in money.recipients] == ["Last"]
    assert context["grants"].paginator.count == 4
    assert context["direction_total"] == "US$1,870.00"


@pytest.mark.parametrize("direction", ["all", "received", "given"])
def test_organisation_pages_grants_add_up_to_its_money(client, awareness, direction):
    organisation = OrganisationFactory()
    for number in range(3):
        tagged(
            awareness,
            None,
            recipient_organisation=organisation,
            amount_awarded=Decimal("100.33") + number,
        )
        tagged(awareness, None, funding_organisation=organisation)
    tagged(awareness, None, funding_organisation=organisation, recipient_organisation=organisation)

    response = client.get(organisation.get_absolute_url(), {"grants": direction})

    context = response.context
    counted = sum(
        Decimal(row["counted"].removeprefix("US$").replace(",", ""))
        for row in context["grants"].object_list
    )
    assert Decimal(context["direction_total"].removeprefix("US$").replace(",", "")) == counted


def test_organisation_page_names_those_who_pay_for_the_same(client, awareness, shelter):
    recipient = OrganisationFactory()
    me, beside, next_to = (
        OrganisationFactory(name=name, is_funder=True) for name in ("Me", "Beside", "Next to")
    )
    tagged(awareness, None, funding_organisation=me, recipient_organisation=recipient)
    tagged(shelter, None, funding_organisation=beside, recipient_organisation=recipient)
    tagged(awareness, None, funding_organisation=next_to)

    money = open_as(client, AnonymousUser(), me).context["money"]

    assert [(row.organisation.name, row.amount, row.number) for row in money.co_funders] == [
        ("Beside", 100000, 1)
    ]
    assert [(row.organisation.name, row.amount, row.number) for row in money.neighbours] == [
        ("Next to", 100000, 1)
    ]


@pytest.mark.parametrize(
    ("person", "amount"),
    [("public", 0), ("editor_b", 0), ("editor_a", 100000), ("secretariat", 100000)],
)
def test_organisation_page_draws_money_from_what_one_may_see(
    client, request, awareness, editor_a, person, amount
):
    organisation = organisation_of(editor_a)
    tagged(awareness, None, recipient_organisation=organisation, visibility=Visibility.ORGANISATION)

    context = open_as(client, request.getfixturevalue(person), organisation).context

    assert context["money"].received == amount
    assert context["grants"].paginator.count == (1 if amount else 0)


def test_example_organisation_says_so(client, strategy):
    organisation = OrganisationFactory(is_example=True)

    assert (
        "made up for trying the portal"
        in open_as(client, AnonymousUser(), organisation).content.decode()
    )


def test_organisation_page_leads_its_own_people_and_the_secretariat_to_its_people(
    client, strategy, editor_a, editor_b, secretariat
):
    own = organisation_of(editor_a)
    people = f'href="{reverse("directory:people", args=[own.slug])}"'

    def leads(user):
        client.force_login(user)
        return people in client.get(own.get_absolute_url()).content.decode()

    assert [leads(user) for user in (editor_a, secretariat, editor_b)] == [True, True, False]


@pytest.mark.parametrize("kind", ["organisation", "activity", "grant"])
@pytest.mark.parametrize("count", [1, 3])
def test_query_count_of_pages_does_not_grow(
    client, awareness, kenya, kind, count, django_assert_max_num_queries
):
    organisation = OrganisationFactory()
    activity = ActivityFactory(
        reporting_organisation=organisation, objectives=[awareness], places=[kenya]
    )
    grant = tagged(awareness, kenya, shares=[10] * count, recipient_organisation=organisation)
    for _number in range(count):
        other = tagged(awareness, kenya, recipient_organisation=organisation)
        ActivityFundingFactory(activity=activity, grant=other)
        ActivityFundingFactory(
            activity=ActivityFactory(reporting_organisation=organisation), grant=grant
        )
        PeopleReachedFactory(activity=activity, period_end=date(2026, 4, 1 + _number))
        activity.participants.create(organisation=OrganisationFactory(), role="4")
    activity.save()
    record = {"organisation": organisation, "activity": activity, "grant": grant}[kind]

    with django_assert_max_num_queries(
        {"organisation": 22, "activity": 16, "grant": 22}[kind]
    ) as queries:
        open_as(client, AnonymousUser(), record)

    # The same for one row and for three.
    _seen.setdefault(kind, len(queries))
    assert len(queries) == _seen[kind]


_seen: dict[str, int] = {}
