from decimal import Decimal

import pytest

from strategy.analysis.coverage import Cell, by_pillar, total
from strategy.analysis.headline import Filters, Headline, Kind, Scope, Shortfall, headline

ALL_YEARS = Filters(years=(2009, 2010))


def cell(pillar, required=0, committed=0, **fields):
    fields.setdefault("surplus", max(0, committed - required) if required else 0)
    return Cell(
        str(pillar),
        pillar,
        fields.pop("place", "KE"),
        2010,
        required=required,
        unmet=max(0, required - committed),
        committed=committed,
        asked_cells=int(required > 0),
        empty_cells=int(required > 0 and not committed),
        **fields,
    )


def say(cells, filters=ALL_YEARS, **facts):
    return headline(total(cells), by_pillar(cells), filters, **facts)


def shortfall(pillar, required, met, low, high, since=None, **fields):
    facts = {
        "committed": met,
        "beyond": 0,
        "met_share": Decimal(100 * met) / required,
        "asked_cells": 1,
        "empty_cells": 0,
    } | fields
    return Shortfall(
        pillar=pillar,
        required=required,
        met=met,
        missing=required - met,
        met_low=Decimal(low),
        met_high=Decimal(high),
        since=since,
        **facts,
    )


def test_headline_names_the_pillar_that_is_least_met():
    cells = [cell(1, 100, 36), cell(2, 100, 80, assumed=10, assumed_full=20), cell(4, 0, 50)]

    prevention = shortfall(1, 100, 36, 36, 36, since=2007)
    protection = shortfall(2, 100, 80, 70, 90)
    whole = shortfall(None, 200, 116, 53, 63, since=2005, committed=166, beyond=50, asked_cells=2)
    assert say(cells, since={1: 2007, None: 2005}) == Headline(
        kind=Kind.UNDERFUNDED,
        scope=frozenset(),
        whole=whole,
        pillar=prevention,
        pillars=(prevention, protection),
        ranked=((1,), (2,)),
        without_requirement=(4,),
        incomplete_years=(),
    )


def test_headline_claims_no_order_where_ranges_overlap():
    cells = [
        cell(1, 100, 36, assumed=30, assumed_full=60),
        cell(2, 100, 50, assumed=30, assumed_full=60),
    ]

    found = say(cells)

    assert (found.kind, found.pillar, found.ranked) == (Kind.OVERLAPPING_RANGES, None, ((1, 2),))
    assert found.pillars == (shortfall(1, 100, 36, 6, 66), shortfall(2, 100, 50, 20, 80))


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([], Kind.NOTHING_IN_VIEW),
        ([cell(4, 0, 50)], Kind.NO_REQUIREMENT),
        ([Cell(None, None, "KE", 2010, committed=5)], Kind.NO_REQUIREMENT),
        ([cell(1, 100), cell(2, 50)], Kind.NOTHING_COMMITTED),
        ([cell(1, 100, 100), cell(2, 50, 70)], Kind.ALL_MET),
        ([cell(1, 100, 20)], Kind.ONE_PILLAR),
        ([cell(1, 100, 20), cell(4, 0, 500)], Kind.ONE_PILLAR),
        ([cell(1, 100), cell(2, 50, 10)], Kind.UNDERFUNDED),
        ([cell(1, 100, 50), cell(2, 100, 50)], Kind.OVERLAPPING_RANGES),
    ],
)
def test_headline_kind(cells, kind):
    assert say(cells).kind == kind


def test_headline_of_one_pillar_is_about_it():
    found = say([cell(3, 100, 20)], Filters(years=(2009, 2010), pillar=3), since={3: 2010})

    assert (found.kind, found.scope) == (Kind.ONE_PILLAR, frozenset({Scope.PILLAR}))
    assert found.pillar == shortfall(3, 100, 20, 20, 20, since=2010)


def test_headline_names_a_surplus_that_is_elsewhere():
    cells = [cell(1, 100, 20, place="KE"), cell(1, 100, 180, place="GH")]

    found = say(cells)

    assert (found.kind, found.whole.missing, found.whole.beyond) == (Kind.ONE_PILLAR, 80, 80)
    assert found.whole.surplus_elsewhere is True
    assert say(cells[:1]).whole.surplus_elsewhere is False
    assert say(cells[1:]).whole.surplus_elsewhere is False


@pytest.mark.parametrize(
    ("years", "kind"),
    [
        ((2002,), Kind.INCOMPLETE_YEAR),
        ((2002, 2003), Kind.INCOMPLETE_YEAR),
        ((2003, 2010), Kind.ONE_PILLAR),
        ((2010,), Kind.ONE_PILLAR),
    ],
)
def test_headline_states_no_gap_for_incomplete_years(years, kind):
    found = say([cell(1, 100, 20)], Filters(years=years), incomplete_years={2002, 2003})

    assert found.kind == kind
    assert found.incomplete_years == tuple(year for year in years if year < 2004)


@pytest.mark.parametrize(
    ("filters", "scope"),
    [
        (Filters((2009, 2010)), set()),
        (Filters((2010,)), {Scope.YEAR}),
        (Filters((2010,), pillar=1, place="KE"), {Scope.YEAR, Scope.PILLAR, Scope.PLACE}),
        (Filters((), objective="1.2"), {Scope.OBJECTIVE, Scope.PILLAR}),
    ],
)
def test_filters_say_to_what_the_view_is_narrowed(filters, scope):
    assert filters.scope == scope
