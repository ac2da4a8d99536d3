"""Spreadsheets for tests: made, changed, and sent on their way."""

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from portal.imports import services
from portal.imports.models import Import
from portal.jobs.running import run_waiting


def csv_file(*rows, name="ours.csv"):
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return SimpleUploadedFile(name, buffer.getvalue().encode())


def xlsx_file(*rows, name="ours.xlsx"):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return _saved(book, name)


def edited(body: bytes, edits: dict, more=(), name="ours.xlsx"):
    """The downloaded file with some cells changed: {(title, heading): value}; `more`: rows as {heading: value}."""
    book = load_workbook(io.BytesIO(body))
    sheet = book.worksheets[0]
    headings = {cell.value: cell.column for cell in sheet[1]}
    rows = {sheet.cell(row, headings["Title"]).value: row for row in range(2, sheet.max_row + 1)}
    for (title, heading), value in edits.items():
        sheet.cell(rows[title], headings[heading]).value = value
    for offset, row in enumerate(more, start=sheet.max_row + 1):
        for heading, value in row.items():
            sheet.cell(offset, headings[heading]).value = value
    return _saved(book, name)


def _saved(book, name):
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile(name, file.getvalue())


def send(file, by, organisation=None, order="") -> Import:
    """Uploaded, columns taken as proposed, rows checked."""
    whole = services.receive(
        file, "activities", organisation=organisation, by=by, now=timezone.now()
    )
    return go_on(whole, order=order)


def go_on(whole, order="", targets=None) -> Import:
    targets = targets or [column["target"] for column in whole.columns]
    services.match(
        whole, targets, order=order, remember=True, by=whole.uploaded_by, now=timezone.now()
    )
    return done(whole)


def save(whole) -> Import:
    services.start_saving(whole, by=whole.uploaded_by, now=timezone.now())
    return done(whole)


def undo(whole) -> Import:
    services.start_undo(whole, by=whole.uploaded_by, now=timezone.now())
    return done(whole)


def done(whole) -> Import:
    run_waiting()
    whole.refresh_from_db()
    assert not whole.is_busy, whole.job.error
    return whole


def outcomes(whole) -> dict:
    """{label: outcome} of its rows."""
    return dict(whole.rows.values_list("label", "outcome"))
