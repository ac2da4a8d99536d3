"""Who takes part and where: organisations, their people, working groups and places; and how people join."""

from .groups import WorkingGroup, WorkingGroupMember, WorkingGroupQuerySet
from .joining import Invitation, InvitationQuerySet, JoinRequest
from .merges import OrganisationMerge
from .organisations import (
    AlternativeName,
    Membership,
    MembershipQuerySet,
    Organisation,
    OrganisationIdentifier,
    OrganisationQuerySet,
    OrganisationTag,
)
from .places import Place, PlaceQuerySet
from .terms import Acceptance, TermsVersion

__all__ = [
    "Acceptance",
    "AlternativeName",
    "Invitation",
    "InvitationQuerySet",
    "JoinRequest",
    "Membership",
    "MembershipQuerySet",
    "Organisation",
    "OrganisationIdentifier",
    "OrganisationMerge",
    "OrganisationQuerySet",
    "OrganisationTag",
    "Place",
    "PlaceQuerySet",
    "TermsVersion",
    "WorkingGroup",
    "WorkingGroupMember",
    "WorkingGroupQuerySet",
]
