from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.analysis.filling import (
    FilledNeed,
    Money,
    Need,
    fill,
    surplus,
    unasked,
    unmet_need,
)

PREVENTION, SCHOOLS = ("1",), ("1", "1.2")
WORLD, AFRICA, KENYA, GHANA = ("W",), ("W", "AF"), ("W", "AF", "KE"), ("W", "AF", "GH")


def need(objective=PREVENTION, place=KENYA, required=100, year=2010):
    return Need(objective, place, year, required)


def money(amount, objective=PREVENTION, place=KENYA, year=2010):
    return Money(objective, place, year, amount)


def results(filled):
    return [(found.met, found.unmet, found.surplus) for found in filled]


def test_a_need_and_a_filled_need_name_their_node():
    filled = FilledNeed(need(SCHOOLS), 40, 60, 0)

    assert (filled.need.objective, filled.need.place) == ("1.2", "KE")
    assert (filled.objective, filled.place, filled.year, filled.required) == (
        "1.2",
        "KE",
        2010,
        100,
    )


def test_fill_takes_money_at_the_node_or_below_it():
    needs = [need(PREVENTION, AFRICA)]

    assert fill(needs, [money(30, SCHOOLS, KENYA), money(20, PREVENTION, AFRICA)]) == [
        FilledNeed(needs[0], met=50, unmet=50, surplus=0)
    ]


@pytest.mark.parametrize(
    "elsewhere",
    [
        money(50, PREVENTION, WORLD),  # not below: never spread by guess
        money(50, PREVENTION, GHANA),
        money(50, ("2",), KENYA),
        money(50, year=2011),
        money(50, ()),  # untagged
        money(50, PREVENTION, ()),  # unplaced
    ],
)
def test_fill_takes_no_money_from_elsewhere(elsewhere):
    assert results(fill([need()], [elsewhere])) == [(0, 100, 0)]
    assert unasked([need()], [elsewhere]) == 50


def test_fill_fills_the_deepest_first_and_each_cent_once():
    needs = [need(PREVENTION, AFRICA), need(PREVENTION, KENYA), need(SCHOOLS, KENYA)]

    filled = fill(needs, [money(150, SCHOOLS, KENYA), money(30, PREVENTION, GHANA)])

    assert results(filled) == [(30, 70, 0), (50, 50, 0), (100, 0, 0)]


def test_fill_of_equal_depth_fills_the_deeper_objective_first():
    needs = [need(PREVENTION, KENYA), need(SCHOOLS, AFRICA)]

    filled = fill(needs, [money(120, SCHOOLS, KENYA)])

    assert results(filled) == [(20, 80, 0), (100, 0, 0)]


def test_fill_moves_money_rather_than_lose_a_cent():
    needs = [need(SCHOOLS, AFRICA), need(PREVENTION, KENYA)]
    given_money = [money(100, SCHOOLS, KENYA), money(100, SCHOOLS, GHANA)]

    assert results(fill(needs, given_money)) == [(100, 0, 0), (100, 0, 0)]
    assert results(fill(needs, given_money[::-1])) == [(100, 0, 0), (100, 0, 0)]


def test_fill_moves_money_along_a_way_of_several_needs():
    a, b, c = ("1", "a"), ("1", "b"), ("1",)
    needs = [need(a, AFRICA), need(c, KENYA), need(b, AFRICA), need(c, GHANA)]
    given_money = [money(100, a, KENYA), money(100, a, GHANA), money(100, b, KENYA)]

    filled = fill(needs, [*given_money, money(100, b, GHANA)])

    assert results(filled) == [(100, 0, 0)] * 4


def test_fill_names_what_is_left_over_at_the_nearest_need():
    needs = [need(PREVENTION, AFRICA), need(SCHOOLS, KENYA)]

    assert results(fill(needs, [money(250, SCHOOLS, KENYA)])) == [(100, 0, 0), (100, 0, 50)]


def test_fill_keeps_two_needs_of_one_node_apart():
    assert results(fill([need(), need(required=50)], [money(120)])) == [(100, 0, 0), (20, 30, 0)]


def test_fill_of_a_need_of_nothing_asks_for_nothing():
    needs = [need(required=0)]

    assert results(fill(needs, [money(40)])) == [(0, 0, 0)]
    assert unasked(needs, [money(40)]) == 40


def test_fill_takes_back_from_money_beside_it_first():
    needs = [need(PREVENTION, AFRICA), need(SCHOOLS, KENYA)]
    back = money(-30, SCHOOLS, KENYA)

    assert results(fill(needs, [back, money(50, SCHOOLS, KENYA)])) == [(0, 100, 0), (20, 80, 0)]
    assert results(fill(needs, [back, money(50, PREVENTION, GHANA)])) == [(20, 80, 0), (0, 100, 0)]
    assert results(fill(needs, [back])) == [(-30, 130, 0), (0, 100, 0)]


@pytest.mark.parametrize("wrong", [need(required=-1), need(()), need(PREVENTION, ())])
def test_fill_refuses_needs_that_are_none(wrong):
    with pytest.raises(ValueError, match="need"):
        fill([wrong], [])


def test_fill_of_nothing():
    assert fill([], [money(5)]) == []
    assert results(fill([need()], [])) == [(0, 100, 0)]


def test_unmet_need_does_not_net_surplus_against_gap():
    needs = [need(place=KENYA), need(place=GHANA)]
    given_money = [money(40, place=KENYA), money(300, place=GHANA)]

    assert unmet_need(needs, given_money) == 60
    assert surplus(needs, given_money) == 200


# Properties on random trees: two levels of objectives, three of places, two years.

objectives = st.sampled_from([("1",), ("1", "a"), ("1", "b"), ("2",), ("2", "c")])
places = st.sampled_from([WORLD, AFRICA, KENYA, GHANA, ("W", "AS"), ("W", "AS", "NP")])
years = st.sampled_from([2010, 2011])
some_needs = st.lists(st.builds(Need, objectives, places, years, st.integers(0, 60)), max_size=7)
some_money = st.lists(
    st.builds(
        Money,
        st.one_of(objectives, st.just(())),
        st.one_of(places, st.just(())),
        years,
        st.integers(0, 60),
    ),
    max_size=9,
)
signed_money = st.lists(
    st.builds(Money, objectives, places, years, st.integers(-60, 60)), max_size=9
)


def can_fill(given_money, wanted):
    return (
        given_money.year == wanted.year
        and given_money.objective_path[: len(wanted.objective_path)] == wanted.objective_path
        and given_money.place_path[: len(wanted.place_path)] == wanted.place_path
    )


def most_that_can_be_met(needs, money):
    """The least cut: for each choice of needs, what the others ask and the money within reach."""
    return min(
        sum(wanted.required for wanted in needs if wanted not in chosen)
        + sum(m.amount for m in money if any(can_fill(m, wanted) for wanted in chosen))
        for size in range(len(needs) + 1)
        for chosen in combinations(needs, size)
    )


@given(some_needs, some_money)
def test_fill_never_spends_more_than_it_has(needs, money):
    filled = fill(needs, money)

    assert [0 <= found.met <= found.required for found in filled] == [True] * len(needs)
    assert [found.met + found.unmet for found in filled] == [wanted.required for wanted in needs]
    assert [found.surplus >= 0 for found in filled] == [True] * len(needs)
    assert sum(m.amount for m in money) == (
        sum(found.met + found.surplus for found in filled) + unasked(needs, money)
    )


@given(some_needs, signed_money)
def test_fill_adds_up_with_money_taken_back(needs, money):
    filled = fill(needs, money)

    assert sum(m.amount for m in money) == (
        sum(found.met + found.surplus for found in filled) + unasked(needs, money)
    )


@given(
    st.lists(st.builds(Need, objectives, places, years, st.integers(1, 60)), max_size=6), some_money
)
def test_fill_meets_all_that_can_be_met_the_deepest_first(needs, money):
    needs = list({(n.objective_path, n.place_path, n.year): n for n in needs}.values())

    filled = fill(needs, money)

    def order(found):
        objective, place = found.need.objective_path, found.need.place_path
        return -len(objective) - len(place), -len(objective), objective, place

    first = sorted(filled, key=order)
    assert [sum(found.met for found in first[:n]) for n in range(len(first) + 1)] == [
        most_that_can_be_met([found.need for found in first[:n]], money)
        for n in range(len(first) + 1)
    ]


@given(some_needs, signed_money, st.randoms())
def test_fill_does_not_depend_on_the_order_of_money(needs, money, random):
    shuffled = money[:]
    random.shuffle(shuffled)

    assert fill(needs, shuffled) == fill(needs, money)


@given(some_needs, signed_money, st.randoms())
def test_fill_does_not_depend_on_the_order_of_needs(needs, money, random):
    needs = list({(n.objective_path, n.place_path, n.year): n for n in needs}.values())
    shuffled = needs[:]
    random.shuffle(shuffled)

    found = {filled.need: filled for filled in fill(shuffled, money)}

    assert [found[wanted] for wanted in needs] == fill(needs, money)


@given(some_needs, signed_money)
def test_fill_of_years_and_pillars_apart_is_the_fill_of_all(needs, money):
    def part(rows, year, pillar):
        return [row for row in rows if (row.year, *row.objective_path[:1]) == (year, pillar)]

    apart = [
        filled
        for year in (2010, 2011)
        for pillar in ("1", "2")
        for filled in fill(part(needs, year, pillar), part(money, year, pillar))
    ]

    whole = fill(needs, money)
    assert apart == [
        filled
        for year in (2010, 2011)
        for pillar in ("1", "2")
        for filled in whole
        if (filled.year, filled.need.objective_path[0]) == (year, pillar)
    ]
