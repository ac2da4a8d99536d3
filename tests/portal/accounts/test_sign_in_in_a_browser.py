import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct horse battery"


def found_by_axe(page):
    return [violation["id"] for violation in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("width", [1280, 390])
def test_sign_in_works_and_can_be_used_by_all(page, live_server, width):
    UserFactory(email="ama@example.org", password=PASSWORD, name="Ama Owusu")
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.set_viewport_size({"width": width, "height": 900})

    page.goto(f"{live_server}/sign-in/?next=/account/sessions/")
    assert found_by_axe(page) == []
    page.get_by_label("Work email").fill("ama@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_role("heading", name="Where you are signed in")).to_be_visible()
    assert found_by_axe(page) == []
    assert complaints == []
