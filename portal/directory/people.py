"""An organisation's people: roles, leaving, and coming back."""

from django.db import transaction

from portal.history.services import acting_as

from .choices import Role
from .exceptions import LastManager
from .models import Membership, Organisation


def people_of(organisation):
    """Memberships of an organisation: managers first, then by name."""
    order = [Role.MANAGER, Role.EDITOR, Role.VIEWER]
    rows = organisation.memberships.select_related("user")
    return sorted(rows, key=lambda row: (order.index(row.role), str(row.user).casefold(), row.pk))


@transaction.atomic
def change_role(membership: Membership, role: str, *, by) -> Membership:
    """Give somebody another role. Raises `LastManager`."""
    membership = _locked(membership)
    if role != Role.MANAGER:
        _keep_a_manager(membership)
    membership.role = role
    with acting_as(by):
        membership.save()
    return membership


@transaction.atomic
def remove_person(membership: Membership, *, by) -> None:
    """End a membership; what the person wrote stays. Raises `LastManager`."""
    membership = _locked(membership)
    _keep_a_manager(membership)
    with acting_as(by):
        membership.delete()


@transaction.atomic
def put_back(organisation, user, role: str, *, by) -> Membership:
    """Undo a removal; somebody who is back already keeps the role they have now."""
    with acting_as(by):
        return Membership.objects.get_or_create(
            user=user, organisation=organisation, defaults={"role": role}
        )[0]


def is_last_manager(membership: Membership) -> bool:
    """Whether nobody else who can sign in manages the organisation."""
    others = Membership.objects.filter(
        organisation=membership.organisation_id, role=Role.MANAGER, user__is_active=True
    ).exclude(pk=membership.pk)
    return membership.role == Role.MANAGER and not others.exists()


def _keep_a_manager(membership: Membership) -> None:
    if is_last_manager(membership):
        raise LastManager(membership)


def _locked(membership: Membership) -> Membership:
    """The membership, read while nobody else changes the organisation's people."""
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    return Membership.objects.select_related("user", "organisation").get(pk=membership.pk)
