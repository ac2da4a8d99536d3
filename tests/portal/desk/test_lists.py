"""Lists of the desk: search, columns, spreadsheets, query counts."""

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from tests.factories import (
    ActivityFactory,
    ActivityFundingFactory,
    AllocationFactory,
    ExpectationFactory,
    GrantFactory,
    IndicatorFactory,
    LinkGroupFactory,
    MeasurementFactory,
    MembershipFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PeopleReachedFactory,
    PlaceFactory,
    RequirementFactory,
    TransactionFactory,
    WorkingGroupFactory,
)

pytestmark = pytest.mark.usefixtures("wagtail_root")


@pytest.fixture
def desk(client, secretariat):
    client.force_login(secretariat)
    return client


def an_activity():
    return ActivityFactory(objectives=[ObjectiveFactory()], places=[PlaceFactory(), PlaceFactory()])


def a_grant():
    grant = GrantFactory()
    AllocationFactory(grant=grant, objective=ObjectiveFactory(), place=PlaceFactory(), share=60)
    TransactionFactory(grant=grant)
    return grant


MAKERS = {
    "activities": an_activity,
    "people_reached": PeopleReachedFactory,
    "grants": a_grant,
    "activity_funding": ActivityFundingFactory,
    "links": lambda: LinkGroupFactory(grants=[GrantFactory(), GrantFactory()]),
    "organisations": OrganisationFactory,
    "memberships": MembershipFactory,
    "working_groups": lambda: WorkingGroupFactory(organisations=[OrganisationFactory()]),
    "places": PlaceFactory,
    "objectives": ObjectiveFactory,
    "requirements": RequirementFactory,
    "expectations": ExpectationFactory,
    "indicators": IndicatorFactory,
    "measurements": MeasurementFactory,
}


@pytest.mark.parametrize("export", ["", "csv"])
@pytest.mark.parametrize("name", MAKERS)
def test_queries_do_not_grow_with_rows(
    desk, django_assert_max_num_queries, django_assert_num_queries, name, export
):
    url = reverse(f"desk_{name}:index")
    MAKERS[name]()
    read(desk, url, export)  # what is read once per process: content types, sites
    with django_assert_max_num_queries(40) as one:
        read(desk, url, export)
    MAKERS[name]()
    MAKERS[name]()

    with django_assert_num_queries(len(one)):
        read(desk, url, export)


def read(desk, url, export):
    response = desk.get(url, {"export": export} if export else {})
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content


def rows_of(desk, name, **params):
    return list(desk.get(reverse(f"desk_{name}:index"), params).context["object_list"])


@pytest.mark.parametrize("query", ["école", "ECOLE", "Écolé sainte", "sainte ecole"])
def test_search_knows_no_accents_and_no_order(desk, query):
    school = OrganisationFactory(name="École Sainte-Marie")
    OrganisationFactory(name="Another")

    assert rows_of(desk, "organisations", q=query) == [school]


def test_search_finds_organisations_by_other_names_once(desk):
    organisation = OrganisationFactory(name="International Organisation")
    for name in ("OIM Genève", "OIM Dakar"):
        organisation.alternative_names.model.objects.create(organisation=organisation, name=name)

    assert rows_of(desk, "organisations", q="oim") == [organisation]


def test_search_finds_objectives_by_hand_folded_titles(desk):
    objective = ObjectiveFactory(title="Les écoles protègent")

    assert rows_of(desk, "objectives", q="ecoles PROTEGENT") == [objective]


def test_spreadsheet_holds_every_column_in_words(desk):
    objective = ObjectiveFactory(short_title="Schools")
    place = PlaceFactory(name="Kenya")
    ActivityFactory(title="Lessons", objectives=[objective], places=[place])

    rows = csv.DictReader(io.StringIO(read(desk, reverse("desk_activities:index"), "csv").decode()))
    (row,) = rows

    assert row["Title"] == "Lessons"
    assert row["Status"] == "Under way"
    assert row["Objectives"] == "1.1 Schools: 100 %"
    assert row["Places"] == "Kenya"
    assert {"Planned start", "Budget", "Who may see it", "Participating organisations"} <= set(row)


def test_spreadsheet_takes_no_text_for_a_formula(desk):
    OrganisationFactory(name="=1+1")

    content = read(desk, reverse("desk_organisations:index"), "csv").decode()

    assert "'=1+1" in content


def test_xlsx_holds_the_same_rows(desk):
    RequirementFactory(place=PlaceFactory(name="Kenya"))

    book = load_workbook(io.BytesIO(read(desk, reverse("desk_requirements:index"), "xlsx")))
    headings, row = book.active.iter_rows(values_only=True)
    found = dict(zip(headings, row, strict=True))

    assert found["Place"] == "Kenya"
    assert float(found["Original amount"]) == 1000


def test_spreadsheet_follows_the_filters(desk):
    GrantFactory(title="Kept", status="4")
    GrantFactory(title="Left out", status="2")

    response = desk.get(reverse("desk_grants:index"), {"export": "csv", "status": "4"})
    content = b"".join(response.streaming_content).decode()

    assert "Kept" in content
    assert "Left out" not in content


@pytest.mark.parametrize("ordering", ["title", "-title", "amount_awarded", "nonsense"])
def test_any_ordering_answers(desk, ordering):
    GrantFactory()

    assert desk.get(reverse("desk_grants:index"), {"ordering": ordering}).status_code == 200


def test_pages_hold_fifty_rows(desk):
    OrganisationFactory.create_batch(51)

    assert len(rows_of(desk, "organisations")) == 50
    assert len(rows_of(desk, "organisations", p=2)) == 1
