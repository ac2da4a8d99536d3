"""Writes about grants that have consequences: tags, links, and the money in the figures."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, Sum

from portal.directory.choices import Audience
from strategy import summary
from strategy.choices import StrategyStatus
from strategy.models import Requirement, Strategy
from strategy.rates import Converter
from strategy.services import convert_requirements, lock, stated

from .choices import Measure
from .exceptions import AlreadyLinked, TooMuchAllocated
from .models import Allocation, AllocationTotal, CountedGrant, Grant, LinkGroup, Split, Unconverted
from .splits import Family, family

BATCH = 2000

_ADDED = (
    "measure", "objective_id", "place_id", "shown_place_id", "year", "amount", "full", "is_assumed", "by_rule",
    "in_kind", "in_public", "in_coalition", "in_all",
)  # fmt: skip
_COUNTED = ("year", "has_amount", "in_public", "in_coalition", "in_all")


@transaction.atomic
def save_money(grant_ids: Iterable[int]) -> None:
    """Bring splits and kept figures in line with these grants, after anything about them was saved.

    Call it in the transaction of the change, with the kin that a grant had before it too (`family`, read under
    the strategy's lock), and once before a grant is deleted or unlinked (`forget_money`).
    """
    _count_anew(grant_ids, {})


def _count_anew(grant_ids: Iterable[int], locked: Mapping[int, Strategy]) -> None:
    """locked: the strategies that this transaction has locked before."""
    ids, held = list(grant_ids), dict(locked)
    for strategy_id in _strategies_of(family(ids)):
        if strategy_id not in held:
            held[strategy_id] = lock(strategy_id)
    touched = family(ids)  # read under the locks: a writer who came first may have brought kin
    for strategy_id in _strategies_of(touched):
        _replace(held.get(strategy_id) or lock(strategy_id), touched)


@transaction.atomic
def forget_money(grant_ids: Iterable[int]) -> None:
    """Take these grants out of the figures, before they are deleted."""
    ids = list(grant_ids)
    for strategy_id in _strategies_of(ids):
        strategy = lock(strategy_id)
        old = list(Split.objects.filter(strategy=strategy, grant__in=ids).values_list(*_ADDED))
        Split.objects.filter(strategy=strategy, grant__in=ids).delete()
        counted = CountedGrant.objects.filter(strategy=strategy, grant__in=ids)
        deltas = summary.new_deltas()
        _count(deltas, old, -1)
        _count_grants(deltas, counted.values_list(*_COUNTED), -1)
        counted.delete()
        summary.apply(strategy, deltas)


def _lock_all(grant_ids: Iterable[int]) -> None:
    """Strategies are locked before grants, always, so that two writers never wait for each other."""
    for strategy_id in _strategies_of(grant_ids):
        lock(strategy_id)


def _strategies_of(grant_ids: Iterable[int]) -> list[int]:
    """Strategies that the grants are tagged in or counted in, and the one in force; in order."""
    ids = list(grant_ids)
    tagged = (
        Allocation.objects.filter(grant__in=ids).order_by().values_list("strategy_id", flat=True)
    )
    counted = Split.objects.filter(grant__in=ids).order_by().values_list("strategy_id", flat=True)
    current = (
        Strategy.objects.filter(status=StrategyStatus.IN_FORCE)
        .order_by()
        .values_list("pk", flat=True)
    )
    return sorted(tagged.union(counted, current))


def _replace(strategy: Strategy, grant_ids: set[int]) -> None:
    made = Family(strategy, sorted(grant_ids), lock=True)
    new = made.splits()
    mine = Split.objects.filter(strategy=strategy, grant__in=grant_ids)
    deltas = summary.new_deltas()
    _count(deltas, mine.values_list(*_ADDED), -1)
    _count(deltas, (_values(split, _ADDED) for split in new), +1)
    mine.delete()
    Split.objects.bulk_create(new, batch_size=BATCH)
    counted, counted_now = (
        CountedGrant.objects.filter(strategy=strategy, grant__in=grant_ids),
        made.counted_grants(),
    )
    _count_grants(deltas, counted.values_list(*_COUNTED), -1)
    _count_grants(deltas, (_values(one, _COUNTED) for one in counted_now), +1)
    counted.delete()
    CountedGrant.objects.bulk_create(counted_now, batch_size=BATCH)
    Unconverted.objects.filter(strategy=strategy, grant__in=grant_ids).delete()
    Unconverted.objects.bulk_create(made.unconverted)
    summary.apply(strategy, deltas, made.tree)


def _count(deltas: summary.Deltas, rows: Iterable[Sequence], sign: int) -> None:
    """Add the rows of splits to the cells of every audience that they count for."""
    for row in rows:
        measure, objective, place, shown, year, amount, full, assumed, by_rule, in_kind, *flags = (
            row
        )
        for audience, counts in zip(Audience.values, flags, strict=True):
            if not counts:
                continue
            at = place if audience == Audience.ALL else shown
            values = deltas[audience, at or 0, objective or 0, year]
            if in_kind:
                if measure == Measure.COMMITTED:
                    values["in_kind"] += sign * amount
                continue
            values[measure] += sign * amount
            if measure != Measure.COMMITTED:
                continue
            if assumed:
                values["assumed"] += sign * amount
                values["assumed_full"] += sign * full
            if by_rule:
                values["by_rule"] += sign * amount


def _values(row, names: Sequence[str]) -> tuple:
    return tuple(getattr(row, name) for name in names)


def _count_grants(deltas: summary.Deltas, rows: Iterable[Sequence], sign: int) -> None:
    """Add grants to the cells without place and objective, for every audience that they count for."""
    for year, has_amount, *flags in rows:
        for audience, counts in zip(Audience.values, flags, strict=True):
            if counts:
                values = deltas[audience, 0, 0, year]
                values["grants"] += sign
                values["without_amount"] += 0 if has_amount else sign


@transaction.atomic
def rebuild_figures(strategy_id: int) -> None:
    """Draw all splits and kept figures of a strategy anew. For bulk loads, new rates, and doubts."""
    strategy = lock(strategy_id)
    requirements = list(Requirement.objects.filter(objective__strategy=strategy).order_by("pk"))
    convert_requirements(strategy, requirements)
    Requirement.objects.bulk_update(requirements, ["amount_minor"], batch_size=500)
    Split.objects.filter(strategy=strategy).delete()
    CountedGrant.objects.filter(strategy=strategy).delete()
    Unconverted.objects.filter(strategy=strategy).delete()
    converter = Converter(strategy.reporting_currency)
    for ids in _families(BATCH):
        made = Family(strategy, ids, converter)
        Split.objects.bulk_create(made.splits(), batch_size=BATCH)
        CountedGrant.objects.bulk_create(made.counted_grants(), batch_size=BATCH)
        Unconverted.objects.bulk_create(made.unconverted, batch_size=BATCH)
    summary.rebuild(strategy, figures_from_rows(strategy))


def _families(size: int) -> Iterable[list[int]]:
    """All grants, in batches that keep a family together."""
    bound = Grant.objects.exclude(link_group=None, regrant_of=None, regrants=None)
    kin = list(bound.order_by().values_list("pk", flat=True).distinct())
    if kin:
        yield kin
    alone = Grant.objects.filter(link_group=None, regrant_of=None, regrants=None).order_by("pk")
    ids: list[int] = []
    for key in alone.values_list("pk", flat=True).iterator(chunk_size=size):
        ids.append(key)
        if len(ids) == size:
            yield ids
            ids = []
    if ids:
        yield ids


def figures_from_rows(strategy: Strategy) -> summary.Deltas:
    """Requirements and split money of a strategy, cell by cell, as the rows say. The measure of the kept figures."""
    deltas = stated(strategy)
    flags = _ADDED[7:]
    keys = ("measure", "objective_id", "place_id", "shown_place_id", "year", *flags)
    sums = (
        Split.objects.filter(strategy=strategy)
        .order_by()
        .values_list(*keys)
        .annotate(total=Sum("amount"), whole=Sum("full"))
    )
    rows = ((*row[:5], int(row[-2]), int(row[-1]), *row[5:-2]) for row in sums.iterator())
    _count(deltas, rows, +1)
    counted = CountedGrant.objects.filter(strategy=strategy).order_by().values_list(*_COUNTED)
    _count_grants(deltas, counted.iterator(), +1)
    return deltas


@transaction.atomic
def set_allocations(grant: Grant, strategy: Strategy, allocations: Sequence[Allocation]) -> None:
    """Replace the tags of a grant in a strategy, under the grant's lock, and count its money anew.

    allocations: unsaved, without grant and strategy. Raises `TooMuchAllocated`, and changes nothing, above 100.
    """
    total = sum((allocation.share for allocation in allocations), Decimal(0))
    if total > 100:
        raise TooMuchAllocated(total)
    locked = lock(strategy.pk)
    Grant.objects.select_for_update().order_by().values_list("pk").get(pk=grant.pk)
    Allocation.objects.filter(grant=grant, strategy=strategy).delete()
    for allocation in allocations:
        allocation.grant, allocation.strategy = grant, strategy
        allocation.save()
    keep_total(grant.pk, strategy.pk)
    _count_anew([grant.pk], {strategy.pk: locked})


def keep_total(grant_id: int, strategy_id: int) -> None:
    """Store the sum of a grant's shares. Raises `TooMuchAllocated` above 100, before the database refuses it."""
    shares = Allocation.objects.filter(grant=grant_id, strategy=strategy_id).values_list(
        "share", flat=True
    )
    total = sum(shares, Decimal(0))
    if total > 100:
        raise TooMuchAllocated(total)
    AllocationTotal.objects.update_or_create(
        grant_id=grant_id, strategy_id=strategy_id, defaults={"total": total}
    )


@transaction.atomic
def link_grants(grants: Sequence[Grant], *, rule: str, by=None) -> LinkGroup:
    """Say that these records are one grant; the first of them counts for whoever sees it.

    Raises `AlreadyLinked`, and changes nothing, when one of them belongs to another group.
    """
    keys = [grant.pk for grant in grants]
    _lock_all(keys)
    locked = {
        grant.pk: grant
        for grant in Grant.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    }
    taken = [grant for grant in locked.values() if grant.link_group_id]
    if taken:
        raise AlreadyLinked(taken)
    group = LinkGroup.objects.create(rule=rule, linked_by=by)
    for position, key in enumerate(keys):
        locked[key].link_group, locked[key].link_position = group, position
        locked[key].save(update_fields=["link_group", "link_position", "folded", "updated_at"])
    save_money(keys)
    return group


@transaction.atomic
def unlink_grant(grant: Grant) -> None:
    """Take a record out of its group: it counts for itself again. A group of one is dissolved."""
    group = grant.link_group
    touched = family([grant.pk])
    _lock_all(touched)
    members = list(
        Grant.objects.select_for_update().filter(link_group=group).order_by("link_position")
    )
    leaving = (
        members if len(members) <= 2 else [member for member in members if member.pk == grant.pk]
    )
    for member in leaving:
        member.link_group, member.link_position = None, 0
        member.save(update_fields=["link_group", "link_position", "folded", "updated_at"])
    if len(leaving) == len(members):
        group.delete()
    save_money(touched)


def next_link_position(group: LinkGroup) -> int:
    """The position after the last record of a group."""
    return (group.grants.aggregate(last=Max("link_position"))["last"] or 0) + 1
