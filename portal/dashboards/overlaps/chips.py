"""The filter chips of the overlaps."""

from django.utils.translation import gettext as _

from activities.choices import OverlapKind
from portal.dashboards.views.chips import Chip, Option, objective_chip, place_chip

from .filters import STAGES, Chosen


def chips(selection: Chosen) -> list[Chip]:
    """Objective or pillar, place, kind, and how far the talk is."""
    lens = selection.lens.at(
        objective=selection.objective,
        place=selection.place,
        pillar=selection.objective.pillar if selection.objective else None,
    )
    found = [
        objective_chip(lens),
        place_chip(lens),
        _choice(
            "kind", _("Kind"), "intersect", selection.kind, OverlapKind.choices, _("all kinds")
        ),
    ]
    if selection.shows == "open":
        found.append(
            _choice(
                "stage", _("State"), "chat-left-text", selection.stage, STAGES.items(), _("all")
            )
        )
    return found


def _choice(name, label, icon, value, choices, everything) -> Chip:
    labels = {key: str(words) for key, words in choices}
    options = [Option("", everything[0].upper() + everything[1:], not value)]
    options += [Option(key, words, key == value) for key, words in labels.items()]
    return Chip(
        name, label, labels.get(value, everything), icon, "radios", tuple(options), on=bool(value)
    )
