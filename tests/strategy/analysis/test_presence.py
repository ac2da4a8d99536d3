from hypothesis import given
from hypothesis import strategies as st

from strategy.analysis.presence import (
    Active,
    Expected,
    PresenceCell,
    expand,
    matrix,
    presence_gaps,
)

PREVENTION, SCHOOLS = ("1",), ("1", "1.2")
AFRICA, KENYA, GHANA = ("W", "AF"), ("W", "AF", "KE"), ("W", "AF", "GH")


def active(objective=PREVENTION, place=KENYA, activity=1, organisation="a", years=(2010, 2010)):
    return Active(objective, place, activity, organisation, *years)


def test_expand_counts_both_years():
    assert expand(PREVENTION, KENYA, 2009, 2010) == [
        Expected(PREVENTION, KENYA, 2009),
        Expected(PREVENTION, KENYA, 2010),
    ]


def test_presence_gaps_are_where_nobody_is_active():
    expected = [
        *expand(PREVENTION, KENYA, 2009, 2011),
        *expand(PREVENTION, AFRICA, 2010, 2010),
        *expand(SCHOOLS, KENYA, 2010, 2010),
        *expand(PREVENTION, GHANA, 2010, 2010),
        *expand(PREVENTION, KENYA, 2009, 2009),
    ]

    assert presence_gaps(expected, [active(years=(2010, 2011))]) == [
        Expected(PREVENTION, KENYA, 2009),
        Expected(SCHOOLS, KENYA, 2010),
        Expected(PREVENTION, GHANA, 2010),
    ]


def test_presence_gaps_take_who_works_below_and_not_who_works_above():
    expected = [Expected(PREVENTION, KENYA, 2010)]

    assert presence_gaps(expected, [active(SCHOOLS, ("W", "AF", "KE", "KE-30"))]) == []
    assert presence_gaps(expected, [active(PREVENTION, AFRICA)]) == expected
    assert presence_gaps([], [active()]) == []


def test_matrix_counts_at_the_node_and_below_it_each_once():
    expected = [Expected(SCHOOLS, KENYA, 2010), Expected(PREVENTION, GHANA, 2010)]
    rows = [
        active(SCHOOLS, KENYA, 1, "a"),
        active(PREVENTION, KENYA, 1, "a"),
        active(SCHOOLS, KENYA, 2, "a"),
        active(PREVENTION, AFRICA, 3, "b"),
        active(("2",), KENYA, 4, "c"),
    ]

    assert matrix(expected, rows, [PREVENTION, SCHOOLS], [AFRICA, GHANA]) == {
        (PREVENTION, AFRICA): PresenceCell(3, 2, 2, 1),
        (PREVENTION, GHANA): PresenceCell(0, 0, 1, 1),
        (SCHOOLS, AFRICA): PresenceCell(2, 1, 1, 0),
        (SCHOOLS, GHANA): PresenceCell(0, 0, 0, 0),
    }


nodes = st.tuples(
    st.sampled_from([PREVENTION, SCHOOLS, ("2",)]), st.sampled_from([AFRICA, KENYA, GHANA])
)


@given(
    st.lists(st.builds(lambda node: Expected(*node, 2010), nodes), max_size=6),
    st.lists(st.builds(lambda node, number: active(*node, number), nodes, st.integers(0, 4))),
)
def test_the_gaps_of_the_matrix_are_the_presence_gaps(expected, rows):
    whole = matrix(expected, rows, [PREVENTION, ("2",)], [AFRICA])

    assert sum(cell.gaps for cell in whole.values()) == len(presence_gaps(expected, rows))
    assert sum(cell.expected for cell in whole.values()) == len(set(expected))
