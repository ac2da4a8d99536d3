"""At the desk nobody gives another person more than they have themselves."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from portal.accounts.models import ADMINISTRATORS, User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def person_form(**changes):
    return {
        "email": "new@example.org", "name": "New", "language": "en", "password1": "", "password2": "",
        "is_active": "on", **changes,
    }  # fmt: skip


def test_secretariat_makes_no_administrators(client, secretariat):
    client.force_login(secretariat)
    administrators = Group.objects.get(name=ADMINISTRATORS)

    client.post(reverse("wagtailusers_users:add"), person_form(is_superuser="on"))
    refused = client.post(
        reverse("wagtailusers_users:add"),
        person_form(email="other@example.org", groups=[administrators.pk]),
    )

    assert not User.objects.get(email="new@example.org").is_superuser
    assert refused.status_code == 200
    assert not User.objects.filter(email="other@example.org").exists()


@pytest.mark.parametrize("page", ["edit", "delete"])
def test_secretariat_does_not_touch_an_administrator(client, secretariat, page):
    administrator = UserFactory(groups=[ADMINISTRATORS])
    client.force_login(secretariat)

    client.post(
        reverse(f"wagtailusers_users:{page}", args=[administrator.pk]), person_form(name="Mine now")
    )

    administrator.refresh_from_db()
    assert administrator.name != "Mine now"


def test_superuser_makes_an_administrator(client):
    client.force_login(UserFactory(is_superuser=True))

    client.post(reverse("wagtailusers_users:add"), person_form(is_superuser="on"))

    assert User.objects.get(email="new@example.org").is_superuser
