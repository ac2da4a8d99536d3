import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from portal.accounts.models import SECRETARIAT, User

pytestmark = pytest.mark.django_db


def test_user_email_is_unique_in_any_case():
    User.objects.create_user("ama@example.org", name="Ama")

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="AMA@example.org", name="Ama")


def test_user_email_constraint_has_a_sentence():
    User.objects.create_user("ama@example.org", name="Ama")

    with pytest.raises(ValidationError) as refused:
        User(email="Ama@Example.org", name="Ama", password="x").full_clean()

    assert "There is an account with this email address already." in str(refused.value)


def test_user_is_found_by_email_in_any_case():
    user = User.objects.create_user("ama@example.org", name="Ama")

    assert User.objects.get_by_natural_key("AMA@example.ORG") == user


def test_user_without_password_cannot_use_one():
    user = User.objects.create_user("ama@example.org", name="Ama")

    assert not user.has_usable_password()


def test_superuser_may_everything():
    user = User.objects.create_superuser("admin@example.org", "a long password", name="Admin")

    assert user.has_perm("wagtailadmin.access_admin")
    assert user.is_staff


def test_user_is_in_the_groups_given(django_user_model):
    from django.contrib.auth.models import Group

    user = User.objects.create_user("ama@example.org", name="Ama")
    group, _ = Group.objects.get_or_create(name=SECRETARIAT)
    user.groups.add(group)

    assert user.is_in(SECRETARIAT)
    assert not user.is_in("Nobody's group")


def test_sign_in_address_follows_the_account():
    user = User.objects.create_user("ama@example.org", name="Ama")

    user.email = "ama@other.example"
    user.save()

    assert list(EmailAddress.objects.values_list("user_id", "email", "primary", "verified")) == [
        (user.pk, "ama@other.example", True, True)
    ]
