import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.demo.example.tables import largest_remainder, table


@given(st.integers(0, 10_000), st.lists(st.integers(0, 50), min_size=1, max_size=9).filter(any))
def test_largest_remainder_loses_nothing(total, weights):
    parts = largest_remainder(total, weights)

    assert sum(parts) == total
    assert all(part >= 0 for part in parts)
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)


@given(st.data())
def test_table_keeps_both_margins_and_stays_at_zero_or_above(data):
    rows = data.draw(st.lists(st.integers(0, 500), min_size=1, max_size=7))
    weights = data.draw(st.lists(st.integers(1, 9), min_size=1, max_size=5))
    columns = largest_remainder(sum(rows), weights)

    cells = table(rows, columns)

    assert [sum(row) for row in cells] == rows
    assert [sum(column) for column in zip(*cells, strict=True)] == columns
    assert all(cell >= 0 for row in cells for cell in row)


def test_table_refuses_margins_that_differ():
    with pytest.raises(ValueError, match="rows add up to 3, columns to 4"):
        table([1, 2], [4])
