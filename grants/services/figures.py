"""All figures of a strategy at once: for bulk loads, new rates, and doubts."""

from collections.abc import Iterable, Sequence

import numpy as np
from django.db import transaction

from portal.directory.choices import Audience
from portal.lib import bulk
from strategy import drawing
from strategy.models import Requirement, Strategy
from strategy.rates import Converter
from strategy.services import convert_requirements, lock, stated

from ..choices import Measure
from ..models import CountedGrant, Grant, Split
from ..splits import COUNTED, SPLIT, Family
from .money import kept_counted, kept_splits, write_rows, write_unconverted

BATCH = 2000


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
        write_rows(strategy, ids, Split, SPLIT, kept_splits, made.splits())
        write_rows(strategy, ids, CountedGrant, COUNTED, kept_counted, made.counted_grants())
        write_unconverted(strategy, ids, made.unconverted)
    drawing.rebuild(strategy, figures_from_rows(strategy))


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
    """Requirements and split money of a strategy, as the rows say: what `drawing.drawn` draws the figures from."""
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
            drawing.given(
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
            drawing.given(
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
