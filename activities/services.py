"""Writes about activities that have consequences: shares, always the whole set and 100 in sum; releases of counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from .exceptions import ConfirmedSince, SharesOff
from .models import Activity, ActivityObjective, ActivityPlace, PeopleReached


def _checked_total(shares: Mapping) -> Decimal:
    total = sum(shares.values(), Decimal(0))
    if shares and total != 100:
        raise SharesOff(total)
    return total


@transaction.atomic
def set_shares(
    activity: Activity, *, objectives: Mapping | None = None, places: Mapping | None = None
) -> None:
    """Replace the objective shares, the place shares, or both.

    objectives: Objective -> percentage; places: Place -> percentage; None leaves that set alone.
    Raises `SharesOff`, and changes nothing, when a set does not add up to exactly 100.
    """
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    for shares, model, key, total in (
        (objectives, ActivityObjective, "objective", "objective_total"),
        (places, ActivityPlace, "place", "place_total"),
    ):
        if shares is None:
            continue
        setattr(activity, total, _checked_total(shares))
        model.objects.filter(activity=activity).delete()
        model.objects.bulk_create(
            model(activity=activity, share=share, **{key: node}) for node, share in shares.items()
        )
    activity.save(update_fields=["objective_total", "place_total", "updated_at"])


@transaction.atomic
def release(reached: PeopleReached, *, by, now: datetime) -> bool:
    """Release a period's count, so that others see it rounded. True unless it was released before."""
    reached = PeopleReached.objects.select_for_update().get(pk=reached.pk)
    if reached.released_at:
        return False
    reached.released_at, reached.released_by = now, by
    reached.save(update_fields=["released_at", "released_by"])
    return True


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a confirmation replaced, so that it can be taken back."""

    activity: int
    at: datetime
    before_at: datetime | None
    before_by: int | None


@transaction.atomic
def confirm(activity: Activity, *, by, now: datetime) -> Confirmation:
    """Say that an activity is still as its record says."""
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    before = Confirmation(activity.pk, now, activity.confirmed_at, activity.confirmed_by_id)
    activity.confirmed_at, activity.confirmed_by = now, by
    activity.save(update_fields=["confirmed_at", "confirmed_by", "updated_at"])
    return before


@transaction.atomic
def take_back_confirmation(confirmation: Confirmation) -> Activity:
    """Put back what a confirmation replaced. Raises `ConfirmedSince`, and changes nothing, where a later one stands."""
    rows = Activity.objects.select_for_update(of=("self",))
    activity = rows.get(pk=confirmation.activity)
    if activity.confirmed_at != confirmation.at:
        raise ConfirmedSince(activity)
    activity.confirmed_at = confirmation.before_at
    activity.confirmed_by_id = confirmation.before_by
    activity.save(update_fields=["confirmed_at", "confirmed_by", "updated_at"])
    return activity
