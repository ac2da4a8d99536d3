import shutil
from collections import Counter
from decimal import Decimal

import pytest

from portal.demo.us.integrity import DamagedFile
from portal.demo.us.sources import (
    DATA,
    GRANTS,
    PROJECTS,
    TIERS,
    exact_duplicates,
    read_grants,
    read_projects,
    read_tiers,
)


@pytest.fixture
def folder(tmp_path):
    """A copy of the shipped files with their manifest."""
    for path in DATA.iterdir():
        shutil.copy(path, tmp_path / path.name)
    return tmp_path


def test_every_row_of_the_grants_file_is_read_or_skipped_with_a_reason():
    reading = read_grants()

    assert reading.read == 4284
    assert len(reading.rows) == 2420
    assert Counter(row.reason for row in reading.skipped) == {
        "no grant that year": 1830,
        "not known whether there was a grant that year": 34,
    }


def test_grants_have_the_money_and_coding_of_the_source():
    rows = read_grants().rows
    several = [row for row in rows if len(row.pillars) > 1]

    assert sum(row.amount or 0 for row in rows) == Decimal("862285184.00")
    assert sum(1 for row in rows if row.amount is None) == 200
    assert sum(1 for row in rows if row.amount == 0) == 15
    assert len(several) == 1528
    assert sum(row.amount or 0 for row in several) == Decimal("636726639.00")
    assert sum(1 for row in rows if not row.pillars) == 45


def test_exact_duplicates_are_found_and_kept():
    groups = exact_duplicates(read_grants().rows)

    assert len(groups) == 13
    assert sum(len(group) - 1 for group in groups) == 15
    assert (626, 627) in [tuple(row.number for row in group) for group in groups]


@pytest.mark.parametrize(("year", "count"), [(2002, 201), (2003, 224)])
def test_project_lists_are_read_whole(year, count):
    reading = read_projects(year)

    assert (len(reading.rows), reading.skipped) == (count, ())
    assert [row.number for row in reading.rows] == list(range(1, count + 1))


def test_tiers_are_read_and_unranked_countries_skipped():
    reading = read_tiers()

    assert reading.read == 3208
    assert len(reading.rows) == 2251
    assert sum(1 for row in reading.rows if row.year == 2010 and row.tier >= 3) == 71


def test_rows_carry_the_line_they_stand_on():
    first = read_grants().rows[0]

    assert (first.line, first.number, first.country, first.year) == (2, 1, "Afghanistan", 2002)


@pytest.mark.parametrize("name", [GRANTS, PROJECTS[2003], TIERS])
def test_a_changed_line_is_named(folder, name):
    lines = (folder / name).read_bytes().splitlines(keepends=True)
    lines[41] = lines[41].replace(b"0", b"9").replace(b"e", b"3")
    (folder / name).write_bytes(b"".join(lines))

    with pytest.raises(DamagedFile, match="line 42: differs from what was shipped"):
        _read(name, folder)


def test_a_file_cut_short_is_named_with_its_last_line(folder):
    content = (folder / TIERS).read_bytes().splitlines(keepends=True)
    (folder / TIERS).write_bytes(b"".join(content[:100]))

    with pytest.raises(DamagedFile) as caught:
        read_tiers(folder)

    assert (caught.value.line, caught.value.reason) == (
        101,
        "missing: the file ends after 100 of 3209 lines",
    )


def test_a_missing_file_is_named(folder):
    (folder / GRANTS).unlink()

    with pytest.raises(DamagedFile, match=f"^{GRANTS}: the file is missing$"):
        read_grants(folder)


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("amount", "12x", "column amount should be an amount, not '12x'"),
        ("amount", "-5", "column amount should be an amount of zero or more, not '-5'"),
        (
            "year_actual",
            "2003",
            "column year_actual should be a year, as in 2003-01-01, not '2003'",
        ),
        ("prevention", "2.0", "column prevention should be one of 1.0, 0.0, NA, not '2.0'"),
        ("id", "1", "id 1 stands on line 2 already"),
    ],
)
def test_a_cell_that_cannot_be_read_names_line_and_column(folder, column, value, reason):
    (folder / "manifest.json").unlink()
    lines = (folder / GRANTS).read_text(encoding="utf-8").splitlines()
    cells = dict(zip(lines[0].split(","), lines[2].split(","), strict=True)) | {column: value}
    lines[2] = ",".join(cells.values())
    (folder / GRANTS).write_text("\n".join(lines), encoding="utf-8")

    with pytest.raises(DamagedFile) as caught:
        read_grants(folder)

    assert (caught.value.file, caught.value.line, caught.value.reason) == (GRANTS, 3, reason)


def test_a_row_with_too_few_cells_is_named(folder):
    (folder / "manifest.json").unlink()
    (folder / TIERS).write_text("countryname,iso,year,ccode,tier\nKenya,KEN,2010,501\n")

    with pytest.raises(DamagedFile, match="line 2: 4 cells where the header has 5"):
        read_tiers(folder)


def test_a_wrong_header_is_named(folder):
    (folder / "manifest.json").unlink()
    (folder / TIERS).write_text("country,iso,year,ccode,tier\n")

    with pytest.raises(DamagedFile, match="line 1: the header lacks countryname"):
        read_tiers(folder)


def _read(name, folder):
    readers = {GRANTS: read_grants, TIERS: read_tiers}
    return readers[name](folder) if name in readers else read_projects(2003, folder)
