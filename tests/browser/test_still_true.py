"""The link of a mail in a browser: one tap confirms, without signing in, with scripts and without."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from activities.digests import make_key
from activities.models import Activity
from portal.accounts.models import User
from tests.browser.conftest import sign_in
from tests.browser.test_main_path import violations

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def stale(coalition):
    """The member's activity goes on, and was confirmed half a year ago; the address of a mail about it."""
    ends = timezone.localdate() + timedelta(days=300)
    long_ago = timezone.now() - timedelta(days=190)
    Activity.objects.filter(pk=coalition.activity.pk).update(
        planned_end=ends, confirmed_at=long_ago
    )
    mia = User.objects.get(email="mia@example.org")
    coalition.mail = f"{coalition.url}/still-true/{make_key(mia, [coalition.activity.pk])}/"
    coalition.long_ago = long_ago
    return coalition


def confirmed_at(coalition):
    return Activity.objects.get(pk=coalition.activity.pk).confirmed_at


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_one_tap_confirms_and_one_takes_it_back(browser, stale, scripts):
    context = browser.new_context(viewport=PHONE, java_script_enabled=scripts)
    page = context.new_page()

    page.goto(stale.mail)
    assert confirmed_at(stale) == stale.long_ago
    if scripts:
        assert violations(page) == []

    page.get_by_role("button", name="Still true").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert timezone.now() - confirmed_at(stale) < timedelta(minutes=1)

    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Still true")).to_be_visible()
    assert confirmed_at(stale) == stale.long_ago
    context.close()


def test_my_work_takes_one_tap_too(watched, stale):
    page, watch = watched
    page.set_viewport_size(PHONE)
    sign_in(page, stale.url)

    page.get_by_role("button", name="Nothing changed").click()
    expect(page.get_by_text("Confirmed just now")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Nothing changed")).to_be_visible()

    assert confirmed_at(stale) == stale.long_ago
    assert watch.heard == []


def test_what_comes_back_after_saving_has_no_fault_and_its_text_can_be_copied(watched, coalition):
    page, watch = watched
    sign_in(page, coalition.url)
    page.wait_for_url("**/my-work/")

    page.goto(f"{coalition.url}/activities/{coalition.activity.pk}/saved/")
    assert violations(page) == []
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("link", name="Copy the text").click()
    expect(page.get_by_text("Copied")).to_be_visible()

    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#proposal").input_value()
    assert "the strategy of Small Coalition asks for" in copied
    assert watch.heard == []
