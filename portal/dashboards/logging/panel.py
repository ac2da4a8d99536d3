"""Beside the form: how far this objective is funded here, what this budget would change, who does the like."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.choices import DeliveryMode, Exploitation, Population, WriterChoice
from activities.models import Activity
from activities.overlaps import Draft, similar_to
from portal.directory.models import Place
from portal.lib.numbers import month, whole

from ..lens import plain_lens
from .choices import Options, places_by_key
from .effects import Budget, effects
from .entry import MOST_DESCRIPTION, MOST_TITLE, Entry
from .typed import Typed, equal_shares, or_zero

MOST_SIMILAR = 5
#: Pairs of an objective and a place of which the panel says how they stand.
MOST_EFFECTS = 3
MOST_PLACES = 20


def panel(options: Options, typed: Typed) -> dict:
    """What the panel shows for what is typed so far; nothing until an objective is chosen."""
    entry = Entry(typed, options)
    nodes = [
        options.objectives[key] for key in typed.keys_of("objective") if key in options.objectives
    ]
    nodes = [node for node in nodes if node.strategy_id == options.strategy.pk]
    if not nodes:
        return {"effects": [], "similar": [], "says": "", "choices": WriterChoice.choices}
    places = places_by_key(typed.keys_of("place")[:MOST_PLACES])
    found = effects(
        plain_lens(options.request, options.strategy),
        _with_shares(typed, "objective", nodes),
        _with_shares(typed, "place", places),
        budget_of(entry),
    )
    rows = similar_rows(options, entry, places)
    words = similar_says(len(rows))
    return {
        "effects": found[:MOST_EFFECTS],
        "similar": rows,
        "similar_says": words,
        "says": f"{found[0].says} {words}",
        "choices": WriterChoice.choices,
    }  # fmt: skip


def _with_shares(typed: Typed, name: str, chosen: list) -> list[tuple]:
    """What is chosen with its shares; in equal parts as long as they do not make 100."""
    given = [or_zero(typed.one(f"{name}_share-{one.pk}")) for one in chosen]
    if sum(given) != 100:
        given = equal_shares(len(chosen))
    return list(zip(chosen, given, strict=True))


def budget_of(entry: Entry) -> Budget | None:
    """What the activity costs, and when, as far as it is typed."""
    amount, currency = entry.budget()
    start, end = entry.dates()
    return Budget(amount, currency, start, end) if amount else None


def similar_says(count: int) -> str:
    if not count:
        return _("No similar activity found")
    return ngettext("%(n)s similar activity", "%(n)s similar activities", count) % {
        "n": whole(count)
    }


def similar_rows(options: Options, entry: Entry, places: list[Place]) -> list[dict]:
    """Up to five activities that the writer sees and that are alike, and those about which something was said."""
    typed = entry.typed
    found = similar_to(draft_of(options, entry, places), options.user, MOST_SIMILAR).shown
    rows = {one.activity.pk: _row(one.activity, typed, one.reasons) for one in found}
    for said in entry.said():
        rows.setdefault(said.other.pk, _row(said.other, typed, []))
    return list(rows.values())


def draft_of(options: Options, entry: Entry, places: list[Place]) -> Draft:
    """What is typed so far, as far as it makes sense, for the search for similar activities."""
    typed = entry.typed
    start, end = entry.dates()
    if start and end and end < start:
        end = None
    objectives = [key for key in typed.keys_of("objective") if key in options.objectives]
    return Draft(
        title=typed.one("title")[:MOST_TITLE].replace("\0", ""),
        description=typed.one("description")[:MOST_DESCRIPTION].replace("\0", ""),
        objectives=dict(zip(objectives, equal_shares(len(objectives)), strict=True)),
        places=dict(zip([one.pk for one in places], equal_shares(len(places)), strict=True)),
        planned_start=start,
        planned_end=end,
        populations=tuple(entry.choices("population", Population, "people")),
        exploitations=tuple(entry.choices("exploitation", Exploitation, "people")),
        mode_of_delivery=entry.choice("delivery", DeliveryMode, "description"),
        organisation=entry.own_organisation(),
        participants=dict(entry.participants()),
        activity=options.activity.pk if options.activity else None,
    )


def _row(activity: Activity, typed: Typed, why: list[str]) -> dict:
    ends = activity.actual_end or activity.planned_end
    who = activity.reporting_organisation.name
    return {
        "key": activity.pk,
        "title": activity.title,
        "url": activity.get_absolute_url(),
        "who": _("%(who)s, until %(month)s") % {"who": who, "month": month(ends)} if ends else who,
        "reasons": why,
        "choice": typed.one(f"say-{activity.pk}"),
        "reason": typed.one(f"why-{activity.pk}"),
    }
