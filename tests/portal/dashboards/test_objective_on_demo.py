"""On the demo from public records: each number of an objective's page opens its rows, and they add up to it."""

import html
import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import reverse

from portal.dashboards.objectives.quarters import GrantRows
from portal.dashboards.rows import rows_behind
from portal.dashboards.views.objective import _lens
from portal.dashboards.views.rows import _asked_for
from portal.lib.numbers import money, money_full, money_short, whole

pytestmark = pytest.mark.django_db

PAGES = [
    ("1", ""),
    ("2", "?year=2010"),
    ("1.1", "?year=2003"),
    ("3", "?place=GH"),
    ("4", ""),
    ("1", "?place=202&year=2009&year=2010"),
]


def request_for(address):
    request = RequestFactory().get(address)
    request.user = AnonymousUser()
    return request


@pytest.mark.parametrize(("code", "query"), PAGES)
def test_every_number_with_rows_is_the_sum_of_its_rows(demo, client, code, query):
    page = client.get(f"/objectives/{code}/{query}").content.decode()
    rows_page = re.escape(reverse("dashboards:rows"))
    links = re.findall(rf'<a[^>]*href="({rows_page}\?[^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL)

    assert len(links) > 2
    for address, text in {
        (html.unescape(url), re.sub(r"<[^>]+>|\s+", " ", words).strip()) for url, words in links
    }:
        asked, problems, figure, exact = _asked_for(request_for(address))
        total = rows_behind(asked, figure, exact).total
        shown = {
            money(total, "USD"), money_short(total), money_short(total, "USD"), money_full(total, "USD"), whole(total),
        }  # fmt: skip
        text = html.unescape(text).replace("\xa0", " ")
        assert not problems
        if "%" not in text and "missing" not in text and text:
            assert text in {words.replace("\xa0", " ") for words in shown}, address


@pytest.mark.parametrize(("code", "query"), PAGES)
def test_grants_and_quarters_add_up_to_what_is_committed(demo, client, code, query):
    response = client.get(f"/objectives/{code}/{query}")
    lens, _problems = _lens(request_for(f"/objectives/{code}/{query}"), code)
    found = GrantRows(lens)

    grants = [row for start in range(0, len(found), 500) for row in found[start : start + 500]]

    committed = response.context["totals"].committed
    assert sum(row.committed for row in grants) == committed
    assert rows_behind(lens, "committed").total == committed


def test_cliff_of_the_demo_is_named_by_year(demo, client):
    response = client.get("/objectives/1/")

    assert response.context["money"][
        "title"
    ] == "Committed money falls from US$24.2 M in 2010 to US$4.8 M in 2011".replace(" M", "\xa0M")
    assert "After Sep 2010" in response.content.decode()
    assert len(response.context["who"].nobody) == 71
