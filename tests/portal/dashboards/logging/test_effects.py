"""What a budget would change is what a grant of the same money would have changed."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.models import Allocation
from grants.services import rebuild_figures, set_allocations
from portal.dashboards.gather import cells
from portal.dashboards.lens import Lens
from portal.dashboards.logging.effects import Budget, effects
from portal.directory.access import viewer_of
from strategy.analysis.coverage import total
from tests.factories import (
    ExchangeRateFactory,
    GrantFactory,
    ObjectiveFactory,
    PlaceFactory,
    RequirementFactory,
    strategy_in_force,
)
from tests.people import organisation_of

pytestmark = pytest.mark.django_db

ALL = Decimal(100)
YEAR = {"start": date(2026, 1, 1), "end": date(2026, 12, 31)}


def lens_for(user):
    strategy = strategy_in_force()
    return Lens(strategy, viewer_of(user), date(2026, 6, 30), tuple(strategy.years))


def give(amount, *tags, **values):
    """A grant with tags (objective, place, share)."""
    grant = GrantFactory(amount_awarded=Decimal(amount), **values)
    rows = [
        Allocation(objective=objective, place=place, share=share, origin="person")
        for objective, place, share in tags
    ]
    set_allocations(grant, strategy_in_force(), rows)
    return grant


@pytest.fixture
def objective(db):
    return ObjectiveFactory(pillar=1)


@pytest.fixture
def place(db):
    return PlaceFactory(name="North Border")


def ask(objective, place, amount, year=2026):
    made = RequirementFactory(objective=objective, place=place, year=year, amount_original=amount)
    rebuild_figures(strategy_in_force().pk)
    return made


def numbers(totals):
    return totals.required, totals.committed, totals.missing


def test_it_says_what_is_asked_committed_and_missing_here(objective, place, editor_a):
    ask(objective, place, 1000)
    give(180, (objective, place, ALL))

    (one,) = effects(lens_for(editor_a), [(objective, ALL)], [(place, ALL)])

    assert numbers(one.before) == (100_000, 18_000, 82_000)
    assert (one.title, one.text, one.label) == (
        f"Objective {objective.code} in North Border", "18%", "820 missing",
    )  # fmt: skip
    assert (one.after, one.change, one.now) == (None, "", None)


def test_more_committed_than_met_is_explained_beside_what_is_missing(objective, place, editor_a):
    ask(objective, place, 1000)
    ask(objective, place, 500, year=2027)
    give(1700, (objective, place, ALL))

    (one,) = effects(lens_for(editor_a), [(objective, ALL)], [(place, ALL)])

    assert numbers(one.before) == (150_000, 170_000, 50_000)
    assert one.beyond.startswith("US$700 of what is committed fills no gap: ")


def test_nothing_is_explained_where_all_that_is_committed_fills_the_gap(objective, place, editor_a):
    ask(objective, place, 1000)
    give(180, (objective, place, ALL))

    (one,) = effects(lens_for(editor_a), [(objective, ALL)], [(place, ALL)])

    assert one.beyond == ""


def test_budget_lifts_the_share(objective, place, editor_a):
    ask(objective, place, 1000)
    give(180, (objective, place, ALL))
    budget = Budget(Decimal(40), "USD", **YEAR)

    (one,) = effects(lens_for(editor_a), [(objective, ALL)], [(place, ALL)], budget)

    assert numbers(one.after) == (100_000, 22_000, 78_000)
    assert one.change == "Your US$40 would lift it to 22%."
    assert (one.met, one.now) == (18.0, 22.0)


def test_effect_is_that_of_a_grant_of_the_same_money(objective, place, editor_a):
    """Two objectives and two places, over two years, above and below a requirement, for a member."""
    below, other = ObjectiveFactory(parent=objective), ObjectiveFactory(pillar=2)
    region = PlaceFactory(parent=place, kind="division")
    ask(objective, place, 1000)
    ask(below, region, 300, year=2027)
    ask(other, region, 50)
    give(120, (below, region, ALL))
    give(500, (objective, place, ALL), visibility="organisation",
         recipient_organisation=organisation_of(editor_a))  # fmt: skip
    period = {"start": date(2026, 7, 1), "end": date(2027, 6, 30)}
    nodes, spots = [(below, Decimal(60)), (other, Decimal(40))], [(region, ALL)]

    found = effects(lens_for(editor_a), nodes, spots, Budget(Decimal(900), "USD", **period))
    give(
        900, (below, region, Decimal(60)), (other, region, Decimal(40)),
        planned_start=period["start"], planned_end=period["end"],
    )  # fmt: skip

    real = cells(lens_for(editor_a), {region.pk})
    for one, node in zip(found, (below, other), strict=True):
        assert numbers(one.after) == numbers(
            total(cell for cell in real if cell.objective == node.code)
        )


def test_own_money_that_others_do_not_see_is_in_the_figures_of_its_owner(
    objective, place, editor_a, editor_b
):
    ask(objective, place, 1000)
    give(500, (objective, place, ALL), visibility="organisation",
         recipient_organisation=organisation_of(editor_a))  # fmt: skip
    pairs = [(objective, ALL)], [(place, ALL)]
    budget = Budget(Decimal(600), "USD", **YEAR)

    (mine,), (theirs,) = (effects(lens_for(who), *pairs, budget) for who in (editor_a, editor_b))

    assert (mine.before.missing, mine.after.missing) == (50_000, 0)
    assert (theirs.before.missing, theirs.after.missing) == (100_000, 40_000)
    assert mine.change == (
        "Of your US$600, US$500 would fill the gap: from 50% to 110%. The rest is beyond what is asked."
    )


@pytest.mark.parametrize(
    ("asked", "budget", "sentence"),
    [
        (100, Budget(Decimal(40), "USD", date(2030, 1, 1), date(2030, 12, 31)),
         "The dates lie outside the years of the strategy, so nothing changes here."),
        (0, Budget(Decimal(40), "USD", **YEAR), "Your US$40 would go where nothing is asked for."),
        (100, Budget(Decimal(40), "USD", date(2025, 1, 1), date(2025, 12, 31)),
         "Your US$40 would fill no gap here: what is asked in those years is met."),
        (100, Budget(Decimal(40), "CHF", **YEAR),
         "There is no exchange rate for CHF, so its effect cannot be said."),
        (100_000, Budget(Decimal(40), "USD", **YEAR),
         "Your US$40 would lift it to <1%."),
    ],
)  # fmt: skip
def test_what_a_budget_does_not_do_is_said(objective, place, editor_a, asked, budget, sentence):
    if asked:
        ask(objective, place, asked)

    (one,) = effects(lens_for(editor_a), [(objective, ALL)], [(place, ALL)], budget)

    assert one.change == sentence


def test_other_currency_is_converted_by_the_day_it_is_looked_at(objective, place, editor_a):
    ask(objective, place, 1000)
    ExchangeRateFactory(currency="USD", day=date(2026, 6, 30), rate=Decimal("1.25"))

    (one,) = effects(
        lens_for(editor_a), [(objective, ALL)], [(place, ALL)], Budget(Decimal(80), "EUR", **YEAR)
    )

    assert one.added == 10_000


def test_other_places_with_nothing_are_named(objective, place, editor_a):
    ask(objective, place, 1000)
    for name, amount in (("East Coast", 500), ("South Islands", 400), ("West", 300)):
        ask(objective, PlaceFactory(name=name), amount)

    (one,) = effects(lens_for(editor_a), [(objective, ALL)], [(place, ALL)])

    assert one.nothing_yet == "East Coast and South Islands have nothing yet."


def test_without_a_place_it_is_everywhere_and_without_an_objective_nothing(objective, editor_a):
    assert [one.title for one in effects(lens_for(editor_a), [(objective, ALL)], [])] == [
        f"Objective {objective.code} in all places"
    ]
    assert effects(lens_for(editor_a), [], []) == []


def test_queries_do_not_grow_with_the_pairs(objective, place, editor_a):
    ask(objective, place, 1000)
    others = [(PlaceFactory(), Decimal(10)) for _number in range(5)]
    nodes = [(objective, Decimal(50)), (ObjectiveFactory(pillar=2), Decimal(50))]
    budget = Budget(Decimal(40), "USD", **YEAR)

    def queries(*pairs):
        lens = lens_for(editor_a)
        with CaptureQueriesContext(connection) as found:
            effects(lens, *pairs, budget)
        return len(found)

    few, many = queries(nodes[:1], [(place, ALL)]), queries(nodes, others)

    assert many <= few + 2  # the one more objective is of another pillar
    assert few <= 20
