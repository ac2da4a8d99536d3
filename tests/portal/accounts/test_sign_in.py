import re

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth.models import Permission
from django.urls import reverse

from portal.accounts.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


@pytest.fixture
def ama():
    user = UserFactory(email="ama@example.org", password=PASSWORD, name="Ama")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return user


def signed_in(client):
    return client.session.get("_auth_user_id") is not None


def sign_in(client, email="ama@example.org", password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_sign_in_has_one_address():
    assert reverse("account_login") == "/sign-in/"


def test_sign_in_takes_email_and_password(client, ama):
    response = sign_in(client, email="AMA@example.org")

    assert (response.status_code, response["Location"]) == (302, "/my-work/")
    assert signed_in(client)


def test_sign_in_says_the_same_for_a_wrong_password_and_an_unknown_person(client, ama):
    wrong = sign_in(client, password="wrong")
    unknown = sign_in(client, email="nobody@example.org")

    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert not signed_in(client)


def test_sign_in_is_refused_to_a_person_who_is_not_active(client, ama):
    ama.is_active = False
    ama.save()

    sign_in(client)

    assert not signed_in(client)


def test_sign_in_stops_after_five_wrong_passwords(client, ama):
    for _ in range(5):
        sign_in(client, password="wrong")

    response = sign_in(client)

    assert not signed_in(client)
    assert "Too many failed login attempts" in response.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_desk_has_no_sign_in_of_its_own(client, ama, method):
    data = {"username": "ama@example.org", "password": PASSWORD}

    response = getattr(client, method)("/cms/login/?next=/cms/", data)

    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/?")
    assert not signed_in(client)


def test_desk_sends_a_stranger_to_sign_in(client):
    response = client.get("/cms/")

    assert response["Location"] == "/sign-in/?next=/cms/"


def test_desk_opens_to_those_who_may(client, ama):
    client.force_login(ama)

    assert client.get("/cms/").status_code == 200


def test_desk_says_no_access_to_those_who_may_not(client):
    client.force_login(UserFactory(name="Ben"))

    response = client.get("/cms/", follow=True)

    assert response.status_code == 403
    assert "Ben" in response.content.decode()


def test_second_step_is_asked_after_the_password(client, ama):
    secret = generate_totp_secret()
    TOTP.activate(ama, secret)

    response = sign_in(client)

    assert response["Location"] == reverse("mfa_authenticate")
    assert not signed_in(client)
    counter = next(iter(yield_hotp_counters_from_time()))
    client.post(
        reverse("mfa_authenticate"), {"code": format_hotp_value(hotp_value(secret, counter))}
    )
    assert signed_in(client)


def test_second_step_cannot_be_gone_round_by_the_desk(client, ama):
    TOTP.activate(ama, generate_totp_secret())

    client.post("/cms/login/", {"username": "ama@example.org", "password": PASSWORD})

    assert not signed_in(client)
    assert client.get("/cms/").status_code == 302


def test_second_step_takes_a_recovery_code_once(client, ama):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    TOTP.activate(ama, generate_totp_secret())
    code = RecoveryCodes.activate(ama).get_unused_codes()[0]

    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code})

    assert signed_in(client)
    assert (
        code
        not in RecoveryCodes(
            Authenticator.objects.get(user=ama, type=Authenticator.Type.RECOVERY_CODES)
        ).get_unused_codes()
    )
    assert get_adapter().is_mfa_enabled(ama)


def test_page_of_recovery_codes_shows_them_and_leads_on(client, ama):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    TOTP.activate(ama, generate_totp_secret())
    codes = RecoveryCodes.activate(ama).get_unused_codes()
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": codes[0]})

    asked = client.get(reverse("mfa_view_recovery_codes"))
    page = client.post(asked["Location"], {"password": PASSWORD}, follow=True).content.decode()

    assert [code for code in codes if code in page] == codes[1:]
    assert f'href="{reverse("dashboards:work")}">Go to My work' in page


def test_code_by_mail_signs_in(client, ama, mailoutbox):
    client.post(reverse("account_request_login_code"), {"email": "ama@example.org"})

    code = re.search(r"^[A-Z0-9-]{6,}$", mailoutbox[0].body, re.MULTILINE).group()
    client.post(reverse("account_confirm_login_code"), {"code": code})

    assert signed_in(client)


def test_code_by_mail_gives_no_hint_whether_an_account_is_there(client, ama, mailoutbox):
    known = client.post(reverse("account_request_login_code"), {"email": "ama@example.org"})
    unknown = client.post(reverse("account_request_login_code"), {"email": "no@example.org"})

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [mail.to for mail in mailoutbox] == [["ama@example.org"]]


def test_password_reset_gives_no_hint_whether_an_account_is_there(client, ama, mailoutbox):
    known = client.post(reverse("account_reset_password"), {"email": "ama@example.org"})
    unknown = client.post(reverse("account_reset_password"), {"email": "no@example.org"})

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [mail.to for mail in mailoutbox] == [["ama@example.org"]]


def test_nobody_signs_up(client):
    data = {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}

    response = client.post(reverse("account_signup"), data)

    assert "secretariat" in response.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        "account_change_password",
        "account_email",
        "mfa_index",
        "mfa_list_webauthn",
        "usersessions_list",
    ],
)
def test_own_account_pages_need_a_person_and_open_to_one(client, ama, name):
    assert client.get(reverse(name)).status_code == 302

    sign_in(client)

    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", ["mfa_activate_totp", "mfa_add_webauthn"])
def test_second_step_pages_ask_for_the_password_once_more(client, ama, name):
    sign_in(client)

    assert client.get(reverse(name))["Location"].startswith("/account/reauthenticate/")
    assert client.get(reverse("account_reauthenticate")).status_code == 200
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize(
    "name",
    ["account_login", "account_request_login_code", "account_reset_password", "account_signup"],
)
def test_pages_before_signing_in_are_open(client, name):
    assert client.get(reverse(name)).status_code == 200


def test_passwords_are_kept_with_argon2(settings):
    from portal.settings import base

    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS

    user = User.objects.create_user("ama@example.org", PASSWORD, name="Ama")

    assert user.password.startswith("argon2$argon2id$")


def test_mails_are_in_plain_words_and_hold_no_more_than_the_link(client, ama, mailoutbox):
    client.post(reverse("account_reset_password"), {"email": "ama@example.org"})
    client.post(reverse("account_request_login_code"), {"email": "ama@example.org"})

    for mail, words in zip(
        mailoutbox, ("open this link to set a new password", "type this code"), strict=True
    ):
        assert mail.body.startswith("Hello")
        assert words in mail.body
        assert "testserver!" not in mail.body
        assert "\n" not in mail.subject


def test_a_new_address_counts_once_it_is_confirmed(client, ama, mailoutbox):
    sign_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("account_email"), {"email": "new@example.org", "action_add": ""})
    ama.refresh_from_db()
    assert ama.email == "ama@example.org"
    mail = next(mail for mail in mailoutbox if mail.to == ["new@example.org"])
    link = re.search(r"http://testserver(\S+confirm-email\S+)", mail.body).group(1)

    client.post(link)

    ama.refresh_from_db()
    assert ama.email == "new@example.org"


def test_signing_out_elsewhere_leaves_this_session(client, ama):
    from django.test import Client

    other = Client()
    sign_in(other)
    sign_in(client)

    client.post(reverse("usersessions_list"))

    assert client.get(reverse("directory:account")).status_code == 200
    assert other.get(reverse("directory:account")).status_code == 302
