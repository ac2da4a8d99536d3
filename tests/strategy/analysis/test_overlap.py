from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.demo.labelled import make
from strategy.analysis.overlap import PARTS, Node, Weights, assess, compare, groups
from strategy.analysis.overlap_search import Entry, count, find_all, prepare, tell

START, END = date(2026, 1, 1).toordinal(), date(2026, 12, 31).toordinal()
PORT, AIRPORT, COUNTRY = (1, 2, 3, 40), (1, 2, 3, 41), (1, 2, 3)
BASE = Entry(
    key=1,
    organisation=1,
    title="Screening training for border officers",
    description="Two days on screening questions, calm interviews and referral at the crossing.",
    objectives=(Node((2, 24), 1.0),),
    places=(Node(PORT, 1.0, 3),),
    country=3,
    start=START,
    end=END,
    populations=frozenset({"officials"}),
    delivery="training",
    participants=frozenset({1}),
)
OTHER = replace(BASE, key=2, organisation=2, participants=frozenset({2}))


def works(*entries):
    told = [tell(entry) for entry in entries]
    rarity = count(told)
    return [prepare(one, rarity, Weights()).work for one in told]


def alike(first, second):
    return assess(*works(first, second), Weights())


def test_the_same_record_of_another_organisation_scores_one_and_is_a_duplication():
    found = alike(BASE, OTHER)

    assert (found.score, found.kind) == (1.0, "duplication")
    assert found.parts == dict.fromkeys(PARTS, 1.0) | {"participants": 0.0}
    assert (found.shared_from, found.shared_until) == (date(2026, 1, 1), date(2026, 12, 31))
    assert (found.objective, found.place) == (24, 40)


def test_other_word_order_and_other_words_for_the_same_are_seen_through():
    retold = replace(
        OTHER,
        title="Officers at the frontier: course in recognising",
        description="Referral, calm interviews and screening questions in two days.",
    )

    assert compare(*works(BASE, retold), Weights())


def test_near_spellings_and_abbreviations_are_shared_words():
    one = replace(BASE, title="Regional Migration Centre reintegrashun desk", description="")
    other = replace(OTHER, title="RMC reintegrashen desk", description="")

    found = alike(one, other)

    assert found.parts["text"] > 0.5
    assert "reintegrashun" in found.shared_words


@pytest.mark.parametrize(
    "changes",
    [
        {"places": (Node(AIRPORT, 1.0, 3),)},
        {"populations": frozenset({"children"})},
        {"start": END + 1, "end": END + 365},
        {"start": END - 10, "end": END + 355},
        {"objectives": (Node((3, 31), 1.0),)},
        {"title": "Savings groups", "description": "Women save together on the quay."},
    ],
    ids=[
        "sibling district",
        "other people",
        "next phase",
        "overlapping by days",
        "other pillar",
        "other words",
    ],
)
def test_what_cannot_be_the_same_work_is_not_compared_further(changes):
    assert alike(BASE, replace(OTHER, **changes)) is None


def test_phases_with_different_numbers_are_different_work():
    one, two = (
        replace(entry, title=f"{entry.title}, phase {n}")
        for n, entry in enumerate((BASE, OTHER), 1)
    )

    assert alike(one, two) is None
    assert alike(one, replace(two, title=one.title))


def test_template_shared_by_many_says_less_than_what_is_told_once():
    """ "Training for police in X" is in every record of the country; what the course is about is not."""
    many = [
        replace(BASE, key=100 + n, title="Training for police", description=f"Subject{n} method{n}", organisation=n)
        for n in range(60)
    ]  # fmt: skip
    template = replace(OTHER, title="Training for police", description="Ransom letters")
    own = replace(BASE, title="Training for police", description="Forged passports")
    told = [tell(entry) for entry in (own, template, *many)]
    rarity = count(told)
    one, other = (prepare(entry, rarity, Weights()).work for entry in told[:2])

    found = assess(one, other, Weights())

    assert found is None or found.score < Weights().threshold


def test_country_as_a_whole_may_hold_the_same_work_as_one_of_its_divisions():
    found = alike(BASE, replace(OTHER, places=(Node(COUNTRY, 1.0, 2),)))

    assert found.parts["place"] == 0.7
    assert found.place == 40


def test_what_is_not_stated_is_none_and_counts_as_weights_say():
    found = alike(BASE, replace(OTHER, delivery="", populations=frozenset(), start=None, end=None))

    assert [name for name, value in found.parts.items() if value is None] == [
        "period",
        "population",
        "delivery",
    ]
    assert (found.shared_from, found.shared_until) == (None, None)
    assert Weights().threshold < found.score < 1


@pytest.mark.parametrize(
    ("changes", "kind", "value"),
    [
        ({"organisation": 1, "participants": frozenset({1})}, "double", 1.0),
        ({"participants": frozenset({1, 2})}, "same", 1.0),
        ({"funders": frozenset({1})}, "same", 1.0),
        ({"delivery": "campaign"}, "overlap", 0.0),
    ],
)
def test_kinds(changes, kind, value):
    found = alike(BASE, replace(OTHER, **changes))

    assert (found.kind, found.parts["participants"]) == (kind, value)


def test_records_without_words_are_alike_only_where_somebody_does_the_work_of_both():
    silent = replace(OTHER, title="", description="")

    assert alike(BASE, silent) is None
    assert alike(BASE, replace(silent, participants=frozenset({1, 2}))).parts["text"] is None


def test_linked_records_are_not_proposed():
    assert alike(replace(BASE, link_group=7), replace(OTHER, link_group=7)) is None


def test_weights_move_the_score():
    one, other = works(BASE, replace(OTHER, title="Screening for officers at sea", description=""))

    much, little = (assess(one, other, Weights(text=weight)).score for weight in (0.9, 0.05))

    assert much < little


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9))))
def test_groups_are_the_connected_components(pairs):
    found = groups(pairs)

    of = {key: number for number, keys in enumerate(found) for key in keys}
    assert sorted(of) == sorted({key for pair in pairs for key in pair})
    assert all(of[one] == of[other] for one, other in pairs)
    for keys in found:  # what stands in one group hangs together
        reached = {keys[0]}
        for _ in keys:
            reached |= {key for pair in pairs for key in pair if reached & set(pair)}
        assert reached == set(keys)


@pytest.mark.parametrize("seed", [31, 32])
def test_search_finds_what_is_the_same_and_no_near_misses(seed):
    """On a small labelled set that no weight was chosen by; the bench measures large ones."""
    labelled = make(2000, seed)
    told = [tell(entry) for entry in labelled.entries]
    rarity = count(told)

    found = find_all([prepare(one, rarity, Weights()) for one in told], Weights())

    hits = found.keys() & labelled.same.keys()
    assert len(hits) / len(labelled.same) > 0.85
    assert len(hits) / len(found) > 0.93
    assert len(found.keys() & labelled.misses.keys()) / len(labelled.misses) <= 0.02


def test_search_from_nothing_finds_every_pair_that_a_comparison_of_all_with_all_would_and_shares_marks():
    labelled = make(250, 5, countries=2)
    told = [tell(entry) for entry in labelled.entries]
    rarity = count(told)
    prepared = [prepare(one, rarity, Weights()) for one in told]

    found = find_all(prepared, Weights())

    by_hand = {}
    for at, one in enumerate(prepared):
        for other in prepared[at + 1 :]:
            same_country = (
                one.country is None or other.country is None or one.country == other.country
            )
            shared = len(set(one.marks) & set(other.marks)) if same_country else 0
            pair = compare(one.work, other.work, Weights())
            if pair and shared >= Weights().keys_shared:
                by_hand[one.work.key, other.work.key] = pair
    assert found == by_hand
    assert found
