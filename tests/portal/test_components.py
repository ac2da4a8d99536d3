import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from portal.templatetags import components


def render(source, **context):
    return Template("{% load components %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("value", "text"),
    [(18, "18"), (12.3456, "12.35"), (0, "0"), (None, "0"), ("", "0"), (100.0, "100")],
)
def test_css_numbers_have_a_dot_in_every_language(value, text, settings):
    settings.LANGUAGE_CODE = "fr"

    assert components.css(value) == text


def test_icon_is_decoration_unless_it_has_a_label():
    assert 'aria-hidden="true"' in components.icon("list")
    assert 'role="img" aria-label="Remove &lt;"' in components.icon("x-lg", "Remove <")


def test_num_links_a_number_to_its_rows():
    assert components.num("18%", "/rows/?a=1&b=2", 1) == (
        '<a class="ff-num ff-p1" href="/rows/?a=1&amp;b=2">18%</a>'
    )
    assert components.num("18%") == '<b class="ff-nb">18%</b>'


def test_gap_never_fills_more_than_is_asked_nor_pays_more_than_is_met():
    bar = components.gap(met=130, paid=150, over=130)

    assert "--cov:100;--dis:100" in bar
    assert "ff-gap--over" in bar
    assert "--full:76.92" in bar


def test_gap_without_money_has_no_filling():
    assert "<i" not in components.gap(met=0, paid=0)


def test_gap_escapes_its_label():
    assert "&lt;b&gt;" in components.gap(met=5, label="<b>")


@pytest.mark.parametrize(
    ("kind", "shape"), [("2", "on"), ("returned", "late"), ("late", "late"), (5, "stop")]
)
def test_status_takes_shapes_and_known_states(kind, shape):
    assert f"ff-st--{shape}" in components.status(kind, "Word")


def test_crumbs_end_with_the_page_itself():
    html = render('{% crumbs "Home" "/" "Gaps" %}')

    assert '<a href="/">Home</a>' in html
    assert '<span aria-current="page">Gaps</span>' in html


def test_pager_keeps_the_filters_of_the_address():
    page = Paginator(range(120), 50).page(2)
    request = RequestFactory().get("/grants/?place=KE&page=2")

    html = render("{% pager page %}", page=page, request=request)

    assert 'href="?place=KE&amp;page=1"' in html
    assert 'href="?place=KE&amp;page=3"' in html
    assert "51 to 100 of 120" in html


def test_pager_is_silent_about_a_single_page():
    page = Paginator(range(3), 50).page(1)

    assert render("{% pager page %}", page=page, request=RequestFactory().get("/")).strip() == ""


def test_chart_shows_the_still_picture_and_its_table():
    html = render(
        '{% chart title="Money falls" still=svg src="/f.json" files=files %}<table></table>{% endchart %}',
        svg="<svg></svg>",
        files=[("csv", "Download CSV", "/f.csv")],
    )

    assert '<div class="ff-chart__plot" data-chart data-src="/f.json">' in html
    assert "<svg></svg>" in html
    assert "<table></table>" in html
    assert '<a href="/f.csv">Download CSV</a>' in html


def test_skyline_draws_a_pillar_that_asks_for_nothing():
    pillar = {
        "number": 4,
        "name": "Partnership",
        "need": 0,
        "text": "2.7 M committed",
        "objectives": [],
    }

    html = render("{% skyline pillars %}", pillars=[pillar])

    assert "no requirement stated" in html
    assert "2.7 M committed" in html


def test_bodies_are_kept_and_titles_escaped():
    html = render("{% how title=title open=True %}<p>Body</p>{% endhow %}", title="A & B")

    assert html == (
        '<details class="ff-more ff-more--how" open><summary>A &amp; B</summary>'
        '<div class="ff-more__body"><p>Body</p></div></details>'
    )
