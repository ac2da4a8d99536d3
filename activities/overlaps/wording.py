"""Why two activities look alike, in words, and the place that both name."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.models import Overlap
from portal.directory.models import Place
from portal.directory.tree import PlaceTree
from portal.records.places import shown_place as place_shown
from strategy.analysis.overlap import (
    DELIVERY,
    OBJECTIVE,
    PARTICIPANTS,
    PLACE,
    POPULATION,
    TEXT,
)
from strategy.analysis.overlap import groups as connected


def reasons(found) -> list[str]:
    """One short sentence for each part that matches, the strongest kind of sameness first.

    found: anything with `parts`, `shared_words`, `shared_from` and `shared_until`.
    """
    parts, said = found.parts, []

    def at_least(name, value):
        return (parts.get(name) or 0) >= value

    if at_least(OBJECTIVE, 0.99):
        said.append(_("Same objective"))
    elif at_least(OBJECTIVE, 0.35):
        said.append(_("Related objectives"))
    if at_least(PLACE, 0.99):
        said.append(_("Same place"))
    elif at_least(PLACE, 0.1):
        said.append(_("One place lies in the other"))
    if found.shared_from and found.shared_until:
        said.append(_days(found))
    if at_least(POPULATION, 0.99):
        said.append(_("Same people"))
    elif at_least(POPULATION, 0.3):
        said.append(_("Partly the same people"))
    if at_least(DELIVERY, 1):
        said.append(_("Same way of working"))
    if at_least(TEXT, 0.12) and found.shared_words:
        words = ", ".join(found.shared_words[:4])
        text = _("Same words: %(words)s") if at_least(TEXT, 0.6) else _("Shared words: %(words)s")
        said.append(text % {"words": words})
    if at_least(PARTICIPANTS, 0.99):
        said.append(_("One organisation takes part in both"))
    elif at_least(PARTICIPANTS, 0.2):
        said.append(_("A partner or funder in common"))
    return said


def _days(found) -> str:
    months = max(1, round(((found.shared_until - found.shared_from).days + 1) / 30.44))
    return ngettext("Both run for %(months)d month", "Both run for %(months)d months", months) % {
        "months": months
    }


def groups(overlaps: Iterable[Overlap]) -> list[list[Overlap]]:
    """Overlaps whose activities hang together, as one group each; the strongest first, in the group too.

    Give it rows that the reader sees, so that a hidden record joins nothing.
    """
    rows = list(overlaps)
    group_of = {
        key: number
        for number, keys in enumerate(connected((row.first_id, row.second_id) for row in rows))
        for key in keys
    }
    found: dict[int, list[Overlap]] = {}
    for row in rows:
        found.setdefault(group_of[row.first_id], []).append(row)
    for members in found.values():
        members.sort(key=lambda row: (-row.score, row.pk))
    return sorted(found.values(), key=lambda members: (-members[0].score, members[0].pk))


def shown_place(overlap: Overlap, user) -> Place | None:
    """The place both work in, as precisely as this reader may know it of both; None where one hides it."""
    if overlap.place_id is None:
        return None
    tree = PlaceTree.of([overlap.place_id])
    key: int | None = overlap.place_id
    for activity in (overlap.first, overlap.second):
        if not activity.sees_exact_place(user):
            key = place_shown(key, activity.location_precision, tree)
    return Place.objects.filter(pk=key).first() if key else None
