"""Spreadsheets are read by a process of its own, and what is made to break us is not read."""

import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from portal.lib.spreadsheets import BadFile, Limits, Reason, read

SMALL = Limits(size=200_000, unpacked=1_000_000, rows=50, columns=10, cells=300, letters=100)


@pytest.fixture
def file(tmp_path):
    def write(name, body):
        path = tmp_path / name
        path.write_bytes(body.encode() if isinstance(body, str) else body)
        return path

    return write


def xlsx(cells):
    book = Workbook()
    for place, value in cells.items():
        book.active[place] = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def refused(path, limits=SMALL):
    with pytest.raises(BadFile) as caught:
        read(path, path.name, limits)
    return caught.value.reason, caught.value.facts


def test_cells_become_texts_and_formulas_are_not_computed(file):
    path = file(
        "a.xlsx",
        xlsx({"A1": "Title", "B1": date(2027, 3, 15), "C1": 42000.0, "D1": 1.5, "E1": True, "A2": "=1+1", "B2": " x "}),
    )  # fmt: skip

    assert read(path, "a.xlsx").rows == [
        ["Title", "2027-03-15", "42000", "1.5", "TRUE"],
        ["", "x"],
    ]


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a;b\n1,5;2\n", [["a", "b"], ["1,5", "2"]]),
        ("a\tb\r\n1\t2\r\n", [["a", "b"], ["1", "2"]]),
        ("sep=|\na|b\n", [["a", "b"]]),
        ("\ufeffa,b\n\n\n1,\n\n", [["a", "b"], [], [], ["1"]]),
        ("Título;Début\nÉcole;x\n".encode("cp1252"), [["Título", "Début"], ["École", "x"]]),
        ("a,b\n1,2\n".encode("utf-16"), [["a", "b"], ["1", "2"]]),
        ('a,"b\nc"\n', [["a", "b\nc"]]),
    ],
)
def test_csv_of_many_kinds_is_read(file, body, rows):
    path = file("a.csv", body)

    assert read(path, "a.csv").rows == rows


def test_far_cell_is_refused_before_anybody_makes_room_for_it(file):
    path = file("a.xlsx", xlsx({"A1": "a", "XFD1": "far"}))
    deep = file("b.xlsx", xlsx({"A1": "a", "A1048576": "deep"}))

    assert refused(path) == (Reason.COLUMNS, {"found": 16384, "most": 10})
    assert refused(deep) == (Reason.ROWS, {"found": 1048576, "most": 50})


def test_archive_that_unpacks_to_too_much_is_not_unpacked(file):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_000)

    assert refused(file("a.xlsx", buffer.getvalue()))[0] is Reason.UNPACKED


def test_declared_entities_are_refused(file):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>',
        )

    assert refused(file("a.xlsx", buffer.getvalue()))[0] is Reason.ENTITIES


def test_repeated_cell_of_an_ods_file_is_counted(file):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            '<table:table-row><table:table-cell table:number-columns-repeated="16384">x</table:table-cell>',
        )

    assert refused(file("a.ods", buffer.getvalue())) == (
        Reason.COLUMNS,
        {"found": 16384, "most": 10},
    )


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        ("a.pdf", b"%PDF", Reason.KIND),
        ("a.csv", b"", Reason.EMPTY),
        ("a.csv", b"\n\n\n", Reason.EMPTY),
        ("a.xlsx", b"Title,Place", Reason.DAMAGED),
        ("a.xlsx", xlsx({"A1": "a"})[:1500], Reason.DAMAGED),
        ("a.xlsx", b"\xd0\xcf\x11\xe0 encrypted", Reason.PASSWORD),
        ("a.xls", b"\xd0\xcf\x11\xe0 nothing more", Reason.DAMAGED),
        ("a.csv", b"a,b\x00\n", Reason.DAMAGED),
        ("a.csv", b"x" * 300_000, Reason.SIZE),
        ("a.csv", "a,b\n" * 60, Reason.ROWS),
        ("a.csv", ",".join("abcdefghijklmn"), Reason.COLUMNS),
        ("a.csv", "a,b,c,d,e,f,g,h,i,j\n" * 40, Reason.CELLS),
        ("a.csv", "a" * 101, Reason.LETTERS),
    ],
)
def test_what_is_not_read_says_why(file, name, body, reason):
    assert refused(file(name, body))[0] is reason


def test_damaged_csv_says_in_which_line(file):
    assert refused(file("a.csv", 'a,b\n1,2\n"3,4\n'))[1]["line"] == 3
