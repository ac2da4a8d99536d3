"""One objective, or a pillar as a whole: its money over time, its grants, who works on it, what is measured."""

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.lib.numbers import in_units, money_full, percent, period, round_half_up
from portal.lib.paging import ShortFirstPaginator
from portal.lib.tabular import KINDS, Sheet, sheet_response
from portal.templatetags.components import span

from .. import charts, stills
from ..caching import kept_for_the_public
from ..filters import lens_of
from ..lens import Lens
from ..objectives import funding, page
from ..objectives.indicators import kind_words, readings
from ..objectives.presence import Presence, WorkRows
from ..objectives.quarters import GrantRows
from ..png import png
from ..rows import rows_url
from ..sentences import completeness_notes, period_words
from . import chips
from .gaps import about

#: The filters that make sense where the address names the objective.
CHIPS = ("year", "place", "as_of", "in_kind")


def _lens(request, code: str) -> tuple[Lens, list[str]]:
    """The lens of an objective's page. Raises 404 for an unknown code."""
    lens, problems = lens_of(request)
    objective = lens.state.by_code.get(code)
    if objective is None:
        raise Http404("no such objective")
    params = {**lens.params, "objective": code}
    params.pop("p", None)
    return lens.at(objective=objective, pillar=objective.pillar, params=params), problems


@require_safe
@kept_for_the_public
def objective(request, code):
    lens, problems = _lens(request, code)
    found = page.objective_page(lens)
    grants = ShortFirstPaginator(GrantRows(lens)).get_page(request.GET.get("page"))
    works = ShortFirstPaginator(WorkRows(found.presence)).get_page(request.GET.get("who"))
    query = page.page_query(lens)
    nobody, nobody_asked = page.nobody_says(found)
    return render(
        request,
        "dashboards/objective.html",
        {
            "nav": "gaps",
            "sub": True,
            "charts": True,
            "lens": lens,
            "objective": lens.objective,
            "problems": problems,
            "crumbs": page.crumbs(found),
            "chips": [chip for chip in chips.gaps_chips(lens) if chip.name in CHIPS],
            "cleared": bool(query),
            "query": query,
            "address": lens.objective.get_absolute_url(),
            "says": page.says(found),
            "background": page.background(found),
            "bar": page.bar(found),
            "below": page.below(found) if found.children else [],
            "notes": completeness_notes(found.gaps),
            "totals": found.totals,
            "period": period_words(lens),
            "for_whom": lens.says_for_whom(),
            "money": _money(found, query),
            "who": found.presence,
            "works": works,
            "work_rows": [_work_row(found.presence, row) for row in works.object_list],
            "who_url": page.who_url(lens),
            "nobody": nobody,
            "nobody_asked": nobody_asked,
            "more_nobody": [place.name for place in found.presence.nobody[page.NAMED :]],
            "committed_url": rows_url(lens, "committed"),
            "disbursed_url": rows_url(lens, "disbursed"),
            "grants": grants,
            "grant_files": _files(code, "grants", ("csv", "xlsx"), query),
            "grant_rows": [_grant_row(lens, row) for row in grants.object_list],
            "readings": [(reading, kind_words(reading.indicator)) for reading in readings(lens)],
        },
    )


def _files(code: str, what: str, kinds: tuple[str, ...], query: str) -> list[tuple[str, str, str]]:
    labels = {"csv": _("Download CSV"), "xlsx": _("Download XLSX"), "png": _("Download PNG")}
    return [
        (kind, labels[kind], reverse("dashboards:objective-file", args=[code, what, kind]) + query)
        for kind in kinds
    ]


def _money(found: page.ObjectivePage, query: str) -> dict:
    """The section about money over time."""
    money = found.funding
    picture = funding.columns(money, found.objective.pillar)
    title = funding.title(money)
    return {
        "title": title,
        "sub": funding.subtitle(money),
        "alt": funding.alt(money),
        "still": stills.quarters(picture, web=True, prefix="money") if picture.columns else "",
        "table": funding.table(money),
        "is_by_year": money.is_by_year,
        "concentration": page.concentration_says(found),
        "files": _files(found.objective.code, "funding", ("csv", "xlsx", "png"), query),
        "any": bool(money.total or found.totals.required),
    }


def _work_row(who: Presence, row) -> dict:
    """An activity as the table shows it."""
    activity = row.activity
    words = period(activity.planned_start, activity.planned_end)
    bar = None if row.start is None else span(row.start, row.length, words, today=who.today)
    return {
        "activity": activity,
        "places": ", ".join(row.places),
        "period": words,
        "span": bar,
        "is_unconfirmed": activity.is_unconfirmed_on(who.lens.as_of),
    }


def _grant_row(lens: Lens, row) -> dict:
    """A grant as the table shows it, ready texts."""
    grant = row.grant
    numbers = [identifier.identifier for identifier in grant.identifiers.all()]
    return {
        "grant": grant,
        "number": numbers[0] if numbers else "",
        "period": _("%(year)s, days not stated")
        % {"year": lens.strategy.year_of(grant.planned_start)}
        if grant.dates_assumed and grant.planned_start
        else period(grant.planned_start, grant.planned_end),
        "share": "–" if row.share is None else percent(row.share),
        "committed": money_full(row.committed, lens.currency),
        "disbursed": money_full(row.disbursed, lens.currency) if row.disbursed else "–",
    }


@require_safe
def objective_chart(request, code):
    """The figure of money over time, for the page to draw."""
    lens, _problems = _lens(request, code)
    found = page.objective_page(lens)
    return JsonResponse(charts.quarters(funding.columns(found.funding, lens.objective.pillar)))


@require_safe
def objective_file(request, code, what, kind):
    """Money over time (a spreadsheet or a picture), or the grants behind it, all of them."""
    lens, _problems = _lens(request, code)
    name = f"objective {code} {what}"
    if what == "funding" and kind == "png":
        found = page.objective_page(lens).funding
        picture = stills.quarters(
            funding.columns(found, lens.objective.pillar), title=funding.title(found)
        )
        return HttpResponse(
            png(picture),
            content_type="image/png",
            headers={"Content-Disposition": f'attachment; filename="objective-{code}-funding.png"'},
        )
    if what not in ("funding", "grants") or kind not in KINDS:
        raise Http404
    sheet = _funding_sheet(request, lens) if what == "funding" else _grants_sheet(request, lens)
    return sheet_response(sheet, kind, name)


def _funding_sheet(request, lens: Lens) -> Sheet:
    """Committed money by quarter and funder, to the cent."""
    heads, rows = funding.sheet_rows(page.objective_page(lens).funding)
    return Sheet(f"{lens.objective}: {_('funding over time')}", about(request, lens), heads, rows)


def _grants_sheet(request, lens: Lens) -> Sheet:
    """Every grant with money in view; the columns add up to what is committed and paid out."""
    heads = [
        _("Grant"), _("Identifiers"), _("Funder"), _("Grantee"), _("From"), _("To"),
        _("Share that counts here, percent"),        _("Counts here"), _("Paid out"), _("Record"),
    ]  # fmt: skip
    found = GrantRows(lens)

    def rows(size=1000):
        for start in range(0, len(found), size):
            for row in found[start : start + size]:
                grant = row.grant
                yield [
                    grant.title,
                    "; ".join(str(identifier) for identifier in grant.identifiers.all()),
                    grant.funding_organisation.name,
                    grant.recipient_name,
                    grant.planned_start,
                    grant.planned_end,
                    None if row.share is None else round_half_up(row.share, 2),
                    in_units(row.committed, lens.currency),
                    in_units(row.disbursed, lens.currency),
                    grant.pk,
                ]

    return Sheet(f"{lens.objective}: {_('grants')}", about(request, lens), heads, rows())
