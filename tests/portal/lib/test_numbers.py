from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation

from portal.lib import numbers


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0%"),
        (Decimal("0.004"), "<1%"),
        (Fraction(99, 100), "<1%"),
        (1, "1%"),
        (Decimal("17.5"), "18%"),
        (18.4, "18%"),
        (Fraction(1135, 10), "114%"),
        (1234, "1,234%"),
        (-3, "−3%"),
        (None, "no data"),
    ],
)
def test_percent_rounds_half_up_and_keeps_small_shares_above_zero(share, text):
    assert numbers.percent(share) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(1, 8, "13%"), (0, 8, "0%"), (1, 100_000, "<1%"), (5, 0, None), (Decimal("2.5"), 10, "25%")],
)
def test_percent_of_is_exact_and_silent_about_nothing(part, whole, text):
    assert numbers.percent_of(part, whole) == text


@pytest.mark.parametrize(
    ("cents", "sentence", "label", "full"),
    [
        (0, "US$0", "0", "US$0.00"),
        (45, "<US$1", "<1", "US$0.45"),
        (95_049, "US$950", "950", "US$950.49"),
        (432_100, "US$4,321", "4,321", "US$4,321.00"),
        (35_050_000, "US$351,000", "351\u00a0k", "US$350,500.00"),
        (99_949_999, "US$999,000", "999\u00a0k", "US$999,499.99"),
        (99_950_000, "US$1.0\u00a0million", "1.0\u00a0M", "US$999,500.00"),
        (1_765_000_000, "US$17.7\u00a0million", "17.7\u00a0M", "US$17,650,000.00"),
        (99_995_000_000, "US$1.0\u00a0billion", "1.0\u00a0bn", "US$999,950,000.00"),
        (-590_000_000, "−US$5.9\u00a0million", "−5.9\u00a0M", "−US$5,900,000.00"),
    ],
)
def test_money_in_sentences_labels_and_tables(cents, sentence, label, full):
    assert numbers.money(cents, "USD") == sentence
    assert numbers.money_short(cents) == label
    assert numbers.money_full(cents, "USD") == full


def test_money_takes_decimals_as_whole_units():
    assert numbers.money(Decimal("17650000"), "USD") == "US$17.7\u00a0million"
    assert numbers.money_full(Decimal("12.5"), "GBP") == "£12.50"


def test_money_knows_currencies_without_sign_and_without_cents():
    assert numbers.money(250_000_000, "CHF") == "CHF\u00a02.5\u00a0million"
    assert numbers.money_full(1234, "JPY") == "¥1,234"
    assert numbers.money_short(250_000_000, "USD") == "US$2.5\u00a0M"


def test_missing_amounts_say_so():
    assert {numbers.money(None), numbers.money_short(None), numbers.money_full(None)} == {"no data"}


def test_french_sets_sign_and_percent_behind():
    with translation.override("fr"):
        texts = [
            numbers.percent(18),
            numbers.money(1_770_000_000, "USD"),
            numbers.money(170_000_000, "USD"),
            numbers.money_full(123_456_789, "USD"),
            numbers.whole(12345),
        ]

    assert texts == [
        "18\u202f%",
        "17,7\u00a0millions\u00a0$\u00a0US",
        "1,7\u00a0million\u00a0$\u00a0US",
        "1\u00a0234\u00a0567,89\u00a0$\u00a0US",
        "12\u00a0345",
    ]


def test_days_months_and_periods():
    assert numbers.day(date(2026, 11, 9)) == "9 November 2026"
    assert numbers.month(date(2027, 2, 1)) == "Feb 2027"
    assert numbers.period(date(2025, 3, 1), date(2026, 12, 31)) == "Mar 2025 to Dec 2026"
    assert numbers.period(date(2026, 1, 1), date(2026, 12, 31)) == "Jan to Dec 2026"
    assert numbers.period(date(2026, 1, 1), date(2026, 1, 31)) == "Jan 2026"
    assert numbers.period(None, date(2026, 1, 31)) == "to Jan 2026"
    assert numbers.period(None, None) == "no data"
