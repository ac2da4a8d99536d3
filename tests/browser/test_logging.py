"""Logging an activity in a browser: on a phone, without a connection, twice, by two people, without scripts."""

import re

import pytest
from playwright.sync_api import expect

from activities.models import Activity, ActivityDraft, OverlapStatement
from activities.overlaps import update_overlaps
from tests.browser.conftest import PASSWORD, sign_in
from tests.browser.test_main_path import violations
from tests.factories import (
    ActivityFactory,
    MembershipFactory,
    OrganisationFactory,
    PlaceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 390, "height": 844}
#: Whether this device keeps no draft any more, waiting for it for a while.
NOTHING_LEFT = """new Promise((done) => {
  const late = Date.now() + 8000;
  const look = () => {
    const left = Object.keys(localStorage).some((key) => key.startsWith("ff-draft:"));
    if (left && Date.now() < late) setTimeout(look, 50); else done(!left);
  };
  look();
})"""
TITLE = "Safe journey talks at the bus stations"
TEXT = "Two talks a week at the three largest bus stations: rights at work, who to call."


@pytest.fixture
def other(coalition):
    """An activity of another member that is much like the one that is logged here."""
    found = ActivityFactory(
        title="Talks on safe journeys at the bus stations",
        description="Talks at bus stations on rights at work.",
        reporting_organisation=OrganisationFactory(name="Kestrel Network", slug="kestrel"),
        objectives=[coalition.activity.objective_shares.get().objective],
        places=[coalition.activity.place_shares.get().place],
        planned_start="2027-01-01",
        planned_end="2027-12-31",
    )
    update_overlaps([found.pk])
    return found


def open_form(page, coalition, query=""):
    sign_in(page, coalition.url)
    page.wait_for_url("**/my-work/")
    page.goto(f"{coalition.url}/activities/new/{query}")


class Taps:
    """Taps as a person would, and counts them; a month in a list takes two."""

    def __init__(self):
        self.count = 0

    def __call__(self, locator):
        self.count += 1
        locator.click()

    def choose(self, locator, value):
        self(locator)
        self.count += 1
        locator.select_option(value)

    def type(self, locator, text):
        self(locator)
        locator.fill(text)


def fill(page, taps=None, title=TITLE):
    taps = taps or Taps()
    taps(page.locator(".ff-pick label", has_text="People know their rights"))
    taps(page.locator("[data-places] label", has_text="Kenya"))
    taps.choose(page.get_by_label("Starts, month"), "2")
    taps.type(page.locator("#f-start-year"), "2027")
    taps.choose(page.get_by_label("Ends, month"), "11")
    taps.type(page.locator("#f-end-year"), "2027")
    taps.type(page.locator("#f-title"), title)
    taps.type(page.locator("#f-description"), TEXT)
    taps(page.locator("label", has_text="People on the move"))
    return taps


def publish(page):
    return page.get_by_role("button", name=re.compile("^(Publish|Send for review|Save)$"))


def wait_for_worker(page):
    """Until the form would open without a connection."""
    page.evaluate(
        """navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller ||
           new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done)))
           .then(() => true)"""
    )


def saved(page):
    return page.locator("#saved")


def test_member_logs_an_activity_on_a_phone(watched, coalition, other):
    page, watch = watched
    page.set_viewport_size(PHONE)
    sign_in(page, coalition.url)
    page.wait_for_url("**/my-work/")
    taps = Taps()

    taps(page.get_by_text("Menu", exact=True))
    taps(page.locator(".ff-menu").get_by_role("link", name="Log an activity"))
    fill(page, taps)
    expect(page.locator("#livebar")).to_contain_text("funded here")
    expect(page.locator("#livebar")).to_contain_text("1 similar activity")
    expect(saved(page)).to_contain_text("Draft saved at")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    taps(publish(page))

    page.wait_for_url(re.compile(r"/activities/\d+/"))
    assert Activity.objects.get(title=TITLE).planned_end.isoformat() == "2027-11-30"
    assert taps.count <= 14
    assert not ActivityDraft.objects.exists()
    assert page.evaluate(NOTHING_LEFT) is True
    assert watch.heard == []


def test_the_panel_follows_and_what_one_does_about_it_is_kept(watched, coalition, other):
    page, watch = watched
    open_form(page, coalition)
    fill(page)

    panel = page.locator("#similar")
    expect(panel).to_contain_text(other.title)
    expect(panel).to_contain_text("Same objective")
    page.locator("#f-budget").fill("64,000")
    page.locator("#f-budget").blur()
    expect(panel).to_contain_text("64,000")
    page.locator(f"#say-{other.pk}").select_option("people")
    page.locator(f"#why-{other.pk}").fill("Ours are for fishers.")
    publish(page).click()
    page.wait_for_url(re.compile(r"/activities/\d+/"))

    statement = OverlapStatement.objects.get()
    assert (statement.choice, statement.reason) == ("people", "Ours are for fishers.")
    assert watch.heard == []


def test_shares_are_added_up_while_one_types(watched, coalition):
    page, watch = watched
    open_form(page, coalition)
    for name in ("Kenya", "Ghana"):
        page.locator("[data-places] label", has_text=name).click()
    split = page.locator("[data-split=place]")
    fields = split.locator("input")

    expect(split.locator("[data-sum]")).to_contain_text("100%")
    fields.first.fill("70")
    expect(split.locator("[data-sum]")).to_contain_text("120%: 20% too much")
    fields.last.fill("")
    expect(split.locator("[data-sum]")).to_contain_text("70%: 30% left to give")
    split.get_by_role("button", name="Fill the rest").click()
    expect(fields.last).to_have_value("30")
    split.get_by_role("button", name="Split equally").click()
    expect(fields.first).to_have_value("50")
    assert watch.heard == []


def test_places_and_partners_are_found_with_the_keyboard_alone(watched, coalition):
    page, watch = watched
    open_form(page, coalition)
    page.locator("#f-find-place").focus()
    page.keyboard.type("world")
    found = page.locator("#place-found label", has_text="World")
    expect(found).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(found.locator("input")).to_be_focused()
    page.keyboard.press("Space")

    expect(page.locator("[data-places] label", has_text="World").locator("input")).to_be_checked()
    page.locator("#f-find-partner").focus()
    page.keyboard.type("hill")
    partner = page.locator("#partner-found label", has_text="Hill Fund")
    expect(partner).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("Role: Hill Fund")).to_be_visible()
    assert watch.heard == []


def test_a_draft_survives_a_lost_connection_and_a_closed_page(page, context, coalition):
    page.set_default_timeout(15_000)
    open_form(page, coalition)
    wait_for_worker(page)

    context.set_offline(True)
    fill(page)
    expect(saved(page)).to_contain_text("on this phone or computer only")
    publish(page).click()
    expect(saved(page)).to_contain_text("on this phone or computer only")
    assert not ActivityDraft.objects.exists()
    address = page.url
    assert "?draft=" in address
    page.goto("about:blank")
    page.goto(address)  # opened by the service worker

    expect(page.locator("#f-title")).to_have_value(TITLE)
    expect(page.locator("[data-places] label", has_text="Kenya").locator("input")).to_be_checked()
    expect(saved(page)).to_contain_text("on this phone or computer only")
    context.set_offline(False)
    expect(saved(page)).to_contain_text("Draft saved at")
    assert ActivityDraft.objects.get().title == TITLE

    publish(page).click()
    page.wait_for_url(re.compile(r"/activities/\d+/"))
    assert Activity.objects.filter(title=TITLE).count() == 1
    assert not ActivityDraft.objects.exists()


def test_my_work_lists_what_is_on_this_device_only_and_sends_it(page, context, coalition):
    page.set_default_timeout(15_000)
    open_form(page, coalition)
    page.route("**/activities/draft/", lambda route: route.abort())
    page.locator("#f-title").fill("Written under way")
    expect(saved(page)).to_contain_text("on this phone or computer only")

    page.goto(f"{coalition.url}/my-work/")
    here = page.locator("[data-drafts-here]")
    expect(here).to_contain_text("Written under way")
    page.unroute("**/activities/draft/")
    page.reload()
    expect(here).to_be_hidden()
    page.reload()
    expect(page.locator("#drafts-t")).to_be_visible()
    assert ActivityDraft.objects.get().title == "Written under way"


def test_signing_out_leaves_nothing_behind_for_the_next_person(page, context, coalition):
    page.set_default_timeout(15_000)
    open_form(page, coalition)
    wait_for_worker(page)
    page.route("**/activities/draft/", lambda route: route.abort())
    page.locator("#f-title").fill("Only mine")
    expect(saved(page)).to_contain_text("on this phone or computer only")
    page.unroute("**/activities/draft/")

    page.goto(f"{coalition.url}/sign-out/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{coalition.url}/")

    left = "Object.keys(localStorage).filter(key => key.startsWith('ff-'))"
    assert page.evaluate(left) == []
    assert page.evaluate("caches.has('fourfold-form')") is False
    assert ActivityDraft.objects.get().title == "Only mine"


def test_a_draft_of_one_person_is_not_shown_to_another_on_the_same_phone(page, context, coalition):
    page.set_default_timeout(15_000)
    second = UserFactory(email="eve@example.org", name="Eve Editor", password=PASSWORD)
    MembershipFactory(user=second, organisation=coalition.member)
    open_form(page, coalition)
    page.route("**/activities/draft/", lambda route: route.abort())
    page.locator("#f-title").fill("Only mine")
    expect(saved(page)).to_contain_text("on this phone or computer only")
    address = page.url
    page.unroute("**/activities/draft/")
    context.clear_cookies()

    page.goto(f"{coalition.url}/sign-in/?next=/my-work/")
    page.get_by_label("Work email").fill("eve@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/my-work/")
    expect(page.locator("[data-drafts-here]")).to_be_hidden()
    page.goto(address)
    expect(page.locator("#f-title")).to_have_value("")
    assert not ActivityDraft.objects.exists()


def test_two_people_who_change_one_activity_both_see_both_versions(browser, coalition):
    second = UserFactory(email="eve@example.org", name="Eve Editor", password=PASSWORD)
    MembershipFactory(user=second, organisation=coalition.member)
    address = f"{coalition.url}/activities/{coalition.activity.pk}/edit/"
    pages = []
    for email in ("mia@example.org", "eve@example.org"):
        page = browser.new_context(locale="en-GB").new_page()
        page.set_default_timeout(15_000)
        page.goto(f"{coalition.url}/sign-in/?next=/my-work/")
        page.get_by_label("Work email").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/my-work/")
        page.goto(address)
        page.locator("#f-description").fill(TEXT)
        page.locator("label", has_text="People on the move").click()
        pages.append(page)
    mia, eve = pages
    mia.locator("#f-title").fill("As Mia has it")
    eve.locator("#f-title").fill("As Eve has it")

    publish(mia).click()
    mia.wait_for_url(re.compile(r"/activities/\d+/(saved/)?$"))
    publish(eve).click()

    expect(eve.locator("h1")).to_have_text("Somebody else changed this activity")
    table = eve.locator("table")
    expect(table).to_contain_text("As Mia has it")
    expect(table).to_contain_text("As Eve has it")
    assert violations(eve) == []
    eve.get_by_label("Title, saved now").check()
    eve.get_by_role("button", name="Save this").click()
    eve.wait_for_url(re.compile(r"/activities/\d+/(saved/)?$"))
    coalition.activity.refresh_from_db()
    assert coalition.activity.title == "As Mia has it"
    for page in pages:
        page.context.close()


def test_pressing_publish_twice_makes_one_activity(page, coalition):
    page.set_default_timeout(15_000)
    open_form(page, coalition)
    fill(page)

    publish(page).dblclick()

    page.wait_for_url(re.compile(r"/activities/\d+/"))
    page.wait_for_load_state("networkidle")
    assert Activity.objects.filter(title=TITLE).count() == 1


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_form_and_its_errors_can_be_used_by_all(watched, coalition, other, width, scheme):
    page, watch = watched
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    open_form(page, coalition, "?objective=1.1&place=KE")
    expect(page.locator("#similar")).to_contain_text("funded")
    page.locator("[data-places] label", has_text="Ghana").click()
    page.locator("#f-find-partner").fill("hill")
    expect(page.locator("#partner-found")).to_contain_text("Hill Fund")
    found = {"form": violations(page)}
    found["width"] = page.evaluate("document.documentElement.scrollWidth")
    page.locator("#f-find-partner").fill("")
    watch.heard.clear()
    publish(page).click()

    summary = page.locator(".ff-errsum")
    expect(summary).to_be_focused()
    assert page.title().startswith("Error:")
    found["errors"] = violations(page)
    assert found == {"form": [], "width": width, "errors": []}
    summary.get_by_role("link", name="Give the activity a name").click()
    expect(page.locator("#q-title")).to_be_in_viewport()
    expect(page.locator("[data-places] label", has_text="Ghana").locator("input")).to_be_checked()


def test_an_activity_is_logged_without_scripts(browser, coalition):
    PlaceFactory(code="TG", name="Togo")
    context = browser.new_context(java_script_enabled=False, viewport=PHONE, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(15_000)
    open_form(page, coalition)

    page.locator(".ff-pick label", has_text="People know their rights").click()
    page.locator("#f-find-place").fill("tog")
    page.locator("#f-find-place").press("Enter")
    page.locator("#q-place label", has_text="Togo").click()
    page.locator("#q-place label", has_text="Kenya").click()
    page.get_by_role("button", name="Check for similar activities").click()
    expect(page.locator("#similar")).to_contain_text("funded")
    split = page.locator("[data-split=place]")
    split.locator("input").first.fill("80")
    split.locator("input").last.fill("")
    split.get_by_role("button", name="Fill the rest").click()
    expect(split.locator("input").last).to_have_value("20")
    page.locator("#f-title").fill(TITLE)
    publish(page).click()
    expect(page.locator(".ff-errsum")).to_contain_text("Say when it starts")
    page.get_by_label("Starts, month").select_option("2")
    page.get_by_label("Ends, month").select_option("11")
    page.locator("#f-description").fill(TEXT)
    page.locator("label", has_text="People on the move").click()
    publish(page).click()

    page.wait_for_url(re.compile(r"/activities/\d+/"))
    activity = Activity.objects.get(title=TITLE)
    assert sorted(row.share for row in activity.place_shares.all()) == [20, 80]
    context.close()
