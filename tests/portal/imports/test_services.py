"""The steps of an import, each in its order, and what is left of a file afterwards."""

from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from activities.models import Activity
from portal.imports import services
from portal.imports.exceptions import (
    ColumnMissing,
    ColumnTwice,
    DateOrderUnclear,
    TooLate,
    WrongState,
)
from portal.imports.models import Import, ImportRow, KeptMatch
from portal.jobs.models import Job
from portal.lib.spreadsheets import BadFile
from tests.factories import ObjectiveFactory, PlaceFactory
from tests.people import organisation_of
from tests.portal.imports.sheets import csv_file, done, go_on, outcomes, save, send, undo

pytestmark = pytest.mark.django_db
HEAD = ["Title", "Objectives", "Places", "Start"]


@pytest.fixture
def ground(editor_a):
    ObjectiveFactory(code="1.1", title="Safe migration", short_title="Migration")
    PlaceFactory(code="KE", name="Kenya")
    return editor_a


def row(title, start="2027-01-01", objective="1.1"):
    return [title, objective, "Kenya", start]


def received(*rows, by):
    return services.receive(
        csv_file(*rows), "activities", organisation=None, by=by, now=timezone.now()
    )


def private_files():
    _folders, files = storages["private"].listdir("imports")
    return len(files)


def test_damaged_file_leaves_nothing_behind(ground):
    file = SimpleUploadedFile("a.xlsx", b"PK\x03\x04 cut off")

    with pytest.raises(BadFile):
        services.receive(file, "activities", organisation=None, by=ground, now=timezone.now())

    assert not Import.objects.exists()
    assert not ImportRow.objects.exists()
    assert not Job.objects.exists()


def test_two_columns_to_one_place_and_none_to_a_needed_one_are_refused(ground):
    whole = received(HEAD, row("A"), by=ground)
    take = {"order": "", "remember": False, "by": ground, "now": timezone.now()}

    with pytest.raises(ColumnTwice):
        services.match(whole, ["title", "title", "places", ""], **take)
    with pytest.raises(ColumnMissing) as missing:
        services.match(whole, ["title", "", "", ""], **take)

    assert [column.key for column in missing.value.columns] == ["objectives", "places"]
    assert not Job.objects.exists()


def test_days_that_can_be_read_in_two_ways_are_asked_about(ground):
    whole = received(HEAD, row("A", "01/02/2027"), by=ground)

    with pytest.raises(DateOrderUnclear):
        go_on(whole)
    whole = go_on(whole, order="mdy")
    save(whole)

    assert Activity.objects.get().planned_start.isoformat() == "2027-01-02"


def test_matching_is_remembered_for_the_organisation(ground, editor_b):
    mine = organisation_of(ground)
    file = csv_file(["Stuff", *HEAD[1:]], row("A"))
    whole = services.receive(file, "activities", organisation=mine, by=ground, now=timezone.now())
    assert whole.columns[0]["target"] == ""

    go_on(whole, targets=["title", "objectives", "places", "planned_start"])

    again = services.receive(
        csv_file(["Stuff", *HEAD[1:]], row("A")),
        "activities",
        organisation=mine,
        by=ground,
        now=timezone.now(),
    )
    assert (again.columns[0]["target"], again.columns[0]["sure"]) == ("title", "kept")
    assert KeptMatch.objects.filter(organisation=mine).count() == 4
    theirs = received(["Stuff", *HEAD[1:]], row("A"), by=editor_b)
    assert theirs.columns[0]["target"] == ""


def test_correction_makes_a_row_ready_and_leaving_out_skips_it(ground):
    whole = send(csv_file(HEAD, row("A", objective="1.9"), row("B", objective="1.9")), ground)
    assert whole.counts == {"asked": 2}

    changed = {2: ({"objectives": "1.1"}, {}, False), 3: ({}, {}, True)}
    services.correct(whole, changed, by=ground, now=timezone.now())

    whole.refresh_from_db()
    assert outcomes(whole) == {"A": "added", "B": "skipped"}
    whole = save(whole)
    assert list(Activity.objects.values_list("title", flat=True)) == ["A"]


def test_rows_that_need_a_person_are_left_out_and_nothing_else(ground):
    whole = save(send(csv_file(HEAD, row("A"), row("B", objective="1.9")), ground))

    assert whole.counts == {"added": 1, "asked": 1}
    assert list(Activity.objects.values_list("title", flat=True)) == ["A"]


def test_steps_out_of_order_are_refused(ground):
    whole = received(HEAD, row("A"), by=ground)
    now = timezone.now()

    with pytest.raises(WrongState):
        services.start_saving(whole, by=ground, now=now)
    with pytest.raises(WrongState):
        services.start_undo(whole, by=ground, now=now)
    whole = save(go_on(whole))
    with pytest.raises(WrongState):
        services.start_saving(whole, by=ground, now=now)
    with pytest.raises(WrongState):
        services.throw_away(whole)
    with pytest.raises(WrongState):
        services.try_again(whole, by=ground, now=now)


def test_saving_that_runs_twice_saves_once(ground):
    whole = save(send(csv_file(HEAD, row("A")), ground))
    job = Job.objects.filter(kind="imports.save").get()

    services.save(whole, job, now=timezone.now())

    assert Activity.objects.count() == 1


def test_saving_that_fails_in_the_middle_saves_nothing_and_can_be_tried_again(
    ground, monkeypatch, caplog
):
    from activities.spreadsheet.importers import ActivityImport

    whole = send(csv_file(HEAD, row("A"), row("B")), ground)

    def fail(*args, **kwargs):
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(ActivityImport, "_submit", fail)
        patch.setattr("portal.jobs.registry.KINDS", _tried_once())
        services.start_saving(whole, by=ground, now=timezone.now())
        from portal.jobs.running import run_waiting

        run_waiting()
    whole.refresh_from_db()
    assert (whole.state, whole.job.is_failed) == ("saving", True)
    assert not Activity.objects.exists()

    services.try_again(whole, by=ground, now=timezone.now())

    assert done(whole).state == "done"
    assert Activity.objects.count() == 2


def _tried_once():
    from dataclasses import replace

    from portal.jobs import registry

    registry.load()
    return {name: replace(kind, tries=1) for name, kind in registry.KINDS.items()}


def test_undo_is_possible_for_seven_days(ground):
    whole = save(send(csv_file(HEAD, row("A")), ground))

    with pytest.raises(TooLate):
        services.start_undo(whole, by=ground, now=whole.applied_at + timedelta(days=7, seconds=1))
    whole = undo(whole)

    assert whole.state == "undone"
    assert not Activity.objects.visible_to(ground).exists()


def test_import_that_was_not_saved_can_be_thrown_away_with_its_file(
    ground, django_capture_on_commit_callbacks
):
    before = private_files()
    whole = send(csv_file(HEAD, row("A")), ground)
    assert private_files() == before + 1

    with django_capture_on_commit_callbacks(execute=True):
        services.throw_away(whole)

    assert private_files() == before
    assert not Import.objects.exists()


def test_files_go_after_thirty_days(ground, django_capture_on_commit_callbacks):
    before = private_files() if storages["private"].exists("imports") else 0
    kept = save(send(csv_file(HEAD, row("A")), ground))
    send(csv_file(HEAD, row("B")), ground)

    with django_capture_on_commit_callbacks(execute=True):
        assert services.prune(now=timezone.now() + timedelta(days=29)) == 0
        assert services.prune(now=timezone.now() + timedelta(days=31)) == 2

    assert private_files() == before
    kept.refresh_from_db()
    assert not kept.file
    assert Import.objects.get() == kept
    assert kept.rows.get().cells == {}
    assert kept.counts == {"added": 1}


def test_import_is_seen_by_its_sender_and_the_secretariat(
    ground, viewer, editor_b, secretariat, public
):
    whole = received(HEAD, row("A"), by=ground)

    sees = {
        person: Import.objects.visible_to(person).filter(pk=whole.pk).exists()
        for person in (ground, viewer, editor_b, secretariat, public)
    }

    assert list(sees.values()) == [True, False, False, True, False]
