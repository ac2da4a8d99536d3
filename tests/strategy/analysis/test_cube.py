"""All at once equals one by one."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strategy.analysis.cube import GIVEN, HERE, JUDGED, MOST, Nodes, cells_of, judged, roll_up
from strategy.analysis.filling import Money, Need, fill

OBJECTIVES = {1: (1,), 11: (1, 11), 12: (1, 12), 111: (1, 11, 111), 2: (2,), 21: (2, 21)}
PLACES = {
    9: (9,), 70: (9, 70), 8: (9, 70, 8), 10: (9, 70, 10), 81: (9, 70, 8, 81), 82: (9, 70, 8, 82), 60: (9, 60),
    61: (9, 60, 61),
}  # fmt: skip

cells = st.dictionaries(
    st.tuples(
        st.sampled_from([0, 1]), st.sampled_from([0, *OBJECTIVES]), st.sampled_from([0, *PLACES])
    ),
    st.tuples(st.sampled_from([0, 0, 0, 3, 10, 40]), st.integers(-5, 60) | st.just(0)),
    max_size=30,
)


def cube(drawn):
    """The cells as the cube takes them, and its trees."""
    objectives, places = Nodes.of(OBJECTIVES), Nodes.of(PLACES, first=9)
    keys = np.array(list(drawn), dtype=np.int64).reshape(-1, 3)
    values = np.zeros((len(drawn), len(GIVEN)), dtype=np.int64)
    for row, ((_scope, objective, place), (required, committed)) in enumerate(drawn.items()):
        values[row, GIVEN.index("required")] = required if objective and place else 0
        values[row, GIVEN.index("committed")] = committed
    made = cells_of(keys[:, 0], objectives.at(keys[:, 1]), places.at(keys[:, 2]), values, GIVEN)
    return made, objectives, places


def by_key(cells, objectives, places):
    keys = zip(
        cells.scope.tolist(),
        objectives.keys[cells.objective].tolist(),
        places.keys[cells.place].tolist(),
        strict=True,
    )
    return dict(zip(keys, cells.values.tolist(), strict=True))


@settings(max_examples=300)
@given(cells)
def test_needs_are_filled_as_one_by_one(drawn):
    made, objectives, places = cube(drawn)
    nodes = [(key, given) for key, given in drawn.items() if key[1] and key[2]]
    needs = [
        Need(OBJECTIVES[objective], PLACES[place], scope, required)
        for (scope, objective, place), (required, _committed) in nodes
        if required
    ]
    money = [
        Money(OBJECTIVES[objective], PLACES[place], scope, committed)
        for (scope, objective, place), (_required, committed) in nodes
    ]
    expected = {
        (filled.year, filled.objective, filled.place): [filled.unmet, filled.surplus, int(filled.met <= 0)]
        for filled in fill(needs, money)
    }  # fmt: skip

    found = by_key(judged(made, objectives, places), objectives, places)

    assert {key: values[-len(JUDGED) :] for key, values in found.items() if values[0]} == expected
    assert not any(any(values[-len(JUDGED) :]) for values in found.values() if not values[0])


@given(cells)
def test_places_add_up_to_those_above(drawn):
    made, objectives, places = cube(drawn)
    expected = defaultdict(lambda: [0, 0, 0, 0])
    for (scope, objective, place), (required, committed) in drawn.items():
        required = required if objective and place else 0
        for step in PLACES[place] if place else (0, 9):
            expected[scope, objective, step][0] += required
            expected[scope, objective, step][1] += committed
        expected[scope, objective, place][2] += required
        expected[scope, objective, place][3] += committed

    rolled = roll_up(made, places, ("required", "committed"))

    names = ("required", "committed", "required_here", "committed_here")
    columns = [rolled.names.index(name) for name in names]
    found = {
        key: [values[column] for column in columns]
        for key, values in by_key(rolled, objectives, places).items()
    }
    assert found == {key: values for key, values in expected.items() if any(values)}
    assert len(found) == len(rolled.scope)


def test_sum_that_could_leave_64_bits_is_refused():
    one = np.zeros(2, dtype=np.int64)
    values = np.full((2, 1), MOST // 2)

    with pytest.raises(OverflowError):
        cells_of(one, one, one, values, ["committed"])


def test_place_outside_the_tree_is_refused():
    with pytest.raises(KeyError):
        Nodes.of(PLACES).at(np.array([8, 5]))


def test_columns_that_stand_at_the_place_itself_are_columns():
    assert set(HERE) <= {*GIVEN, *JUDGED}
