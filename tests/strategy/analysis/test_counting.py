import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.analysis.counting import (
    GrantRow,
    RegrantCycleError,
    counting,
    offsets,
    regrant_cycle,
)


def test_counting_takes_what_the_viewer_sees():
    assert counting([GrantRow(1), GrantRow(2, visible=False), GrantRow(3)]) == {1, 3}
    assert counting([]) == frozenset()


def test_counting_takes_the_first_visible_record_of_a_linked_group():
    rows = [
        GrantRow(1, "g", 3),
        GrantRow(2, "g", 1, visible=False),
        GrantRow(3, "g", 2),
        GrantRow(4, "h", 1, visible=False),
        GrantRow(5, "i", 1),
        GrantRow(6, "i", 1),
    ]

    assert counting(rows) == {3, 5}


def found(rows):
    return offsets(rows, counting(rows))


def test_offsets_of_a_regrant_whose_parent_counts():
    assert found([GrantRow(1), GrantRow(2, regrant_of=1), GrantRow(3)]) == {2: 1}


@pytest.mark.parametrize("parents", [[], [GrantRow(1, visible=False)]])
def test_offsets_leave_a_regrant_as_new_money_unless_its_parent_counts(parents):
    assert found([*parents, GrantRow(2, regrant_of=1)]) == {}


def test_offsets_leave_out_a_regrant_that_does_not_count():
    rows = [GrantRow(1), GrantRow(2, "g", 2, regrant_of=1, visible=False), GrantRow(3, "g", 1)]

    assert found(rows) == {}


@pytest.mark.parametrize("sees_parent", [True, False])
def test_offsets_take_the_record_that_counts_for_the_parent(sees_parent):
    rows = [
        GrantRow(1, "g", 2, visible=sees_parent),
        GrantRow(2, "g", 1),
        GrantRow(3, regrant_of=1),
    ]

    assert found(rows) == {3: 2}


def test_offsets_take_the_parent_from_another_record_of_the_regrant():
    rows = [GrantRow(1), GrantRow(2, "g", 1), GrantRow(3, "g", 2, regrant_of=1)]

    assert found(rows) == {2: 1}


def test_offsets_take_each_step_of_a_chain_by_itself():
    chain = [GrantRow(1), GrantRow(2, regrant_of=1), GrantRow(3, regrant_of=2)]
    hidden_middle = [chain[0], GrantRow(2, regrant_of=1, visible=False), chain[2]]

    assert found(chain) == {2: 1, 3: 2}
    assert found(hidden_middle) == {}


@pytest.mark.parametrize(
    ("rows", "cycle"),
    [
        ([GrantRow(1, regrant_of=1)], (1,)),
        ([GrantRow(1, regrant_of=2), GrantRow(2, regrant_of=1), GrantRow(3, regrant_of=1)], (1, 2)),
        ([GrantRow(1, "g", 1), GrantRow(2, "g", 2, regrant_of=1)], (1,)),
    ],
)
def test_offsets_refuse_money_that_goes_round(rows, cycle):
    with pytest.raises(RegrantCycleError) as refusal:
        found(rows)

    assert set(refusal.value.ids) == set(cycle)


def test_regrant_cycle_takes_records_of_one_grant_as_one():
    rows = [
        GrantRow(1, "g", 1),
        GrantRow(2, "g", 2, regrant_of=4),
        GrantRow(3, "h", 1, regrant_of=1),
        GrantRow(4, "h", 2),
    ]

    assert set(regrant_cycle(rows)) == {2, 3}
    assert regrant_cycle(rows[:2]) == ()
    assert regrant_cycle([]) == ()


@st.composite
def grant_rows(draw):
    size = draw(st.integers(0, 7))
    return [
        GrantRow(
            position,
            draw(st.sampled_from([None, None, "g", "h"])),
            draw(st.integers(0, 3)),
            draw(st.one_of(st.none(), st.integers(0, 7))),
            draw(st.booleans()),
        )
        for position in range(size)
    ]


@given(grant_rows())
def test_rows_without_a_circle_have_none_for_any_viewer(rows):
    counted = counting(rows)
    try:
        parents = offsets(rows, counted)
    except RegrantCycleError:
        assert regrant_cycle(rows)
        return

    assert counted >= set(parents) | set(parents.values())


@given(grant_rows())
def test_each_linked_grant_that_is_seen_counts_once(rows):
    counted = counting(rows)

    groups = [row.link_group for row in rows if row.id in counted and row.link_group]
    assert sorted(groups) == sorted({row.link_group for row in rows if row.visible} - {None})
