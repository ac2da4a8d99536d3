"""Rows out as spreadsheets, each with a block on top that says what it holds."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _

CSV, XLSX = "csv", "xlsx"
KINDS = (CSV, XLSX)
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: What a spreadsheet program would take for a formula. Source: OWASP, CSV injection.
_FORMULA = re.compile(r"^\s*[=+\-@]|^[\t\r]")
#: What no XML file may hold. Source: XML 1.0, characters.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Value = str | int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its heading: what it shows, and how (filters, as-of date, audience) in pairs."""

    title: str
    about: Sequence[tuple[str, str]]
    columns: Sequence[str]
    rows: Iterable[Sequence[Value]]

    @property
    def head(self) -> list[list[str]]:
        """The lines above the table: title, pairs, an empty one, the columns."""
        return [[self.title], *([label, words] for label, words in self.about), [], [*self.columns]]


def csv_lines(sheet: Sheet) -> Iterator[str]:
    """The sheet as lines of a CSV file; numbers with a point, dates as 2010-09-30."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    yield "\ufeff"  # so that spreadsheet programs read it as UTF-8
    for row in sheet.head:
        yield _line(buffer, writer, row)
    for row in sheet.rows:
        yield _line(buffer, writer, row)


def xlsx_bytes(sheet: Sheet) -> bytes:
    """The sheet as an XLSX file: numbers as numbers, the heading bold, the columns' row frozen."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    page = book.create_sheet(_sheet_name(sheet.title))
    bold = Font(bold=True)
    page.freeze_panes = f"A{len(sheet.head) + 1}"
    for position in range(len(sheet.columns)):
        page.column_dimensions[_letters(position)].width = 42 if position == 0 else 20

    def heading(value: Value) -> WriteOnlyCell:
        cell = WriteOnlyCell(page, for_xlsx(value))
        cell.font = bold
        return cell

    last = len(sheet.head) - 1
    for number, row in enumerate(sheet.head):
        if number in (0, last):
            page.append([heading(value) for value in row])
        else:
            page.append([for_xlsx(value) for value in row])
    for row in sheet.rows:
        page.append([for_xlsx(value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def sheet_response(sheet: Sheet, kind: str, name: str) -> HttpResponse | StreamingHttpResponse:
    """The sheet as a file to save. kind: `csv` or `xlsx`; name: without ending."""
    if kind == CSV:
        lines = (line.encode() for line in csv_lines(sheet))
        response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(xlsx_bytes(sheet), content_type=XLSX_TYPE)
    file = f"{slugify(name) or 'fourfold'}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _line(buffer: io.StringIO, writer, row: Sequence[Value]) -> str:
    buffer.seek(0)
    buffer.truncate()
    writer.writerow([_for_csv(value) for value in row])
    return buffer.getvalue()


def _for_csv(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and _FORMULA.match(value):
        return f"'{value}"
    return str(value)


def for_xlsx(value: Value) -> Value:
    """Texts as they are: a cell that holds a formula would be run, so it is marked as text."""
    if isinstance(value, Promise):
        value = str(value)
    if not isinstance(value, str):
        return value
    value = _CONTROL.sub("", value)[:32_767]
    return f"'{value}" if _FORMULA.match(value) else value


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", title)[:31].strip() or _("Table")


def _letters(position: int) -> str:
    """The letters of a column, the first being 0."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
