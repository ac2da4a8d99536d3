"""The first page: the coalition and its gap in ten seconds."""

from django.db.models import Count, Subquery, Value
from django.db.models.functions import Coalesce
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from activities.models import Activity, ActivityPlace, counted_once
from portal.lib.numbers import money_short, percent_of, whole
from strategy.analysis.coverage import Totals
from strategy.choices import Pillar

from .. import present
from ..caching import kept_for_the_public
from ..gaps import GapsPage, findings
from ..lens import Lens, plain_lens
from ..rows import rows_url
from ..sentences import Says, completeness_notes, period_words
from ..state import in_force

SENTENCES = 4


@require_safe
@kept_for_the_public
def home(request):
    if in_force(request) is None:
        return render(request, "dashboards/no_strategy.html", {"nav": "home"})
    lens = plain_lens(request)
    page = findings(lens, largest=5)
    says = Says(page)
    return render(
        request,
        "dashboards/home.html",
        {
            "nav": "home",
            "lens": lens,
            "page": page,
            "say": says.say,
            "lede": says.lede[:SENTENCES],
            "intro": {"members": lens.state.members, "funders": lens.state.funders},
            "skyline": skyline(page),
            "boxes": boxes_are(page),
            "sky_table": present.table_rows(page),
            "facts": facts(request, page),
            "rank": present.rank_rows(lens, page.largest),
            "notes": completeness_notes(page),
            "period": period_words(lens),
        },
    )


def boxes_are(page: GapsPage) -> str:
    """What the boxes of the skyline stand for: `objectives`, or `places` where only whole pillars ask for something."""
    below = [code for code, totals in page.objectives.items() if "." in code and totals.required]
    return "objectives" if below else "places"


def skyline(page: GapsPage) -> list[dict]:
    """Blocks by pillar, with a box per objective, or per place where requirements are stated for whole pillars only."""
    by_objectives = boxes_are(page) == "objectives"
    blocks = []
    for pillar in Pillar:
        totals = page.pillars.get(pillar.value, Totals())
        boxes = []
        if totals.required:
            boxes = _objective_boxes(page, pillar) if by_objectives else _place_boxes(page, pillar)
        text = (
            _("%(missing)s missing of %(asked)s")
            % {"missing": money_short(totals.missing), "asked": money_short(totals.required)}
            if totals.required
            else _("%(amount)s committed") % {"amount": money_short(totals.committed)}
        )
        blocks.append(
            {
                "number": pillar.value,
                "name": str(pillar.label),
                "need": totals.required,
                "share": present.funded_text(totals) if totals.required else "",
                "text": text,
                "objectives": boxes,
            }
        )
    return blocks


def _box(totals: Totals, code: str, short: str, title: str, url: str) -> dict:
    return {
        "code": code,
        "short": short,
        "url": url,
        "need": totals.required,
        "met": float(max(present.funded(totals), 0)),
        "paid": present.share_of(min(totals.disbursed, totals.committed), totals.required),
        "share": present.funded_text(totals),
        "text": _("%(title)s: %(share)s met, %(amount)s missing")
        % {
            "title": title,
            "share": present.funded_text(totals),
            "amount": money_short(totals.missing),
        },
    }


def _objective_boxes(page: GapsPage, pillar: int) -> list[dict]:
    return [
        _box(totals, node.code, node.short_title, node.title, node.get_absolute_url())
        for node in page.lens.in_view.values()
        if node.pillar == pillar and (totals := page.objectives.get(node.code)) and totals.required
    ]


def _place_boxes(page: GapsPage, pillar: int) -> list[dict]:
    names = dict(page.columns)
    rows = sorted(
        ((code, totals) for code, totals in page.places(pillar).items() if totals.required),
        key=lambda row: -row[1].required,
    )
    root = next(
        node for node in page.lens.objectives.values() if node.pillar == pillar and node.is_pillar
    )
    return [
        _box(totals, "", names[code], names[code], f"{root.get_absolute_url()}?place={code}")
        for code, totals in rows
    ]


def facts(request, page: GapsPage) -> list[dict]:
    """The four numbers; each leads to its rows."""
    lens, totals, user = page.lens, page.totals, request.user
    count, reporting, places = at_work(lens, user)
    share = percent_of(max(totals.met, 0), totals.required)
    return [
        {
            "value": money_short(totals.required, lens.currency),
            "url": rows_url(lens, "required"),
            "text": _("asked by the strategy, %(period)s") % {"period": period_words(lens)},
        },
        {
            "value": money_short(totals.missing, lens.currency),
            "url": rows_url(lens, "missing"),
            "text": _("still missing; %(share)s of what is asked is met") % {"share": share}
            if share
            else _("no requirement stated"),
        },
        {
            "value": money_short(totals.committed, lens.currency),
            "url": rows_url(lens, "committed"),
            "text": _("committed; %(amount)s of it fills no gap")
            % {"amount": money_short(totals.beyond)}
            if totals.required and totals.beyond > 0
            else _("committed, %(period)s") % {"period": period_words(lens)},
        },
        {
            "value": ngettext("%(number)s activity", "%(number)s activities", count)
            % {"number": whole(count)},
            "url": _who_url(),
            "text": _("by %(organisations)s, in %(places)s")
            % {
                "organisations": ngettext(
                    "%(number)s organisation", "%(number)s organisations", reporting
                )
                % {"number": whole(reporting)},
                "places": ngettext("%(number)s place", "%(number)s places", places)
                % {"number": whole(places)},
            },
        },
    ]


def at_work(lens: Lens, user) -> tuple[int, int, int]:
    """How many activities this reader sees, of how many organisations, in how many places. Counted once per state."""
    if "at work" not in lens.known:
        activities = Activity.objects.visible_to(user).counting().order_by()
        shares = ActivityPlace.objects.filter(activity__in=activities.values("pk")).order_by()
        places = shares.annotate(all=Value(1)).values("all")
        counts = (
            activities.annotate(all=Value(1))
            .values("all")
            .annotate(once=Count("pk", filter=counted_once(user)))
            .values_list(
                "once",
                Count("reporting_organisation", distinct=True),
                Coalesce(Subquery(places.annotate(n=Count("place", distinct=True)).values("n")), 0),
            )
        )
        lens.known["at work"] = next(iter(counts), (0, 0, 0))
    return lens.known["at work"]


def _who_url() -> str:
    from django.urls import reverse

    return f"{reverse('dashboards:who')}?when=all"
