from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from strategy.analysis.concentration import FunderShare, funder_shares, herfindahl, largest_share


def test_funder_shares_come_largest_first():
    amounts = {"a": 25, "b": 50, "c": 25, "d": 0, "e": -10}

    assert funder_shares(amounts) == [
        FunderShare("b", 50, Decimal(50)),
        FunderShare("a", 25, Decimal(25)),
        FunderShare("c", 25, Decimal(25)),
    ]
    assert largest_share(amounts) == FunderShare("b", 50, Decimal(50))
    assert herfindahl(amounts) == Decimal("0.375")


def test_concentration_of_nothing_is_not_stated():
    assert funder_shares({"a": 0}) == []
    assert largest_share({}) is None
    assert herfindahl({"a": -5}) is None


def test_herfindahl_of_one_funder_is_one():
    assert herfindahl({"a": 7}) == 1
    assert herfindahl(dict.fromkeys("abcd", 3)) == Decimal("0.25")


@given(st.dictionaries(st.text(max_size=3), st.integers(1, 10**9), min_size=1, max_size=9))
def test_funder_shares_add_up(amounts):
    shares = funder_shares(amounts)

    assert sum(found.amount for found in shares) == sum(amounts.values())
    assert abs(sum(found.share for found in shares) - 100) < Decimal("1e-20")
    assert Decimal(1) / len(amounts) - Decimal("1e-20") <= herfindahl(amounts) <= 1
