"""The way a reader takes, from the first page down to the rows of a number and out with a file."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in

pytestmark = pytest.mark.django_db(transaction=True)

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page):
    """What axe-core finds, as (rule, the elements)."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [(rule["id"], [node["html"][:160] for node in rule["nodes"][:3]]) for rule in found]


def sentence(page):
    return page.locator("#say").inner_text().replace("\xa0", " ")


WHOLE = (
    "Prevention is furthest behind: "
    "it has 3% of what it asks for, and US$7.0 million of US$7.2 million is missing."
)
GHANA = "Nothing is committed yet in Ghana. US$5.6 million is asked for."


def test_reader_finds_a_gap_its_rows_and_the_file(watched, coalition):
    page, watch = watched
    page.goto(coalition.url)
    expect(page.locator("h1")).to_contain_text("Prevention is furthest behind")

    page.get_by_role("link", name="See the funding gaps").click()
    assert sentence(page) == WHOLE

    page.get_by_text("Place: everywhere").click()
    page.locator("select[name=place]").select_option("GH")
    expect(page.locator("#say")).to_contain_text("Ghana")
    assert sentence(page) == GHANA
    expect(page).to_have_url(re.compile(r"/gaps/\?.*place=GH"))
    assert page.title().startswith("Funding gaps")

    page.go_back()
    expect(page.locator("#say")).to_contain_text("Prevention is furthest behind")
    page.locator("#say a", has_text="US$7.0").click()
    expect(page.locator("h1")).to_contain_text("7,000,000")
    expect(page.locator("main")).to_contain_text("Ghana")

    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("CSV")).first.click()
    text = download.value.path().read_text("utf-8-sig")
    assert "Missing" in text
    assert "Ghana" in text
    assert watch.heard == []


def test_reader_finds_the_same_without_scripts(browser, coalition):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{coalition.url}/gaps/")

    page.get_by_text("Place: everywhere").click()
    page.locator("select[name=place]").select_option("GH")
    page.get_by_role("button", name="Show").and_(page.locator(":visible")).first.click()

    expect(page).to_have_url(re.compile(r"place=GH"))
    assert sentence(page) == GHANA
    page.locator("#say a").first.click()
    expect(page.locator("h1")).to_contain_text("5,600,000")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("CSV")).first.click()
    assert "Ghana" in download.value.path().read_text("utf-8-sig")
    context.close()


def test_member_signs_in_and_sees_what_waits(watched, coalition):
    page, watch = watched
    sign_in(page, coalition.url)

    expect(page.locator("h1")).to_have_text("Hello, Mia Member")
    page.get_by_role("link", name="Rights in Kenya", exact=True).first.click()
    expect(page.locator("h1")).to_have_text("Rights in Kenya")
    assert watch.heard == []


def test_chips_open_and_close_with_the_keyboard(watched, coalition):
    page, watch = watched
    page.goto(f"{coalition.url}/gaps/")
    chip = page.locator("details.ff-chip").nth(1)
    summary = chip.locator("summary")

    summary.focus()
    page.keyboard.press("Enter")
    expect(chip).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    expect(page.locator("select[name=place]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(chip).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()

    page.keyboard.press("Space")
    expect(chip).to_have_attribute("open", "")
    page.keyboard.press("Space")
    expect(chip).not_to_have_attribute("open", "")
    assert watch.heard == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_every_screen_can_be_used_by_all(watched, coalition, width, scheme):
    page, watch = watched
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    screens = {
        "home": "/", "gaps": "/gaps/", "gaps of a pillar": "/gaps/?p=4", "rows": "/gaps/rows/?figure=committed",
        "objective": "/objectives/2.1/", "list": "/who/?view=list", "map": "/who/?view=map",
        "matrix": "/who/?view=matrix", "organisation": "/organisations/harbour-house/",
        "activity": f"/activities/{coalition.activity.pk}/", "grant": f"/grants/{coalition.grant.pk}/",
        "method": "/how-numbers-are-computed/", "nothing there": "/nothing-there/", "sign-in": "/sign-in/",
    }  # fmt: skip
    found = {}

    def look(name):
        wide = page.evaluate("document.documentElement.scrollWidth")
        found[name] = violations(page) + ([("wider than the screen", wide)] if wide > width else [])

    for name, address in screens.items():
        watch.is_missing_meant = name == "nothing there"
        page.goto(coalition.url + address)
        look(name)
    watch.is_missing_meant = False
    sign_in(page, coalition.url)
    expect(page.locator("h1")).to_have_text("Hello, Mia Member")
    look("my work")

    assert {name: problems for name, problems in found.items() if problems} == {}
    assert watch.heard == []
