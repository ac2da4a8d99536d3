"""Two people settle an overlap: one proposes, the other says yes; and two who settle at the same time."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD
from tests.browser.test_main_path import violations

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two(coalition):
    """An overlap between a record of Harbour House and one of Hill Mission, and an editor of each."""
    from activities.models import Activity, Overlap
    from tests.factories import (
        ActivityFactory,
        MembershipFactory,
        OrganisationFactory,
        OverlapFactory,
        UserFactory,
    )

    mission = OrganisationFactory(name="Hill Mission", slug="hill-mission")
    ben = UserFactory(email="ben@example.org", password=PASSWORD, name="Ben Other")
    MembershipFactory(user=ben, organisation=mission)
    mine = Activity.objects.get(pk=coalition.activity.pk)
    share = mine.objective_shares.get()
    theirs = ActivityFactory(
        title="Know your rights, Kenya",
        reporting_organisation=mission,
        objectives=[share.objective],
        places=[mine.place_shares.get().place],
    )
    Overlap.objects.all().delete()
    coalition.overlap = OverlapFactory(
        first=mine,
        second=theirs,
        objective=share.objective,
        place=mine.place_shares.get().place,
        parts={"objective": 1, "place": 1, "period": 1, "population": None, "text": 0.4},
        shared_words=["rights", "Kenya"],
    )
    coalition.address = f"{coalition.url}/overlaps/{coalition.overlap.pk}/"
    return coalition


@pytest.fixture
def contexts(browser):
    """Makes browsers of their own, and closes them."""
    made = []

    def make(**options):
        made.append(browser.new_context(**options))
        return made[-1]

    yield make
    for context in made:
        context.close()


def visitor(contexts, coalition, email, **options):
    """A page of a browser of their own, signed in."""
    page = contexts(**options).new_page()
    page.set_default_timeout(15_000)
    page.goto(f"{coalition.url}/sign-in/?next=/overlaps/")
    page.get_by_label("Work email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(re.compile("/overlaps/"))
    return page


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_two_people_agree_on_a_joint_activity(contexts, two, scripts):
    mia = visitor(contexts, two, "mia@example.org", java_script_enabled=scripts)
    ben = visitor(contexts, two, "ben@example.org", java_script_enabled=scripts)

    mia.get_by_role("link", name=re.compile("2 similar activities")).first.click()
    joint = mia.locator("form.ff-act", has_text="Make it one joint activity")
    joint.get_by_label("In words").fill("One campaign. We print, you speak.")
    joint.get_by_label("Who leads it?").select_option(label="Harbour House")
    joint.get_by_role("button").click()
    expect(mia.locator("main")).to_contain_text("Waits for answers")

    ben.goto(f"{two.url}/my-work/")
    ben.locator("main").get_by_role("link", name=re.compile("new notification")).first.click()
    ben.get_by_role("button", name=re.compile("A proposal waits")).click()
    expect(ben.locator("main")).to_contain_text("One campaign. We print, you speak.")
    ben.get_by_role("textbox", name="Message").fill("Gladly.")
    ben.get_by_role("button", name="Send").click()
    ben.get_by_role("button", name="Yes, agreed").click()
    expect(ben.locator("main")).to_contain_text("All have said yes. It holds from now on.")

    mia.reload()
    expect(mia.locator("main")).to_contain_text("Gladly.")
    expect(mia.locator("main")).to_contain_text("Agreed by all")
    mia.goto(f"{two.url}/overlaps/?state=settled&outcome=joint")
    expect(mia.locator("main")).to_contain_text("One joint activity, led by Harbour House")
    mia.get_by_role("link", name=re.compile("2 similar activities")).click()
    mia.get_by_role("button", name="Take this decision back").click()
    expect(mia.locator("main")).to_contain_text("The overlap is open again")


def test_of_two_who_settle_at_once_the_second_is_told_who_was_first(contexts, two):
    mia = visitor(contexts, two, "mia@example.org")
    ben = visitor(contexts, two, "ben@example.org")
    for page in (mia, ben):
        page.goto(two.address)

    ben.get_by_role("button", name="Link as one project").click()
    expect(ben.locator("main")).to_contain_text("Linked: the two count once")
    mia.get_by_label("Reason").select_option(label="Different people")
    mia.get_by_role("button", name="Mark as not a duplicate").click()

    expect(mia.locator("main")).to_contain_text(
        "Ben Other has settled this already: Linked as one project. Nothing was changed."
    )


@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (390, "dark")], ids=["desktop", "phone, dark"]
)
def test_the_pages_are_sound_and_never_wider_than_the_screen(contexts, two, width, scheme):
    from django.utils import timezone

    from activities.coordination import open_coordination, propose_agreement
    from portal.accounts.models import User

    mia_user = User.objects.get(email="mia@example.org")
    talk = open_coordination(
        [two.overlap],
        text="Shall we meet?",
        by=mia_user,
        organisation=two.member,
        now=timezone.now(),
    )
    propose_agreement(
        talk, "divided", "By district", by=mia_user, organisation=two.member, now=timezone.now()
    )
    page = visitor(
        contexts, two, "ben@example.org",
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce",
    )  # fmt: skip
    found = {}

    for path in (
        "/overlaps/", "/overlaps/?state=settled", f"/overlaps/{two.overlap.pk}/", "/coordination/",
        f"/coordination/{talk.pk}/", "/notifications/", "/notifications/settings/",
    ):  # fmt: skip
        page.goto(two.url + path)
        found[path] = violations(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[path].append("wider than the screen")
    page.context.clear_cookies()
    page.goto(f"{two.url}/overlaps/")
    found["public"] = violations(page)

    assert {path: wrong for path, wrong in found.items() if wrong} == {}
