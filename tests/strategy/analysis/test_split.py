from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.analysis.split import (
    fiscal_quarter,
    fiscal_year,
    largest_remainder,
    quarter_bounds,
    quarters_between,
    shares_of,
    spread,
    spread_over_quarters,
    spread_over_years,
    year_bounds,
)

cents = st.integers(-(10**13), 10**13)
days = st.dates(date(1990, 1, 1), date(2040, 12, 31))
months = st.integers(1, 12)
weights = st.lists(st.one_of(st.integers(0, 10**6), st.decimals(0, 100, places=6)), max_size=8)


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (10, [Decimal("33.333333"), Decimal("66.666667")], [3, 7]),
        (1, [0, 1, 0], [0, 1, 0]),
        (5, [2, 0, 1], [3, 0, 2]),
        (0, [], []),
        (0, [0, 0], [0, 0]),
    ],
)
def test_largest_remainder_gives_cents_left_over_to_the_largest_remainders(total, weights, parts):
    assert largest_remainder(total, weights) == parts


@pytest.mark.parametrize("weights", [[], [0], [3, -1]])
def test_largest_remainder_refuses_weights_that_split_nothing(weights):
    with pytest.raises(ValueError, match=r"weight|nothing"):
        largest_remainder(5, weights)


@given(cents, weights)
def test_largest_remainder_loses_no_cent(total, weights):
    if not sum(weights):
        return

    parts = largest_remainder(total, weights)

    exact = [Decimal(total) * weight / sum(weights) for weight in weights]
    assert sum(parts) == total
    assert [abs(part - share) < 1 for part, share in zip(parts, exact, strict=True)] == (
        [True] * len(weights)
    )
    assert [part for part, weight in zip(parts, weights, strict=True) if not weight] == (
        [0] * sum(not weight for weight in weights)
    )


@pytest.mark.parametrize(
    ("total", "shares", "result"),
    [
        (1000, [Decimal(50), Decimal(25)], ([500, 250], 250)),
        (1001, [Decimal(50), Decimal(50)], ([501, 500], 0)),
        (-1001, [Decimal(50), Decimal(50)], ([-501, -500], 0)),
        (999, [], ([], 999)),
        (3, [Decimal("33.333333")] * 3, ([1, 1, 1], 0)),
    ],
)
def test_shares_of_names_the_untagged_rest(total, shares, result):
    assert shares_of(total, shares) == result


@pytest.mark.parametrize("shares", [[Decimal(60), Decimal(41)], [Decimal(-1)]])
def test_shares_of_refuses_shares_that_are_none(shares):
    with pytest.raises(ValueError, match=r"100|below 0"):
        shares_of(5, shares)


@given(cents, st.lists(st.decimals(0, 12, places=6), max_size=8))
def test_shares_of_adds_up(total, shares):
    parts, rest = shares_of(total, shares)

    assert sum(parts) + rest == total


def test_spread_counts_both_days():
    cuts = [date(2010, 1, 1), date(2010, 1, 11), date(2010, 2, 1)]

    assert spread(100, date(2010, 1, 10), date(2010, 1, 11), cuts) == [50, 50, 0]


def test_spread_rounds_what_is_reached_and_not_each_period():
    cuts = [date(2010, 1, day) for day in (1, 2, 3)]

    assert spread(2, date(2010, 1, 1), date(2010, 1, 3), cuts) == [1, 0, 1]
    assert spread(-2, date(2010, 1, 1), date(2010, 1, 3), cuts) == [-1, 0, -1]


@pytest.mark.parametrize(
    ("start", "end", "cuts"),
    [
        (date(2010, 1, 2), date(2010, 1, 1), [date(2010, 1, 1)]),
        (date(2010, 1, 1), date(2010, 1, 2), []),
        (date(2010, 1, 1), date(2010, 1, 3), [date(2010, 1, 2)]),
        (date(2010, 1, 1), date(2010, 1, 3), [date(2010, 1, 1), date(2010, 1, 1)]),
    ],
)
def test_spread_refuses_periods_that_would_lose_money(start, end, cuts):
    with pytest.raises(ValueError, match=r"end|period"):
        spread(100, start, end, cuts)


def test_spread_over_years_names_a_year_by_its_end():
    assert spread_over_years(36500, date(2009, 10, 1), date(2010, 9, 30), 10) == {2010: 36500}
    assert spread_over_years(36500, date(2010, 1, 1), date(2010, 12, 31), 10) == {
        2010: 27300,
        2011: 9200,
    }


def test_spread_over_quarters_counts_from_the_start_of_the_strategy_year():
    assert spread_over_quarters(36500, date(2010, 1, 1), date(2010, 12, 31), 10) == {
        (2010, 2): 9000,
        (2010, 3): 9100,
        (2010, 4): 9200,
        (2011, 1): 9200,
    }


@given(cents, days, st.integers(0, 4000), months)
def test_quarters_and_years_agree(total, start, length, month):
    end = start + timedelta(days=length)

    years = spread_over_years(total, start, end, month)
    quarters = spread_over_quarters(total, start, end, month)

    summed = dict.fromkeys(years, 0)
    for (year, _), amount in quarters.items():
        summed[year] += amount
    assert summed == years
    assert sum(years.values()) == total


@given(cents, days, st.integers(0, 90), months)
def test_days_and_quarters_agree(total, start, length, month):
    end = start + timedelta(days=length)
    each = [start + timedelta(days=passed) for passed in range(length + 1)]

    quarters = spread_over_quarters(total, start, end, month)

    summed = dict.fromkeys(quarters, 0)
    for day, amount in zip(each, spread(total, start, end, each), strict=True):
        summed[fiscal_quarter(day, month)] += amount
    assert summed == quarters


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [
        (date(2009, 9, 30), 10, 2009),
        (date(2009, 10, 1), 10, 2010),
        (date(2009, 12, 31), 1, 2009),
        (date(2009, 1, 1), 2, 2009),
        (date(2009, 12, 1), 12, 2010),
    ],
)
def test_fiscal_year_is_named_by_the_year_it_ends_in(day, month, year):
    assert fiscal_year(day, month) == year


def test_year_bounds():
    assert year_bounds(2010, 10) == (date(2009, 10, 1), date(2010, 9, 30))
    assert year_bounds(2012, 1) == (date(2012, 1, 1), date(2012, 12, 31))
    assert year_bounds(2012, 3) == (date(2011, 3, 1), date(2012, 2, 29))


def test_quarter_bounds():
    assert [quarter_bounds(2010, quarter, 10) for quarter in (1, 2, 3, 4)] == [
        (date(2009, 10, 1), date(2009, 12, 31)),
        (date(2010, 1, 1), date(2010, 3, 31)),
        (date(2010, 4, 1), date(2010, 6, 30)),
        (date(2010, 7, 1), date(2010, 9, 30)),
    ]


@pytest.mark.parametrize("call", [lambda: quarter_bounds(2010, 5, 1), lambda: year_bounds(2010, 0)])
def test_bounds_refuse_what_is_no_quarter_or_month(call):
    with pytest.raises(ValueError, match="is 1 to"):
        call()


def test_quarters_between_crosses_the_year():
    assert quarters_between(date(2010, 8, 1), date(2011, 1, 1), 10) == [
        (2010, 4),
        (2011, 1),
        (2011, 2),
    ]


@given(days, months)
def test_a_day_lies_in_its_year_and_quarter(day, month):
    year, quarter = fiscal_quarter(day, month)
    first, last = quarter_bounds(year, quarter, month)
    year_first, year_last = year_bounds(fiscal_year(day, month), month)

    assert year == fiscal_year(day, month)
    assert year_first <= first <= day <= last <= year_last
    assert year_last.year == year
