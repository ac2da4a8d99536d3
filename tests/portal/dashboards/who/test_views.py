import csv
import io
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.urls import reverse
from openpyxl import load_workbook

from activities.choices import ActivityStatus
from activities.models import ActivityPopulation
from portal.records.choices import LocationPrecision, ReviewState, Visibility
from tests.factories import (
    ActivityFactory,
    OrganisationFactory,
    PeopleReachedFactory,
    RequirementFactory,
    WorkingGroupFactory,
)
from tests.people import organisation_of

pytestmark = pytest.mark.django_db

WHO = "/who/"


def titles(response):
    return [row.activity.title for row in response.context["page"].object_list]


def get(client, user, **params):
    if not isinstance(user, AnonymousUser):
        client.force_login(user)
    return client.get(WHO, params)


@pytest.fixture
def records(editor_a, awareness, kenya):
    """One activity of Organisation A for each way to share it, and two that do not count."""
    mine = organisation_of(editor_a)
    group = WorkingGroupFactory(organisations=[OrganisationFactory(name="Group member")])
    common = {"reporting_organisation": mine, "objectives": [awareness], "places": {kenya: 100}}
    ActivityFactory(title="Open", **common)
    ActivityFactory(title="Members", visibility=Visibility.COALITION, **common)
    ActivityFactory(
        title="Group", visibility=Visibility.WORKING_GROUP, working_groups=[group], **common
    )
    ActivityFactory(title="Own", visibility=Visibility.ORGANISATION, **common)
    ActivityFactory(title="Draft", review_state=ReviewState.DRAFT, **common)
    ActivityFactory(title="Cancelled", activity_status=ActivityStatus.CANCELLED, **common)


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        ("public", {"Open"}),
        ("editor_b", {"Open", "Members"}),
        ("viewer", {"Open", "Members", "Group", "Own"}),
        ("editor_a", {"Open", "Members", "Group", "Own"}),
        ("secretariat", {"Open", "Members", "Group", "Own"}),
    ],
)
def test_who_shows_what_counts_and_what_one_may_see(client, request, records, person, seen):
    user = request.getfixturevalue(person)

    response = get(client, user)

    assert set(titles(response)) == seen
    assert response.context["selection"].counts["activities"] == len(seen)


@pytest.mark.parametrize("view", ["map", "matrix"])
@pytest.mark.parametrize(
    ("person", "count"), [("public", "1"), ("editor_b", "2"), ("editor_a", "4")]
)
def test_map_and_matrix_count_what_one_may_see(client, request, records, person, count, view):
    response = get(client, request.getfixturevalue(person), view=view)

    if view == "map":
        assert [(row.name, str(row.count)) for row in response.context["map"].rows] == [
            ("Kenya", count)
        ]
    else:
        row = response.context["matrix"].heat["groups"][0]["rows"][1]
        assert [cell[2] for cell in row["cells"] if cell] == [count, count]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("view", ["list", "map", "matrix"])
def test_who_query_count_does_not_grow(client, awareness, kenya, uganda, view, count):
    for _number in range(count):
        ActivityFactory(objectives=[awareness], places=[kenya, uganda])
    RequirementFactory(objective=awareness, place=uganda)
    get(client, AnonymousUser(), view=view)
    _forget_pages()

    with CountQueries() as queries:
        response = get(client, AnonymousUser(), view=view)

    assert response.status_code == 200
    # Its own are six; the frame of the page and the key of the kept page take one each.
    assert len(queries) <= 8


class CountQueries:
    def __enter__(self):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        self.context = CaptureQueriesContext(connection)
        return self.context.__enter__()

    def __exit__(self, *args):
        return self.context.__exit__(*args)


def _forget_pages():
    """Forget whole pages, and keep what they are made of."""
    for key in list(cache._cache):
        name = key.split(":", 2)[2]
        if name.startswith("page:"):
            cache.delete(name)


def test_who_groups_by_pillar_of_the_largest_share(client, awareness, shelter, kenya):
    ActivityFactory(title="Mostly shelter", objectives={shelter: 60, awareness: 40}, places=[kenya])
    ActivityFactory(title="Awareness", objectives=[awareness])
    ActivityFactory(title="Nothing yet")

    response = get(client, AnonymousUser())

    assert [
        (pillar, [row.activity.title for row in rows])
        for pillar, rows in response.context["groups"]
    ] == [(1, ["Awareness"]), (2, ["Mostly shelter"]), (None, ["Nothing yet"])]


def test_who_groups_by_the_objective_in_view(client, awareness, shelter):
    ActivityFactory(objectives={shelter: 60, awareness: 40})

    response = get(client, AnonymousUser(), objective="1")

    assert [pillar for pillar, _rows in response.context["groups"]] == [1]


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"q": "ecole"}, ["École mobile"]),
        ({"q": "ECOLE mobile"}, ["École mobile"]),
        ({"q": "kestrel"}, ["École mobile"]),
        ({"objective": "2"}, ["Safe house"]),
        ({"objective": "2.1"}, ["Safe house"]),
        ({"place": "KE"}, ["École mobile"]),
        ({"place": "kenya"}, ["École mobile"]),
        ({"place": "002"}, ["École mobile", "Safe house"]),
        ({"organisation": "kestrel"}, ["École mobile"]),
        ({"organisation": "Kestrel Network"}, ["École mobile"]),
        ({"population": "children"}, ["Safe house"]),
        ({"place": "UG", "objective": "1"}, []),
    ],
)
def test_who_filters(client, awareness, shelter, kenya, nairobi, uganda, params, found):
    kestrel = OrganisationFactory(name="Kestrel Network", slug="kestrel")
    ActivityFactory(
        title="École mobile",
        reporting_organisation=kestrel,
        objectives=[awareness],
        places=[nairobi],
    )
    house = ActivityFactory(title="Safe house", objectives=[shelter], places=[uganda])
    ActivityPopulation.objects.create(activity=house, group="children")

    response = get(client, AnonymousUser(), **params)

    assert titles(response) == found
    assert response.context["selection"].problems == []


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ("", {"Running", "Planned", "Open end"}),
        ("running", {"Running", "Open end"}),
        ("planned", {"Planned"}),
        ("ended", {"Ended", "Ended early"}),
        ("all", {"Running", "Planned", "Open end", "Ended", "Ended early"}),
    ],
)
def test_who_filters_by_time_as_of_the_strategys_day(client, strategy, when, found):
    ActivityFactory(title="Running")
    ActivityFactory(title="Planned", planned_start=date(2026, 7, 1))
    ActivityFactory(title="Open end", planned_end=None)
    ActivityFactory(title="Ended", planned_end=date(2026, 6, 29))
    ActivityFactory(title="Ended early", actual_start=date(2026, 1, 1), actual_end=date(2026, 2, 1))

    assert set(titles(get(client, AnonymousUser(), when=when))) == found


def test_who_moves_its_now_by_the_as_of_date(client, strategy):
    ActivityFactory(title="Running", planned_end=date(2026, 6, 30))

    assert titles(get(client, AnonymousUser(), as_of="2026-06-30", when="running")) == ["Running"]
    assert titles(get(client, AnonymousUser(), as_of="2026-07-01", when="running")) == []


def test_who_shows_all_and_says_so_where_nothing_runs_any_more(client, strategy):
    ActivityFactory(
        title="Long ago", planned_start=date(2003, 1, 1), planned_end=date(2003, 12, 31)
    )

    response = get(client, AnonymousUser())

    assert titles(response) == ["Long ago"]
    assert "so all are shown" in response.context["lede"]


@pytest.mark.parametrize(
    ("params", "word"),
    [
        ({"objective": "9.9"}, "objective “9.9”"),
        ({"place": "Atlantis"}, "place “Atlantis”"),
        ({"organisation": "nobody"}, "organisation “nobody”"),
        ({"population": "giants"}, "group “giants”"),
        ({"when": "never"}, "“never”"),
        ({"as_of": "yesterday"}, "“yesterday” is no date"),
        ({"view": "globe"}, "view “globe”"),
    ],
)
def test_who_answers_a_wrong_filter_with_a_sentence(client, strategy, params, word):
    ActivityFactory(title="Open")

    response = get(client, AnonymousUser(), **params)

    assert response.status_code == 200
    assert [word in problem for problem in response.context["selection"].problems] == [True]
    assert word.replace("“", "“") in response.content.decode()
    assert titles(response) == ["Open"]


def test_who_of_no_activity_says_so(client, strategy):
    response = get(client, AnonymousUser())

    assert response.context["lede"] == "No activity has been reported yet."
    assert "Nobody here yet" in response.content.decode()


def test_who_says_where_the_strategy_asks_for_somebody(client, awareness, kenya, uganda):
    ActivityFactory(objectives=[awareness], places=[kenya])
    RequirementFactory(objective=awareness, place=uganda)

    response = get(client, AnonymousUser(), place="UG", objective="1.1")

    assert "a gap that somebody could fill" in response.content.decode()


def test_who_gives_a_fragment_to_htmx_and_the_page_to_everyone_else(client, strategy):
    page = client.get(WHO)
    fragment = client.get(WHO, headers={"HX-Request": "true"})

    assert "<!doctype html>" in page.content.decode()
    assert "<!doctype html>" not in fragment.content.decode()
    assert '<main id="main"' in fragment.content.decode()
    assert "HX-Request" in page["Vary"]


@pytest.mark.parametrize(
    ("precision", "in_division", "in_country"),
    [
        (LocationPrecision.EXACT, 1, 1),
        (LocationPrecision.DIVISION, 1, 1),
        (LocationPrecision.COUNTRY, 0, 1),
        (LocationPrecision.HIDDEN, 0, 0),
    ],
)
def test_places_are_shown_no_more_precisely_than_they_say(
    client, editor_a, awareness, kenya, nairobi, uganda, precision, in_division, in_country
):
    ActivityFactory(
        reporting_organisation=organisation_of(editor_a),
        objectives=[awareness],
        places=[nairobi],
        location_precision=precision,
    )
    RequirementFactory(objective=awareness, place=uganda)

    for code, count in (("KE-30", in_division), ("KE", in_country), ("002", in_country)):
        assert len(titles(get(client, AnonymousUser(), place=code))) == count
    shown = {
        row.name: row.count for row in get(client, AnonymousUser(), view="map").context["map"].rows
    }
    assert shown.get("Kenya", 0) == in_country
    heat = get(client, AnonymousUser(), view="matrix", place="KE").context["matrix"]
    assert ("KE-30" in dict(heat.columns)) == bool(in_division)
    text = get(client, AnonymousUser()).content.decode()
    assert ("Nairobi" in text) == bool(in_division)

    assert len(titles(get(client, editor_a, place="KE-30"))) == 1


@pytest.mark.parametrize("view", ["map", "matrix"])
def test_every_number_leads_to_as_many_rows(
    client, awareness, shelter, kenya, nairobi, uganda, view
):
    ActivityFactory(objectives=[awareness, shelter], places=[nairobi, uganda])
    ActivityFactory(objectives=[awareness], places=[kenya])
    ActivityFactory(
        objectives=[shelter], places=[uganda], location_precision=LocationPrecision.HIDDEN
    )
    RequirementFactory(objective=shelter, place=kenya)
    response = get(client, AnonymousUser(), view=view, place="002")

    if view == "map":
        found = response.context["map"]
        numbers = [(url, count) for row in found.rows for _p, count, url in row.by_pillar if count]
        numbers += [(row.url, row.count) for row in found.rows if row.url]
    else:
        groups = response.context["matrix"].heat["groups"]
        numbers = [
            (cell[1], int(cell[2]))
            for group in groups
            for row in group["rows"]
            for cell in row["cells"]
            if cell
        ]
    assert numbers
    for url, count in numbers:
        assert client.get(WHO + url).context["page"].paginator.count == count, url


def test_matrix_hatches_where_the_strategy_asks_and_nobody_is(
    client, awareness, shelter, kenya, nairobi, uganda
):
    ActivityFactory(objectives=[awareness], places=[nairobi])
    RequirementFactory(objective=awareness, place=kenya)  # somebody is in a part of it
    RequirementFactory(objective=awareness, place=uganda)
    RequirementFactory(objective=shelter, place=kenya, year=2025)  # another year

    found = get(client, AnonymousUser(), view="matrix").context["matrix"]

    assert (found.asked, found.gaps) == (2, 1)
    rows = {row["code"]: row["cells"] for group in found.heat["groups"] for row in group["rows"]}
    assert [name for _code, name in found.columns] == ["Kenya", "Uganda"]
    assert [cell and cell[0] for cell in rows["1.1"]] == ["m1", "m0", "all"]
    assert rows["2.1"] == [None, None, None]


def test_matrix_marks_cells_that_are_filled_in_part_only(client, awareness, kenya, uganda):
    ActivityFactory(objectives=[awareness], places=[kenya])
    ActivityFactory(objectives=[awareness], places=[kenya.parent.parent])
    RequirementFactory(objective=awareness, place=uganda)

    found = get(client, AnonymousUser(), view="matrix", place="001").context["matrix"]

    cells = found.heat["groups"][0]["rows"][1]["cells"]
    assert [name for _code, name in found.columns] == ["Africa", "World as a whole"]
    assert cells[0][0] == "m1 mg"
    assert found.has_partial_gaps


@pytest.mark.parametrize("view", ["list", "map", "matrix"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_files_hold_what_the_view_shows(client, awareness, shelter, kenya, uganda, view, kind):
    for number in range(20):
        ActivityFactory(title=f"A{number:02}", objectives=[awareness], places=[kenya])
    ActivityFactory(title="Elsewhere", objectives=[shelter], places=[uganda])
    params = {"view": view, "objective": "1"}

    response = client.get(reverse("dashboards:who-file", args=[kind]), params)

    body = b"".join(response.streaming_content) if response.streaming else response.content
    if kind == "csv":
        lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    else:
        page = load_workbook(io.BytesIO(body)).active
        lines = [
            [cell for cell in row if cell is not None] for row in page.iter_rows(values_only=True)
        ]
    head = [line[0] if line else "" for line in lines]
    assert {"Objective", "When", "As of", "For"} <= set(head[: head.index("")])
    rows = lines[head.index("") + 2 :]
    if view == "list":
        assert [row[0] for row in rows] == [f"A{number:02}" for number in range(20)]
    elif view == "map":
        assert [(row[0], int(row[1]), int(row[5])) for row in rows] == [("Kenya", 20, 20)]
    else:
        assert [(row[0], row[2], int(row[4])) for row in rows] == [
            ("1", "KE", 20),
            ("1.1", "KE", 20),
        ]


def test_file_of_another_kind_is_not_found(client, strategy):
    assert client.get("/who/who-does-what.exe").status_code == 404


def test_people_are_counted_safely_in_the_list(client, editor_a, awareness):
    activity = ActivityFactory(
        reporting_organisation=organisation_of(editor_a), objectives=[awareness]
    )
    PeopleReachedFactory(activity=activity, count=7)

    assert get(client, AnonymousUser()).context["page"].object_list[0].reach is None

    assert get(client, editor_a).context["page"].object_list[0].reach.total.text == "7"


def test_suggestions_are_names_that_hold_the_words(client, strategy):
    OrganisationFactory(name="École Sainte Marie")
    OrganisationFactory(name="Other")

    response = client.get(reverse("dashboards:who-suggest"), {"organisation": "ecole"})

    assert response.content.decode().strip() == '<option value="École Sainte Marie"></option>'


def test_suggestions_for_too_little_are_none(client, strategy):
    OrganisationFactory(name="École Sainte Marie")

    assert (
        client.get(reverse("dashboards:who-suggest"), {"organisation": "e"}).content.strip() == b""
    )


def test_who_takes_what_is_shown_anyway_for_no_choice(client, strategy):
    ActivityFactory()
    sent = {"view": "list", "q": "", "when": "current", "as_of": "2026-06-30", "place": ""}

    selection = get(client, AnonymousUser(), **sent).context["selection"]

    assert selection.address() == "?"
    assert not selection.when_asked
