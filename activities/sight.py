"""Which organisation may see which record, without a person: for pairs that only the secretariat may put together."""

from collections.abc import Iterable

from portal.directory.models import Organisation
from portal.records.choices import ReviewState, Visibility

from .models import Activity, Overlap

#: What `blind_sides` reads of an overlap.
SIGHT_RELATED = ("first__reporting_organisation", "second__reporting_organisation")
SIGHT_PREFETCH = ("first__working_groups__members", "second__working_groups__members")


def organisation_sees(organisation: Organisation, activity: Activity) -> bool:
    """Whether people of an organisation see a record: what `visible_to` says of somebody who belongs to it alone."""
    if activity.removed_at is not None:
        return False
    if activity.reporting_organisation_id == organisation.pk:
        return True
    if activity.review_state != ReviewState.ACCEPTED or activity.is_held:
        return False
    if activity.visibility == Visibility.PUBLIC:
        return True
    if activity.visibility == Visibility.COALITION:
        return organisation.is_member or organisation.is_funder
    if activity.visibility == Visibility.WORKING_GROUP:
        return any(
            member.organisation_id == organisation.pk
            for group in activity.working_groups.all()
            for member in group.members.all()
        )
    return False


def blind_sides(overlap: Overlap) -> list[Organisation]:
    """The organisations of a pair that may not see the other's record. No query, with what stands above read."""
    pairs = ((overlap.first, overlap.second), (overlap.second, overlap.first))
    return [
        own.reporting_organisation
        for own, other in pairs
        if not organisation_sees(own.reporting_organisation, other)
    ]


def with_sight(overlaps) -> Iterable[Overlap]:
    """The overlaps of a queryset with all that `blind_sides` reads."""
    return overlaps.select_related(*SIGHT_RELATED).prefetch_related(*SIGHT_PREFETCH)
