"""The functions together: from grants and requirements to figures, to the cent."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from strategy.analysis.coverage import Money, Need, fill, unasked
from strategy.analysis.funding import (
    Allocation,
    Funds,
    GrantRow,
    Transaction,
    committed_total,
    counting,
    grant_splits,
    offsets,
    pass_through,
    quarter_rows,
)
from strategy.analysis.split import fiscal_year

OBJECTIVES = {"1": ("1",), "1.2": ("1", "1.2"), "2": ("2",), None: ()}
PLACES = {"001": ("001",), "KE": ("001", "KE"), "GH": ("001", "GH"), None: ()}
PILLARS = {"1": 1, "1.2": 1, "2": 2, None: None}

months = st.integers(1, 12)
days = st.dates(date(2003, 1, 1), date(2014, 12, 31))
cents = st.integers(-(10**7), 10**9)
transactions = st.builds(
    Transaction,
    st.sampled_from(["pledge", "commitment", "disbursement", "expenditure"]),
    st.one_of(st.none(), cents),
    days,
)
any_transactions = st.lists(transactions, max_size=4)


@st.composite
def tags(draw):
    size = draw(st.integers(0, 5))
    shares = draw(st.lists(st.decimals(0, 20, places=6), min_size=size, max_size=size))
    allocations = []
    for position, share in enumerate(shares):
        objective = draw(st.sampled_from(list(OBJECTIVES)))
        allocations.append(
            Allocation(
                position,
                objective,
                draw(st.sampled_from(list(PLACES))),
                share,
                PILLARS[objective],
                draw(st.booleans()),
                draw(st.booleans()),
            )
        )
    return allocations


@st.composite
def grants(draw, amounts=cents, some_transactions=any_transactions):
    start = draw(st.one_of(st.none(), days))
    length = timedelta(days=draw(st.integers(0, 1500)))
    return Funds(
        draw(amounts),
        draw(days),
        start,
        start and start + length,
        draw(some_transactions),
        draw(tags()),
    )


def sums(rows, *names):
    found = Counter()
    for row in rows:
        found[tuple(getattr(row, name) for name in names)] += row.amount
    return {key: amount for key, amount in found.items() if amount}


def total_of(kind, grant):
    return sum(entry.amount or 0 for entry in grant.transactions if entry.kind == kind)


@given(grants(), months)
def test_splits_of_a_grant_add_up_to_its_totals(grant, month):
    splits = grant_splits(grant, month)

    totals = {
        ("pledged",): total_of("pledge", grant),
        ("committed",): committed_total(grant),
        ("disbursed",): total_of("disbursement", grant),
    }
    assert sums(splits, "measure") == {key: amount for key, amount in totals.items() if amount}


@given(grants(), months)
def test_disbursed_money_adds_up_by_year(grant, month):
    splits = [row for row in grant_splits(grant, month) if row.measure == "disbursed"]

    by_year = Counter()
    for entry in grant.transactions:
        if entry.kind == "disbursement":
            by_year[(fiscal_year(entry.value_date, month),)] += entry.amount or 0
    assert sums(splits, "year") == {year: amount for year, amount in by_year.items() if amount}


@given(grants(), months)
def test_quarters_and_years_of_each_tag_agree(grant, month):
    splits = [row for row in grant_splits(grant, month) if row.measure == "committed"]

    assert sums(quarter_rows(grant, month), "allocation", "year") == sums(
        splits, "allocation", "year"
    )


@given(grants(amounts=st.integers(0, 10**9), some_transactions=st.just(())), months)
def test_an_assumed_split_in_full_is_all_that_names_the_pillar(grant, month):
    splits = grant_splits(grant, month)
    named = {tag.id: tag for tag in grant.allocations}

    assumed, full = Counter(), Counter()
    for row in splits:
        if row.is_assumed:
            assumed[row.place] += row.amount
            full[row.place, named[row.allocation].pillar] += row.full
    for (place, _), amount in full.items():
        assert amount == assumed[place]
    assert [row.full for row in splits if not row.is_assumed] == [0] * sum(
        not row.is_assumed for row in splits
    )


positive = grants(amounts=st.integers(0, 10**9), some_transactions=st.just(()))


@given(positive, st.lists(positive, max_size=3), months)
def test_what_passes_through_is_new_money_once(parent, children, month):
    own = grant_splits(parent, month)
    passed_on = [row for child in children for row in grant_splits(child, month)]

    replaced = pass_through(own, passed_on)

    given_on = sum(row.amount for row in passed_on)
    had = committed_total(parent)
    new_money = sum(row.amount for row in [*own, *replaced, *passed_on])
    assert new_money == max(had, given_on)
    left = Counter(sums(own, "allocation", "year"))
    left.update(sums(replaced, "allocation", "year"))
    assert [amount for amount in left.values() if amount < 0] == []
    assert [-row.full for row in replaced if -row.full > max(split.full for split in own)] == []


@given(positive, positive, positive, months)
def test_a_chain_of_regrants_adds_up(first, second, third, month):
    rows = [GrantRow(0), GrantRow(1, regrant_of=0), GrantRow(2, regrant_of=1)]
    splits = [grant_splits(grant, month) for grant in (first, second, third)]
    amounts = [committed_total(grant) for grant in (first, second, third)]

    counted = counting(rows)
    all_rows = [row for position in counted for row in splits[position]]
    for child, parent in offsets(rows, counted).items():
        all_rows += pass_through(splits[parent], splits[child])

    assert sum(row.amount for row in all_rows) == (
        sum(amounts) - min(amounts[0], amounts[1]) - min(amounts[1], amounts[2])
    )


needs = st.lists(
    st.builds(
        Need,
        st.sampled_from([path for path in OBJECTIVES.values() if path]),
        st.sampled_from([path for path in PLACES.values() if path]),
        st.integers(2003, 2015),
        st.integers(0, 10**8),
    ),
    max_size=12,
)


@given(needs, st.lists(grants(), max_size=4), months)
def test_every_committed_cent_is_met_surplus_or_unasked(needs, some_grants, month):
    rows = [
        row
        for grant in some_grants
        for row in grant_splits(grant, month)
        if row.measure == "committed"
    ]
    money = [
        Money(OBJECTIVES[row.objective], PLACES[row.place], row.year, row.amount) for row in rows
    ]

    filled = fill(needs, money)

    assert sum(found.met + found.surplus for found in filled) + unasked(needs, money) == sum(
        committed_total(grant) for grant in some_grants
    )
    assert [found.met + found.unmet for found in filled] == [need.required for need in needs]


@given(grants(), months)
def test_splits_do_not_depend_on_marks(grant, month):
    unmarked = replace(
        grant,
        allocations=[
            replace(tag, is_assumed=False, by_rule=False, pillar=None) for tag in grant.allocations
        ],
    )

    keys = ("allocation", "objective", "place", "year", "measure")
    assert sums(grant_splits(grant, month), *keys) == sums(grant_splits(unmarked, month), *keys)
