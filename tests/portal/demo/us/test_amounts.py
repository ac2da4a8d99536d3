from decimal import Decimal

import pytest

from portal.demo.us.amounts import Amount, Part, read_amount
from portal.demo.us.sources import read_projects


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("$407,450", Amount(Decimal(407450))),
        ("$ 4,498,135", Amount(Decimal(4498135))),
        ("$91,480.", Amount(Decimal(91480))),
        ("$65,676.50", Amount(Decimal("65676.50"))),
        ("$280,000 over two years", Amount(Decimal(280000), note="over two years")),
        (
            "$ 10,000—portion of RLA program total",
            Amount(Decimal(10000), note="portion of RLA program total"),
        ),
        ("", Amount(None)),
        ("Cannot determine", Amount(None, note="Cannot determine")),
        (
            "$159,410 ($39,410 DOS; $120,000 USAID)",
            Amount(Decimal(159410), note="($39,410 DOS; $120,000 USAID)"),
        ),
        (
            "$1,040,000 (Kazakhstan, $450,000; Tajikistan, $150,000)",
            Amount(
                Decimal(1040000),
                (Part("Kazakhstan", Decimal(450000)), Part("Tajikistan", Decimal(150000))),
                "(Kazakhstan, $450,000; Tajikistan, $150,000)",
            ),
        ),
    ],
)
def test_amount_is_what_the_cell_says(text, amount):
    assert read_amount(text) == amount


def test_amount_shared_among_several_has_its_total_and_its_parts():
    text = "$345,265 to be distributed among the following: Pavena Foundation $77,700; New Life Center $27,650"

    amount = read_amount(text)

    assert amount.total == Decimal(345265)
    assert [part.amount for part in amount.parts] == [Decimal(77700), Decimal(27650)]
    assert amount.parts[1].label == "New Life Center"


def test_list_of_2003_adds_up():
    totals = [read_amount(row.amount).total for row in read_projects(2003).rows]

    assert totals.count(None) == 1
    assert sum(total for total in totals if total is not None) == Decimal("65490022.01")
