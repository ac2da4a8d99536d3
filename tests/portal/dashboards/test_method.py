"""How numbers are computed: the page says what stands behind the figures, to each what they may see."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from grants.models import Allocation
from grants.services import link_grants, rebuild_figures, save_money, set_allocations
from portal.dashboards.method import TERMS
from portal.dashboards.rows import FIGURES, FORMULAS
from portal.records.choices import Visibility
from tests.factories import (
    ExchangeRateFactory,
    GrantFactory,
    ObjectiveFactory,
    PlaceFactory,
    RequirementFactory,
    StrategyFactory,
)

pytestmark = pytest.mark.django_db

URL = "/how-numbers-are-computed/"


@pytest.fixture
def objective(db):
    return ObjectiveFactory(strategy=StrategyFactory(), pillar=1)


def give(objective, share="100", origin="person", place=None, is_assumed=False, **fields):
    grant = GrantFactory(**fields)
    tag = Allocation(
        objective=objective, place=place, share=Decimal(share), origin=origin, is_assumed=is_assumed
    )
    set_allocations(grant, objective.strategy, [tag])
    return grant


def facts(response):
    return {fact["text"]: str(fact["value"]) for fact in response.context["facts"]}


def test_every_figure_is_explained_in_the_words_of_its_rows(client, objective):
    response = client.get(URL)

    words = {term.key: term.words for term in TERMS}
    assert set(FIGURES) <= set(words)
    assert all(words[key] == FORMULAS[key] for key in FIGURES)
    assert all(
        str(term.words) in response.content.decode().replace("&#x27;", "'") for term in TERMS
    )


def test_page_says_how_much_to_be_careful_with(client, objective):
    kenya = PlaceFactory(code="KE", name="Kenya")
    give(objective, place=kenya, amount_awarded=Decimal("400.00"))
    give(objective, amount_awarded=Decimal("200.00"))
    give(objective, place=kenya, amount_awarded=Decimal("200.00"), origin="rule")
    give(objective, place=kenya, amount_awarded=Decimal("100.00"), is_assumed=True)
    give(objective, share="50", place=kenya, amount_awarded=Decimal("200.00"), dates_assumed=True)
    give(objective, amount_awarded=None, currency="")

    found = facts(client.get(URL))

    assert found == {
        "of the committed money rests on an assumed split": "10%",
        "of it was tagged by rule, and by no person yet": "20%",
        "of it is spread over a year, since no days are known": "10%",
        "of it goes to the world as a whole, or to no place that is known": "20%",
        "of all money on record has no tag, and is in no P's figure": "9%",
        "grants have no amount, and add nothing": "1",
    }


def test_years_name_grants_without_amount_and_say_incomplete(client, objective):
    give(objective, award_date=date(2026, 2, 1))
    give(objective, amount_awarded=None, currency="", award_date=date(2025, 2, 1))

    years = {row["year"]: row for row in client.get(URL).context["years"]}

    assert (years[2025]["grants"], years[2025]["without"], years[2025]["incomplete"]) == (
        "1",
        "1",
        True,
    )
    assert (years[2026]["grants"], years[2026]["without"], years[2026]["incomplete"]) == (
        "1",
        "0",
        False,
    )
    assert years[2026]["committed"] == "1,000"


def test_money_without_a_rate_is_listed_with_currency_and_date(client, objective, secretariat):
    ExchangeRateFactory(currency="USD", day=date(2026, 1, 1))
    give(objective, title="Shown", currency="CHF", award_date=date(2026, 3, 4))
    give(objective, title="Hidden", currency="NOK", visibility=Visibility.ORGANISATION)

    public = client.get(URL)
    client.force_login(secretariat)
    desk = client.get(URL)

    (row,) = public.context["unconverted"]
    assert (row["amount"], row["currency"], row["day"]) == ("1,000.00", "CHF", "4 March 2026")
    assert "NOK" not in public.content.decode()
    assert [row["currency"] for row in desk.context["unconverted"]] == ["CHF", "NOK"]
    assert (
        "European Central Bank: 1 currencies, 1 January 2026 to 1 January 2026"
        in public.content.decode()
    )


def test_linked_records_are_counted_with_how_they_were_found(client, objective):
    grants = [give(objective), give(objective)]
    link_grants(grants, rule="same place and same amount")
    save_money([grant.pk for grant in grants])

    page = client.get(URL).content.decode()

    assert "1: same place and same amount" in page


def test_basis_of_every_requirement_stands_there(client, objective):
    RequirementFactory(objective=objective, basis_of_estimate="Counted by hand.")
    RequirementFactory(objective=objective, basis_of_estimate="Counted by hand.")
    rebuild_figures(objective.strategy_id)

    response = client.get(URL)

    (pair,) = response.context["bases"]
    assert (pair[0].words, pair[0].requirements, pair[1]) == ("Counted by hand.", 2, "US$2,000")


@pytest.mark.parametrize("kind", ["public", "viewer", "editor_a", "funder", "secretariat"])
def test_everybody_may_read_it(client, objective, request, kind):
    person = request.getfixturevalue(kind)
    if person.is_authenticated:
        client.force_login(person)

    assert client.get(reverse("dashboards:method")).status_code == 200
