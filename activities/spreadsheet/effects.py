"""What many new activities change for the coalition: places that asked for somebody, and had nobody."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.directory.models import Place
from portal.lib.numbers import whole as whole_number
from strategy.models import Expectation, Objective, Requirement

from ..models import Activity, ActivityPlace

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


def shown_effects(whole) -> list[tuple[str, str, str]]:
    """What an import changed, in sentences: kind of check (yes, part), finding, what it means. Two queries at most."""
    found = []
    covered = whole.result.get("covered", [])
    waits = bool(whole.result.get("reviewed"))
    if covered:
        cells = len(covered)
        title = ngettext(
            "%(number)s empty cell of the strategy has somebody at work",
            "%(number)s empty cells of the strategy have somebody at work",
            cells,
        ) % {"number": whole_number(cells)}
        if waits:
            title = ngettext(
                "%(number)s empty cell of the strategy will have somebody at work",
                "%(number)s empty cells of the strategy will have somebody at work",
                cells,
            ) % {"number": whole_number(cells)}
        found.append(("yes", title, _cells_in_words(covered[:5], more=cells - 5)))
    if waits:
        title = ngettext(
            "%(number)s activity waits for the secretariat",
            "%(number)s activities wait for the secretariat",
            whole.result["reviewed"],
        ) % {"number": whole_number(whole.result["reviewed"])}
        found.append(
            ("part", title, _("What waits is seen by others, and counts, once it is accepted."))
        )
    if held := whole.result.get("held"):
        title = ngettext("%(number)s text is held back", "%(number)s texts are held back", held) % {
            "number": whole_number(held)
        }
        words = _("It looked like data of a person. The secretariat looks at it first.")
        found.append(("part", title, words))
    return found


def _cells_in_words(cells: Sequence[Sequence[int]], more: int) -> str:
    """As in: 1.4 in Lake Plain, 1.2 in Kenya and 3 more."""
    objectives = Objective.objects.in_bulk([cell[0] for cell in cells])
    places = Place.objects.in_bulk([cell[1] for cell in cells])
    named = [
        _("%(objective)s in %(place)s")
        % {"objective": objectives[cell[0]].code, "place": places[cell[1]].name}
        for cell in cells
        if cell[0] in objectives and cell[1] in places
    ]
    words = _("Nobody was there before: %(cells)s") % {"cells": ", ".join(named)}
    if more > 0:
        return _("%(words)s and %(number)s more.") % {"words": words, "number": whole_number(more)}
    return f"{words}."


def cells_of(many: Iterable[Mapping[str, Any]]) -> Counter:
    """The cells that activities with these values stand in, with how many of them."""
    return Counter(
        (objective, place)
        for values in many
        for objective in values["objectives"]
        for place in values["places"]
    )


def effects(wanted: Mapping[Cell, int], user) -> Effects:
    """What is so before the rows are written, as far as `user` may see. Three queries."""
    objectives = {objective for objective, _place in wanted}
    places = {place for _objective, place in wanted}
    asked: set[Cell] = set()
    for model in (Requirement, Expectation):
        rows = model.objects.filter(objective__in=objectives, place__in=places)
        asked |= set(rows.order_by().values_list("objective_id", "place_id").distinct())
    return Effects(wanted, frozenset(_present(objectives, sorted(places), user)), frozenset(asked))


def _present(objectives: set[int], places: Sequence[int], user) -> set[Cell]:
    counting = Activity.objects.visible_to(user).counting()
    rows = ActivityPlace.objects.filter(
        activity__in=counting,
        place__in=places,
        activity__objective_shares__objective__in=objectives,
    )
    return set(
        rows.order_by().values_list("activity__objective_shares__objective", "place").distinct()
    )
