"""The whole round trip in a browser: my rows down, changed, sent back, checked, saved and taken back."""

import io

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from activities.models import Activity
from portal.jobs.running import run_waiting
from tests.browser.conftest import sign_in
from tests.browser.test_main_path import violations

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 390, "height": 844}


def work(page):
    """Do what waits for the worker, while the page asks nothing; then it asks again by itself."""
    page.context.set_offline(True)
    run_waiting()
    page.context.set_offline(False)


def changed(path, edits, more):
    book = load_workbook(path)
    sheet = book.worksheets[0]
    headings = {cell.value: cell.column for cell in sheet[1]}
    for heading, value in edits.items():
        sheet.cell(2, headings[heading]).value = value
    for offset, row in enumerate(more, start=sheet.max_row + 1):
        for heading, value in row.items():
            sheet.cell(offset, headings[heading]).value = value
    sheet.cell(1, sheet.max_column + 1).value = "Contact person"
    buffer = io.BytesIO()
    book.save(buffer)
    return {
        "name": "ours.xlsx",
        "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "buffer": buffer.getvalue(),
    }


def is_fine(page):
    """No fault that axe knows of, and nothing that runs out of a phone's screen."""
    assert violations(page) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert violations(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})


def test_round_trip(page, coalition, tmp_path):
    sign_in(page, coalition.url)
    page.wait_for_url("**/my-work/")
    page.goto(f"{coalition.url}/import/")
    is_fine(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="My rows").click()
    path = tmp_path / "mine.xlsx"
    download.value.save_as(path)
    before = Activity.objects.count()
    first = load_workbook(path).worksheets[0].cell(2, 2).value

    page.get_by_label("Choose a file").set_input_files(
        changed(
            path,
            {"Title": "A new name"},
            [
                {"Title": "Hotline", "Objectives": "1.9", "Places": "Kenia"},
                {"Title": "Outreach", "Objectives": "1.1", "Places": "KE"},
            ],
        )
    )
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Match your columns")).to_be_visible()
    expect(page.get_by_text("Its name says that it holds data of persons")).to_be_visible()
    is_fine(page)

    page.get_by_role("button", name="Check the rows").click()
    expect(page.get_by_role("heading", name="Checking your rows")).to_be_visible()
    is_fine(page)
    work(page)
    expect(page.get_by_role("heading", name="2 rows are ready, 1 needs you")).to_be_visible()
    is_fine(page)
    page.get_by_role("link", name="Changed (1)", exact=True).click()
    expect(page.locator("del")).to_have_text(first)
    expect(page.locator("ins")).to_have_text("A new name")
    is_fine(page)

    page.get_by_role("link", name="Need you (1)").click()
    page.get_by_label("Objectives").select_option(index=1)
    page.get_by_label("We suggest “Kenya (KE)”: take it").check()
    page.get_by_role("button", name="Check again").last.click()
    expect(page.get_by_role("heading", name="3 rows are ready")).to_be_visible()
    assert Activity.objects.count() == before

    page.get_by_role("button", name="Save 3 rows").click()
    expect(page.get_by_role("heading", name="Saving your rows")).to_be_visible()
    work(page)
    expect(page.get_by_text("3 activities are saved.")).to_be_visible()
    is_fine(page)
    assert Activity.objects.filter(title__in=["A new name", "Hotline", "Outreach"]).count() == 3

    page.get_by_role("button", name="Undo this import").click()
    work(page)
    expect(page.get_by_role("heading", name="Everything is as it was before")).to_be_visible()
    is_fine(page)
    assert not Activity.objects.filter(title="A new name").exists()
    assert Activity.objects.filter(removed_at=None).count() == before
