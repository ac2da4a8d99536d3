"""One person of each kind, as fixtures. `organisation_of(person)` is where they belong."""

import pytest
from django.contrib.auth.models import AnonymousUser

from portal.accounts.models import SECRETARIAT
from portal.directory.choices import OrganisationType, Role
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory

__all__ = ["editor_a", "editor_b", "funder", "public", "secretariat", "viewer"]


def organisation_of(person):
    """The organisation that a person belongs to."""
    return person.memberships.get().organisation


@pytest.fixture
def public():
    """Somebody who is not signed in."""
    return AnonymousUser()


@pytest.fixture
def editor_a(db):
    """An editor of Organisation A."""
    return MembershipFactory(
        organisation=OrganisationFactory(name="Organisation A", slug="organisation-a"),
        user__name="Editor A",
    ).user


@pytest.fixture
def editor_b(db):
    """An editor of Organisation B."""
    return MembershipFactory(
        organisation=OrganisationFactory(name="Organisation B", slug="organisation-b"),
        user__name="Editor B",
    ).user


@pytest.fixture
def viewer(editor_a):
    """A viewer of Organisation A."""
    return MembershipFactory(
        organisation=organisation_of(editor_a), role=Role.VIEWER, user__name="Viewer A"
    ).user


@pytest.fixture
def funder(db):
    """An editor of a funder that is no member of the coalition."""
    return MembershipFactory(
        organisation=OrganisationFactory(
            name="Funder F",
            slug="funder-f",
            organisation_type=OrganisationType.FOUNDATION,
            is_member=False,
            is_funder=True,
        ),
        user__name="Funder",
    ).user


@pytest.fixture
def secretariat(db):
    """A person of the secretariat."""
    return UserFactory(name="Secretariat", groups=[SECRETARIAT])
