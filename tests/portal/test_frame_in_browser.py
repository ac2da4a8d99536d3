import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True)

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def components_page(page, live_server, wagtail_root):
    """The components page, and what the browser complained of."""
    complaints = []

    def failed(request):
        # What a page still loads when the next one is asked for is broken off, and no fault of it.
        if request.failure != "net::ERR_ABORTED":
            complaints.append(f"failed: {request.url}")

    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", failed)
    page.goto(f"{live_server.url}/components/")
    return page, complaints


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_every_component_is_accessible_and_within_policy(components_page, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page, complaints = components_page
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.reload()
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]

    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert complaints == []


def test_charts_are_drawn_when_they_come_near_in_the_room_of_the_still(components_page):
    page, complaints = components_page
    box = page.locator("[data-chart][data-src$='years.json']")
    before = box.bounding_box()["height"]
    box.scroll_into_view_if_needed()

    expect(box.locator(".ff-chart__live .main-svg").first).to_be_visible()
    expect(box.locator(".ff-chart__still")).to_be_hidden()
    assert abs(box.bounding_box()["height"] - before) <= 2
    assert complaints == []


def test_colours_stay_chosen(components_page):
    page, _complaints = components_page
    page.get_by_role("link", name="dark", exact=True).click()

    expect(page).to_have_url(re.compile("/components/$"))
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"


def test_icons_come_from_the_sprite(components_page):
    page, _complaints = components_page
    size = "document.querySelector('.ff-chip .ff-i use').getBBox().width"

    page.wait_for_load_state("networkidle")

    assert page.evaluate(size) > 5


def test_one_filter_is_open_at_a_time_and_escape_gives_the_focus_back(components_page):
    page, _complaints = components_page
    first, second = page.locator("details.ff-chip").nth(0), page.locator("details.ff-chip").nth(1)
    first.locator("summary").click()
    second.locator("summary").click()

    expect(first).not_to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(second).not_to_have_attribute("open", "")
    expect(second.locator("summary")).to_be_focused()


def test_page_says_all_without_scripts(browser, live_server, wagtail_root):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/components/")

    expect(page.locator("[data-chart] svg").first).to_be_visible()
    page.get_by_text("Show as a table").first.click()
    expect(page.get_by_text("The table.")).to_be_visible()
    context.close()
