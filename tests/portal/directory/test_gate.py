"""The terms and the second step: nothing else before them."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth.models import Group
from django.core.checks import run_checks
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import ADMINISTRATORS, SECRETARIAT
from portal.directory.access import viewer_of
from portal.directory.gate import PersonBackend, standing_of
from portal.directory.models import OrganisationTag, TermsVersion, WorkingGroupMember
from portal.directory.terms import publish_terms
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    StrategyFactory,
    UserFactory,
    WorkingGroupFactory,
)
from tests.people import organisation_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wagtail_root")]


@pytest.fixture(autouse=True)
def _strategy(db):
    StrategyFactory()


PASSWORD = "correct horse battery"
ACCEPT = "/terms/accept/"
PAGES = ["/my-work/", "/gaps/", "/cms/", "/account/", "/account/2fa/", "/account/password/set/"]


def publish(secretariat, changes="A new rule."):
    return publish_terms("<p>New</p>", changes, by=secretariat, now=timezone.now())


def accept(client, version, **more):
    return client.post(ACCEPT, {"version": version.number, "accept": "on", **more})


@pytest.fixture
def officer(db):
    """Somebody of a police unit."""
    organisation = OrganisationFactory(name="Police unit")
    OrganisationTag.objects.create(organisation=organisation, tag="law_enforcement")
    return MembershipFactory(
        organisation=organisation,
        user=UserFactory(email="officer@example.org", password=PASSWORD),
    ).user


@pytest.mark.parametrize("page", PAGES)
def test_terms_come_before_everything(client, page):
    client.force_login(UserFactory(terms=False, is_superuser=True))

    response = client.get(page)

    assert response["Location"] == f"{ACCEPT}?next={page}"


def test_acceptance_is_kept_with_its_version_and_leads_on(client):
    person = UserFactory(terms=False)
    client.force_login(person)
    version = TermsVersion.objects.newest()

    response = accept(client, version, next="/gaps/")

    assert response["Location"] == "/gaps/"
    assert [one.version for one in person.acceptances.all()] == [version]
    assert client.get("/gaps/").status_code == 200


def test_accepting_leads_to_no_other_site(client):
    client.force_login(UserFactory(terms=False))

    response = accept(client, TermsVersion.objects.newest(), next="https://elsewhere.example/")

    assert response["Location"] == "/my-work/"


def test_box_has_to_be_ticked(client):
    client.force_login(UserFactory(terms=False))

    response = client.post(ACCEPT, {"version": 1})

    assert "Tick the box" in response.content.decode()
    assert client.get("/gaps/").status_code == 302


def test_new_version_asks_everybody_again_and_says_what_is_new(client, editor_a, secretariat):
    client.force_login(editor_a)
    assert client.get("/gaps/").status_code == 200

    new = publish(secretariat)

    assert client.get("/gaps/")["Location"] == f"{ACCEPT}?next=/gaps/"
    assert "A new rule." in client.get(ACCEPT).content.decode()
    accept(client, new)
    assert client.get("/gaps/").status_code == 200
    assert [one.version.number for one in editor_a.acceptances.order_by("pk")] == [1, 2]


def test_version_that_came_in_while_reading_is_not_accepted_unread(client, secretariat):
    person = UserFactory(terms=False)
    client.force_login(person)
    old = TermsVersion.objects.newest()
    publish(secretariat)

    response = accept(client, old)

    assert response.status_code == 200
    assert not person.acceptances.exists()


@pytest.mark.parametrize("page", ["/terms/", "/terms/1/", "/sign-out/", "/colours/dark/"])
def test_some_pages_stay_open(client, page):
    client.force_login(UserFactory(terms=False))

    response = client.get(page)

    assert ACCEPT not in response.get("Location", "")


def test_terms_are_open_to_all_and_old_ones_say_so(client, secretariat):
    publish(secretariat)

    assert "New" in client.get("/terms/").content.decode()
    assert "This version holds no longer" in client.get("/terms/1/").content.decode()
    assert client.get("/terms/3/").status_code == 404


def test_fragment_is_led_as_a_whole_page(client):
    client.force_login(UserFactory(terms=False))

    response = client.get("/gaps/", headers={"HX-Request": "true"})

    assert (response.status_code, response["HX-Redirect"]) == (204, ACCEPT)


def test_reading_the_standing_costs_no_query(client, editor_a, django_assert_num_queries):
    client.force_login(editor_a)
    client.get("/terms/accept/")

    # The session, the person with what they owe, and the newest terms.
    with django_assert_num_queries(3):
        assert client.get("/terms/accept/").status_code == 302


def test_who_somebody_is_takes_one_query_more(client, editor_a, django_assert_num_queries):
    group, mine = WorkingGroupFactory(), organisation_of(editor_a)
    for organisation in (mine, OrganisationFactory()):
        WorkingGroupMember.objects.create(group=group, organisation=organisation)
    MembershipFactory(user=editor_a, organisation=OrganisationFactory(), role="viewer")
    person = PersonBackend().get_user(editor_a.pk)

    with django_assert_num_queries(1):
        viewer = viewer_of(person)

    assert viewer.working_groups == {group.pk}
    assert len(viewer.organisations) == 2
    assert viewer.editable_organisations == {mine.pk}


def test_who_leaves_the_secretariat_is_out_with_the_next_request():
    person = UserFactory()
    person.groups.add(Group.objects.get_or_create(name=SECRETARIAT)[0])
    before = viewer_of(PersonBackend().get_user(person.pk))

    person.groups.clear()

    assert before.is_secretariat
    assert not viewer_of(PersonBackend().get_user(person.pk)).is_secretariat


@pytest.mark.parametrize(
    ("kinds", "who", "expected"),
    [
        (["secretariat"], {"groups": [SECRETARIAT]}, True),
        (["administrators"], {"groups": [SECRETARIAT]}, False),
        (["administrators"], {"groups": [ADMINISTRATORS]}, True),
        (["administrators"], {"is_superuser": True}, True),
        (["secretariat"], {"is_superuser": True}, False),
        (["nobody"], {"groups": [SECRETARIAT], "is_superuser": True}, False),
        ([], {"groups": [SECRETARIAT]}, False),
    ],
)
def test_second_step_is_asked_by_role(settings, kinds, who, expected):
    settings.MFA_REQUIRED_FOR = kinds

    assert standing_of(UserFactory(**who)).owes_second_step is expected


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [(["law_enforcement"], True), (["funders"], False), (["members"], True), ([], False)],
)
def test_second_step_is_asked_by_organisation(settings, officer, kinds, expected):
    settings.MFA_REQUIRED_FOR = kinds

    assert standing_of(officer).owes_second_step is expected


@pytest.mark.parametrize("page", PAGES)
def test_without_a_second_step_nothing_opens(client, settings, officer, page):
    settings.MFA_REQUIRED_FOR = ["law_enforcement"]
    client.force_login(officer)

    assert client.get(page)["Location"].startswith("/account/second-step/")
    assert client.post(page)["Location"] == "/account/second-step/"


def test_setting_up_an_app_opens_the_site(client, settings, officer):
    settings.MFA_REQUIRED_FOR = ["law_enforcement"]
    client.post("/sign-in/", {"login": officer.email, "password": PASSWORD})
    assert client.get("/account/second-step/").status_code == 200
    client.get(reverse("mfa_activate_totp"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret

    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    client.post(reverse("mfa_activate_totp"), {"code": code})

    assert Authenticator.objects.filter(user=officer, type=Authenticator.Type.TOTP).exists()
    assert client.get("/gaps/").status_code == 200
    assert client.get("/account/second-step/").status_code == 302


def test_recovery_codes_alone_are_no_second_step(client, settings, officer):
    settings.MFA_REQUIRED_FOR = ["law_enforcement"]
    TOTP.activate(officer, generate_totp_secret())
    RecoveryCodes.activate(officer)
    Authenticator.objects.filter(type=Authenticator.Type.TOTP).delete()

    assert standing_of(officer).owes_second_step


@pytest.mark.parametrize(
    "door",
    [
        ("/cms/login/", {"username": "officer@example.org", "password": PASSWORD}),
        ("/cms/password_reset/", {"email": "officer@example.org"}),
        ("/cms/logout/", {}),
        ("/django-admin/login/", {"username": "officer@example.org", "password": PASSWORD}),
        ("/admin/login/", {"username": "officer@example.org", "password": PASSWORD}),
        ("/_util/authenticate_with_password/1/", {"password": PASSWORD}),
        ("/_util/login/", {"username": "officer@example.org", "password": PASSWORD}),
    ],
)
def test_no_other_door_takes_a_password_alone(client, officer, door):
    officer.is_superuser = True
    officer.save()
    TOTP.activate(officer, generate_totp_secret())
    address, data = door

    client.post(address, data)
    client.post(f"{address}?next=/cms/", data)

    assert "_auth_user_id" not in client.session
    assert client.get("/cms/").status_code == 302


def test_a_password_set_anew_by_mail_does_not_skip_the_second_step(client, officer, mailoutbox):
    TOTP.activate(officer, generate_totp_secret())
    client.post(reverse("account_reset_password"), {"email": officer.email})
    link = next(
        word for word in mailoutbox[0].body.split() if "/account/password/reset/key/" in word
    )
    page = client.get(link, follow=True)

    new = "another horse battery"
    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})

    officer.refresh_from_db()
    assert officer.check_password(new)
    assert "_auth_user_id" not in client.session
    response = client.post("/sign-in/", {"login": officer.email, "password": new})
    assert response["Location"] == reverse("mfa_authenticate")


def test_a_code_by_mail_does_not_skip_the_second_step(client, officer, mailoutbox):
    import re

    TOTP.activate(officer, generate_totp_secret())
    client.post(reverse("account_request_login_code"), {"email": officer.email})
    code = re.search(r"^[A-Z0-9-]{6,}$", mailoutbox[0].body, re.MULTILINE).group()

    response = client.post(reverse("account_confirm_login_code"), {"code": code})

    assert response["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session


def test_misspelt_role_is_found_when_the_site_starts(settings):
    settings.MFA_REQUIRED_FOR = ["secretariate"]

    assert "directory.E001" in [error.id for error in run_checks()]
