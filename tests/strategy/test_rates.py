from datetime import date
from decimal import Decimal

import pytest

from strategy.models import ExchangeRate
from strategy.rates import (
    Converted,
    Converter,
    central_bank_file,
    central_bank_rates,
    load_central_bank_rates,
    save_rates,
)
from strategy.signals import rates_changed
from tests.factories import ExchangeRateFactory

pytestmark = pytest.mark.django_db

FRIDAY = date(2026, 1, 2)


def test_convert_takes_the_latest_rate_before_the_value_date():
    ExchangeRateFactory(currency="USD", day=date(2026, 1, 1), rate=Decimal("1.5"))
    ExchangeRateFactory(currency="USD", day=date(2026, 1, 5), rate=Decimal("1.25"))

    converter = Converter("EUR")

    assert converter.convert(Decimal("300"), "USD", date(2026, 1, 4)) == Converted(
        20000, 1 / Decimal("1.5"), date(2026, 1, 1)
    )
    assert converter.convert(Decimal("300"), "USD", date(2026, 1, 5)) == Converted(
        24000, Decimal("0.8"), date(2026, 1, 5)
    )


def test_convert_goes_through_the_euro_and_rounds_once():
    ExchangeRateFactory(currency="USD", day=FRIDAY, rate=Decimal("1.1"))
    ExchangeRateFactory(currency="GBP", day=FRIDAY, rate=Decimal("0.9"))

    found = Converter("USD").convert(Decimal("0.09"), "GBP", FRIDAY)

    assert found.amount_minor == 11  # 0.09 × 1.1 / 0.9 is 0.11 exactly


@pytest.mark.parametrize(("amount", "cents"), [("0.005", 1), ("-0.005", -1), ("0.0049", 0)])
def test_convert_of_the_same_currency_is_exact_and_has_no_rate(amount, cents):
    assert Converter("USD").convert(Decimal(amount), "USD", None) == Converted(cents, None, None)


def test_convert_to_a_currency_without_cents():
    ExchangeRateFactory(currency="JPY", day=FRIDAY, rate=Decimal("160.5"))

    assert Converter("JPY").convert(Decimal("1.00"), "EUR", FRIDAY).amount_minor == 161


@pytest.mark.parametrize(
    ("value_date", "is_found"), [(date(2026, 1, 9), True), (date(2026, 1, 10), False)]
)
def test_convert_takes_no_rate_older_than_seven_days(value_date, is_found):
    ExchangeRateFactory(currency="USD", day=FRIDAY)

    assert (Converter("EUR").convert(Decimal(1), "USD", value_date) is not None) == is_found


def test_convert_across_the_turn_of_the_year():
    ExchangeRateFactory(currency="USD", day=date(2025, 12, 31), rate=Decimal("1.25"))

    assert Converter("EUR").convert(Decimal(5), "USD", FRIDAY).amount_minor == 400


def test_convert_never_guesses():
    ExchangeRateFactory(currency="USD", day=FRIDAY)

    assert Converter("USD").convert(Decimal(1), "KES", FRIDAY) is None
    assert Converter("KES").convert(Decimal(1), "USD", FRIDAY) is None
    assert Converter("EUR").convert(Decimal(1), "USD", date(2026, 1, 1)) is None  # later rate only
    assert Converter("EUR").convert(Decimal(1), "USD", None) is None


@pytest.mark.parametrize("count", [1, 30])
def test_load_reads_all_rates_in_one_query(django_assert_num_queries, count):
    ExchangeRateFactory(currency="USD", day=FRIDAY)
    ExchangeRateFactory(currency="GBP", day=FRIDAY)
    converter = Converter("USD")
    needs = [("GBP", date(2026, 1, 2 + position % 7)) for position in range(count)]

    with django_assert_num_queries(1):
        converter.load(needs)
        found = [converter.convert(Decimal(1), *need) for need in needs]

    assert None not in found


def test_save_rates_says_what_changed_and_tells_the_currencies():
    told = []
    receiver = lambda sender, currencies, **kwargs: told.append(currencies)  # noqa: E731
    rates_changed.connect(receiver)
    ExchangeRateFactory(currency="USD", day=FRIDAY, rate=Decimal("1.1"))
    rates = [("USD", FRIDAY, Decimal("1.2")), ("GBP", FRIDAY, Decimal("0.9"))]

    try:
        first, second = save_rates(rates, source="Upload"), save_rates(rates, source="Upload")
    finally:
        rates_changed.disconnect(receiver)

    assert (first.created, first.updated) == (1, 1)
    assert (second.created, second.updated) == (0, 0)
    assert told == [{"USD", "GBP"}]
    assert ExchangeRate.objects.get(currency="USD").rate == Decimal("1.2")


def test_central_bank_file_holds_the_years_of_the_record():
    rates = {(code, day): rate for code, day, rate in central_bank_rates(central_bank_file())}

    assert rates["USD", date(2010, 9, 30)] == Decimal("1.3648")
    assert ("CYP", date(2010, 9, 30)) not in rates  # had joined the euro


def test_load_central_bank_rates_again_changes_nothing():
    first = load_central_bank_rates(["ISK"])
    second = load_central_bank_rates(["ISK"])

    assert first.created == first.read == ExchangeRate.objects.count() > 2000
    assert (second.created, second.updated) == (0, 0)
