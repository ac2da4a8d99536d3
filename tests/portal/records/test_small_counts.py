from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.records.small_counts import Hidden, SafeTable, in_words, safe, shown, suppress

SMALL, OTHER = Hidden.BELOW_TEN, Hidden.WITH_OTHERS


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (None, "no data"),
        (0, "0"),
        (1, "<10"),
        (9, "<10"),
        (10, "10"),
        (12, "10"),
        (13, "15"),
        (1234, "1,235"),
    ],
)
def test_shown_to_others(count, words):
    assert shown(count, viewer_is_owner=False) == words


def test_shown_to_the_owner_is_exact():
    assert shown(7, viewer_is_owner=True) == "7"
    assert shown(1234, viewer_is_owner=True) == "1,234"


def test_in_words_names_what_is_hidden_with_others():
    assert in_words(OTHER) == "hidden"


def test_suppress_leaves_a_table_of_large_counts_alone():
    assert suppress([[12, 40], [0, None]]) == SafeTable(
        cells=((10, 40), (0, None)), row_totals=(50, 0), column_totals=(10, 40), total=50
    )


def test_suppress_hides_what_would_give_a_small_count_away():
    table = suppress([[3, 40, 50], [20, 30, 60]])

    assert table.cells == ((SMALL, OTHER, 50), (OTHER, OTHER, 60))


def test_suppress_hides_a_second_count_in_a_single_row():
    assert suppress([[3, 40, 20]]) == SafeTable(
        cells=((SMALL, 40, OTHER),),
        row_totals=(65,),
        column_totals=(SMALL, 40, OTHER),
        total=65,
    )


def test_suppress_of_nothing():
    assert suppress([]) == SafeTable((), (), (), 0)


counts = st.one_of(st.none(), st.integers(0, 14), st.integers(0, 60))


@given(
    st.integers(1, 3).flatmap(
        lambda width: st.lists(
            st.lists(counts, min_size=width, max_size=width), min_size=1, max_size=2
        )
    )
)
def test_suppress_leaves_every_hidden_count_open(rows):
    table = suppress(rows)

    extended = lambda cells: with_sums([[value or 0 for value in row] for row in cells])  # noqa: E731
    before = extended(rows)
    seen = [
        *[[*cells, total] for cells, total in zip(table.cells, table.row_totals, strict=True)],
        [*table.column_totals, table.total],
    ]
    hidden = {
        (i, j)
        for i, row in enumerate(seen)
        for j, value in enumerate(row)
        if isinstance(value, Hidden)
    }
    open_ones = set()
    free = [(i, j) for i, row in enumerate(rows) for j, value in enumerate(row) if value]
    for steps in product((-1, 0, 1), repeat=len(free)):
        moved = [[value or 0 for value in row] for row in rows]
        for (i, j), step in zip(free, steps, strict=True):
            moved[i][j] += step
        after = extended(moved)
        if all(
            allowed(seen[i][j], before[i][j], after[i][j])
            for i, row in enumerate(after)
            for j in range(len(row))
        ):
            open_ones |= {(i, j) for (i, j) in hidden if after[i][j] != before[i][j]}
    assert open_ones == hidden
    assert all(
        value == safe(before[i][j]) or value is None or isinstance(value, Hidden)
        for i, row in enumerate(seen)
        for j, value in enumerate(row)
    )
    assert all(
        isinstance(seen[i][j], Hidden)
        for i, row in enumerate(before)
        for j, value in enumerate(row)
        if 0 < value < 10
    )


def with_sums(rows):
    rows = [[*row, sum(row)] for row in rows]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def allowed(value, before, after):
    """Whether a reader who knows the rule, and every shown count exactly, can think of `after`."""
    if value is SMALL:
        return 1 <= after < 10
    if value is OTHER and before < 10:
        return after >= 1  # the whole table is hidden: which are small is not said
    return after >= 10 if value is OTHER else after == before
