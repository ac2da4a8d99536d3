"""The money of grants in the figures: splits and kept sums follow each change."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from portal.directory.choices import Audience
from portal.directory.tree import PlaceTree
from portal.lib import bulk
from portal.lib.prepared import Prepared
from strategy import summary
from strategy.choices import StrategyStatus
from strategy.models import Strategy
from strategy.services import lock

from ..choices import Measure
from ..models import Allocation, CountedGrant, Split, Unconverted
from ..splits import COUNTED, SPLIT, Family, family

_UNCONVERTED = (
    "grant_id", "measure", "amount", "currency", "value_date", "reason",
)  # fmt: skip


@Prepared
def kept_splits(strategy, ids):
    return (
        Split.objects.filter(strategy=strategy, grant__in=ids).order_by().values_list("pk", *SPLIT)
    )


@Prepared
def kept_counted(strategy, ids):
    rows = CountedGrant.objects.filter(strategy=strategy, grant__in=ids)
    return rows.order_by().values_list("pk", *COUNTED)


@Prepared
def _kept_unconverted(strategy, ids):
    rows = Unconverted.objects.filter(strategy=strategy, grant__in=ids)
    return rows.order_by().values_list("pk", *_UNCONVERTED)


@Prepared
def _strategies(ids):
    tagged = Allocation.objects.filter(grant__in=ids).order_by().values_list("strategy_id")
    counted = Split.objects.filter(grant__in=ids).order_by().values_list("strategy_id")
    current = Strategy.objects.filter(status=StrategyStatus.IN_FORCE).order_by().values_list("pk")
    return tagged.union(counted, current)


@transaction.atomic
def save_money(grant_ids: Iterable[int]) -> None:
    """Bring splits and kept figures in line with these grants, after anything about them was saved.

    Call it in the transaction of the change, with the kin that a grant had before it too (`family`, read under
    the strategy's lock), and once before a grant is deleted or unlinked (`forget_money`).
    """
    count_anew(grant_ids, {})


def count_anew(grant_ids: Iterable[int], locked: Mapping[int, Strategy]) -> None:
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


def lock_all(grant_ids: Iterable[int]) -> None:
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
    write_unconverted(strategy, grant_ids, made.unconverted)


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
        (Split, SPLIT, kept_splits, splits, _count),
        (CountedGrant, COUNTED, kept_counted, counted, _count_grants),
    ):
        gone, new = write_rows(strategy, grant_ids, model, columns, kept, now)
        count(deltas, gone, -1)
        count(deltas, new, +1)
    if deltas:
        summary.apply(strategy, deltas, tree)


def write_rows(
    strategy: Strategy, grant_ids: Iterable[int], model, columns, kept: Prepared, now: list[tuple]
) -> tuple[list[tuple], list[tuple]]:
    """Let these be the rows of these grants, by writing what differs: what is gone, and what is new."""
    before = {row[0]: row[1:] for row in kept(strategy.pk, grant_ids)}
    gone, new = _difference([(key, *row) for key, row in before.items()], now)
    bulk.delete_keys(model._meta.db_table, gone)
    bulk.insert_rows(model._meta.db_table, columns, new)
    return [before[key] for key in gone], new


def write_unconverted(
    strategy: Strategy, grant_ids: Iterable[int], now: Iterable[Unconverted]
) -> None:
    rows = [values_of(one, _UNCONVERTED) for one in now]
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


def values_of(row, names: Sequence[str]) -> tuple:
    return tuple(getattr(row, name) for name in names)


def _count_grants(deltas: summary.Deltas, rows: Iterable[Sequence], sign: int) -> None:
    """Add grants to the cells without place and objective, for every audience that they count for."""
    for _grant, _strategy, year, has_amount, *flags in rows:
        for audience, counts in zip(Audience.values, flags, strict=True):
            if counts:
                values = deltas[audience, 0, 0, year]
                values["grants"] += sign
                values["without_amount"] += 0 if has_amount else sign
