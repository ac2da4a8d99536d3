"""Which column of a file is which of ours."""

import pytest

from activities.spreadsheet.columns import COLUMNS
from portal.imports.matching import date_order, header_line, match_columns


def matched(headers, *rows, kept=None):
    return {
        match.header: (match.target, str(match.sure))
        for match in match_columns(headers, rows, COLUMNS, kept or {})
    }


def test_names_in_three_languages_are_known():
    assert matched(["Project name", "Fecha de inicio", "Pays", "OBJ.", "Bénéficiaires"]) == {
        "Project name": ("title", "exact"),
        "Fecha de inicio": ("planned_start", "exact"),
        "Pays": ("places", "exact"),
        "OBJ.": ("objectives", "exact"),
        "Bénéficiaires": ("people_expected", "exact"),
    }


def test_names_that_are_alike_are_proposed_and_others_are_not():
    assert matched(["Projet title", "Weather"]) == {
        "Projet title": ("title", "alike"),
        "Weather": ("", "none"),
    }


def test_each_of_our_columns_is_taken_once_the_surest_first():
    assert matched(["Projekt titel", "Title", "Name of project"]) == {
        "Projekt titel": ("", "none"),
        "Title": ("title", "exact"),
        "Name of project": ("", "none"),
    }


@pytest.mark.parametrize(
    "header",
    ["Contact", "Phone", "Victim name", "Correo", "Fecha de nacimiento", "Adresse", "Case number", "Passport no"],
)  # fmt: skip
def test_columns_named_like_data_of_persons_are_left_out_without_samples(header):
    [match] = match_columns([header], [["x"]], COLUMNS, {})

    assert (match.target, match.sure, match.samples) == ("", "personal", [])
    assert match.why


def test_column_whose_cells_look_like_data_of_persons_is_left_out():
    rows = [["+254 712 345678"], ["ask"], ["amina@example.org"]]

    assert matched(["Who", "Title"], *rows)["Who"] == ("", "personal")


def test_what_a_person_said_last_time_is_done_again():
    kept = {"weather": "description", "title": ""}

    assert matched(["Weather", "Title"], kept=kept) == {
        "Weather": ("description", "kept"),
        "Title": ("", "kept"),
    }


def test_heading_is_found_below_a_letterhead():
    rows = [["Our organisation 2027"], [], ["Title", "Place", "Start"], ["A", "KE", "2027-01-01"]]

    assert header_line(rows, COLUMNS) == 2


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["2027-01-02"], ("", False)),
        (["01/02/2027", "15/03/2027"], ("dmy", False)),
        (["01/02/2027", "03/15/2027"], ("mdy", False)),
        (["01/02/2027"], ("", True)),
        (["01/01/2027"], ("", False)),
        (["15/03/2027", "03/15/2027"], ("", True)),
    ],
)
def test_order_of_day_and_month_is_never_guessed(cells, order):
    assert date_order(cells) == order
