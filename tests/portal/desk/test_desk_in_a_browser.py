"""The desk as a person uses it: a chooser, a new inline row, a refusal, a save."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from grants.models import Allocation
from tests.factories import AllocationFactory, ObjectiveFactory, PlaceFactory


@pytest.fixture
def desk(page, live_server, client, secretariat):
    client.force_login(secretariat)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    return page


def test_tag_is_added_with_the_chooser(desk, live_server):
    ObjectiveFactory(short_title="Schools")
    PlaceFactory(name="Côte d'Ivoire", code="CI")
    grant = AllocationFactory(share=60).grant
    elsewhere = []
    desk.on("request", lambda request: elsewhere.append(request.url))
    desk.goto(live_server.url + reverse("desk_grants:edit", args=[grant.pk]) + "#tab-tags")

    desk.get_by_role("button", name="Add tag").click()
    desk.locator("#id_allocations-1-objective").select_option(index=2)
    desk.get_by_role("button", name="Choose a place").last.click()
    desk.get_by_label("Search", exact=True).last.fill("cote")
    desk.get_by_role("link", name="Côte d'Ivoire").click()
    expect(desk.get_by_text("Côte d'Ivoire (CI)")).to_be_visible()
    desk.locator("#id_allocations-1-share").fill("80")
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_text("Take 40 away: they make 100 at most.").first).to_be_visible()

    desk.get_by_role("tab", name="Tags").click()
    desk.locator("#id_allocations-1-share").fill("40")
    desk.get_by_role("button", name="Save").click()
    desk.wait_for_url(live_server.url + reverse("desk_grants:index"))

    tag = Allocation.objects.exclude(place=None).get()
    assert (tag.objective.short_title, tag.place.code, tag.share) == ("Schools", "CI", 40)
    own = (live_server.url, "data:", "blob:")
    assert [url for url in elsewhere if not url.startswith(own)] == []
