"""The import's pages without scripts: each step leads to the next."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from activities.models import Activity
from portal.imports.models import Import
from portal.jobs.running import run_waiting
from tests.factories import (
    ActivityFactory,
    MembershipFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PlaceFactory,
    RequirementFactory,
)
from tests.people import organisation_of
from tests.portal.imports.sheets import csv_file, save, send

pytestmark = pytest.mark.django_db
HEAD = ["Project name", "Obj.", "Zone", "Notes", "Phone"]


@pytest.fixture
def ground(editor_a, client):
    objective = ObjectiveFactory(code="1.1", title="Safe migration", short_title="Migration")
    RequirementFactory(objective=objective, place=PlaceFactory(code="KE", name="Kenya"), year=2026)
    client.force_login(editor_a)
    return editor_a


def upload(client, *rows, **more):
    data = {"kind": "activities", "file": csv_file(HEAD, *rows), **more}
    return client.post(reverse("imports:start"), data)


def columns_of(whole):
    return {f"c{at}": column["target"] for at, column in enumerate(whole.columns)}


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_whole_way_without_scripts(ground, client):
    response = upload(
        client, ["Outreach", "1.1", "Kenya", "", "1"], ["Hotline", "1.9", "Kenia", "", "2"]
    )
    whole = Import.objects.get()
    assert response.url == reverse("imports:columns", args=[whole.pk])

    page = client.get(response.url)
    assert "We recognised 4 of 5 columns" in text(page)
    assert "Its name says that it holds data of persons" in text(page)

    response = client.post(response.url, columns_of(whole) | {"remember": "on"})
    assert response.url == reverse("imports:progress", args=[whole.pk])
    assert "Checking your rows" in text(client.get(response.url))
    assert "Look again" in text(client.get(response.url))
    run_waiting()
    rows_url = client.get(response.url).url
    assert rows_url == reverse("imports:rows", args=[whole.pk])

    page = client.get(rows_url)
    assert "1 row is ready, 1 needs you" in text(page)
    assert "There is no objective “1.9”." in text(page)
    assert "We suggest “Kenya (KE)”: take it" in text(page)
    assert not Activity.objects.exists()

    corrected = {
        "fix-3-objectives": "1.1",
        "fix-3-places": "Kenia",
        "take-3-places": "Kenya (KE)",
        "on-3": "1",
        "seen": "1",
        "save": "",
    }
    response = client.post(rows_url, corrected, follow=True)
    assert "2 rows are ready now" in text(response)
    assert not Activity.objects.exists()  # what became ready by a correction is shown first

    assert "A new activity." in text(client.get(f"{rows_url}?show=added"))
    response = client.post(rows_url, {"seen": "2", "save": ""})
    run_waiting()
    response = client.get(response.url, follow=True)

    assert "2 activities are saved." in text(response)
    assert "1 empty cell of the strategy will have somebody at work" in text(response)
    assert "1.1 in Kenya" in text(response)
    assert "2 activities wait for the secretariat" in text(response)
    assert Activity.objects.count() == 2

    response = client.post(reverse("imports:undo", args=[whole.pk]))
    run_waiting()
    assert "Everything is as it was before" in text(client.get(response.url, follow=True))
    assert not Activity.objects.visible_to(ground).exists()


def test_preview_shows_old_and_new_of_each_changed_field(ground, client):
    ActivityFactory(
        reporting_organisation=organisation_of(ground), title="Course", description="Old text",
        objectives=list(_objectives()), places=list(_places()),
    )  # fmt: skip
    key = Activity.objects.get().pk
    whole = send(csv_file(["Record", "Title", "Notes"], [f"A-{key}", "Course", "New text"]), ground)

    page = client.get(reverse("imports:rows", args=[whole.pk])).content.decode()

    assert "<del>Old text</del>" in page
    assert "<ins>New text</ins>" in page


def _objectives():
    from strategy.models import Objective

    return Objective.objects.filter(code="1.1")


def _places():
    from portal.directory.models import Place

    return Place.objects.filter(code="KE")


def test_file_that_is_not_read_says_why_and_what_to_do(ground, client):
    data = {"kind": "activities", "file": SimpleUploadedFile("a.pdf", b"%PDF")}

    response = client.post(reverse("imports:start"), data)

    assert response.status_code == 400
    assert "<title>Error: Import" in re.sub(r"\s+", " ", response.content.decode())
    assert "We read CSV, XLSX, ODS and XLS files." in text(response)
    assert "Choose a file." in text(client.post(reverse("imports:start"), {"kind": "activities"}))


def test_file_goes_to_no_public_address(ground, client):
    upload(client, ["Outreach", "1.1", "Kenya", "", ""])
    whole = Import.objects.get()

    assert "ours" not in whole.file.name
    for address in (f"/media/{whole.file.name}", f"/media/images/{whole.file.name}"):
        assert client.get(address, follow=True).status_code == 404


def test_my_rows_hold_ones_own_activities_alone(ground, client, editor_b):
    ActivityFactory(reporting_organisation=organisation_of(ground), title="Mine")
    ActivityFactory(reporting_organisation=organisation_of(editor_b), title="Theirs")

    def titles(what):
        response = client.get(reverse("imports:file", args=["activities", what]))
        sheet = load_workbook(BytesIO(response.content)).worksheets[0]
        return [sheet.cell(number, 2).value for number in range(2, sheet.max_row + 1)]

    assert titles("rows") == ["Mine"]
    assert titles("template") == []


def test_person_of_several_organisations_is_asked_whose_rows_they_are(ground, client):
    assert "Whose activities are they?" not in text(client.get(reverse("imports:start")))
    MembershipFactory(user=ground, organisation=OrganisationFactory(name="Second"))

    page = text(client.get(reverse("imports:start")))

    assert "Whose activities are they?" in page
    assert "Second" in page


def test_organisation_of_others_cannot_be_chosen(ground, client, editor_b):
    MembershipFactory(user=ground, organisation=OrganisationFactory(name="Second"))

    response = upload(
        client, ["A", "1.1", "Kenya", "", ""], organisation=organisation_of(editor_b).pk
    )

    assert response.status_code == 400
    assert not Import.objects.exists()


def test_viewer_may_not_import(viewer, client):
    client.force_login(viewer)

    assert client.get(reverse("imports:start")).status_code == 403


def test_progress_asks_again_until_it_is_over(ground, client):
    upload(client, ["A", "1.1", "Kenya", "", ""])
    whole = Import.objects.get()
    client.post(reverse("imports:columns", args=[whole.pk]), columns_of(whole))
    address = reverse("imports:progress", args=[whole.pk])

    waiting = client.get(address, headers={"HX-Request": "true"})
    run_waiting()
    over = client.get(address, headers={"HX-Request": "true"})

    assert 'hx-trigger="every 2s"' in waiting.content.decode()
    assert "<html" not in waiting.content.decode()
    assert (over.status_code, over["HX-Redirect"]) == (
        204,
        reverse("imports:rows", args=[whole.pk]),
    )


def test_what_failed_on_our_side_is_said_and_can_be_tried_again(ground, client):
    upload(client, ["A", "1.1", "Kenya", "", ""])
    whole = Import.objects.get()
    client.post(reverse("imports:columns", args=[whole.pk]), columns_of(whole))
    whole.refresh_from_db()
    type(whole.job).objects.update(
        state="failed", error="Something went wrong.", finished_at=timezone.now()
    )
    address = reverse("imports:progress", args=[whole.pk])

    page = text(client.get(address))
    client.post(reverse("imports:retry", args=[whole.pk]))
    run_waiting()

    assert "This did not work" in page
    assert "Something went wrong." in page
    assert client.get(address).url == reverse("imports:rows", args=[whole.pk])


def test_rows_with_mistakes_can_be_downloaded_and_an_open_import_deleted(ground, client):
    whole = send(csv_file(["Title", "Obj.", "Zone"], ["A", "1.9", "Kenya"]), ground)

    response = client.get(reverse("imports:mistakes", args=[whole.pk]))
    sheet = load_workbook(BytesIO(response.content)).worksheets[0]
    assert sheet.cell(2, sheet.max_column).value == "There is no objective “1.9”."

    client.post(reverse("imports:discard", args=[whole.pk]))
    assert not Import.objects.exists()


@pytest.mark.parametrize("show", ["added", "asked"])
def test_page_of_rows_takes_as_many_queries_for_few_as_for_many(
    ground, client, show, django_assert_max_num_queries
):
    objective = "1.1" if show == "added" else "1.9"
    rows = [[f"Row {n}", objective, "Kenya"] for n in range(40)]
    counts = []
    for some in (rows[:2], rows):
        whole = send(csv_file(["Title", "Obj.", "Zone"], *some), ground)
        address = f"{reverse('imports:rows', args=[whole.pk])}?show={show}"
        client.get(address)
        with django_assert_max_num_queries(40) as captured:
            client.get(address)
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_result_names_rows_that_look_like_others(ground, client, editor_b):
    ActivityFactory(
        reporting_organisation=organisation_of(editor_b), objectives=list(_objectives()), places=list(_places()),
        title="Safe migration talks at bus stations", description="Two talks a week at the bus stations: rights.",
        planned_start="2027-01-01", planned_end="2027-12-31",
    )  # fmt: skip
    head = ["Title", "Description", "Obj.", "Zone", "Start", "End"]
    row = ["Safe migration talks at the bus stations", "Talks at bus stations about rights, two a week.", "1.1",
           "Kenya", "2027-01-01", "2027-12-31"]  # fmt: skip
    from activities.models import LoggingSettings

    LoggingSettings.objects.update_or_create(pk=1, defaults={"review": False})
    whole = save(send(csv_file(head, row), ground))

    page = text(client.get(reverse("imports:result", args=[whole.pk])))

    assert "1 pair looks alike" in page
