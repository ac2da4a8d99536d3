from datetime import date

import pytest

from strategy.analysis.endings import (
    AtRisk,
    Cliff,
    Funding,
    Period,
    Work,
    at_risk,
    cliff,
    cliff_by_year,
    is_judged_by_year,
)
from strategy.analysis.split import quarter_bounds, year_bounds


def quarters(*committed, required=None, first=2010 * 4):
    return [
        Period(
            (first + n) // 4,
            (first + n) % 4 + 1,
            quarter_bounds((first + n) // 4, (first + n) % 4 + 1, 10)[0],
            amount,
            required,
        )
        for n, amount in enumerate(committed)
    ]


def years(*committed, required=None):
    return [
        Period(2010 + n, None, year_bounds(2010 + n, 10)[0], amount, required)
        for n, amount in enumerate(committed)
    ]


def test_cliff_is_the_first_fall_below_half_of_the_quarter_before():
    series = quarters(100, 50, 24, 2)

    found = cliff(series)

    assert found == Cliff(series[2], series[1], True, False)
    assert found.fall == 26


def test_cliff_is_the_first_fall_below_half_of_what_is_required():
    series = quarters(100, 70, 49, 2, required=100)

    assert cliff(series) == Cliff(series[2], series[1], False, True)
    assert cliff(quarters(100, 70, 49, 2), required_per_quarter=100).period.committed == 49


def test_cliff_is_not_said_of_money_that_never_had_half_of_what_is_required():
    assert cliff(quarters(30, 25, 20, 15, required=100)) is None


@pytest.mark.parametrize("committed", [[], [5], [0, 0, 0], [10, 20, 10], [4, 2]])
def test_cliff_is_none_where_nothing_falls(committed):
    assert cliff(quarters(*committed)) is None


def test_cliff_is_judged_after_the_as_of_day():
    series = quarters(100, 20, 20, 5)

    assert cliff(series, after=date(2009, 12, 31)) == Cliff(series[1], series[0], True, False)
    assert cliff(series, after=date(2010, 1, 1)) == Cliff(series[3], series[2], True, False)


def test_cliff_by_year():
    series = years(100, 90, 30)

    assert cliff_by_year(series, after=date(2010, 9, 30)) == Cliff(
        series[2], series[1], True, False
    )


@pytest.mark.parametrize(
    "series", [quarters(1, 2, 3)[::2], years(1, 2, 3)[::-1], [*quarters(1), *years(1)]]
)
def test_cliff_refuses_periods_with_a_hole(series):
    with pytest.raises(ValueError, match="follow"):
        cliff(series)


def test_most_assumed_days_are_judged_by_year():
    assert [is_judged_by_year(100, assumed) for assumed in (0, 50, 51)] == [False, False, True]
    assert is_judged_by_year(0, 0) is False


AS_OF = date(2010, 9, 30)
LONG = date(2011, 12, 31)


def test_at_risk_is_work_that_outlasts_its_last_funding():
    work = [Work(name, date(2010, 1, 1), LONG) for name in "abc"]
    fundings = [
        Funding("a", 1, date(2011, 6, 30)),
        Funding("a", 2, date(2011, 12, 1)),
        Funding("b", 3, date(2010, 8, 31)),
        Funding("b", 4, date(2010, 8, 31)),
        Funding("c", 5, LONG),
    ]

    found = at_risk(work, fundings, AS_OF)

    assert found == [
        AtRisk("b", date(2010, 8, 31), LONG, (3, 4)),
        AtRisk("a", date(2011, 12, 1), LONG, (2,)),
    ]
    assert [risk.days for risk in found] == [487, 30]


@pytest.mark.parametrize(
    ("ends_on", "fundings"),
    [
        (None, [Funding("a", 1, date(2010, 12, 1))]),
        (date(2010, 9, 29), [Funding("a", 1, date(2010, 6, 1))]),
        (LONG, []),
        (LONG, [Funding("a", 1, date(2010, 6, 1)), Funding("a", 2, None)]),
        (LONG, [Funding("b", 1, date(2010, 6, 1))]),
    ],
)
def test_at_risk_says_nothing_of_what_is_over_or_unknown(ends_on, fundings):
    assert at_risk([Work("a", None, ends_on)], fundings, AS_OF) == []
