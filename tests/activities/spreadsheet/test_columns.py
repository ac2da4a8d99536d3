"""Cells become values, and back."""

from datetime import date
from decimal import Decimal

import pytest

from activities.spreadsheet.cells import day_of, number_of
from activities.spreadsheet.columns import BY_KEY, COLUMNS
from activities.spreadsheet.names import Book, Names, Unclear
from portal.imports.matching import names_of


@pytest.fixture
def names():
    objectives, places, organisations = Book(what="%(text)s"), Book(what="%(text)s"), Book()
    objectives.add(1, "1.1 Safe migration", "1.1", "Safe migration")
    objectives.add(2, "2.1 Safe houses", "2.1", "Safe houses")
    objectives.add(3, "1.1 Old aim [Old strategy]")
    places.add(4, "Kenya (KE)", "KE", "Kenya")
    places.add(5, "Georgia (GE)", "GE", "Georgia")
    places.add(6, "Georgia (US-GA)", "US-GA", "Georgia")
    organisations.add(7, "Harbour House", "Harbour House", "HH")
    return Names(objectives, places, organisations, Book())


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("objectives", "1.1", {1: 100}),
        ("objectives", "1.1 Safe migration", {1: 100}),
        ("objectives", "safe MIGRATION", {1: 100}),
        ("objectives", "1.1 – something else", {1: 100}),
        ("objectives", "1.1: 60; 2.1: 40", {1: 60, 2: 40}),
        ("objectives", "1.1 33.3%\n2.1 66,7 %", {1: Decimal("33.3"), 2: Decimal("66.7")}),
        ("objectives", "1.1 Old aim [Old strategy]", {3: 100}),
        ("places", "kenya", {4: 100}),
        ("places", "US-GA", {6: 100}),
        ("populations", "Women; children", {"women", "children"}),
        ("activity_status", "under WAY", "2"),
        ("participants", "HH: funding; Harbour House", {(7, "1"), (7, "4")}),
        ("budget_currency", " eur ", "EUR"),
        ("title", "'=SUM(A1)", "=SUM(A1)"),
    ],
)
def test_cells_are_read(names, key, text, value):
    assert BY_KEY[key].read(text, names, "") == value


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("objectives", {1: Decimal(60), 2: Decimal(40)}),
        ("objectives", {2: Decimal("33.333333"), 3: Decimal("66.666667")}),
        ("places", {6: Decimal(100)}),
        ("participants", frozenset({(7, "1"), (7, "4")})),
        ("populations", frozenset({"women", "public"})),
        ("budget_amount", Decimal("1250.50")),
        ("people_expected", 120),
        ("planned_start", date(2027, 3, 15)),
        ("visibility", "working_group"),
    ],
)
def test_what_is_written_is_read_as_it_was(names, key, value):
    field = BY_KEY[key]

    assert field.read(field.write(value, names), names, "") == value


@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [
        ("places", "Georgia", "“Georgia” can be several: write Georgia (GE) or Georgia (US-GA)."),
        ("objectives", "1.1: 60; 1.1: 40", "“1.1” stands there twice."),
        ("objectives", "1.1: 0; 2.1: 100", "A share is above 0 and at most 100."),
        ("budget_amount", "-5", "A budget is not below zero."),
        ("budget_amount", "5.123,4", None),
        ("people_expected", "1.5", "Write a whole number."),
        (
            "budget_currency",
            "dollars",
            "Write the currency as three capital letters, for example USD.",
        ),
        ("title", "x" * 301, "At most 300 letters, please."),
        ("planned_end", "2101-01-01", "A day between 1990 and 2100, please."),
    ],
)
def test_what_cannot_be_read_is_never_guessed(names, key, text, sentence):
    if sentence is None:
        assert BY_KEY[key].read(text, names, "") == Decimal("5123.4")
        return
    with pytest.raises(Unclear) as unclear:
        BY_KEY[key].read(text, names, "")
    assert unclear.value.sentence == sentence


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("42000", "42000"), ("42,000", "42000"), ("42.000", "42000"), ("42 000", "42000"), ("42,5", "42.5"),
        ("1,234,567.80", "1234567.80"), ("1.234.567,80", "1234567.80"), ("0.125", "0.125"), ("1’000", "1000"),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(text, number):
    assert number_of(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2027-03-15", "", date(2027, 3, 15)),
        ("2027-03-15 00:00:00", "", date(2027, 3, 15)),
        ("15/03/2027", "dmy", date(2027, 3, 15)),
        ("03/15/2027", "mdy", date(2027, 3, 15)),
        ("01/02/2027", "", None),
        ("15.3.27", "dmy", date(2027, 3, 15)),
        ("15 March 2027", "", date(2027, 3, 15)),
        ("Mar 15, 2027", "", date(2027, 3, 15)),
        ("15 de marzo de 2027", "", date(2027, 3, 15)),
        ("1 juillet 2027", "", date(2027, 7, 1)),
        ("juin 2027", "", date(2027, 6, 1)),
        ("2027-02", "", date(2027, 2, 1)),
        ("soon", "", None),
        ("46113", "", None),
    ],
)
def test_days_are_read_as_people_write_them(text, order, day):
    assert day_of(text, order) == day


def test_month_alone_is_its_last_day_for_an_end():
    assert day_of("2028-02", "", is_end=True) == date(2028, 2, 29)
    assert day_of("Dec 2027", "", is_end=True) == date(2027, 12, 31)


def test_no_name_stands_for_two_columns():
    seen = {}
    for column in COLUMNS:
        for name in names_of([column]):
            assert seen.setdefault(name, column.key) == column.key, name
