"""Beside the form: how far this objective is funded here, what this budget would change, who does the like."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.choices import DeliveryMode, Exploitation, Population, WriterChoice
from activities.models import Activity
from activities.overlaps import Draft, similar_to
from portal.directory.choices import PlaceKind
from portal.directory.models import Place
from portal.lib.numbers import money_short, month, whole
from strategy.analysis.coverage import total

from ..gather import cells
from ..lens import Lens, plain_lens
from ..present import funded, funded_text, share_of
from ..rows import rows_url
from .choices import Options
from .entry import MOST_DESCRIPTION, MOST_TITLE, Entry, Typed, equal_shares

MOST_SIMILAR = 5


def panel(options: Options, typed: Typed) -> dict:
    """What the panel shows for what is typed so far; `funding` is None until an objective is chosen."""
    chosen = [
        options.objectives[key] for key in typed.keys_of("objective") if key in options.objectives
    ]
    chosen = [node for node in chosen if node.strategy_id == options.strategy.pk]
    places = Place.objects.in_bulk(typed.keys_of("place")[: MOST_SIMILAR * 4])
    places = [places[key] for key in typed.keys_of("place") if key in places]
    lens = plain_lens(options.request, options.strategy)
    funding = _funding(lens, chosen[0], places) if chosen else None
    rows = similar_rows(options, typed, places) if chosen else []
    return {
        "pillar": chosen[0].pillar if chosen else None,
        "funding": funding,
        "similar": rows,
        "similar_says": _similar_says(len(rows)) if chosen else "",
        "says": f"{funding['says']} {_similar_says(len(rows))}" if funding else "",
        "choices": WriterChoice.choices,
    }  # fmt: skip


def _similar_says(count: int) -> str:
    if not count:
        return _("No similar activity found")
    return ngettext("%(n)s similar activity", "%(n)s similar activities", count) % {
        "n": whole(count)
    }


def _funding(lens: Lens, objective, places: list[Place]) -> dict:
    """The first objective in the first place: share, bar and what is missing."""
    place = places[0] if places else None
    params = {"objective": objective.code}
    if place and place.kind != PlaceKind.WORLD:
        params["place"] = place.code
        lens = lens.at(place=place)
    lens = lens.at(objective=objective, pillar=objective.pillar, params=params)
    totals = total(cells(lens))
    asked = totals.required > 0
    where = place.name if place else _("all places")
    text = funded_text(totals)
    return {
        "title": _("Objective %(code)s in %(place)s") % {"code": objective.code, "place": where},
        "asked": asked,
        "text": text,
        "url": rows_url(lens, "committed"),
        "says": _("%(share)s funded here.") % {"share": text}
        if asked
        else _("No requirement stated here."),
        "committed": money_short(totals.committed, lens.currency),
        "met": share_of(totals.met, totals.required),
        "paid": share_of(min(totals.disbursed, totals.met), totals.required),
        "over": float(funded(totals)) if asked and not totals.missing else None,
        "label": _("%(amount)s missing") % {"amount": money_short(totals.missing)}
        if totals.missing
        else "",
    }


def similar_rows(options: Options, typed: Typed, places: list[Place]) -> list[dict]:
    """Up to five activities that the writer sees and that are alike, and those about which something was said."""
    found = similar_to(draft_of(options, typed, places), options.user, MOST_SIMILAR).shown
    rows = {one.activity.pk: _row(one.activity, typed, one.reasons) for one in found}
    for said in Entry(typed, options).said():
        rows.setdefault(said.other.pk, _row(said.other, typed, []))
    return list(rows.values())


def draft_of(options: Options, typed: Typed, places: list[Place]) -> Draft:
    """What is typed so far, as far as it makes sense, for the search for similar activities."""
    entry = Entry(typed, options)
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
