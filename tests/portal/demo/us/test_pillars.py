from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.demo.us.pillars import equal_shares, programme_pillars


@pytest.mark.parametrize(
    ("programme", "pillars"),
    [
        ("Prevention", (1,)),
        ("Prevention/Protection/Prosecution", (1, 2, 3)),
        ("Protection; Prosecution", (2, 3)),
        ("Prevention, Protection, and Prosecution.", (1, 2, 3)),
        ("Rehabilitation/prevention", (1, 2)),
        ("Rule of Law; Prevention, Prosecution", (1, 3)),
        ("Project management", ()),
        ("", ()),
    ],
)
def test_programme_names_its_pillars(programme, pillars):
    assert programme_pillars(programme) == pillars


def test_three_equal_shares_add_up_to_100():
    assert equal_shares(3) == (Decimal("33.333334"), Decimal("33.333333"), Decimal("33.333333"))


@given(st.integers(1, 60))
def test_equal_shares_always_add_up_to_exactly_100(count):
    shares = equal_shares(count)

    assert sum(shares) == 100
    assert max(shares) - min(shares) <= Decimal("0.000001")
