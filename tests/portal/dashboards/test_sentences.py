"""The sentences that stand over figures, as a reader reads them, for every kind of headline and filter."""

import html
from datetime import date

import pytest
from django.utils.html import strip_tags

from portal.dashboards.gaps import GapsPage
from portal.dashboards.lens import Lens
from portal.dashboards.present import funded_text
from portal.dashboards.sentences import Says, completeness_notes
from portal.directory.access import PUBLIC_VIEWER
from portal.directory.models import Place
from strategy.analysis.completeness import Completeness
from strategy.analysis.coverage import Cell, Totals
from strategy.analysis.headline import Kind
from strategy.models import Objective, Strategy

MILLION = 100_000_000  # cents

STRATEGY = Strategy(
    starts_on=date(2024, 1, 1),
    ends_on=date(2027, 12, 31),
    reporting_currency="USD",
    year_start_month=1,
    as_of=date(2026, 6, 30),
)
YEARS = tuple(STRATEGY.years)
KENYA, STATES = Place(code="KE", name="Kenya"), Place(code="US", name="United States")
PREVENTION = Objective(pk=1, code="1", pillar=1, title="Prevention", short_title="Prevention")
MIGRATION = Objective(code="1.2", parent=PREVENTION, pillar=1, short_title="Safe migration")


def cell(pillar, year=2026, asked=0, given=0, *, place="KE", objective="", full=0, **more):
    """A cell in millions; `full` is what its assumed money would be, were all of it for this pillar."""
    return Cell(
        objective=objective or f"{pillar}.1",
        pillar=pillar,
        place=place,
        year=year,
        required=asked * MILLION,
        unmet=max(0, asked - given) * MILLION,
        committed=given * MILLION,
        surplus=max(0, given - asked) * MILLION if asked else 0,
        assumed=given * MILLION if full else 0,
        assumed_full=full * MILLION,
        asked_cells=int(asked > 0),
        empty_cells=int(asked > 0 and not given),
        **more,
    )


def every_year(pillar, asked, given, **more):
    return [cell(pillar, year, asked, given, **more) for year in YEARS]


def gaps(parts, years=YEARS, incomplete=(), without=5, **chosen):
    """A page as it is gathered for the public; `chosen` are the filters of its lens."""
    return GapsPage(
        lens=Lens(STRATEGY, PUBLIC_VIEWER, STRATEGY.as_of, tuple(years), **chosen),
        parts=[part for part in parts if part.year in years],
        columns=[("KE", "Kenya"), ("PH", "Philippines"), ("UG", "Uganda"), (None, "")],
        largest=[],
        completeness={
            year: Completeness(year, 10, without * (year in incomplete)) for year in YEARS
        },
    )


def plain(sentence):
    return html.unescape(strip_tags(sentence)).replace("\xa0", " ")


def said(page):
    """(kind, large sentence, what follows)."""
    says = Says(page)
    return page.headline.kind, plain(says.say), [plain(sentence) for sentence in says.lede]


THREE = [*every_year(1, 10, 2), *every_year(2, 10, 6), *every_year(3, 10, 8)]
FOURTH = every_year(4, 0, 3)
BOTH = [part for pillar in (1, 2, 3) for part in every_year(pillar, 10, 3, full=4)]


def test_least_met_pillar_is_named_with_the_others_behind_it():
    assert said(gaps(THREE + FOURTH)) == (
        Kind.UNDERFUNDED,
        "Prevention is furthest behind: "
        "it has 20% of what it asks for, and US$32.0 million of US$40.0 million is missing.",
        [
            "Prevention has lacked money in every year since the strategy began in 2024.",
            "All of the missing money is asked for in Kenya.",
            "Also missing: Protection US$16.0 million and Prosecution US$8.0 million.",
            "Partnership states no requirement, so what it lacks cannot be said.",
        ],
    )


@pytest.mark.parametrize(
    ("chosen", "where"),
    [
        ({"years": (2026,)}, " in 2026"),
        ({"years": (2025, 2026)}, " from 2025 to 2026"),
        ({"years": (2024, 2026)}, " in 2024 and 2026"),
        ({"years": (2024, 2025, 2027)}, " in 2024, 2025 and 2027"),
        ({"place": KENYA}, " in Kenya"),
        ({"place": STATES, "years": (2026,)}, " in the United States in 2026"),
    ],
)
def test_sentence_says_place_and_years_that_were_chosen(chosen, where):
    _kind, say, _lede = said(gaps(THREE, **chosen))

    assert say.startswith(
        f"Prevention is furthest behind{where}: it has 20% of what it asks for, and US$"
    )


def test_fiscal_year_is_called_so():
    fiscal = Strategy(
        starts_on=date(2023, 10, 1), ends_on=date(2027, 9, 30), reporting_currency="USD",
        year_start_month=10, as_of=date(2026, 6, 30),
    )  # fmt: skip
    page = gaps(every_year(1, 10, 2), years=(2026,), pillar=1)
    page = GapsPage(page.lens.at(strategy=fiscal), page.parts, page.columns, [], page.completeness)

    assert plain(Says(page).say) == (
        "Prevention has 20% of what it asks for in fiscal year 2026: US$8.0 million of US$10.0 million is missing."
    )


@pytest.mark.parametrize(
    ("parts", "chosen", "say"),
    [
        (
            every_year(1, 10, 2),
            {"pillar": 1},
            "Prevention has 20% of what it asks for: US$32.0 million of US$40.0 million is missing.",
        ),
        (
            every_year(1, 10, 2),
            {"pillar": 1, "place": KENYA, "years": (2026,)},
            "Prevention has 20% of what it asks for in Kenya in 2026: US$8.0 million of US$10.0 million is missing.",
        ),
        (
            every_year(1, 10, 2, objective="1.2"),
            {"pillar": 1, "objective": MIGRATION},
            "1.2 Safe migration has 20% of what it asks for: US$32.0 million of US$40.0 million is missing.",
        ),
        (
            every_year(1, 10, 2),
            {"pillar": 1, "objective": PREVENTION},
            "Prevention has 20% of what it asks for: US$32.0 million of US$40.0 million is missing.",
        ),
        (
            [cell(1, asked=1000, given=1)],
            {"pillar": 1},
            "Prevention has less than 1% of what it asks for: US$999.0 million of US$1.0 billion is missing.",
        ),
        (
            [cell(1, asked=1000, given=999)],
            {"pillar": 1},
            "Prevention has more than 99% of what it asks for: US$1.0 million of US$1.0 billion is missing.",
        ),
        (
            [cell(1, asked=10), cell(1, given=3, place="UG")],
            {"pillar": 1},
            "Prevention has nothing of what it asks for: US$10.0 million of US$10.0 million is missing.",
        ),
    ],
)
def test_one_pillar_or_objective(parts, chosen, say):
    kind, found, _lede = said(gaps(parts, **chosen))

    assert (kind, found) == (Kind.ONE_PILLAR, say)


def test_pillar_without_requirement_beside_one_that_asks():
    kind, _say, lede = said(gaps(every_year(1, 10, 2) + FOURTH))

    assert kind == Kind.ONE_PILLAR
    assert lede[-1] == "Partnership states no requirement, so what it lacks cannot be said."


@pytest.mark.parametrize(
    ("chosen", "say"),
    [
        ({}, "US$12.0 million is committed to the four Ps."),
        ({"pillar": 4}, "US$12.0 million is committed to Partnership."),
        ({"place": KENYA}, "US$12.0 million is committed to the four Ps in Kenya."),
        (
            {"pillar": 4, "place": KENYA, "years": (2026,)},
            "US$3.0 million is committed to Partnership in Kenya in 2026.",
        ),
        (
            {"pillar": 1, "objective": MIGRATION},
            "US$12.0 million is committed to 1.2 Safe migration.",
        ),
    ],
)
def test_no_requirement(chosen, say):
    kind, found, lede = said(gaps(FOURTH, **chosen))

    assert kind == Kind.NO_REQUIREMENT
    assert found == f"{say} No requirement is stated, so what is missing cannot be said."
    assert lede == []


@pytest.mark.parametrize(
    ("pillars", "chosen", "say"),
    [
        ((1, 2), {}, "Nothing is committed yet. US$80.0 million is asked for."),
        ((1, 2), {"years": (2024,)}, "Nothing is committed in 2024. US$20.0 million is asked for."),
        (
            (1,),
            {"pillar": 1, "place": KENYA, "years": (2026,)},
            "Nothing is committed yet to Prevention in Kenya in 2026. US$10.0 million is asked for.",
        ),
        (
            (1,),
            {"pillar": 1, "objective": MIGRATION},
            "Nothing is committed yet to 1.2 Safe migration. US$40.0 million is asked for.",
        ),
    ],
)
def test_nothing_committed(pillars, chosen, say):
    parts = [part for pillar in pillars for part in every_year(pillar, 10, 0)]
    kind, found, _lede = said(gaps(parts, **chosen))

    assert (kind, found) == (Kind.NOTHING_COMMITTED, say)


@pytest.mark.parametrize(
    ("chosen", "say"),
    [
        ({}, "Nothing is asked for and nothing is committed."),
        ({"place": STATES}, "Nothing is asked for and nothing is committed in the United States."),
        (
            {"pillar": 4, "years": (2026,)},
            "Nothing is asked for Partnership in 2026, and nothing is committed.",
        ),
        (
            {"pillar": 1, "objective": MIGRATION, "place": KENYA},
            "Nothing is asked for 1.2 Safe migration in Kenya, and nothing is committed.",
        ),
    ],
)
def test_nothing_in_view(chosen, say):
    assert said(gaps([], **chosen)) == (Kind.NOTHING_IN_VIEW, say, [])


@pytest.mark.parametrize(
    ("parts", "chosen", "say", "lede"),
    [
        (
            every_year(1, 10, 10) + every_year(2, 10, 10),
            {},
            "All that the strategy asks for is met: US$80.0 million.",
            [],
        ),
        (
            every_year(1, 10, 14),
            {"pillar": 1, "place": KENYA},
            "All that Prevention asks for in Kenya is met: US$40.0 million.",
            ["US$56.0 million is committed: US$16.0 million more than is asked for."],
        ),
        (
            [cell(1, 2026, 10, 10, objective="1.2")],
            {"pillar": 1, "objective": MIGRATION, "years": (2026,)},
            "All that 1.2 Safe migration asks for in 2026 is met: US$10.0 million.",
            [],
        ),
    ],
)
def test_all_met(parts, chosen, say, lede):
    assert said(gaps(parts, **chosen)) == (Kind.ALL_MET, say, lede)


def test_overlapping_ranges_claim_no_order():
    assert said(gaps(BOTH)) == (
        Kind.OVERLAPPING_RANGES,
        "US$84.0 million of the US$120.0 million that is asked for is missing, "
        "in prevention, protection and prosecution alike.",
        [
            "The strategy has lacked money in every year since it began in 2024.",
            "Missing by pillar: "
            "Prevention US$28.0 million, Protection US$28.0 million and Prosecution US$28.0 million.",
            "Some money names several Ps at once, so which one lacks most cannot be said; "
            "whichever way it is split, none has more than 40% of what it asks for.",
            "All of the missing money is asked for in Kenya.",
        ],
    )


def test_overlapping_ranges_name_those_behind_where_others_are_not():
    parts = [cell(1, 2026, 10, 3, full=4), cell(2, 2026, 10, 3, full=4), cell(3, 2026, 10, 9)]

    assert said(gaps(parts, years=(2026,)))[1] == (
        "US$15.0 million of the US$30.0 million that is asked for in 2026 is missing: "
        "prevention and protection are furthest behind."
    )


def test_pillars_that_lack_alike_without_any_assumed_split():
    kind, say, lede = said(
        gaps([cell(1, 2026, 10, 6), cell(2, 2026, 10, 6)], years=(2026,), place=KENYA)
    )

    assert kind == Kind.OVERLAPPING_RANGES
    assert say == (
        "US$8.0 million of the US$20.0 million that is asked for in Kenya in 2026 is missing, "
        "in prevention and protection alike."
    )
    assert lede == ["Missing by pillar: Prevention US$4.0 million and Protection US$4.0 million."]


def test_surplus_elsewhere_fills_no_gap():
    page = gaps([cell(1, 2026, 10, 2), cell(1, 2026, 0, 50, place="UG")], years=(2026,), pillar=1)

    assert said(page) == (
        Kind.ONE_PILLAR,
        "Prevention has 20% of what it asks for in 2026: US$8.0 million of US$10.0 million is missing.",
        [
            "All of the missing money is asked for in Kenya.",
            "US$52.0 million is committed in all, but US$50.0 million of it lies beyond what is asked "
            "or where nothing is asked: it fills no gap.",
        ],
    )


def test_places_that_lack_most_and_those_that_got_nothing():
    parts = [cell(1, 2026, 20), cell(1, 2026, 10, 2, place="PH"), cell(1, 2026, 4, 1, place="UG")]

    assert said(gaps(parts, years=(2026,), pillar=1))[2] == [
        "Most is missing in Kenya (US$20.0 million), then in the Philippines (US$8.0 million).",
        "1 of the 3 places that ask got nothing.",
    ]


def test_requirements_are_counted_as_such_where_a_place_asks_more_than_once():
    parts = [
        cell(1, year, 10, 0, objective=code) for year in (2025, 2026) for code in ("1.1", "1.2")
    ]
    parts += [cell(1, 2026, 10, 5, objective="1.3")]

    assert "4 of 5 requirements got nothing at all." in said(gaps(parts, pillar=1))[2]


def test_none_of_the_places_got_anything():
    parts = [cell(1, 2026, 10), cell(1, 2026, 10, place="UG"), cell(1, 2026, 0, 3, place="PH")]

    assert (
        "None of the 2 places that ask got anything."
        in said(gaps(parts, years=(2026,), pillar=1))[2]
    )


@pytest.mark.parametrize(
    ("given", "years", "since"),
    [
        (
            (2, 2, 2, 2),
            YEARS,
            "Prevention has lacked money in every year since the strategy began in 2024.",
        ),
        ((10, 2, 2, 2), YEARS, "Prevention has lacked money in every year since 2025."),
        ((2, 2, 2, 2), (2025, 2026), "Prevention has lacked money in every year in view."),
        ((10, 10, 2, 2), YEARS, None),
        ((2, 2, 2, 2), (2026,), None),
    ],
)
def test_since_when(given, years, since):
    parts = [cell(1, year, 10, amount) for year, amount in zip(YEARS, given, strict=True)]
    lede = said(gaps(parts, years=years, pillar=1))[2]

    assert [line for line in lede if "lacked" in line] == ([since] if since else [])


@pytest.mark.parametrize(("years", "words"), [((2024,), "2024"), ((2024, 2025), "2024 to 2025")])
def test_incomplete_years_state_no_gap(years, words):
    assert said(gaps(THREE, years=years, incomplete=years, place=KENYA)) == (
        Kind.INCOMPLETE_YEAR,
        f"The record of {words} is incomplete: so many grants have no amount that what is missing cannot be said.",
        [],
    )


@pytest.mark.parametrize(
    ("incomplete", "without", "years", "notes"),
    [
        (
            (2024,),
            5,
            (2024,),
            [
                "The record of 2024 is incomplete: more than a fifth of its grants have no amount.",
                "5 of all 10 grants of this year have no amount and add nothing.",
            ],
        ),
        (
            (2024, 2025),
            5,
            YEARS,
            [
                "The records of 2024 and 2025 are incomplete: more than a fifth of their grants have no amount.",
                "10 of all 40 grants of these years have no amount and add nothing.",
            ],
        ),
        ((2024,), 1, YEARS, ["1 of all 40 grants of these years has no amount and adds nothing."]),
    ],
)
def test_notes_on_grants_without_amounts(incomplete, without, years, notes):
    page = gaps([], years=years, incomplete=incomplete, without=without)

    assert [plain(note) for note in completeness_notes(page)] == notes


def test_notes_on_tags():
    untagged = Cell(objective=None, pillar=None, place="KE", year=2026, committed=2 * MILLION)
    parts = [
        cell(1, 2026, 10, 3, full=4),
        cell(1, 2026, 0, 1, place="UG", by_rule=MILLION),
        untagged,
    ]

    assert [plain(note) for note in completeness_notes(gaps(parts))] == [
        "75% of the committed money rests on an assumed split: its grants name several Ps.",
        "25% of the committed money was tagged by rule, not yet by a person.",
        "US$2.0 million has no tag yet and is in no P's figure.",
    ]


@pytest.mark.parametrize(
    ("required", "unmet", "words"),
    [(0, 0, "no requirement stated"), (1000, 1, ">99%"), (1000, 999, "<1%"), (1000, 0, "100%")],
)
def test_label_never_says_all_where_something_is_missing(required, unmet, words):
    totals = Totals(required=required, unmet=unmet, committed=required - unmet)

    assert funded_text(totals) == words


def test_every_number_of_a_sentence_leads_to_its_rows_through_the_same_filters():
    say = Says(gaps(THREE, years=(2026,))).say

    assert 'href="/gaps/rows/?figure=missing&amp;p=1"' in say
    assert 'href="/gaps/rows/?figure=required&amp;p=1"' in say
    assert 'href="/gaps/rows/?figure=met&amp;p=1"' in say
