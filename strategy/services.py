"""Writes that reach the figures: requirements, the strategy's own version."""

from collections.abc import Iterable

import numpy as np
from django.db import connection, transaction
from django.db.models import Sum

from portal.directory.choices import Audience

from . import drawing, summary
from .models import Requirement, Strategy, SummaryCell
from .rates import Converter


def lock(strategy_id: int) -> Strategy:
    """The strategy, locked until the end of the transaction, its data version raised.

    Whoever changes something that a figure shows takes this lock first: writers of one strategy follow each other.
    """
    with connection.cursor() as cursor:  # an update locks the row as well
        cursor.execute(
            f"UPDATE {Strategy._meta.db_table} SET data_version = data_version + 1 WHERE id = %s",  # noqa: S608
            [strategy_id],
        )
    return Strategy.objects.get(pk=strategy_id)


def convert_requirements(strategy: Strategy, requirements: Iterable[Requirement]) -> None:
    """Set `amount_minor` of requirements, by the rate of the first day of their year; empty without a rate."""
    converter = Converter(strategy.reporting_currency)
    for requirement in requirements:
        first_day, _last = strategy.year_bounds(requirement.year)
        converted = converter.convert(requirement.amount, requirement.currency, first_day)
        requirement.amount_minor = None if converted is None else converted.amount_minor


@transaction.atomic
def requirements_changed(strategy_id: int, cells: Iterable[tuple[int, int, int]]) -> None:
    """Bring the figures in line with the requirements of these cells, after rows were saved, moved or deleted.

    cells: (objective key, place key, year), before and after the change.
    """
    cells = set(cells)
    strategy = lock(strategy_id)
    rows = list(
        Requirement.objects.filter(
            objective__strategy=strategy,
            objective__in={cell[0] for cell in cells},
            place__in={cell[1] for cell in cells},
            year__in={cell[2] for cell in cells},
        )
    )
    convert_requirements(strategy, rows)
    Requirement.objects.bulk_update(rows, ["amount_minor"])
    now = dict.fromkeys(cells, 0)
    for row in rows:
        if (key := (row.objective_id, row.place_id, row.year)) in now:
            now[key] += row.amount_minor or 0
    kept = SummaryCell.objects.filter(
        strategy=strategy,
        audience=Audience.ALL,
        objective_key__in={cell[0] for cell in cells},
        place_key__in={cell[1] for cell in cells},
        year__in={cell[2] for cell in cells},
    ).values_list("objective_key", "place_key", "year", "required_here")
    was = {(objective, place, year): required for objective, place, year, required in kept}
    deltas = summary.new_deltas()
    for key, required in now.items():
        before = was.get(key, 0)
        for audience in Audience.values:
            values = deltas[audience, key[1], key[0], key[2]]
            values["required"] += required - before
            values["asked_cells"] += (required > 0) - (before > 0)
    summary.apply(strategy, deltas)


def stated(strategy: Strategy) -> np.ndarray:
    """All converted requirements of a strategy, for each audience: rows as `drawing.drawn` takes them."""
    rows = (
        Requirement.objects.filter(objective__strategy=strategy, amount_minor__gt=0)
        .order_by()
        .values_list("objective_id", "place_id", "year")
        .annotate(total=Sum("amount_minor"))
    )
    found = np.array([(*row[:3], int(row[3])) for row in rows], dtype=np.int64).reshape(-1, 4)
    return drawing.given(
        Audience.values, found[:, 1], found[:, 0], found[:, 2],
        required=found[:, 3], asked_cells=np.ones(len(found), dtype=np.int64),
    )  # fmt: skip
