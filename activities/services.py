"""Writes about activities that have consequences: shares, always the whole set and 100 in sum; releases of counts."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from .exceptions import SharesOff
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


@transaction.atomic
def confirm(activity: Activity, *, by, now: datetime) -> None:
    """Say that an activity is still as its record says."""
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    activity.confirmed_at, activity.confirmed_by = now, by
    activity.save(update_fields=["confirmed_at", "confirmed_by", "updated_at"])
