"""Funding gaps: where money is missing, by how much, where and since when."""

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.lib.numbers import day, in_units, percent_of
from portal.lib.tabular import KINDS, Sheet, sheet_response
from strategy.choices import Pillar

from .. import present, stills
from ..caching import kept_for_the_public
from ..charts import years as years_chart
from ..filters import lens_of
from ..gaps import findings
from ..lens import Lens
from ..png import png
from ..sentences import Says, completeness_notes, period_words
from . import chips

BY = ("place", "year")


@require_safe
@kept_for_the_public
def gaps(request):
    lens, problems = lens_of(request)
    page = findings(lens)
    by = request.GET.get("by") if request.GET.get("by") in BY else "place"
    says = Says(page)
    address = lens.address(by=by if by != "place" else None)
    return render(
        request,
        "dashboards/gaps.html",
        {
            "nav": "gaps",
            "charts": True,
            "lens": lens,
            "page": page,
            "problems": problems,
            "say": says.say,
            "lede": says.lede,
            "notes": completeness_notes(page),
            "chips": chips.gaps_chips(lens),
            "cleared": bool(lens.params),
            "bars": present.bar_rows(page),
            "bars_table": present.table_rows(page),
            "years_title": present.years_title(page),
            "years_still": stills.years(present.years_finding(page), web=True),
            "years_table": years_table(page),
            "heat": present.heat_table(page, by),
            "by": by,
            "by_links": [
                (key, label, lens.address(by=key) + "#heat") for key, label in _by_labels()
            ],
            "rank": present.rank_rows(lens, page.largest),
            "address": address,
            "query": lens.address(),
            "period": period_words(lens),
            "for_whom": lens.says_for_whom(),
        },
    )


def _by_labels():
    return [("place", _("By place")), ("year", _("By year"))]


def years_table(page) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of the table beside the year columns, ready texts."""
    pillars = sorted(page.pillars)
    heads = [str(Pillar(pillar).label) for pillar in pillars] + [
        _("Committed"),
        _("Asked"),
        _("Met"),
        _("Missing"),
    ]
    rows = []
    for year, totals in page.years.items():
        by = [page.by_year_and_pillar.get((year, pillar)) for pillar in pillars]
        rows.append(
            [str(year)]
            + [present.money_short(part.committed) if part else "0" for part in by]
            + [
                present.money_short(totals.committed),
                present.money_short(totals.required) if totals.required else "–",
                percent_of(max(totals.met, 0), totals.required) or "–",
                present.money_short(totals.missing) if totals.required else "–",
            ]
        )
    return heads, rows


@require_safe
def gaps_chart(request):
    """The figure of the year columns, for the page to draw."""
    lens, _problems = lens_of(request)
    return JsonResponse(years_chart(present.years_finding(findings(lens, largest=0))))


@require_safe
def gaps_file(request, kind):
    """What the page shows, by objective, place and year, as a spreadsheet or a picture."""
    lens, _problems = lens_of(request)
    page = findings(lens, largest=0)
    if kind == "png":
        picture = stills.years(present.years_finding(page), title=present.years_title(page))
        return HttpResponse(
            png(picture),
            content_type="image/png",
            headers={"Content-Disposition": 'attachment; filename="funding-gaps.png"'},
        )
    if kind not in KINDS:
        raise Http404
    return sheet_response(gaps_sheet(request, lens, page), kind, "funding gaps")


def about(request, lens: Lens, address: str | None = None) -> list[tuple[str, str]]:
    """What every file says of itself: filters, date, for whom, address."""
    return [
        (_("Strategy"), str(lens.strategy)),
        (_("Years"), period_words(lens)),
        (_("Place"), lens.place.name if lens.place else _("everywhere")),
        (
            _("Objectives"),
            str(lens.objective or (Pillar(lens.pillar).label if lens.pillar else _("all"))),
        ),
        (_("In kind"), _("counted as money") if lens.in_kind else _("not in these figures")),
        (_("As of"), day(lens.as_of)),
        (_("Drawn for"), lens.says_for_whom()),
        (_("Amounts in"), lens.currency),
        (
            _("Address"),
            request.build_absolute_uri(address or reverse("dashboards:gaps") + lens.address()),
        ),
        *([(_("Notice"), lens.strategy.notice)] if lens.strategy.notice else []),
    ]


def gaps_sheet(request, lens: Lens, page) -> Sheet:
    """One row per objective, place and year; amounts in units of the currency."""
    names = dict(page.columns)
    columns = [
        _("Pillar"), _("Objective"), _("Place code"), _("Place"), _("Year"), _("Asked"), _("Met"), _("Missing"),
        _("Committed"), _("Beyond what is asked"), _("Paid out"), _("Pledged"), _("In kind"),
        _("Committed on an assumed split"), _("Committed, tagged by rule"), _("Requirements"),
        _("Requirements that got nothing"),
    ]  # fmt: skip

    def units(cents):
        return in_units(cents, lens.currency)

    def rows():
        for cell in page.parts:
            yield [
                str(Pillar(cell.pillar).label) if cell.pillar else _("no objective"),
                cell.objective or "",
                cell.place or "",
                names.get(cell.place) or _("as a whole, or place not stated"),
                cell.year,
                units(cell.required), units(cell.required - cell.unmet), units(cell.unmet), units(cell.committed),
                units(cell.surplus), units(cell.disbursed), units(cell.pledged), units(cell.in_kind),
                units(cell.assumed), units(cell.by_rule), cell.asked_cells, cell.empty_cells,
            ]  # fmt: skip

    return Sheet(_("Funding gaps"), about(request, lens), columns, rows())
