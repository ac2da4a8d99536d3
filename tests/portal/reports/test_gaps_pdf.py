"""The report of the funding gaps: the page's figures on paper, for its reader, readable by everybody."""

import io
import re
from decimal import Decimal

import pypdf
import pytest
from django.utils.html import strip_tags

from grants.models import Allocation
from grants.services import rebuild_figures, set_allocations
from portal.records.choices import Visibility
from portal.reports.pdf import RendererMissing
from tests.factories import (
    GrantFactory,
    ObjectiveFactory,
    PlaceFactory,
    RequirementFactory,
    StrategyFactory,
)
from tests.people import organisation_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def strategy(db):
    return StrategyFactory(
        coalition_name="Coalition of Łódź", notice="These figures are for a test."
    )


@pytest.fixture
def objective(strategy):
    objective = ObjectiveFactory(strategy=strategy, pillar=1, short_title="Awareness")
    kenya = PlaceFactory(code="KE", name="Kenya")
    RequirementFactory(objective=objective, place=kenya, amount_original=Decimal("4000.00"))
    give(objective, kenya)
    rebuild_figures(strategy.pk)
    return objective


def give(objective, place, **fields):
    grant = GrantFactory(**fields)
    tag = Allocation(objective=objective, place=place, share=Decimal(100), origin="person")
    set_allocations(grant, objective.strategy, [tag])
    return grant


def read(response):
    return pypdf.PdfReader(io.BytesIO(response.content))


def words(reader):
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def figures(reader):
    """The alternative texts of all pictures, walked through the tree of tags."""
    found, waiting = [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop()
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            if node.get("/S") == "/Figure":
                found.append(str(node.get("/Alt", "")))
            if "/K" in node:
                waiting.append(node["/K"])
    return found


def test_report_says_what_the_page_says(client, objective):
    page = client.get("/gaps/?year=2026")
    response = client.get("/gaps.pdf?year=2026")

    reader = read(response)
    text = words(reader)
    sentence = (
        re.sub(r"\s+", " ", strip_tags(page.context["say"]))
        .replace("\xa0", " ")
        .replace("&#x27;", "'")
    )
    assert sentence in text.replace("\xa0", " ")
    assert "Coalition of Łódź, figures to 30 June 2026" in text
    assert "These figures are for a test." in text
    assert "the public" in text
    assert "http://testserver/gaps/?year=2026" in text.replace(
        " ", ""
    ) or "/gaps/?year=2026" in text.replace(" ", "")
    assert "How the numbers are computed" in text
    assert "25%" in text


def test_report_is_tagged_and_has_a_title_a_language_and_words_for_each_picture(client, objective):
    reader = read(client.get("/gaps.pdf"))

    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert reader.metadata.title == "Funding gaps, 2024 to 2027 – Coalition of Łódź"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    alternatives = figures(reader)
    assert any(
        "Prevention: US$3,000 of US$4,000 missing" in words.replace("\xa0", " ")
        for words in alternatives
    )
    assert any("Columns from 2024 to 2027" in words for words in alternatives)
    assert all(alternatives)


def test_report_is_a_file_with_a_name(client, objective):
    response = client.get("/gaps.pdf?place=KE&year=2026&p=1")

    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response["Content-Disposition"] == (
        'inline; filename="funding-gaps-coalition-of-odz-prevention-kenya-2026.pdf"'
    )


def test_each_reader_gets_their_own_figures(client, objective, editor_a, secretariat):
    kenya = objective.requirements.get().place
    mine = organisation_of(editor_a)
    give(objective, kenya, visibility=Visibility.ORGANISATION, recipient_organisation=mine)
    give(objective, kenya, visibility=Visibility.ORGANISATION)

    texts = []
    for person in (None, editor_a, secretariat):
        if person:
            client.force_login(person)
        texts.append(words(read(client.get("/gaps.pdf"))).replace("\xa0", " "))

    assert ["US$3,000" in texts[0], "US$2,000" in texts[1], "US$1,000" in texts[2]] == [
        True,
        True,
        True,
    ]
    assert "the secretariat" in texts[2]


def test_report_without_figures_says_so(client, strategy):
    text = words(read(client.get("/gaps.pdf")))

    assert "Nothing is asked for and nothing is committed" in text


def test_same_report_is_kept(client, objective, monkeypatch):
    first = client.get("/gaps.pdf").content

    def fail(*args, **kwargs):
        raise AssertionError("rendered again")

    monkeypatch.setattr("portal.reports.views.render_pdf", fail)

    assert client.get("/gaps.pdf").content == first


def test_machine_without_the_renderer_gets_one_clear_sentence(client, objective, monkeypatch):
    def missing(*args, **kwargs):
        raise RendererMissing

    monkeypatch.setattr("portal.reports.views.render_pdf", missing)

    response = client.get("/gaps.pdf")

    assert response.status_code == 503
    assert "PDF reports cannot be made on this machine" in response.content.decode()


def test_page_of_the_gaps_leads_to_its_report(client, objective):
    assert 'href="/gaps.pdf?year=2026"' in client.get("/gaps/?year=2026").content.decode()
