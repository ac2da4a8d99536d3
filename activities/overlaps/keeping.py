"""Overlaps kept right: of one activity as it changes, of all from nothing. Both write the same rows.

Both judge rarity by the counts of the last full pass, so they agree until the next one counts anew.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from activities.choices import OverlapState
from activities.models import (
    ActivityFeatures,
    ActivityKey,
    Overlap,
    OverlapStatement,
    WordCount,
)
from portal.history.services import acting_as
from portal.history.signals import about_to_change
from portal.lib.bulk import delete_keys, insert_rows
from strategy.analysis.overlap import Alike, Rarity, Weights, Work, compare
from strategy.analysis.overlap_search import Prepared, count, find_all, prepare, tell

from . import packing, reading
from .settings import weights as weights_in_use

Pair = tuple[int, int]
#: From this many changed activities on, everything is scored anew instead.
ALL_FROM = 400
#: While fewer activities than this are known, words are counted anew once a quarter more have come.
SMALL = 2000
#: Names the lock of PostgreSQL; any number that nothing else uses.
LOCK = 4_041_501
#: Decisions that an edit may call into question.
MAY_REOPEN = (OverlapState.DISMISSED, OverlapState.DIVIDED)
_FOUND = (
    "kind", "score", "parts", "shared_words", "shared_from", "shared_until", "objective_id",
    "place_id", "is_alike",
)  # fmt: skip


@transaction.atomic
def update_overlaps(
    keys: Collection[int], *, edited: bool = True, now: datetime | None = None
) -> None:
    """Compare these activities anew with all others, and keep what is found.

    edited: a settled pair that became clearly more alike is opened again.
    """
    _one_at_a_time()
    keys = set(keys) | set(
        ActivityFeatures.objects.filter(is_stale=True).values_list("activity", flat=True)
    )
    if not keys:
        return
    if len(keys) >= ALL_FROM or _has_outgrown_its_counts():
        score_all(edited=keys if edited else (), now=now)
        return
    weights, now = weights_in_use(), now or timezone.now()
    known = [tell(entry) for entry in reading.entries(keys)]
    rarity = reading.rarity(known)
    prepared = {one.entry.key: prepare(one, rarity, weights) for one in known}
    _keep_features(prepared, keys)
    found: dict[Pair, Alike] = {}
    for row in prepared.values():
        for other in near(row, weights):
            pair = tuple(sorted((row.work.key, other.key)))
            if pair not in found and (alike := _compared(row.work, other, weights)):
                found[pair] = alike
    standing = Overlap.objects.of(keys)
    _keep(found, standing, edited=keys if edited else (), weights=weights, now=now)


@transaction.atomic
def score_all(
    *, recount: bool = True, edited: Collection[int] = (), now: datetime | None = None
) -> int:
    """Score everything from nothing; how many pairs are alike.

    recount: count anew how rare words are; without it, by the counts of the last pass.
    """
    _one_at_a_time()
    weights, now = weights_in_use(), now or timezone.now()
    known = [tell(entry) for entry in reading.entries()]
    if recount:
        rarity = count(known)
        _keep_counts(rarity)
    else:
        rarity = reading.rarity(known)
    prepared = [prepare(one, rarity, weights) for one in known]
    _keep_all_features(prepared)
    found = find_all(prepared, weights)
    _keep(found, Overlap.objects.all(), edited=edited, weights=weights, now=now)
    return len(found)


def near(row: Prepared, weights: Weights) -> list[Work]:
    """The kept activities that share enough marks with this one, and may share place and time with it."""
    keys = ActivityKey.objects.filter(mark__in=row.marks).exclude(activity=row.work.key)
    if row.country is not None:
        keys = keys.filter(country__in=(0, row.country))
    sharing = (
        keys.order_by()
        .values("activity")
        .annotate(shared=Count("pk"))
        .filter(shared__gte=weights.keys_shared)
    )
    work = row.work
    rows = ActivityFeatures.objects.filter(activity__in=sharing.values("activity"))
    if work.end is not None:
        rows = rows.filter(start__lte=work.end)
    if work.start is not None:
        rows = rows.filter(end__gte=work.start)
    if len(work.places) == 1 and work.places[0].level >= 3:
        rows = rows.filter(place__in=(0, *work.places[0].path))
    rows = rows.exclude(data=None).order_by("activity").values_list("activity", "data")
    return [packing.unpack(key, data) for key, data in rows]


def _one_at_a_time() -> None:
    """Until the transaction ends nobody else compares, so that two who save at once see each other's record.

    SQLite has one writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _compared(one: Work, other: Work, weights: Weights) -> Alike | None:
    first, second = (one, other) if one.key < other.key else (other, one)
    return compare(first, second, weights)


def _keep_features(prepared: Mapping[int, Prepared], keys: set[int]) -> None:
    ActivityFeatures.objects.filter(activity__in=keys - prepared.keys()).delete()
    rows = [
        ActivityFeatures(**dict(zip(packing.COLUMNS, packing.row(row), strict=True)))
        for row in prepared.values()
    ]
    ActivityFeatures.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["activity"],
        update_fields=[name for name in packing.COLUMNS if name != "activity_id"],
    )
    standing: dict[int, dict[tuple, int]] = defaultdict(dict)
    found = ActivityKey.objects.filter(activity__in=keys).values_list(
        "pk", "activity", "mark", "country"
    )
    for pk, activity, mark, country in found:
        standing[activity][mark, country] = pk
    gone, new = [], []
    for key in keys:
        row = prepared.get(key)
        wanted = {(mark, row.country or 0) for mark in row.marks} if row else set()
        gone += [pk for mark, pk in standing[key].items() if mark not in wanted]
        new += [(key, *mark) for mark in sorted(wanted - standing[key].keys())]
    if gone:
        delete_keys(ActivityKey._meta.db_table, gone)
    insert_rows(ActivityKey._meta.db_table, ("activity_id", "mark", "country"), new)


def _keep_all_features(prepared: Sequence[Prepared]) -> None:
    ActivityFeatures.objects.all()._raw_delete(ActivityFeatures.objects.db)
    ActivityKey.objects.all()._raw_delete(ActivityKey.objects.db)
    insert_rows(packing.TABLE, packing.COLUMNS, [packing.row(row) for row in prepared])
    insert_rows(
        ActivityKey._meta.db_table,
        ("activity_id", "mark", "country"),
        [(row.work.key, mark, row.country or 0) for row in prepared for mark in row.marks],
    )


def _keep_counts(rarity: Rarity) -> None:
    WordCount.objects.all()._raw_delete(WordCount.objects.db)
    rows = [
        ("", 0, rarity.total),
        *((mark, 0, number) for mark, number in rarity.counts.items()),
        *(("", country, number) for country, number in rarity.totals.items()),
        *((mark, country, number) for (country, mark), number in rarity.country_counts.items()),
    ]
    insert_rows(WordCount._meta.db_table, ("mark", "country", "count"), rows)


def _has_outgrown_its_counts() -> bool:
    """True while the coalition is small and a quarter of its activities came after words were counted."""
    total = WordCount.objects.filter(mark="", country=0).values_list("count", flat=True).first()
    if total is None:
        return True
    if total >= SMALL:
        return False
    return reading.compared().count() > 1.25 * total + 10


def _keep(
    found: Mapping[Pair, Alike],
    standing,
    *,
    edited: Collection[int],
    weights: Weights,
    now: datetime,
) -> None:
    """Write what differs between the pairs found and the rows that stand. Decisions and statements stay."""
    said = OverlapStatement.objects.filter(overlap=OuterRef("pk"))
    rows = {
        (row.first_id, row.second_id): row
        for row in standing.annotate(is_spoken_of=Exists(said)).order_by("pk")
    }
    new = [_new(pair, alike, now) for pair, alike in found.items() if pair not in rows]
    gone, changed, reopened = [], [], []
    for pair, row in rows.items():
        alike = found.get(pair)
        if alike is None:
            if row.state == OverlapState.OPEN and not row.is_spoken_of:
                gone.append(row.pk)
            elif row.is_alike:
                row.is_alike = False
                changed.append(row)
            continue
        values = values_of(alike)
        if any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.scored_at = now
            changed.append(row)
        if (
            row.state in MAY_REOPEN
            and (row.first_id in edited or row.second_id in edited)
            and row.settled_score is not None
            and row.score >= row.settled_score + weights.reopen_rise
        ):
            reopened.append(row)
    if not (new or gone or changed or reopened):
        return
    about_to_change.send(Overlap, instance=None)
    Overlap.objects.bulk_create(new, batch_size=500)
    Overlap.objects.bulk_update(changed, [*_FOUND, "scored_at"], batch_size=200)
    for at in range(0, len(gone), 5000):
        Overlap.objects.filter(pk__in=gone[at : at + 5000]).delete()
    for row in reopened:
        _reopen(row, now)


def _reopen(row: Overlap, now: datetime) -> None:
    """Ask again about two records that became clearly more alike since somebody decided; history keeps the decision."""
    with acting_as(None):
        row.state, row.reason = OverlapState.OPEN, ""
        row.settled_by = row.settled_at = row.settled_score = None
        row.reopened_at = now
        row.save(
            update_fields=[
                "state",
                "reason",
                "settled_by",
                "settled_at",
                "settled_score",
                "reopened_at",
            ]
        )


def _new(pair: Pair, alike: Alike, now: datetime) -> Overlap:
    first, second = pair
    return Overlap(first_id=first, second_id=second, scored_at=now, **values_of(alike))


def values_of(alike: Alike, *, is_alike: bool = True) -> dict[str, Any]:
    return {
        "kind": alike.kind,
        "score": alike.score,
        "parts": dict(alike.parts),
        "shared_words": list(alike.shared_words),
        "shared_from": alike.shared_from,
        "shared_until": alike.shared_until,
        "objective_id": alike.objective,
        "place_id": alike.place,
        "is_alike": is_alike,
    }
