from decimal import Decimal

import pytest

from strategy.analysis.completeness import (
    Completeness,
    Reported,
    completeness,
    completeness_of_all,
    incomplete_years,
)

ROWS = [
    Reported(1, 2009, ("a", "b"), True, committed=100, by_rule=50, assumed=25, untagged=10),
    Reported(1, 2010, ("a", "b"), True, committed=100, by_rule=100, dates_assumed=40),
    Reported(2, 2010, ("a",), False),
    Reported(2, 2010, ("a",), False),
    Reported(3, 2010, ("c",), True, committed=100),
    Reported(4, 2012, ("d",), True, committed=100),
]


def test_completeness_by_year():
    assert completeness(ROWS, [2009, 2010, 2011]) == [
        Completeness(2009, 1, 0, 2, 100, 50, 25, 10),
        Completeness(2010, 3, 1, 3, 200, 100, dates_assumed=40),
        Completeness(2011),
    ]


def test_completeness_of_all_counts_a_grant_once():
    assert completeness_of_all(ROWS) == Completeness(None, 4, 1, 4, 400, 150, 25, 10, 40)
    assert completeness_of_all([]) == Completeness(None)


@pytest.mark.parametrize(("without", "is_incomplete"), [(0, False), (2, False), (3, True)])
def test_a_year_is_incomplete_when_more_than_a_fifth_have_no_amount(without, is_incomplete):
    found = Completeness(2010, grants=10, without_amount=without)

    assert found.is_incomplete is is_incomplete
    assert incomplete_years([found, Completeness(2011), Completeness(None, 1, 1)]) == (
        [2010] * is_incomplete
    )


def test_shares_are_percentages_of_committed_money():
    found = Completeness(
        2010, committed=200, by_rule=100, assumed=50, untagged=20, dates_assumed=200
    )

    assert (
        found.share_by_rule,
        found.share_assumed,
        found.share_untagged,
        found.share_dates_assumed,
    ) == (Decimal(50), Decimal(25), Decimal(10), Decimal(100))
    assert Completeness(2010).share_by_rule is None
