"""Writes about grants that have consequences: tags, links, and the money in the figures."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import numpy as np
from django.db import connection, transaction
from django.db.models import Max

from portal.directory.choices import Audience
from portal.directory.tree import PlaceTree
from portal.lib import bulk
from portal.lib.prepared import Prepared
from strategy import summary
from strategy.analysis.counting import GrantRow, regrant_cycle
from strategy.choices import StrategyStatus
from strategy.models import Requirement, Strategy
from strategy.rates import Converter
from strategy.services import convert_requirements, lock, stated

from .choices import Measure
from .exceptions import AlreadyLinked, MoneyGoesRound, TooMuchAllocated
from .models import Allocation, AllocationTotal, CountedGrant, Grant, LinkGroup, Split, Unconverted
from .splits import COUNTED, SPLIT, Family, family

BATCH = 2000

#: What makes two tags the same.
_TAG = (
    "objective_id", "place_id", "share", "origin", "is_assumed", "evidence", "confirmed_by_id",
)  # fmt: skip
_UNCONVERTED = (
    "grant_id", "measure", "amount", "currency", "value_date", "reason",
)  # fmt: skip


@Prepared
def _kept_splits(strategy, ids):
    return (
        Split.objects.filter(strategy=strategy, grant__in=ids).order_by().values_list("pk", *SPLIT)
    )


@Prepared
def _kept_counted(strategy, ids):
    rows = CountedGrant.objects.filter(strategy=strategy, grant__in=ids)
    return rows.order_by().values_list("pk", *COUNTED)


@Prepared
def _kept_unconverted(strategy, ids):
    rows = Unconverted.objects.filter(strategy=strategy, grant__in=ids)
    return rows.order_by().values_list("pk", *_UNCONVERTED)


@Prepared
def _strategies(ids):
    tagged = (
        Allocation.objects.filter(grant__in=ids).order_by().values_list("strategy_id", flat=True)
    )
    counted = Split.objects.filter(grant__in=ids).order_by().values_list("strategy_id", flat=True)
    current = (
        Strategy.objects.filter(status=StrategyStatus.IN_FORCE)
        .order_by()
        .values_list("pk", flat=True)
    )
    return tagged.union(counted, current)


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
    touched = family(ids)
    wanted = _strategies_of(touched)
    if not held.keys() >= set(wanted):
        for strategy_id in wanted:
            if strategy_id not in held:
                held[strategy_id] = lock(strategy_id)
        touched = family(ids)  # read under the locks: a writer who came first may have brought kin
        wanted = _strategies_of(touched)
    for strategy_id in wanted:
        _replace(held.get(strategy_id) or lock(strategy_id), touched)


@transaction.atomic
def forget_money(grant_ids: Iterable[int]) -> None:
    """Take these grants out of the figures, before they are deleted."""
    ids = list(grant_ids)
    for strategy_id in _strategies_of(ids):
        strategy = lock(strategy_id)
        _replace_rows(strategy, ids, [], [], PlaceTree())


def _lock_all(grant_ids: Iterable[int]) -> None:
    """Strategies are locked before grants, always, so that two writers never wait for each other."""
    for strategy_id in _strategies_of(grant_ids):
        lock(strategy_id)


def _strategies_of(grant_ids: Iterable[int]) -> list[int]:
    """Strategies that the grants are tagged in or counted in, and the one in force; in order."""
    # Without any grant there is still the one in force.
    return sorted(key for (key,) in _strategies(set(grant_ids) or {0}))


def _replace(strategy: Strategy, grant_ids: set[int]) -> None:
    made = Family(strategy, sorted(grant_ids), lock=True)
    _replace_rows(strategy, grant_ids, made.splits(), made.counted_grants(), made.tree)
    _write_unconverted(strategy, grant_ids, made.unconverted)


def _replace_rows(
    strategy: Strategy,
    grant_ids: Iterable[int],
    splits: list[tuple],
    counted: list[tuple],
    tree: PlaceTree,
) -> None:
    """Let these be the splits and the counted grants of these grants, and count what that changes."""
    deltas = summary.new_deltas()
    for model, columns, kept, now, count in (
        (Split, SPLIT, _kept_splits, splits, _count),
        (CountedGrant, COUNTED, _kept_counted, counted, _count_grants),
    ):
        gone, new = _write_rows(strategy, grant_ids, model, columns, kept, now)
        count(deltas, gone, -1)
        count(deltas, new, +1)
    if deltas:
        summary.apply(strategy, deltas, tree)


def _write_rows(
    strategy: Strategy, grant_ids: Iterable[int], model, columns, kept: Prepared, now: list[tuple]
) -> tuple[list[tuple], list[tuple]]:
    """Let these be the rows of these grants, by writing what differs: what is gone, and what is new."""
    before = {row[0]: row[1:] for row in kept(strategy.pk, grant_ids)}
    gone, new = _difference([(key, *row) for key, row in before.items()], now)
    bulk.delete_keys(model._meta.db_table, gone)
    bulk.insert_rows(model._meta.db_table, columns, new)
    return [before[key] for key in gone], new


def _write_unconverted(
    strategy: Strategy, grant_ids: Iterable[int], now: Iterable[Unconverted]
) -> None:
    rows = [_values(one, _UNCONVERTED) for one in now]
    gone, new = _difference(_kept_unconverted(strategy.pk, grant_ids), rows)
    bulk.delete_keys(Unconverted._meta.db_table, gone)
    bulk.insert(
        [Unconverted(strategy=strategy, **dict(zip(_UNCONVERTED, row, strict=True))) for row in new]
    )


def _difference(kept: Iterable[tuple], now: Iterable[tuple]) -> tuple[list[int], list[tuple]]:
    """Of rows that begin with their key, the keys of those that are not among `now`; and what of `now` is new."""
    there = defaultdict(list)
    for key, *row in kept:
        there[tuple(row)].append(key)
    new = []
    for row in now:
        if there.get(row):
            there[row].pop()
        else:
            new.append(row)
    return sorted(key for keys in there.values() for key in keys), new


def _count(deltas: summary.Deltas, rows: Iterable[Sequence], sign: int) -> None:
    """Add rows of `SPLIT` to the cells of every audience that they count for."""
    for row in rows:
        (
            measure,
            objective,
            place,
            shown,
            year,
            amount,
            full,
            assumed,
            _,
            by_rule,
            in_kind,
            _,
            *flags,
        ) = row[2:]
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
    for _grant, _strategy, year, has_amount, *flags in rows:
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
    converter = Converter(strategy.reporting_currency)
    for ids in _families(BATCH):
        made = Family(strategy, ids, converter)
        _write_rows(strategy, ids, Split, SPLIT, _kept_splits, made.splits())
        _write_rows(strategy, ids, CountedGrant, COUNTED, _kept_counted, made.counted_grants())
        _write_unconverted(strategy, ids, made.unconverted)
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


#: One number of what a split is and for whom it counts; its measure stands in the last bits.
_MEASURES = (Measure.PLEDGED, Measure.COMMITTED, Measure.DISBURSED)
_FLAGS = ("is_assumed", "by_rule", "in_kind", "in_public", "in_coalition", "in_all")


def figures_from_rows(strategy: Strategy) -> np.ndarray:
    """Requirements and split money of a strategy, as the rows say: what `summary.drawn` draws the figures from."""
    parts = [stated(strategy)]
    splits = _numbers(
        Split, strategy, ("place_id", "shown_place_id", "objective_id", "year", "amount", "full"),
        " + ".join(
            [f"CASE measure WHEN '{measure}' THEN {n} ELSE 0 END" for n, measure in enumerate(_MEASURES)]
            + [f"CASE WHEN {name} THEN {4 << n} ELSE 0 END" for n, name in enumerate(_FLAGS)]
        ),
    )  # fmt: skip
    place, shown, objective, year, amount, full, marks = splits.T
    flags = {name: marks & (4 << n) > 0 for n, name in enumerate(_FLAGS)}
    measure, in_kind = marks & 3, flags["in_kind"]
    values = {
        str(name): np.where((measure == n) & ~in_kind, amount, 0) for n, name in enumerate(_MEASURES)
    }  # fmt: skip
    committed = values[Measure.COMMITTED]
    counted_as_money = (measure == _MEASURES.index(Measure.COMMITTED)) & ~in_kind
    values["in_kind"] = np.where(
        (measure == _MEASURES.index(Measure.COMMITTED)) & in_kind, amount, 0
    )
    values["assumed"] = np.where(flags["is_assumed"], committed, 0)
    values["assumed_full"] = np.where(flags["is_assumed"] & counted_as_money, full, 0)
    values["by_rule"] = np.where(flags["by_rule"], committed, 0)
    for audience, name in zip(Audience.values, _FLAGS[3:], strict=True):
        counts = flags[name]
        at = place if audience == Audience.ALL else shown
        parts.append(
            summary.given(
                [audience], at[counts], objective[counts], year[counts],
                **{column: amounts[counts] for column, amounts in values.items()},
            )
        )  # fmt: skip
    year, has_amount, *counting = _numbers(
        CountedGrant, strategy, ("year",), *(f"CASE WHEN {name} THEN 1 ELSE 0 END" for name in COUNTED[3:])
    ).T  # fmt: skip
    nowhere = np.zeros(len(year), dtype=np.int64)
    for audience, counts in zip(Audience.values, counting, strict=True):
        parts.append(
            summary.given(
                [audience], nowhere, nowhere, year, grants=counts, without_amount=counts * (1 - has_amount)
            )
        )  # fmt: skip
    return np.vstack(parts)


def _numbers(model, strategy: Strategy, columns: Sequence[str], *more: str) -> np.ndarray:
    """These columns of all rows of a strategy, 0 for nothing, and whatever else is said in SQL."""
    said = [*(f'COALESCE("{column}", 0)' for column in columns), *more]
    cast = ", ".join(f"CAST({one} AS bigint)" for one in said)
    return bulk.read_numbers(
        f"SELECT {cast} FROM {model._meta.db_table} WHERE strategy_id = %s",  # noqa: S608
        [strategy.pk],
        len(said),
    )


@transaction.atomic
def set_allocations(grant: Grant, strategy: Strategy, allocations: Sequence[Allocation]) -> None:
    """Replace the tags of a grant in a strategy, under the grant's lock, and count its money anew.

    Tags that are there already stay as they are.
    allocations: unsaved, without grant and strategy. Raises `TooMuchAllocated`, and changes nothing, above 100.
    """
    total = sum((allocation.share for allocation in allocations), Decimal(0))
    if total > 100:
        raise TooMuchAllocated(total)
    locked = lock(strategy.pk)
    if not _locked(grant.pk):
        raise Grant.DoesNotExist
    there = Allocation.objects.filter(grant=grant, strategy=strategy).order_by("pk")
    there = list(there.select_related("objective", "place"))  # history names them
    gone, new = [], list(allocations)
    for tag in there:
        same = next((one for one in new if _values(one, _TAG) == _values(tag, _TAG)), None)
        gone.append(tag) if same is None else new.remove(same)
    for allocation in new:
        allocation.grant, allocation.strategy = grant, strategy
    Allocation.replace(gone, new)
    _store_total(grant.pk, strategy.pk, total)
    _count_anew([grant.pk], {strategy.pk: locked})


@Prepared
def _locked(grant):
    return Grant.objects.select_for_update().filter(pk=grant).order_by().values_list("pk")


def keep_total(grant_id: int, strategy_id: int) -> None:
    """Store the sum of a grant's shares. Raises `TooMuchAllocated` above 100, before the database refuses it."""
    shares = Allocation.objects.filter(grant=grant_id, strategy=strategy_id).values_list(
        "share", flat=True
    )
    total = sum(shares, Decimal(0))
    if total > 100:
        raise TooMuchAllocated(total)
    _store_total(grant_id, strategy_id, total)


def _store_total(grant_id: int, strategy_id: int, total: Decimal) -> None:
    table = AllocationTotal._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (grant_id, strategy_id, total) VALUES (%s, %s, %s) "  # noqa: S608
            "ON CONFLICT (grant_id, strategy_id) DO UPDATE SET total = excluded.total",
            [grant_id, strategy_id, total],
        )


@transaction.atomic
def link_grants(grants: Sequence[Grant], *, rule: str, by=None) -> LinkGroup:
    """Say that these records are one grant; the first of them counts for whoever sees it.

    Raises `AlreadyLinked`, and changes nothing, when one of them belongs to another group, and `MoneyGoesRound`
    when one of them passes on money of another.
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
    if goes_round(keys):
        raise MoneyGoesRound(keys)
    group = LinkGroup.objects.create(rule=rule, linked_by=by)
    for position, key in enumerate(keys):
        locked[key].link_group, locked[key].link_position = group, position
        locked[key].save(update_fields=["link_group", "link_position", "folded", "updated_at"])
    save_money(keys)
    return group


def goes_round(keys: Iterable[int], parents: Mapping[int, int] | None = None) -> bool:
    """Whether money would go round in a circle if these were one grant.

    parents: by key the grant whose money it passes on, where that is not saved yet; 0 is the key of a new grant.
    """
    one, unsaved = set(keys), parents or {}
    rows = Grant.objects.filter(pk__in=family({*one, *unsaved.values()} - {0})).values_list(
        "pk", "regrant_of_id", "link_group_id"
    )
    found = {key: (unsaved.get(key, parent), group) for key, parent, group in rows}
    found.update((key, (parent, None)) for key, parent in unsaved.items() if key not in found)
    joined = {found[key][1] for key in one if key in found} - {None}
    return bool(
        regrant_cycle(
            GrantRow(key, "one" if key in one or group in joined else group, 0, parent)
            for key, (parent, group) in found.items()
        )
    )


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
