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


def test_passkey_is_set_up_and_opens_the_account(page, live_server):
    """With a key that the browser plays, under the site's own content policy."""
    UserFactory(email="ama@example.org", password=PASSWORD, name="Ama Owusu")
    site = live_server.url.replace("127.0.0.1", "localhost")
    key = page.context.new_cdp_session(page)
    key.send("WebAuthn.enable")
    key.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    complaints = []
    page.on(
        "console",
        lambda message: message.type in ("error", "warning") and complaints.append(message.text),
    )
    main = page.get_by_role("main")

    page.goto(f"{site}/sign-in/?next=/account/2fa/webauthn/add/")
    page.get_by_label("Work email").fill("ama@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    main.get_by_role("button", name="Sign in", exact=True).click()
    main.get_by_label("Password").fill(PASSWORD)
    main.get_by_role("button", name="Go on").click()
    main.get_by_label("What you call it").fill("Laptop")
    main.get_by_label("Sign in with it alone").check()
    assert found_by_axe(page) == []
    main.get_by_role("button", name="Add it").click()
    expect(main.get_by_text("Laptop").first.or_(main.get_by_text("recovery").first)).to_be_visible()
    page.context.clear_cookies()
    page.goto(f"{site}/sign-in/?next=/account/sessions/")
    main.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_role("heading", name="Where you are signed in")).to_be_visible()
    assert complaints == []


@pytest.mark.parametrize("width", [1280, 390])
def test_invited_person_joins_and_accepts_the_terms(page, live_server, width):
    from django.utils import timezone

    from portal.directory import joining
    from portal.directory.terms import publish_terms
    from tests.factories import OrganisationFactory, StrategyFactory

    StrategyFactory()
    publish_terms("<h2>Be kind</h2><p>To all.</p>", "", by=None, now=timezone.now())
    invitation = joining.invite(
        OrganisationFactory(name="Harbour"),
        "nia@example.org",
        "manager",
        by=None,
        now=timezone.now(),
    )
    page.set_viewport_size({"width": width, "height": 900})
    main = page.get_by_role("main")

    page.goto(f"{live_server}/join/{joining.token_of(invitation)}/")
    assert found_by_axe(page) == []
    main.get_by_label("Your name").fill("Nia New")
    main.get_by_role("button", name="Make my account and join").click()
    expect(main.get_by_role("heading", name="Before you go on")).to_be_visible()
    assert found_by_axe(page) == []
    main.get_by_label("I have read the terms").check()
    main.get_by_role("button", name="Accept and go on").click()
    expect(main.get_by_role("heading", name="Hello, Nia New")).to_be_visible()
    page.goto(f"{live_server}/account/")
    assert found_by_axe(page) == []
    main.get_by_role("link", name="People").click()

    expect(main.get_by_role("heading", name="Invite somebody")).to_be_visible()
    assert found_by_axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
