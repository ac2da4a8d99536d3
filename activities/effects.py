"""What many new activities change for the coalition: places that asked for somebody, and had nobody."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from strategy.models import Expectation, Requirement

from .models import Activity, ActivityPlace

Cell = tuple[int, int]  # objective, place


@dataclass(frozen=True, slots=True)
class Effects:
    """The cells that rows are about, and how many rows each; which of them had somebody, which ask for somebody."""

    wanted: Mapping[Cell, int]
    present: frozenset[Cell]
    asked: frozenset[Cell]

    def newly_covered(self) -> list[list[int]]:
        """[objective, place, number of rows] of cells that ask for somebody and had nobody; most rows first."""
        found = [cell for cell in self.wanted if cell in self.asked and cell not in self.present]
        found.sort(key=lambda cell: (-self.wanted[cell], cell))
        return [[*cell, self.wanted[cell]] for cell in found]


def cells_of(many: Iterable[Mapping[str, Any]]) -> Counter:
    """The cells that activities with these values stand in, with how many of them."""
    return Counter(
        (objective, place)
        for values in many
        for objective in values["objectives"]
        for place in values["places"]
    )


def effects(wanted: Mapping[Cell, int]) -> Effects:
    """What is so before the rows are written. Three queries."""
    objectives = {objective for objective, _place in wanted}
    places = {place for _objective, place in wanted}
    asked: set[Cell] = set()
    for model in (Requirement, Expectation):
        rows = model.objects.filter(objective__in=objectives, place__in=places)
        asked |= set(rows.order_by().values_list("objective_id", "place_id").distinct())
    return Effects(wanted, frozenset(_present(objectives, sorted(places))), frozenset(asked))


def _present(objectives: set[int], places: Sequence[int]) -> set[Cell]:
    counting = Activity.objects.counting()
    rows = ActivityPlace.objects.filter(
        activity__in=counting,
        place__in=places,
        activity__objective_shares__objective__in=objectives,
    )
    return set(
        rows.order_by().values_list("activity__objective_shares__objective", "place").distinct()
    )
