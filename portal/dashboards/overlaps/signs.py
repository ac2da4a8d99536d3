"""The five signs by which activities look alike, as readers see them: whole, in part, not, or not said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activities.models import Activity, Overlap
from portal.directory.access import Viewer
from portal.directory.models import Place
from portal.lib.numbers import month, whole
from portal.records.choices import LocationPrecision
from portal.records.places import SHOWN_KINDS

#: From which value on a part of the score is a whole sign, and from which on it is one in part.
LEVELS = {
    "objective": (0.99, 0.35),
    "place": (0.99, 0.1),
    "period": (0.5, 0.01),
    "people": (0.99, 0.3),
    "text": (0.6, 0.12),
}
SIGNS = ("objective", "place", "period", "people", "text")
LABELS = {
    "objective": gettext_lazy("Objective"),
    "place": gettext_lazy("Place"),
    "period": gettext_lazy("Period"),
    "people": gettext_lazy("People"),
    "text": gettext_lazy("What it says"),
}


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign. level: "on", "half", "off", or "none" where one of the two does not say."""

    key: str
    level: str
    words: str

    @property
    def label(self) -> str:
        return str(LABELS[self.key])

    @property
    def dot(self) -> str:
        return self.level if self.level in ("on", "half") else ""


def signs_of(overlap: Overlap) -> list[Sign]:
    """The five signs of a pair, in their order."""
    parts = {**overlap.parts, "people": overlap.parts.get("population")}
    return [
        Sign(key, level, _words(key, level, overlap))
        for key in SIGNS
        for level in (_level(key, parts.get(key)),)
    ]


def _level(key: str, value: float | None) -> str:
    if value is None:
        return "none"
    whole_, half = LEVELS[key]
    if value >= whole_:
        return "on"
    return "half" if value >= half else "off"


def _words(key: str, level: str, overlap: Overlap) -> str:
    if level == "none":
        return _("Not said")
    if key == "period":
        days = shared_days(overlap.shared_from, overlap.shared_until)
        if days:
            return days
    if key == "text":
        return {
            "on": _("Much the same words"),
            "half": _("Similar words"),
            "off": _("Other words"),
        }[level]
    if key == "objective" and level == "half":
        return _("One is part of the other")
    if key == "place" and level == "half":
        return _("One lies in the other")
    return {"on": _("Same"), "half": _("In part"), "off": _("Different")}[level]


def shared_days(first: date | None, last: date | None) -> str:
    """`Both run in Feb 2027`, `Both run from Feb to Apr 2027`; empty where they never meet."""
    if first is None or last is None:
        return ""
    if (first.year, first.month) == (last.year, last.month):
        return _("Both run in %(month)s") % {"month": month(first)}
    return _("Both run from %(first)s to %(last)s") % {"first": month(first), "last": month(last)}


def matching(signs: list[Sign]) -> str:
    """`4 of 5 signs match, 1 in part`."""
    count = sum(sign.level == "on" for sign in signs)
    halves = sum(sign.level == "half" for sign in signs)
    text = ngettext(
        "%(number)s of %(all)s signs matches", "%(number)s of %(all)s signs match", count
    ) % {"number": whole(count), "all": whole(len(signs))}
    if halves:
        text = _("%(signs)s, %(number)s in part") % {"signs": text, "number": whole(halves)}
    return text


def seen_place(overlap: Overlap, viewer: Viewer) -> Place | None:
    """The place that both are in, no more precisely than this reader may see both. No query with parents read."""
    place = overlap.place
    for activity in (overlap.first, overlap.second):
        if place is None:
            return None
        place = _shown(place, activity, viewer)
    return place


def _shown(place: Place, activity: Activity, viewer: Viewer) -> Place | None:
    if viewer.is_secretariat or activity.is_owned_by(viewer):
        return place
    kinds = SHOWN_KINDS[LocationPrecision(activity.location_precision)]
    found: Place | None = place
    while found is not None and found.kind not in kinds:
        found = found.parent
    return found


def reasons(overlap: Overlap, signs: list[Sign], place: Place | None) -> list[str]:
    """The signs as short words: “Objective 2.4”, “North Border”, “Both run in Feb 2027”."""
    levels: Mapping[str, Sign] = {sign.key: sign for sign in signs}
    found = []
    if overlap.objective is not None and levels["objective"].dot:
        found.append(_("Objective %(code)s") % {"code": overlap.objective.code})
    if place is not None and levels["place"].dot:
        found.append(place.name)
    if levels["period"].dot:
        found.append(levels["period"].words)
    if levels["people"].dot:
        found.append(
            _("Same people") if levels["people"].level == "on" else _("Some of the people")
        )
    if levels["text"].dot:
        found.append(levels["text"].words)
    return found
