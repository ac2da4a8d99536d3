"""Rows out as a spreadsheet, changed by a person, and in again."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from activities.models import Activity, Review, TextHold
from activities.spreadsheet.bulk import PLAIN, read_values
from activities.spreadsheet.exporters import activities_xlsx, rows_xlsx
from portal.history.services import history_of
from portal.notices.models import Notice
from portal.records.choices import ReviewState
from tests.factories import (
    ActivityFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PlaceFactory,
    WorkingGroupFactory,
)
from tests.people import organisation_of
from tests.portal.imports.sheets import csv_file, edited, save, send, undo

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(editor_a):
    """Two objectives, two places, and Organisation A with two activities."""
    first = ObjectiveFactory(code="1.1", short_title="Migration", title="Safe migration")
    second = ObjectiveFactory(pillar=2, code="2.1", short_title="Houses", title="Safe houses")
    kenya = PlaceFactory(code="KE", name="Kenya")
    uganda = PlaceFactory(code="UG", name="Uganda")
    mine = organisation_of(editor_a)
    course = ActivityFactory(
        reporting_organisation=mine,
        title="Course",
        objectives={first: 60, second: 40},
        places={kenya: 100},
        budget_amount=Decimal("1250.50"),
        budget_currency="USD",
        description="=SUM(A1) is no formula here",
    )
    house = ActivityFactory(
        reporting_organisation=mine, title="House", objectives={second: 100}, places={uganda: 100}
    )
    return course, house


def sheet_of(*activities):
    return activities_xlsx([one.pk for one in activities])


def state_of(*activities):
    return read_values([one.pk for one in activities])


def test_file_has_lists_notes_a_frozen_heading_and_a_hidden_version(world):
    book = load_workbook(BytesIO(sheet_of(*world)))
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    row = dict(zip(headings, [cell.value for cell in sheet[2]], strict=True))

    assert sheet.freeze_panes == "C2"
    assert book["Lists"].sheet_state == "hidden"
    assert row["Record"] == f"A-{world[0].pk}"
    assert row["Objectives"] == "1.1: 60; 2.1: 40"
    assert row["Places"] == "Kenya (KE)"
    assert (row["Budget"], row["Currency"]) == (1250.5, "USD")
    assert row["Start"].date() == date(2026, 1, 1)
    assert row["Description"] == "'=SUM(A1) is no formula here"
    assert sheet.column_dimensions["W"].hidden or sheet.column_dimensions["X"].hidden
    rules = {rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert len(rules) == 9
    assert all(rule.startswith("Lists!$") for rule in rules)
    assert sheet["B1"].comment.text == "What you would call it in one line."


def test_file_sent_back_as_it_is_changes_nothing(world, editor_a):
    before = state_of(*world)

    whole = send(edited(sheet_of(*world), {}), editor_a)

    assert whole.counts == {"unchanged": 2}
    save(whole)
    assert state_of(*world) == before
    assert all(column["sure"] == "exact" for column in whole.columns)


def test_changed_cells_change_their_fields_alone_and_history_says_so(world, editor_a):
    course, house = world
    file = edited(
        sheet_of(*world),
        {
            ("Course", "Objectives"): "2.1 Safe houses",
            ("Course", "End"): date(2027, 3, 31),
            ("House", "Budget"): None,
            ("House", "For whom"): "Women; Children",
        },
    )

    whole = send(file, editor_a)

    rows = {row.label: row for row in whole.rows.all()}
    assert rows["Course"].changes == {
        "objectives": ["1.1: 60; 2.1: 40", "2.1 Safe houses"],
        "planned_end": ["2026-12-31", "2027-03-31"],
    }
    assert rows["House"].changes == {"populations": ["", "Women; Children"]}
    assert state_of(course)[course.pk]["planned_end"] == date(2026, 12, 31)  # nothing is saved yet

    save(whole)

    course.refresh_from_db()
    assert course.planned_end == date(2027, 3, 31)
    assert [share.objective.code for share in course.objective_shares.all()] == ["2.1"]
    assert {row.group for row in house.populations.all()} == {"women", "children"}
    entry = history_of(course).first()
    assert (entry.user, set(entry.data["changes"])) == (editor_a, {"objectives", "planned_end"})
    assert history_of(whole).get().data["changed"] == [course.pk, house.pk]


def test_new_rows_become_activities_that_wait_for_review(world, editor_a, secretariat):
    file = edited(
        sheet_of(*world),
        {},
        [
            {"Title": "New one", "Objectives": "1.1", "Places": "uganda", "Start": "15 Mar 2027", "Budget": "42,000",
             "Currency": "eur", "With whom": "Organisation A: funding", "Your number": "P-7"},
        ],
    )  # fmt: skip

    whole = save(send(file, editor_a))

    made = Activity.objects.get(title="New one")
    assert whole.counts == {"unchanged": 2, "added": 1}
    assert made.reporting_organisation == organisation_of(editor_a)
    assert (made.budget_amount, made.budget_currency) == (Decimal(42000), "EUR")
    assert made.planned_start == date(2027, 3, 15)
    assert made.review_state == ReviewState.SUBMITTED
    assert Review.objects.get(activity=made).step == "submitted"
    assert made.identifiers.get().identifier == "P-7"
    assert made.folded == "new one"
    assert history_of(made).get().action == "fourfold.create"
    assert Notice.objects.filter(person=secretariat, kind="imports.waits").count() == 1


def test_same_file_again_changes_nothing(world, editor_a):
    rows = [
        ["Project name", "Obj.", "Zone", "From"],
        ["Outreach", "1.1", "Kenya", "2027-01-01"],
        ["Hotline", "2.1: 50; 1.1: 50", "Kenya: 30; Uganda: 70", "2027-02-01"],
    ]

    first = save(send(csv_file(*rows), editor_a))
    again = send(csv_file(*rows), editor_a)

    assert first.counts == {"added": 2}
    assert again.counts == {"unchanged": 2}


def test_change_that_another_person_made_is_kept_where_the_file_does_not_touch_it(world, editor_a):
    course, _house = world
    file = edited(sheet_of(*world), {("Course", "Title"): "Course for teachers"})
    course.planned_end = date(2028, 1, 1)
    course.save()

    whole = save(send(file, editor_a))

    course.refresh_from_db()
    assert (course.title, course.planned_end) == ("Course for teachers", date(2028, 1, 1))
    assert whole.counts == {"changed": 1, "unchanged": 1}


def test_change_of_both_is_asked_field_by_field(world, editor_a):
    from portal.imports import services

    course, _house = world
    file = edited(
        sheet_of(*world),
        {("Course", "Title"): "Mine", ("Course", "End"): date(2027, 1, 1)},
    )
    course.title, course.planned_end = "Theirs", date(2028, 1, 1)
    course.save()

    whole = send(file, editor_a)
    row = whole.rows.get(outcome="asked")
    assert [problem[0] for problem in row.problems] == ["field:title", "field:planned_end"]
    assert "“Theirs”" in row.problems[0][1]
    assert "“Mine”" in row.problems[0][1]

    choices = {"field:title": "theirs", "field:planned_end": "mine"}
    services.correct(whole, {row.line: ({}, choices, False)}, by=editor_a, now=None)
    whole.refresh_from_db()
    save(whole)

    course.refresh_from_db()
    assert (course.title, course.planned_end) == ("Theirs", date(2027, 1, 1))


def test_record_that_changes_between_the_look_and_the_saving_is_left_out(world, editor_a):
    course, _house = world
    file = edited(sheet_of(*world), {("Course", "Title"): "Mine"})
    whole = send(file, editor_a)
    Activity.objects.filter(pk=course.pk).update(title="Theirs")

    whole = save(whole)

    course.refresh_from_db()
    assert course.title == "Theirs"
    assert whole.rows.get(label="Mine").problems[0][0] == "field:title"


def test_rows_of_other_organisations_are_refused(world, editor_a, editor_b):
    theirs = ActivityFactory(reporting_organisation=organisation_of(editor_b), title="Secret")
    rows = [
        ["Record", "Title", "Organisation", "Objectives", "Places"],
        [f"A-{theirs.pk}", "Ours now", "", "1.1", "Kenya"],
        ["A-99999999", "Nothing", "", "1.1", "Kenya"],
        ["", "For them", "Organisation B", "1.1", "Kenya"],
    ]

    whole = send(csv_file(*rows), editor_a)

    assert whole.counts == {"refused": 3}
    sentences = [row.problems[0][1] for row in whole.rows.all()]
    assert sentences == [
        f"There is no record A-{theirs.pk} that you may change.",
        "There is no record A-99999999 that you may change.",
        "You may not write for Organisation B.",
    ]
    save(whole)
    theirs.refresh_from_db()
    assert theirs.title == "Secret"


def test_row_is_shared_with_groups_that_its_writer_takes_part_in_alone(
    world, editor_a, secretariat
):
    WorkingGroupFactory(name="Shelters")
    WorkingGroupFactory(name="Borders", organisations=[organisation_of(editor_a)])
    head = ["Title", "Organisation", "Objectives", "Places", "Who may see it", "Working groups"]

    def counts(group, by):
        row = ["X", "Organisation A", "1.1", "KE", "Named working groups only", group]
        whole = send(csv_file(head, row), by)
        return whole.counts, [row.problems for row in whole.rows.all()]

    assert counts("Borders", editor_a)[0] == {"added": 1}
    refused, problems = counts("Shelters", editor_a)
    assert "added" not in refused
    assert problems[0][0][:2] == [
        "working_groups",
        "Share it with working groups that you take part in.",
    ]
    assert counts("Shelters", secretariat)[0] == {"added": 1}


def test_secretariat_writes_for_any_organisation_and_needs_no_review(world, secretariat):
    OrganisationFactory(name="Other")
    rows = [["Title", "Organisation", "Objectives", "Places"], ["X", "Other", "1.1", "KE"]]

    save(send(csv_file(*rows), secretariat))

    made = Activity.objects.get(title="X")
    assert (made.reporting_organisation.name, made.review_state) == ("Other", ReviewState.ACCEPTED)


def test_mistakes_say_what_is_wrong_and_propose(world, editor_a):
    rows = [
        ["Title", "Objectives", "Places", "Start", "End", "Budget", "Currency"],
        ["A", "1.7", "Kenia", "2027-03-15", "2027-01-30", "about 60", "USD"],
        ["B", "1.1; 2.1", "Kenya: 60; Uganda: 50", "1850-01-01", "soon", "5", ""],
    ]

    whole = send(csv_file(*rows), editor_a)

    first, second = whole.rows.all()
    assert [tuple(problem) for problem in first.problems] == [
        ("objectives", "There is no objective “1.7”.", ""),
        ("places", "There is no place “Kenia”.", "Kenya (KE)"),
        ("budget_amount", "“about 60” is no number.", ""),
        ("planned_end", "This is before the start.", ""),
    ]
    assert [tuple(problem) for problem in second.problems] == [
        ("objectives", "Say how it divides, as in “1.1: 60; 2.3: 40”.", "1.1: 50; 2.1: 50"),
        ("places", "The shares make 110, not 100.", ""),
        ("planned_start", "A day between 1990 and 2100, please.", ""),
        ("planned_end", "“soon” is no day we can read. Write it as 2027-03-15.", ""),
        ("budget_currency", "Say in which currency the budget is.", ""),
    ]


def test_title_that_is_there_already_is_asked_about(world, editor_a):
    from portal.imports import services

    course, _house = world
    rows = [["Title", "Objectives", "Places", "Start"], ["course", "1.1", "Kenya", "2026-02-01"]]
    whole = send(csv_file(*rows), editor_a)
    row = whole.rows.get()
    assert (row.outcome, row.like) == ("asked", {"id": course.pk, "label": f"A-{course.pk}"})

    services.correct(
        whole, {row.line: ({}, {"like": str(course.pk)}, False)}, by=editor_a, now=None
    )
    row.refresh_from_db()
    assert (row.outcome, row.record_id) == ("changed", course.pk)

    services.correct(whole, {row.line: ({}, {"like": "new"}, False)}, by=editor_a, now=None)
    row.refresh_from_db()
    assert (row.outcome, row.record_id) == ("added", None)


def test_data_of_a_person_is_asked_about_and_held_back_when_it_stays(world, editor_a):
    from portal.imports import services

    rows = [
        ["Title", "Objectives", "Places", "Notes"],
        ["X", "1.1", "Kenya", "Call +254 712 345678"],
    ]
    whole = send(csv_file(*rows), editor_a)
    row = whole.rows.get()
    assert row.outcome == "asked"
    assert "looks like a phone number" in row.problems[0][1]

    services.correct(whole, {row.line: ({}, {"texts": True}, False)}, by=editor_a, now=None)
    whole.refresh_from_db()
    whole = save(whole)

    made = Activity.objects.get(title="X")
    assert made.is_held
    assert TextHold.objects.filter(activity=made).exists()
    assert whole.result["held"] == 1


def test_twins_within_a_file_are_refused(world, editor_a):
    rows = [
        ["Title", "Objectives", "Places"],
        ["X", "1.1", "Kenya"],
        ["X", "1.1", "Kenya"],
    ]

    whole = send(csv_file(*rows), editor_a)

    assert whole.counts == {"added": 1, "refused": 1}
    assert whole.rows.get(outcome="refused").problems[0][1] == "Row 2 says the same already."


def test_undo_puts_everything_back_and_takes_new_ones_away(world, editor_a):
    before = state_of(*world)
    file = edited(
        sheet_of(*world),
        {
            ("Course", "Objectives"): "2.1",
            ("Course", "Budget"): None,
            ("Course", "Currency"): None,
            ("House", "Places"): "Kenya: 50; Uganda: 50",
            ("House", "With whom"): "Organisation A: funding",
        },
        [{"Title": "New", "Objectives": "1.1", "Places": "KE", "Your number": "7"}],
    )
    whole = save(send(file, editor_a))
    assert state_of(*world) != before

    whole = undo(whole)

    assert state_of(*world) == before
    assert not Activity.objects.visible_to(editor_a).filter(title="New").exists()
    assert whole.undo_result == {"removed": 1, "restored": 2, "kept": []}
    new = {"Title": "New", "Objectives": "1.1", "Places": "KE", "Your number": "7"}
    again = send(edited(sheet_of(*world), {}, [new]), editor_a)
    assert again.counts == {"added": 1, "unchanged": 2}


def test_undo_leaves_what_somebody_changed_since_and_names_it(world, editor_a):
    course, house = world
    file = edited(
        sheet_of(*world),
        {
            ("Course", "Title"): "Course two",
            ("Course", "End"): date(2027, 6, 30),
            ("House", "End"): date(2027, 6, 30),
        },
        [{"Title": "New", "Objectives": "1.1", "Places": "KE"}],
    )
    whole = save(send(file, editor_a))
    for title, name in (("Course two", "Course three"), ("New", "Newer")):
        one = Activity.objects.get(title=title)
        one.title = name
        one.save()

    whole = undo(whole)

    course.refresh_from_db()
    house.refresh_from_db()
    assert (course.title, course.planned_end) == ("Course three", date(2026, 12, 31))
    assert house.planned_end == date(2026, 12, 31)
    assert Activity.objects.visible_to(editor_a).filter(title="Newer").exists()
    assert whole.undo_result == {
        "removed": 0,
        "restored": 2,
        "kept": [
            ["Course two", "Somebody has changed this since: Title."],
            ["New", "Somebody has changed this since: Title."],
        ],
    }


def test_rows_with_mistakes_come_back_with_their_reasons(world):
    body = rows_xlsx([({"title": "A", "objectives": "1.7"}, "There is no objective “1.7”.")])

    sheet = load_workbook(BytesIO(body)).worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    row = dict(zip(headings, [cell.value for cell in sheet[2]], strict=True))

    assert (row["Objectives"], row["What is wrong"]) == ("1.7", "There is no objective “1.7”.")


def test_import_is_judged_by_few_queries_whatever_its_size(
    world, editor_a, django_assert_max_num_queries
):
    from activities.spreadsheet.importers import ActivityImport
    from portal.imports.kinds import Row
    from portal.imports.models import Import

    whole = Import(columns=[{"target": key} for key in ("title", "objectives", "places")])
    rows = [Row(n, {"title": f"T{n}", "objectives": "1.1", "places": "KE"}) for n in range(300)]

    with django_assert_max_num_queries(16):
        verdicts = ActivityImport().check(whole, rows, by=editor_a)

    assert {verdict.outcome for verdict in verdicts} == {"added"}


def test_plain_values_are_fields_of_the_record():
    assert {*PLAIN} <= {field.name for field in Activity._meta.concrete_fields}
