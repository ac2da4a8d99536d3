"""What pages share per state of the data, and how few questions a page asks for it."""

from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.models import Allocation
from grants.services import rebuild_figures, set_allocations
from portal.dashboards import state
from portal.dashboards.lens import Lens
from portal.dashboards.rows import rows_behind
from portal.dashboards.views import rows as rows_page
from portal.directory.access import Viewer
from portal.directory.models import Place
from strategy.models import Strategy
from tests.factories import (
    GrantFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PlaceFactory,
    RequirementFactory,
    StrategyFactory,
)

MOST = 6


@pytest.fixture
def strategy(db):
    return StrategyFactory()


@pytest.fixture
def kenya(strategy):
    africa = PlaceFactory(code="002", name="Africa", kind="region")
    asia = PlaceFactory(code="142", name="Asia", kind="region")
    PlaceFactory(code="NP", name="Nepal", parent=asia)
    return PlaceFactory(code="KE", name="Kenya", parent=africa)


def give(objective, place, amount="1000.00"):
    grant = GrantFactory(amount_awarded=Decimal(amount))
    tag = Allocation(objective=objective, place=place, share=Decimal(100), origin="person")
    set_allocations(grant, objective.strategy, [tag])


def fill(strategy, kenya, number):
    """So many objectives, divisions, requirements and grants more."""
    nepal = Place.objects.get(code="NP")
    for _turn in range(number):
        objective = ObjectiveFactory(strategy=strategy)
        place = PlaceFactory(kind="division", parent=kenya)
        for spot in (place, nepal):
            RequirementFactory(objective=objective, place=spot, amount_original=Decimal(4000))
            give(objective, spot)
    rebuild_figures(strategy.pk)


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/gaps/",
        "/gaps/?place=KE",
        "/gaps/?place=XX",
        "/gaps/?by=year&p=1",
        "/gaps/rows/?figure=committed",
        "/gaps/rows/?figure=committed&place=KE",
        "/gaps/rows/?figure=missing",
        "/gaps/rows/?figure=required",
    ],
)
def test_public_page_asks_few_questions_whatever_the_size(client, strategy, kenya, address):
    def count():
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    fill(strategy, kenya, 2)
    count()  # what is read once per process
    small = count()
    fill(strategy, kenya, 6)

    assert count() == small <= (MOST if address != "/" else MOST + 1)


def test_unchanged_page_asks_one_question(client, strategy, kenya, django_assert_num_queries):
    etag = client.get("/gaps/").headers["ETag"]

    with django_assert_num_queries(1):
        response = client.get("/gaps/", headers={"if-none-match": etag})

    assert response.status_code == 304


def test_strategy_in_force_is_read_as_the_model_reads_it(strategy):
    found = state.in_force()

    assert found == strategy
    fields = [field.attname for field in Strategy._meta.concrete_fields]
    read = Strategy.objects.get(pk=strategy.pk)
    assert [getattr(found, name) for name in fields] == [getattr(read, name) for name in fields]


def test_no_strategy_in_force_is_none(db):
    assert state.in_force() is None


@pytest.mark.django_db(transaction=True)
def test_state_is_kept_for_as_long_as_the_version_is_in_force():
    StrategyFactory()
    state.forget()
    before = state.state_of(state.in_force())
    assert before.members == 0

    assert state.state_of(state.in_force()) is before
    OrganisationFactory(is_member=True)
    after = state.state_of(state.in_force())

    assert after is not before
    assert after.members == 1
    state.forget()


def test_state_is_not_kept_within_a_transaction(strategy):
    assert state.state_of(state.in_force()) is not state.state_of(state.in_force())


def test_what_is_known_of_one_viewer_is_not_known_of_another(strategy):
    kept = state.state_of(strategy)
    mine, theirs = Viewer(is_member=True, organisations=frozenset({1})), Viewer(is_member=True)

    kept.known_of(mine)["own"] = "mine"

    assert kept.known_of(mine) == {"own": "mine"}
    assert kept.known_of(theirs) == kept.known_of(Viewer()) == {}


def test_viewers_kept_are_bounded(strategy):
    kept = state.state_of(strategy)
    for key in range(state.KEPT_VIEWERS + 5):
        kept.known_of(Viewer(organisations=frozenset({key})))["seen"] = True

    assert kept.known_of(Viewer(organisations=frozenset({0}))) == {}
    assert len(kept._known) == state.KEPT_VIEWERS


def test_places_come_with_their_country_in_one_query(strategy, kenya, django_assert_num_queries):
    coast = PlaceFactory(code="KE-14", name="Kwale", kind="division", parent=kenya)

    with django_assert_num_queries(1):
        kept = state.State(strategy)
        found = kept.place("KE-14")
        around = kept.children(found.parent)
        everywhere = kept.places

    assert (found, found.parent, around) == (coast, kenya, [coast])
    assert list(everywhere) == ["001", "002", "KE", "142", "NP"]
    assert kept.place("XX") is None


def test_page_of_very_many_rows_leafs_through_the_largest(client, strategy, kenya, monkeypatch):
    monkeypatch.setattr(rows_page, "MOST_ROWS", 20)
    objective = ObjectiveFactory(strategy=strategy)
    for amount in range(25):
        give(objective, kenya, f"{100 + amount}.00")

    page = client.get("/gaps/rows/?figure=committed&page=2")

    found = rows_behind(
        Lens(strategy, Viewer(), strategy.today(), tuple(strategy.years)), "committed"
    )
    assert len(found) > 20 == page.context["page"].paginator.count
    assert page.context["page"].paginator.num_pages == 2
    assert "The 20 largest of the rows" in page.content.decode()
    assert found.total == sum(row.amount for row in found[0 : len(found)])
    assert page.context["total"] == rows_page.money_full(found.total, "USD")
