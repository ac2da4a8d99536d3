"""On the demo from public records: every figure of a page opens its rows, and they add up to it."""

import html
import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import reverse

from portal.dashboards.filters import lens_of
from portal.dashboards.gaps import findings
from portal.dashboards.rows import FIGURES, rows_behind
from portal.dashboards.views.rows import _asked_for
from portal.lib.numbers import money, money_full, money_short, whole
from strategy.models import SummaryCell

pytestmark = pytest.mark.django_db

VIEWS = [
    "",
    "?year=2010",
    "?year=2010&p=1",
    "?year=2009&year=2010&place=202",
    "?place=GH",
    "?p=4",
    "?objective=2.1",
    "?year=2003&by=year",
]


def lens(address):
    request = RequestFactory().get(address)
    request.user = AnonymousUser()
    return request


def rows_of(address):
    """The rows that an address of the rows page asks for."""
    asked, _problems, figure, exact = _asked_for(lens(address))
    return rows_behind(asked, figure, exact)


def amounts(found):
    """What each row adds to the figure, in cents."""
    kind = {"met": lambda row: row.met, "missing": lambda row: row.unmet, "empty": lambda row: 1}
    get = kind.get(
        getattr(found, "figure", ""), lambda row: getattr(row, "amount_minor", None) or row.amount
    )
    return [get(row) for start in range(0, len(found), 500) for row in found[start : start + 500]]


@pytest.mark.parametrize("view", VIEWS)
def test_rows_add_up_to_their_figure(demo, view):
    asked, problems = lens_of(lens(f"/gaps/{view}"))
    page = findings(asked)
    found = {figure: rows_behind(asked, figure) for figure in FIGURES}

    expected = {
        "required": page.totals.required, "committed": page.totals.committed,
        "disbursed": page.totals.disbursed, "missing": page.totals.missing,
        "pledged": page.totals.pledged, "met": page.totals.met,
        "empty": page.totals.empty_cells, "untagged": page.untagged.committed, "assumed": page.totals.assumed,
        "by_rule": page.totals.by_rule, "in_kind": page.totals.in_kind,
    }  # fmt: skip
    assert problems == []
    assert {figure: rows.total for figure, rows in found.items()} == expected
    assert {figure: sum(amounts(rows)) for figure, rows in found.items()} == expected


@pytest.mark.parametrize("view", ["/", *(f"/gaps/{view}" for view in VIEWS)])
def test_every_number_with_rows_is_the_sum_of_its_rows(demo, client, view):
    page = client.get(view).content.decode()
    rows_page = re.escape(reverse("dashboards:rows"))
    links = re.findall(rf'<a[^>]*href="({rows_page}\?[^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL)

    assert len(links) > 5
    for address, text in {
        (html.unescape(address), re.sub("<[^>]+>|\\s+", " ", text).strip())
        for address, text in links
    }:
        found = rows_of(address)
        assert sum(amounts(found)) == found.total, address
        shown = {
            money(found.total, "USD"), money_short(found.total), money_short(found.total, "USD"),
            money_full(found.total, "USD"), whole(found.total),
        }  # fmt: skip
        shown = {words.replace("\xa0", " ") for words in shown}
        text = html.unescape(text).replace("\xa0", " ")
        if (
            re.search(r"[MkUS$]|million", text)
            and "%" not in text
            and "missing" not in text
            and "gaps" not in text
        ):
            assert text in shown, (address, text, shown)


def test_rows_page_shows_the_figure_its_formula_and_what_decided_it(demo, client):
    page = client.get("/gaps/rows/?figure=missing&year=2010&p=1").content.decode()

    assert "US$9,742,007.64" in page
    assert "A surplus in one place does not pay for a gap in another." in page
    for words in (
        "fiscal year 2010",
        "Prevention",
        "30 September 2010",
        "the public",
        "figure=missing&amp;year=2010",
    ):
        assert words in page


def test_world_is_the_sum_of_what_lies_below_it(demo):
    page = findings(lens_of(lens("/gaps/"))[0])
    world = SummaryCell.objects.filter(
        audience=1, place_key=page.lens.root_key, year__in=page.lens.years
    )

    assert sum(cell.committed for cell in page.parts) == sum(
        world.values_list("committed", flat=True)
    )
    assert sum(cell.unmet for cell in page.parts) == sum(world.values_list("unmet", flat=True))
    assert all(cell.unmet >= 0 for cell in page.parts if cell.place)


def test_files_hold_the_same_sums_as_the_page(demo, client):
    page = findings(lens_of(lens("/gaps/?year=2010"))[0])

    answer = client.get("/gaps/funding-gaps.csv?year=2010")

    import csv
    import io

    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    head = next(index for index, line in enumerate(lines) if "Asked" in line and "Missing" in line)
    asked, missing = lines[head].index("Asked"), lines[head].index("Missing")
    cents = [
        (round(float(line[asked]) * 100), round(float(line[missing]) * 100))
        for line in lines[head + 1 :]
    ]
    assert (sum(a for a, _ in cents), sum(m for _, m in cents)) == (
        page.totals.required,
        page.totals.missing,
    )


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("year=1900", "There is no year “1900” in this strategy. It runs from 2003 to 2014."),
        ("place=ZZ", "We know no place “ZZ”. Everywhere is shown."),
        ("p=7", "“7” is none of the four Ps. All are shown."),
        ("objective=9.9", "There is no objective “9.9”. All are shown."),
        ("as_of=yesterday", "“yesterday” is no date. Write it as 2010-09-30."),
    ],
)
def test_a_filter_that_makes_no_sense_gets_a_sentence(demo, client, query, sentence):
    answer = client.get(f"/gaps/?{query}")

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
