from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.analysis.coverage import (
    Cell,
    FilledNeed,
    Need,
    PillarShare,
    Range,
    Totals,
    asking,
    by_objective,
    by_pillar,
    by_place,
    by_year,
    coverage,
    largest_gaps,
    lowest,
    met_ranges,
    most_missing,
    ranges,
    ranked,
    share_of_tagged,
    since_when,
    total,
)


def cell(objective="1.2", pillar=1, place="KE", year=2010, **amounts):
    return Cell(objective, pillar, place, year, **amounts)


def test_total_adds_up_each_amount():
    cells = [
        cell(required=100, unmet=60, committed=40, disbursed=30, pledged=5, asked_cells=1),
        cell(
            place="GH",
            required=100,
            committed=300,
            surplus=150,
            in_kind=7,
            by_rule=8,
            asked_cells=1,
            empty_cells=1,
        ),
    ]

    totals = total(cells)

    assert totals == Totals(
        required=200,
        unmet=60,
        committed=340,
        disbursed=30,
        pledged=5,
        surplus=150,
        by_rule=8,
        in_kind=7,
        asked_cells=2,
        empty_cells=1,
        met_low=140,
        met_high=140,
    )
    assert (totals.met, totals.missing, totals.beyond, totals.unasked) == (140, 60, 200, 50)
    assert (totals.met_share, totals.coverage) == (Decimal(70), Decimal("1.7"))


def test_total_of_nothing_states_no_requirement():
    totals = total([])

    assert totals == Totals()
    assert (totals.met_share, totals.coverage) == (None, None)


def test_total_bounds_what_is_met_cell_by_cell():
    cells = [
        cell(required=100, unmet=60, committed=40, assumed=30, assumed_full=80),
        cell(place="GH", required=100, committed=100, assumed=100, assumed_full=200),
    ]

    totals = total(cells)

    assert (totals.met_low, totals.met, totals.met_high) == (10, 140, 190)


@pytest.mark.parametrize(
    ("committed", "required", "result"),
    [(40, 100, Decimal("0.4")), (0, 100, Decimal(0)), (40, 0, None), (300, 100, Decimal(3))],
)
def test_coverage_is_not_stated_without_a_requirement(committed, required, result):
    assert coverage(committed, required) == result


def test_sums_by_key_come_in_order_and_what_has_none_last():
    cells = [
        cell(None, None, None, 2011, committed=1),
        cell("1.10", 1, "KE", 2010, committed=2),
        cell("1.9", 1, "GH", 2010, committed=4),
        cell("1", 1, "GH", 2009, committed=8),
        cell("2", 2, "KE", 2009, committed=16),
    ]

    def committed(groups):
        return [(key, totals.committed) for key, totals in groups.items()]

    assert committed(by_pillar(cells)) == [(1, 14), (2, 16), (None, 1)]
    assert committed(by_year(cells)) == [(2009, 24), (2010, 6), (2011, 1)]
    assert committed(by_place(cells)) == [("GH", 12), ("KE", 18), (None, 1)]
    assert committed(by_objective(cells)) == [
        ("1", 8),
        ("1.9", 4),
        ("1.10", 2),
        ("2", 16),
        (None, 1),
    ]


def test_largest_gaps_come_first_and_leave_out_what_is_met():
    cells = [
        cell(place="KE", required=100, unmet=60),
        cell(place="GH", required=200, unmet=60),
        cell(place="NP", required=90, unmet=90),
        cell(place="IN", required=90, unmet=0),
        cell(place="BD", required=100, unmet=60),
    ]

    assert [gap.place for gap in largest_gaps(cells, 4)] == ["NP", "GH", "BD", "KE"]
    assert largest_gaps(cells, 1) == [cells[2]]
    assert largest_gaps([], 3) == []


def test_largest_gaps_takes_filled_needs():
    small = FilledNeed(Need(("1",), ("W",), 2010, 10), 0, 10, 0)
    large = FilledNeed(Need(("1",), ("W",), 2011, 20), 0, 20, 0)

    assert largest_gaps([small, large], 5) == [large, small]


def test_most_missing_ranks_groups():
    groups = {
        "KE": Totals(required=50, unmet=20),
        "GH": Totals(required=90, unmet=20),
        "NP": Totals(required=10),
    }

    assert most_missing(groups, 3) == [("GH", groups["GH"]), ("KE", groups["KE"])]
    assert most_missing(groups, 1) == [("GH", groups["GH"])]


def test_asking_counts_those_that_got_nothing():
    groups = {
        "KE": Totals(required=50, committed=20),
        "GH": Totals(required=90),
        "NP": Totals(committed=10),
    }

    assert asking(groups) == (["KE", "GH"], ["GH"])


def test_share_of_tagged_leaves_out_untagged_money():
    pillars = {1: Totals(committed=30), 2: Totals(committed=90), None: Totals(committed=500)}

    assert share_of_tagged(pillars, {1: Decimal(40), 4: Decimal(10)}) == [
        PillarShare(1, 30, Decimal(25), Decimal(40)),
        PillarShare(2, 90, Decimal(75), None),
        PillarShare(4, 0, Decimal(0), Decimal(10)),
    ]
    assert share_of_tagged({}, {1: Decimal(40)}) == [PillarShare(1, 0, None, Decimal(40))]


def test_ranges_go_from_this_pillar_alone_to_all_that_names_it():
    pillars = {
        2: Totals(committed=100),
        1: Totals(committed=100, assumed=60, assumed_full=150),
        None: Totals(committed=5),
    }

    assert ranges(pillars) == [Range(1, 40, 100, 190), Range(2, 100, 100, 100)]


def test_met_ranges_are_shares_of_what_is_asked():
    pillars = {
        1: Totals(required=200, unmet=100, met_low=50, met_high=150),
        4: Totals(committed=70),
    }

    assert met_ranges(pillars) == [Range(1, Decimal(25), Decimal(50), Decimal(75))]


@pytest.mark.parametrize(
    ("spans", "groups", "least"),
    [
        ([], [], None),
        ([(1, 0, 5)], [(1,)], 1),
        ([(1, 30, 40), (2, 0, 20), (3, 35, 60)], [(2,), (1, 3)], 2),
        ([(1, 0, 30), (2, 20, 50), (3, 45, 60), (4, 70, 70)], [(1, 2, 3), (4,)], None),
        ([(1, 10, 20), (2, 20, 30)], [(1, 2)], None),
        ([(2, 10, 60), (1, 20, 30), (3, 50, 55)], [(1, 2, 3)], None),
    ],
)
def test_ranked_claims_no_order_where_ranges_overlap(spans, groups, least):
    pillar_ranges = [Range(pillar, low, low, high) for pillar, low, high in spans]

    assert ranked(pillar_ranges) == groups
    assert lowest(pillar_ranges) == least


@pytest.mark.parametrize(
    ("unmet", "first"),
    [
        ({2007: 5, 2008: 0, 2009: 5, 2010: 5}, 2009),
        ({2008: 5, 2010: 5}, 2010),
        ({2009: 5, 2010: 0}, None),
        ({2009: 5}, None),
        ({2009: 5, 2010: 5, 2011: 5}, 2009),
    ],
)
def test_since_when_is_the_start_of_the_unbroken_run(unmet, first):
    years = {year: Totals(required=10, unmet=missing) for year, missing in unmet.items()}

    assert since_when(years, 2010) == first


def full_cells():
    """Cells as they come out of `fill` and `grant_splits`: any requirement, any money."""

    def build(pillar, place, year, required, committed, assumed, extra):
        assumed = min(assumed, committed)
        return Cell(
            str(pillar),
            pillar,
            place,
            year,
            required=required,
            unmet=max(0, required - committed),
            committed=committed,
            surplus=max(0, committed - required) if required else 0,
            assumed=assumed,
            assumed_full=assumed + extra,
        )

    amount = st.integers(0, 1000)
    return st.builds(
        build,
        st.integers(1, 4),
        st.sampled_from(["KE", "GH", "NP"]),
        st.integers(2009, 2011),
        *[amount] * 4,
    )


@given(st.lists(full_cells(), max_size=12))
def test_rows_add_up_to_the_figure(cells):
    whole = total(cells)

    assert [
        sum(totals.missing for totals in groups(cells).values())
        for groups in (by_pillar, by_year, by_place, by_objective)
    ] == [whole.missing] * 4
    assert whole.met + whole.missing == whole.required
    assert whole.met + whole.surplus + whole.unasked == whole.committed


@given(st.lists(full_cells(), max_size=12))
def test_every_figure_lies_in_its_range(cells):
    pillars = by_pillar(cells)
    spans = ranges(pillars) + met_ranges(pillars)

    assert [span.low <= span.value <= span.high for span in spans] == [True] * len(spans)
    assert sorted(pillar for group in ranked(ranges(pillars)) for pillar in group) == list(pillars)


@given(st.lists(full_cells(), max_size=12), st.data())
def test_no_assumed_split_leaves_the_range_of_what_is_met(cells, data):
    """Whatever part of the assumed money a cell really got, what is met lies within the bounds."""
    whole = total(cells)

    really_met = 0
    for each in cells:
        got = data.draw(st.integers(0, each.assumed_full))
        really_met += min(each.required, each.committed - each.assumed + got)

    assert whole.met_low <= really_met <= whole.met_high
