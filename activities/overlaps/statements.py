"""What writers say of pairs, kept even where the two are not alike enough to be listed."""

from datetime import datetime

from django.db import transaction

from activities.models import Activity, Overlap, OverlapStatement
from strategy.analysis.overlap import OVERLAP, Alike, assess
from strategy.analysis.overlap_search import prepare, tell

from . import reading
from .keeping import values_of
from .settings import weights


@transaction.atomic
def record_statement(
    activity: Activity, other: Activity, choice: str, reason: str = "", *, by, now: datetime
) -> OverlapStatement:
    """Keep what the writer of `activity` says of its likeness with `other`, which the caller knows `by` to see."""
    overlap = overlap_of(activity, other, now=now)
    return OverlapStatement.objects.create(
        overlap=overlap,
        activity=activity,
        organisation_id=activity.reporting_organisation_id,
        choice=choice,
        reason=reason,
        said_by=by,
        said_at=now,
    )


@transaction.atomic
def overlap_of(one: Activity, other: Activity, *, now: datetime) -> Overlap:
    """The row of this pair, made where there is none yet."""
    first, second = sorted((one.pk, other.pk))
    row = Overlap.objects.filter(first=first, second=second).first()
    if row is None:
        in_use = weights()
        alike = compare_now(first, second)
        alike = alike or Alike(0.0, OVERLAP, {}, (), None, None, None, None)
        row = Overlap.objects.create(
            first_id=first,
            second_id=second,
            scored_at=now,
            **values_of(alike, is_alike=alike.score >= in_use.threshold),
        )
    return row


def compare_now(first: int, second: int) -> Alike | None:
    """How alike two saved activities are, whatever the score; None where they cannot be the same work."""
    found = [tell(entry) for entry in reading.entries((first, second))]
    if len(found) < 2:
        return None
    in_use, rarity = weights(), reading.rarity(found)
    one, two = (prepare(told, rarity, in_use).work for told in found)
    return assess(one, two, in_use)
