import io
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook

from portal.lib.tabular import Sheet, csv_lines, sheet_response, xlsx_bytes

ROW = ("École, “1”", 3, Decimal("12.50"), date(2010, 9, 30), None)


def sheet(*rows):
    return Sheet(
        title="Who does what",
        about=[("As of", "30 September 2010"), ("For", "the public")],
        columns=["Activity", "Places", "Budget", "End", "Note"],
        rows=rows,
    )


def test_csv_lines_begin_with_what_the_file_holds():
    assert "".join(csv_lines(sheet(ROW))).splitlines() == [
        "\ufeffWho does what",
        "As of,30 September 2010",
        "For,the public",
        "",
        "Activity,Places,Budget,End,Note",
        '"École, “1”",3,12.50,2010-09-30,',
    ]


def test_xlsx_bytes_keep_numbers_and_days():
    page = load_workbook(io.BytesIO(xlsx_bytes(sheet(ROW)))).active

    assert page.title == "Who does what"
    assert page.freeze_panes == "A6"
    found = [cell.value for cell in page[6]]
    assert (found[0], found[1], Decimal(str(found[2])), found[3].date(), found[4]) == ROW


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1"])
def test_texts_are_never_formulas(text):
    line = list(csv_lines(sheet((text, 1, None, None, None))))[-1]
    page = load_workbook(io.BytesIO(xlsx_bytes(sheet((text, 1, None, None, None))))).active

    assert line.lstrip('"').startswith("'")
    assert page["A6"].data_type == "s"
    assert page["A6"].value.startswith("'")


def test_negative_numbers_stay_numbers():
    assert list(csv_lines(sheet(("a", -1, Decimal("-2.5"), None, None))))[-1] == "a,-1,-2.5,,\r\n"


def test_xlsx_bytes_leave_out_what_xml_forbids():
    page = load_workbook(io.BytesIO(xlsx_bytes(sheet(("a\x00b\x0b", 1, None, None, None))))).active

    assert page["A6"].value == "ab"


@pytest.mark.parametrize(("kind", "start"), [("csv", "\ufeff".encode()), ("xlsx", b"PK")])
def test_sheet_response_is_a_file_to_save(kind, start):
    response = sheet_response(sheet(ROW), kind, "Who does what")

    body = b"".join(response.streaming_content) if response.streaming else response.content
    assert body.startswith(start)
    assert response["Content-Disposition"] == f'attachment; filename="who-does-what.{kind}"'


def test_translated_texts_are_texts_in_a_workbook():
    row = (gettext_lazy("recipient not named"), 1, None, None, None)

    page = load_workbook(io.BytesIO(xlsx_bytes(sheet(row)))).active

    assert "recipient not named" in {cell.value for cells in page.iter_rows() for cell in cells}
