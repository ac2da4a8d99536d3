from io import StringIO

import pytest
from django.core.management import call_command

from portal.accounts.models import SECRETARIAT, User
from portal.demo.accounts import ACCOUNTS, PASSWORD, make_accounts, may_have_accounts
from portal.directory.models import Membership, Organisation

pytestmark = pytest.mark.django_db


def test_accounts_belong_to_organisations_marked_example():
    assert make_accounts() == 4

    assert {organisation.name for organisation in Organisation.objects.filter(is_example=True)} == {
        "Example Fund",
        "Example Members' Association",
    }
    assert sorted(Membership.objects.values_list("user__email", "role", "organisation__slug")) == [
        ("funder@example.org", "editor", "example-fund"),
        ("member@example.org", "editor", "example-members-association"),
        ("viewer@example.org", "viewer", "example-members-association"),
    ]
    assert User.objects.get(email="secretariat@example.org").is_in(SECRETARIAT)
    assert User.objects.get(email="member@example.org").check_password(PASSWORD)


def test_accounts_that_are_there_are_left_as_they_are():
    make_accounts()
    user = User.objects.get(email="member@example.org")
    user.set_password("of my own")
    user.save()

    assert make_accounts() == 0

    user.refresh_from_db()
    assert user.check_password("of my own")


def test_production_settings_have_no_demo_accounts(settings):
    settings.DEBUG = False
    if hasattr(settings, "DEMO"):
        del settings.DEMO

    assert not may_have_accounts()


def test_settings_for_trying_have_them(settings):
    settings.DEMO = ""

    assert may_have_accounts()


def test_command_prints_the_accounts():
    make_accounts()
    out = StringIO()

    call_command("demo_accounts", stdout=out)

    assert all(account.email in out.getvalue() for account in ACCOUNTS)
    assert PASSWORD in out.getvalue()


def test_command_says_when_there_are_none():
    out = StringIO()

    call_command("demo_accounts", stdout=out)

    assert out.getvalue() == "There are no demo accounts here.\n"
