"""The page of an objective, by each kind of person, and its figures beside those of the other pages."""

import csv
import io
from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grants.choices import TransactionKind
from grants.models import Allocation
from grants.services import rebuild_figures, save_money, set_allocations
from portal.dashboards.gather import cells
from portal.dashboards.lens import Lens
from portal.dashboards.objectives.funding import columns, funding, table, title
from portal.dashboards.objectives.indicators import Level, readings
from portal.dashboards.objectives.page import objective_page, says
from portal.dashboards.objectives.presence import Empty, presence
from portal.dashboards.objectives.quarters import GrantRows, quarters
from portal.directory.access import Viewer
from portal.records.choices import LocationPrecision, Visibility
from portal.records.small_counts import Hidden
from strategy.analysis.coverage import by_year, total
from tests.factories import (
    ActivityFactory,
    ExpectationFactory,
    GrantFactory,
    IndicatorFactory,
    MeasurementFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PlaceFactory,
    RequirementFactory,
    StrategyFactory,
    TransactionFactory,
    pillar_root,
)
from tests.people import organisation_of

pytestmark = pytest.mark.django_db

SECRETARIAT = Viewer(is_secretariat=True)


@pytest.fixture
def strategy(db):
    """In force from 2024 to 2027, looked at from 30 June 2026."""
    return StrategyFactory()


@pytest.fixture
def kenya(strategy):
    return PlaceFactory(
        code="KE", name="Kenya", parent=PlaceFactory(code="002", name="Africa", kind="region")
    )


@pytest.fixture
def awareness(strategy):
    """Objective 1.1."""
    return ObjectiveFactory(
        strategy=strategy, pillar=1, title="People know", short_title="Awareness"
    )


def give(objective, place, amount="1000.00", share="100", **fields):
    """A grant with one tag, counted."""
    grant = GrantFactory(amount_awarded=Decimal(amount), **fields)
    tag = Allocation(objective=objective, place=place, share=Decimal(share), origin="person")
    set_allocations(grant, objective.strategy, [tag])
    return grant


def ask(objective, place, amount="4000.00", year=2026):
    requirement = RequirementFactory(
        objective=objective, place=place, year=year, amount_original=Decimal(amount)
    )
    rebuild_figures(objective.strategy_id)
    return requirement


def lens_for(objective, viewer=None, **changes):
    strategy = objective.strategy
    lens = Lens(
        strategy, viewer or Viewer(), strategy.today(), tuple(strategy.years), pillar=objective.pillar,
        objective=objective, params={"objective": objective.code},
    )  # fmt: skip
    return lens.at(**changes)


def page_of(client, objective, query="", person=None):
    if person is not None:
        client.force_login(person)
    return client.get(objective.get_absolute_url() + query)


def words_of(objective, **changes):
    """The sentences of a page without their links."""
    from django.utils.html import strip_tags

    return strip_tags(" ".join(says(objective_page(lens_for(objective, **changes))))).replace(
        "\xa0", " "
    )


# By each kind of person


def test_each_person_sees_the_money_that_is_shared_with_them(
    client, awareness, kenya, editor_a, funder, secretariat
):
    mine = organisation_of(editor_a)
    give(awareness, kenya, "1.00")
    give(awareness, kenya, "20.00", visibility=Visibility.COALITION)
    give(
        awareness, kenya, "300.00", visibility=Visibility.ORGANISATION, recipient_organisation=mine
    )
    give(awareness, kenya, "4000.00", visibility=Visibility.ORGANISATION)

    seen = [
        page_of(client, awareness, person=person).context["totals"].committed
        for person in (None, editor_a, funder, secretariat)
    ]

    assert seen == [1_00, 321_00, 21_00, 4321_00]


def test_what_may_not_be_seen_looks_like_an_empty_place(client, awareness, kenya):
    give(awareness, kenya, visibility=Visibility.ORGANISATION)
    ActivityFactory(
        title="Hidden work", visibility="organisation", objectives=[awareness], places=[kenya]
    )

    response = page_of(client, awareness)

    assert b"Nothing is asked for and nothing is committed here." in response.content
    assert b"No grant is tagged to this objective here." in response.content
    assert b"No activity is on record here." in response.content
    assert b"Hidden work" not in response.content


def test_viewer_and_editor_of_an_organisation_see_the_same(
    client, awareness, kenya, viewer, editor_a
):
    give(
        awareness,
        kenya,
        visibility=Visibility.ORGANISATION,
        funding_organisation=organisation_of(editor_a),
    )

    seen = [
        page_of(client, awareness, person=person).context["totals"].committed
        for person in (viewer, editor_a)
    ]

    assert seen == [1000_00, 1000_00]


def test_unknown_objective_is_not_found(client, awareness):
    assert client.get("/objectives/9.9/").status_code == 404
    assert client.get("/objectives/1.1/other.csv").status_code == 404
    assert client.get("/objectives/1.1/grants.png").status_code == 404


# Money over time


def test_quarters_add_up_to_their_years_on_real_dates(awareness, kenya):
    give(awareness, kenya, "1000.01", planned_start=date(2025, 2, 14), planned_end=date(2027, 8, 3))
    give(
        awareness, kenya, "10.00", planned_start=None, planned_end=None, award_date=date(2026, 5, 5)
    )
    lens = lens_for(awareness)

    sums = defaultdict(int)
    for row in quarters(lens):
        sums[row.year] += row.amount

    assert dict(sums) == {year: totals.committed for year, totals in by_year(cells(lens)).items()}
    assert sum(sums.values()) == 1010_01


grant_shape = st.fixed_dictionaries(
    {
        "start": st.dates(date(2023, 6, 1), date(2027, 6, 1)),
        "days": st.integers(0, 900),
        "amount": st.integers(1, 10_000_00),
        "visibility": st.sampled_from(Visibility.values),
        "mine": st.booleans(),
        "regrant": st.booleans(),
        "share": st.sampled_from(["100", "33.333333", "12.5"]),
    }
)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    shapes=st.lists(grant_shape, min_size=1, max_size=4),
    kind=st.sampled_from(["public", "member", "secretariat"]),
)
def test_quarters_years_and_grants_agree_to_the_cent_for_every_viewer(shapes, kind):
    from django.db import transaction

    with transaction.atomic():
        strategy = StrategyFactory()
        objective = ObjectiveFactory(strategy=strategy, pillar=1)
        place, mine, parent = PlaceFactory(), OrganisationFactory(), None
        for shape in shapes:
            grant = give(
                objective, place, str(Decimal(shape["amount"]) / 100), shape["share"],
                planned_start=shape["start"], planned_end=date.fromordinal(shape["start"].toordinal() + shape["days"]),
                visibility=shape["visibility"], regrant_of=parent if shape["regrant"] else None,
                **({"recipient_organisation": mine} if shape["mine"] else {}),
            )  # fmt: skip
            parent = parent or grant
        save_money([parent.pk])
        viewer = {
            "public": Viewer(),
            "member": Viewer(is_member=True, organisations=frozenset({mine.pk})),
            "secretariat": SECRETARIAT,
        }[kind]
        lens = lens_for(objective, viewer)

        years = {year: totals.committed for year, totals in by_year(cells(lens)).items()}
        sums = defaultdict(int)
        for row in quarters(lens):
            sums[row.year] += row.amount
        found = GrantRows(lens)
        rows = [row for start in range(0, len(found), 2) for row in found[start : start + 2]]

        assert {year: amount for year, amount in sums.items() if amount} == {
            year: amount for year, amount in years.items() if amount
        }
        assert sum(row.committed for row in rows) == sum(years.values())
        transaction.set_rollback(True)


def test_grants_table_says_what_counts_here(awareness, kenya):
    grant = give(awareness, kenya, "1000.00", share="40")
    TransactionFactory(grant=grant, amount=Decimal("1000.00"))
    TransactionFactory(grant=grant, kind=TransactionKind.DISBURSEMENT, amount=Decimal("250.00"))
    save_money([grant.pk])
    lens = lens_for(awareness)

    (row,) = GrantRows(lens)[0:5]

    assert (row.grant, row.committed, row.disbursed, row.whole, row.share) == (
        grant,
        400_00,
        100_00,
        1000_00,
        40,
    )
    assert total(cells(lens)).committed == row.committed


def test_grants_are_paged_short_first(client, awareness, kenya):
    for _number in range(17):
        give(awareness, kenya, "1.00")

    first = page_of(client, awareness)
    second = page_of(client, awareness, "?page=2")

    assert (len(first.context["grant_rows"]), len(second.context["grant_rows"])) == (15, 2)
    assert first.context["totals"].committed == 17_00


def test_cliff_is_the_first_quarter_after_the_as_of_day_that_falls(awareness, kenya):
    give(
        awareness, kenya, "1000.00", planned_start=date(2025, 1, 1), planned_end=date(2026, 12, 31)
    )
    give(awareness, kenya, "100.00", planned_start=date(2027, 1, 1), planned_end=date(2027, 6, 30))

    found = funding(lens_for(awareness), {})

    assert not found.is_by_year
    assert (found.cliff.period.year, found.cliff.period.quarter) == (2027, 1)
    assert title(found) == "Committed money falls from US$126 in 2026 Q4 to US$50 in 2027 Q1"
    assert columns(found, 1).callout.title == "End of Dec 2026"


def test_years_stand_where_most_days_are_assumed(awareness, kenya):
    give(
        awareness,
        kenya,
        "1000.00",
        planned_start=date(2026, 1, 1),
        planned_end=date(2026, 12, 31),
        dates_assumed=True,
    )

    found = funding(lens_for(awareness), {2026: 500_00, 2027: 600_00})

    assert found.is_by_year
    assert [period.year for period in found.periods] == [2024, 2025, 2026, 2027]
    assert title(found) == "Nothing is committed after Dec 2026"
    assert table(found)[1][2:] == [["2026", "1,000", "1,000", "500"], ["2027", "0", "0", "600"]]


def test_what_is_asked_by_quarter_adds_up_to_the_year(awareness, kenya):
    give(awareness, kenya)

    found = funding(lens_for(awareness), {2026: 1000_02})

    assert [period.required for period in found.periods if period.year == 2026] == [
        250_01,
        250_01,
        250_00,
        250_00,
    ]
    assert [period.required for period in found.periods if period.year == 2025] == [None] * 4


def test_funders_beyond_three_stand_together(awareness, kenya):
    for amount in ("500.00", "400.00", "300.00", "200.00", "100.00"):
        give(awareness, kenya, amount)

    found = funding(lens_for(awareness), {})

    assert [name for _key, name in found.series][-1] == "2 other funders"
    assert sum(sum(found.amounts(period)) for period in found.periods) == 1500_00
    assert round(found.largest.share) == 33
    assert round(found.herfindahl, 3) == Decimal("0.244")


# What is said


def test_sentence_of_an_empty_objective(awareness):
    assert words_of(awareness).startswith("Nothing is asked for and nothing is committed here.")


def test_sentence_where_nothing_is_committed(awareness, kenya):
    ask(awareness, kenya)

    assert words_of(awareness).startswith("Nothing is committed yet. US$4,000 is asked for.")


def test_sentence_of_a_gap(awareness, kenya):
    ask(awareness, kenya)
    give(awareness, kenya)

    assert words_of(awareness).startswith("Funded at 25%. US$3,000 of US$4,000 is still missing.")


def test_sentence_where_all_is_met(awareness, kenya):
    ask(awareness, kenya, "1000.00")
    give(awareness, kenya)

    assert words_of(awareness).startswith("All that is asked for is met: US$1,000.")


def test_sentence_names_where_it_is_asked_when_not_here(awareness, kenya):
    ask(pillar_root(1), kenya)
    give(awareness, kenya)

    words = words_of(awareness)

    assert (
        "US$1,000 is committed, by 1 funder. No requirement is stated here, so what is missing cannot be said."
        in words
    )
    assert "What the strategy asks for is stated above it, at 1 Prevention." in words


def test_sentence_says_place_and_year(awareness, kenya):
    ask(awareness, kenya)
    give(awareness, kenya)

    words = words_of(awareness, place=kenya, years=(2026,))

    assert words.startswith("Funded at 25% in Kenya in 2026.")


# Who works there


def test_places_with_nobody_are_those_that_ask_and_have_no_work_that_year(awareness, kenya):
    uganda, chad = PlaceFactory(code="UG", name="Uganda"), PlaceFactory(code="TD", name="Chad")
    ask(awareness, kenya, "300.00")
    ask(awareness, uganda, "200.00")
    ExpectationFactory(objective=awareness, place=chad)
    ActivityFactory(objectives=[awareness], places=[kenya])

    found = presence(lens_for(awareness))

    assert (found.activities, found.organisations, found.running, found.asked) == (1, 1, 1, 3)
    assert found.nobody == (Empty("Uganda", "UG", 200_00), Empty("Chad", "TD", 0))


def test_hidden_place_shows_nobody_there_but_to_its_owner(awareness, kenya):
    ask(awareness, kenya)
    activity = ActivityFactory(
        objectives=[awareness], places=[kenya], location_precision=LocationPrecision.HIDDEN
    )
    owner = Viewer(is_member=True, organisations=frozenset({activity.reporting_organisation_id}))

    shown = [
        len(presence(lens_for(awareness, viewer)).nobody)
        for viewer in (Viewer(), owner, SECRETARIAT)
    ]

    assert shown == [1, 0, 0]


def test_activities_follow_the_filters(client, awareness, kenya):
    ActivityFactory(title="Kenya 2026", objectives=[awareness], places=[kenya])
    ActivityFactory(
        title="Elsewhere 2025", objectives=[awareness], places=[PlaceFactory()],
        planned_start=date(2025, 1, 1), planned_end=date(2025, 12, 31),
    )  # fmt: skip

    def titles(query):
        return [
            row["activity"].title for row in page_of(client, awareness, query).context["work_rows"]
        ]

    assert titles("") == ["Kenya 2026", "Elsewhere 2025"]
    assert titles("?place=KE") == ["Kenya 2026"]
    assert titles("?year=2025") == ["Elsewhere 2025"]


def test_wrong_filters_get_a_sentence(client, awareness):
    response = page_of(client, awareness, "?place=nowhere&year=1999")

    assert response.status_code == 200
    assert "We know no place “nowhere”." in response.content.decode()


# What is measured


def test_indicator_runs_from_its_start_to_its_target(awareness, kenya):
    indicator = IndicatorFactory(
        objective=awareness, unit="%", baseline_value=10, baseline_year=2024, target_value=60, target_year=2027,
        across_places="average",
    )  # fmt: skip
    MeasurementFactory(
        indicator=indicator, place=kenya, value=Decimal("30"), measured_on=date(2026, 1, 1)
    )
    MeasurementFactory(
        indicator=indicator, place=PlaceFactory(), value=Decimal("40"), measured_on=date(2026, 2, 1)
    )
    MeasurementFactory(
        indicator=indicator, place=kenya, value=Decimal("99"), measured_on=date(2026, 12, 1)
    )

    (found,) = readings(lens_for(awareness))

    assert (found.now, found.reached, found.places, found.as_of) == (
        Level(Decimal("35.00"), "%"), 50.0, 2, date(2026, 2, 1),
    )  # fmt: skip
    assert found.now.text == "35%"


def test_capacity_gap_is_summed_place_by_place(awareness, kenya):
    indicator = IndicatorFactory(objective=awareness, kind="capacity", unit="beds")
    MeasurementFactory(indicator=indicator, place=kenya, value=None, need=50, available=20)
    MeasurementFactory(indicator=indicator, place=PlaceFactory(), value=None, need=10, available=30)

    (found,) = readings(lens_for(awareness))

    assert (found.need.value, found.available.value, found.gap.value) == (60, 50, 30)


def test_small_counts_of_people_are_hidden_from_all_but_the_secretariat(
    client, awareness, kenya, secretariat, editor_a
):
    indicator = IndicatorFactory(objective=awareness, unit="people", counts_people=True)
    MeasurementFactory(indicator=indicator, place=kenya, value=Decimal(7), is_released=True)

    public = page_of(client, awareness).content.decode()
    member = page_of(client, awareness, person=editor_a).content.decode()
    desk = page_of(client, awareness, person=secretariat).content.decode()

    assert "Fewer than 10. We never show small numbers of people." in public
    assert "Fewer than 10. We never show small numbers of people." in member
    assert "<b>7</b>" in desk


def test_counts_that_are_not_released_are_no_data(awareness, kenya):
    indicator = IndicatorFactory(objective=awareness, unit="people", counts_people=True)
    MeasurementFactory(indicator=indicator, place=kenya, value=Decimal(700))

    assert readings(lens_for(awareness))[0].now.value is None
    assert readings(lens_for(awareness, SECRETARIAT))[0].now.value == 700


def test_small_count_cannot_be_worked_out_from_the_other_places(awareness, kenya):
    indicator = IndicatorFactory(objective=awareness, unit="people", counts_people=True)
    other = PlaceFactory(code="UG", name="Uganda")
    MeasurementFactory(indicator=indicator, place=kenya, value=Decimal(4), is_released=True)
    MeasurementFactory(indicator=indicator, place=other, value=Decimal(100), is_released=True)

    whole, small, large = (
        readings(lens_for(awareness, place=place))[0].now.value for place in (None, kenya, other)
    )

    assert small is Hidden.BELOW_TEN
    assert Hidden.WITH_OTHERS in (whole, large)


# The page as a whole


def test_pillar_page_lists_its_objectives(client, awareness, kenya):
    give(awareness, kenya)
    give(pillar_root(1), kenya, "500.00")

    response = page_of(client, pillar_root(1))

    rows = [(row["code"], row["name"], row["asked"]) for row in response.context["below"]]
    assert rows == [("1", "Prevention as a whole, not below", False), ("1.1", "Awareness", False)]
    assert response.context["totals"].committed == 1500_00


def test_files_hold_the_same_money(client, awareness, kenya):
    give(awareness, kenya, "1000.00", planned_start=date(2025, 2, 1), planned_end=date(2027, 3, 31))

    def rows(what):
        url = reverse("dashboards:objective-file", args=["1.1", what, "csv"])
        lines = list(csv.reader(io.StringIO(client.get(url).getvalue().decode("utf-8-sig"))))
        return lines[lines.index([]) + 1 :]

    heads, *quarter_rows = rows("funding")
    assert sum(Decimal(row[heads.index("Committed")]) for row in quarter_rows) == 1000
    heads, *grant_rows = rows("grants")
    assert [row[heads.index("Counts here")] for row in grant_rows] == ["1000.00"]
    for kind in ("xlsx", "png"):
        assert (
            client.get(
                reverse("dashboards:objective-file", args=["1.1", "funding", kind])
            ).status_code
            == 200
        )


def test_chart_is_the_figure_of_the_table(client, awareness, kenya):
    give(awareness, kenya)

    figure = client.get(reverse("dashboards:objective-chart", args=["1.1"])).json()

    assert sum(
        sum(trace["y"]) for trace in figure["data"] if trace["type"] == "bar"
    ) == pytest.approx(1000)


@pytest.mark.parametrize("kind", ["public", "member"])
def test_query_count_does_not_grow_with_the_rows(client, awareness, kenya, editor_a, kind):
    mine = organisation_of(editor_a)
    if kind == "member":
        client.force_login(editor_a)

    def fill(number):
        for _turn in range(number):
            place = PlaceFactory(parent=kenya.parent)
            give(awareness, place)
            give(awareness, place, visibility=Visibility.ORGANISATION, recipient_organisation=mine)
            ActivityFactory(objectives=[awareness], places=[place])
            ask(awareness, place)
            MeasurementFactory(indicator=IndicatorFactory(objective=awareness), place=place)

    def count():
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert page_of(client, awareness).status_code == 200
        return len(queries)

    fill(2)
    count()  # what is read once per process
    two = count()
    fill(2)

    assert count() == two <= {"public": 21, "member": 37}[kind]
