from datetime import date
from decimal import Decimal

import pytest

from strategy.analysis.funding import (
    Allocation,
    Funds,
    QuarterRow,
    SplitRow,
    Transaction,
    committed_total,
    grant_splits,
    pass_through,
    quarter_rows,
)

OCTOBER = 10
FY2010 = (date(2009, 10, 1), date(2010, 9, 30))


def tag(name, objective="1.2", place="KE", share=100, pillar=1, **marks):
    return Allocation(name, objective, place, Decimal(share), pillar, **marks)


def funds(amount=1000, period=FY2010, **fields):
    fields.setdefault("award_date", date(2009, 12, 1))
    return Funds(amount, planned_start=period[0], planned_end=period[1], **fields)


def row(allocation="a", amount=1000, year=2010, measure="committed", **marks):
    objective, place = (None, None) if allocation is None else ("1.2", "KE")
    return SplitRow(allocation, objective, place, year, measure, amount, **marks)


def test_grant_splits_of_a_grant_without_transactions_spread_its_amount():
    grant = funds(36500, (date(2010, 1, 1), date(2010, 12, 31)), allocations=[tag("a")])

    assert grant_splits(grant, OCTOBER) == [row(amount=27300), row(amount=9200, year=2011)]


def test_grant_splits_name_the_untagged_rest():
    grant = funds(1000, allocations=[tag("a", share="33.333333", by_rule=True)])

    assert grant_splits(grant, OCTOBER) == [row(amount=333, by_rule=True), row(None, 667)]
    assert grant_splits(funds(1000), OCTOBER) == [row(None, 1000)]


def test_grant_splits_keep_untagged_and_unplaced_allocations():
    grant = funds(100, allocations=[tag("a", None, "KE", 50, None), tag("b", "1", None, 50)])

    assert grant_splits(grant, OCTOBER) == [
        SplitRow("a", None, "KE", 2010, "committed", 50),
        SplitRow("b", "1", None, 2010, "committed", 50),
    ]


def test_grant_splits_commit_the_sum_of_commitments_and_corrections():
    grant = funds(
        9999,
        allocations=[tag("a")],
        transactions=[
            Transaction("commitment", 1000, date(2009, 11, 1)),
            Transaction("commitment", -400, date(2012, 11, 1)),
            Transaction("commitment", None, date(2010, 1, 1)),
        ],
    )

    assert grant_splits(grant, OCTOBER) == [row(amount=600)]
    assert committed_total(grant) == 600


def test_grant_splits_pledge_and_disburse_by_value_date():
    grant = funds(
        allocations=[tag("a", share=50)],
        transactions=[
            Transaction("pledge", 101, date(2009, 9, 30)),
            Transaction("disbursement", 40, date(2010, 9, 30)),
            Transaction("disbursement", 60, date(2010, 10, 1)),
            Transaction("disbursement", -10, date(2010, 10, 2)),
            Transaction("disbursement", None, date(2010, 10, 2)),
            Transaction("expenditure", 35, date(2010, 10, 2)),
        ],
    )

    assert grant_splits(grant, OCTOBER) == [
        row(amount=51, year=2009, measure="pledged"),
        row(None, 50, 2009, "pledged"),
        row(amount=20, year=2010, measure="disbursed"),
        row(amount=25, year=2011, measure="disbursed"),
        row(None, 20, 2010, "disbursed"),
        row(None, 25, 2011, "disbursed"),
    ]


def test_grant_splits_of_unconverted_money_are_none():
    assert grant_splits(funds(None, allocations=[tag("a")]), OCTOBER) == []


@pytest.mark.parametrize(
    ("start", "end", "award", "period"),
    [
        (*FY2010, date(2005, 1, 1), (*FY2010, False)),
        (None, None, date(2010, 2, 1), (*FY2010, True)),
        (None, None, None, (date(2010, 10, 1), date(2011, 9, 30), True)),
        (date(2010, 3, 1), None, date(2005, 1, 1), (date(2010, 3, 1), FY2010[1], True)),
        (None, date(2010, 3, 1), date(2005, 1, 1), (FY2010[0], date(2010, 3, 1), True)),
    ],
)
def test_a_period_without_planned_days_is_assumed(start, end, award, period):
    grant = Funds(
        1000,
        award,
        start,
        end,
        transactions=[
            Transaction("commitment", 5, date(2011, 3, 1)),
            Transaction("disbursement", 5, date(2010, 10, 5)),
        ],
    )

    assert grant.period(OCTOBER) == period


def test_assumed_days_are_marked():
    grant = Funds(1000, date(2010, 2, 1), allocations=[tag("a")])
    stated = funds(allocations=[tag("a")], dates_assumed=True)

    assert grant_splits(grant, OCTOBER) == [row(dates_assumed=True)]
    assert grant_splits(stated, OCTOBER) == [row(dates_assumed=True)]


def test_money_without_any_day_has_no_rows():
    grant = Funds(1000, None, allocations=[tag("a")])

    assert grant.period(OCTOBER) is None
    assert grant_splits(grant, OCTOBER) == []
    assert quarter_rows(grant, OCTOBER) == []


def test_an_assumed_split_keeps_what_each_pillar_would_have_in_full():
    grant = funds(
        100,
        allocations=[
            tag("a", "1.1", "KE", 20, 1, is_assumed=True),
            tag("b", "1.2", "KE", 20, 1, is_assumed=True),
            tag("c", "2", "KE", 20, 2, is_assumed=True),
            tag("d", "2", "GH", 10, 2, is_assumed=True),
            tag("e", "3", "KE", 30, 3),
        ],
    )

    assert [(split.allocation, split.amount, split.full) for split in grant_splits(grant, 10)] == [
        ("a", 20, 30),
        ("b", 20, 30),
        ("c", 20, 60),
        ("d", 10, 10),
        ("e", 30, 0),
    ]


def test_quarter_rows_spread_what_was_split():
    grant = funds(200, (date(2010, 9, 1), date(2010, 10, 10)), allocations=[tag("a", share=50)])

    assert quarter_rows(grant, OCTOBER) == [
        QuarterRow("a", "1.2", "KE", 2010, 4, 75),
        QuarterRow("a", "1.2", "KE", 2011, 1, 25),
        QuarterRow(None, None, None, 2010, 4, 75),
        QuarterRow(None, None, None, 2011, 1, 25),
    ]


def test_pass_through_takes_from_the_cells_of_the_parent_in_proportion():
    parent = [
        row("a", 75, by_rule=True),
        row("b", 25, is_assumed=True, full=50),
        row("a", 80, 2011),
    ]

    assert pass_through(parent, [row("x", 30), row("y", 10)]) == [
        row("a", -30, by_rule=True),
        row("b", -10, is_assumed=True, full=-20),
    ]


def test_pass_through_takes_the_rest_from_other_years():
    parent = [row("a", 20), row("a", 60, 2011), row("b", 20, 2011)]

    assert pass_through(parent, [row("x", 60)]) == [
        row("a", -20),
        row("a", -30, 2011),
        row("b", -10, 2011),
    ]


def test_pass_through_never_takes_more_than_the_parent_has():
    parent = [row("a", 20), row("b", 60), row("c", -5)]

    assert pass_through(parent, [row("x", 500, 2012)]) == [row("a", -20), row("b", -60)]


def test_pass_through_keeps_the_measures_apart():
    parent = [row("a", 100), row("a", 50, measure="disbursed")]

    assert pass_through(parent, [row("x", 30, measure="disbursed")]) == [
        row("a", -30, measure="disbursed")
    ]


def test_pass_through_of_a_regrant_that_was_taken_back_in_part():
    parent = [row("a", 100), row("a", 100, 2011)]

    assert pass_through(parent, [row("x", 60), row("x", -20, 2011)]) == [row("a", -40)]
    assert pass_through(parent, [row("x", -60)]) == []
    assert pass_through(parent, []) == []
