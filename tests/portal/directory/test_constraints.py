import pytest
from django.utils import timezone

from portal.directory.models import Invitation, JoinRequest
from tests.constraints import again, assert_refused, constraints_of, put
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    PlaceFactory,
    UserFactory,
    WorkingGroupFactory,
    world,
)

pytestmark = pytest.mark.django_db


def part(relation, **values):
    organisation = OrganisationFactory()
    return getattr(organisation, relation).model.objects.create(organisation=organisation, **values)


def second_primary():
    number = part("identifiers", scheme="GB-CHC", number="1", is_primary=True)
    type(number).objects.create(
        organisation=number.organisation, scheme="GB-CHC", number="2", is_primary=True
    )


def identifier_twice():
    part("identifiers", scheme="GB-CHC", number="1")
    part("identifiers", scheme="GB-CHC", number="1")


def invitation(**values):
    now = timezone.now()
    return Invitation.objects.create(
        organisation=OrganisationFactory(),
        email="a@example.org",
        sent_at=now,
        expires_at=now,
        **values,
    )


def join_request():
    return JoinRequest.objects.create(
        name="A", email="a@example.org", organisation_name="B", why="C", asked_at=timezone.now()
    )


REFUSED = {
    "directory_place_bounds_in_order": lambda: put(PlaceFactory(), lft=9, rgt=9),
    "directory_place_only_world_is_root": lambda: put(PlaceFactory(), parent=None),
    "directory_tag_once": lambda: again(part("tags", tag="media")),
    "directory_identifier_unique": identifier_twice,
    "directory_identifier_one_primary": second_primary,
    "directory_alternative_name_once": lambda: again(part("alternative_names", name="Other")),
    "directory_membership_once": lambda: again(MembershipFactory()),
    "directory_invitation_one_waiting": lambda: again(invitation()),
    "directory_invitation_taken_up_or_taken_back": lambda: invitation(
        accepted_at=timezone.now(), revoked_at=timezone.now()
    ),
    "directory_join_request_answered_or_open": lambda: put(join_request(), state="declined"),
    "directory_acceptance_once": lambda: again(UserFactory().acceptances.get()),
    "directory_group_member_once": lambda: again(
        WorkingGroupFactory(organisations=[OrganisationFactory()]).members.get()
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_database_refuses(name):
    assert_refused(name, REFUSED[name])


def test_every_constraint_is_tried():
    assert set(REFUSED) == constraints_of("directory")


def test_the_world_lies_in_nothing():
    assert world().parent is None
