"""All kept figures of a strategy drawn anew, in bulk.

Figures equal to those that `summary` keeps difference by difference (property test).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from django.db import connection

from portal.directory.tree import PlaceTree, world_key
from portal.lib import bulk

from .analysis.cube import GIVEN, HERE, Cells, Nodes, cells_of, judged, roll_up
from .models import Strategy, SummaryCell
from .summary import COLUMNS, KEY, ObjectiveTree

#: More years than there are.
_YEARS = 100_000
#: Columns whose name differs where they are drawn.
_DRAWN = {"empty_here": "empty_cells_here"}


@dataclass(frozen=True, slots=True)
class Trees:
    """The objectives of a strategy and all places, as figures are drawn in them, and its years and audiences."""

    strategy: Strategy
    objectives: Nodes
    places: Nodes

    @classmethod
    def of(cls, strategy: Strategy) -> Self:
        tree = PlaceTree.whole()
        return cls(
            strategy,
            Nodes.of(ObjectiveTree.of(strategy).paths),
            Nodes.of({key: tree.path(key) for key in tree.nodes}, first=world_key()),
        )

    @staticmethod
    def scopes(audience: np.ndarray, year: np.ndarray) -> np.ndarray:
        """An audience and a year as one number."""
        return audience * _YEARS + year

    @staticmethod
    def audience_and_year(cells: Cells) -> tuple[np.ndarray, np.ndarray]:
        return np.divmod(cells.scope, _YEARS)

    def cells(self, rows: np.ndarray) -> Cells:
        """Sum rows of audience, place key or 0, objective key or 0, year, and the columns `GIVEN`."""
        audience, place, objective, year = rows[:, :4].T
        return cells_of(
            self.scopes(audience, year), self.objectives.at(objective), self.places.at(place), rows[:, 4:], GIVEN,
        )  # fmt: skip

    def rows(self, rolled: Cells) -> np.ndarray:
        """Rows of `KEY` and `COLUMNS` of cells that are rolled up, in the order of the key."""
        audience, year = self.audience_and_year(rolled)
        place = self.places.keys[rolled.place]
        objective = self.objectives.keys[rolled.objective]
        order = np.lexsort((year, objective, place, audience))
        stands = [rolled.names.index(_DRAWN.get(name, name)) for name in COLUMNS]
        keys = np.column_stack(
            [np.full_like(place, self.strategy.pk), audience, place, objective, year]
        )
        return np.hstack([keys[order], rolled.values[order][:, stands]])


def given(audiences: Iterable[int], place, objective, year, **amounts: np.ndarray) -> np.ndarray:
    """Rows as `drawn` takes them, once for each audience, from columns of equal length."""
    values = np.zeros((len(year), len(GIVEN)), dtype=np.int64)
    for name, column in amounts.items():
        values[:, GIVEN.index(name)] = column
    return np.vstack(
        [
            np.column_stack([np.full(len(year), audience), place, objective, year, values])
            for audience in audiences
        ]
    )


def drawn(strategy: Strategy, rows: np.ndarray) -> np.ndarray:
    """All figures of a strategy from all that is stated and given: rows of `KEY` and `COLUMNS`, in order.

    rows: audience, place key or 0, objective key or 0, year, and the columns `GIVEN`.
    """
    trees = Trees.of(strategy)
    cells = judged(trees.cells(rows), trees.objectives, trees.places)
    return trees.rows(roll_up(cells, trees.places, HERE))


def rebuild(strategy: Strategy, rows: np.ndarray) -> None:
    """Throw the kept figures away and draw them anew from all that is stated and given."""
    SummaryCell.objects.filter(strategy=strategy).delete()
    bulk.insert_numbers(SummaryCell, (*KEY, *COLUMNS), drawn(strategy, rows))
    if connection.vendor == "sqlite":
        # It chooses indexes blindly until it has looked at its tables.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
