"""What a report says: the findings of its page, as texts, tables and pictures for paper."""

from django.utils import timezone
from django.utils.html import escape, strip_tags
from django.utils.text import slugify
from django.utils.translation import gettext as _

from portal.dashboards import present, skylines, stills
from portal.dashboards.findings import Bar, Block, Box
from portal.dashboards.gaps import Gap, GapsPage, findings
from portal.dashboards.lens import Lens
from portal.dashboards.rows import FIGURES, FORMULAS
from portal.dashboards.sentences import Says, completeness_notes, period_words
from portal.dashboards.views.gaps import about, years_table
from portal.dashboards.views.home import skyline
from portal.lib.numbers import money, money_short, percent_of
from strategy.analysis.coverage import most_missing
from strategy.choices import Pillar

#: How many places a table on paper holds beside each other; those with most missing are shown.
COLUMNS = 10
GAPS = 8
#: The words of the method that a report of gaps needs, in order.
METHOD = ("required", "committed", "missing", "met", "assumed", "by_rule", "untagged")


def gaps_report(request, lens: Lens) -> dict:
    """The report of the funding gaps page, for the template."""
    page = findings(lens, largest=GAPS)
    says = Says(page)
    table, left_out = _places(page)
    years_title = present.years_title(page)
    return {
        "lens": lens,
        "page": page,
        "title": _("Funding gaps"),
        "say": says.say,
        "lede": says.lede,
        "period": period_words(lens),
        "pillar": Pillar(lens.pillar).label if lens.pillar else "",
        "where": lens.place.name if lens.place else _("everywhere"),
        "for_whom": lens.says_for_whom(),
        "cover": _cover(page),
        "bars": stills.bars(_bars(page), prefix="bars", title=_bars_words(page)),
        "bars_table": present.table_rows(page),
        "years_title": years_title,
        "years": stills.years(
            present.years_finding(page), prefix="years", title=_years_words(page, years_title)
        ),
        "years_table": years_table(page),
        "by_place": table,
        "left_out": left_out,
        "by_year": present.heat_table(page, "year"),
        "rank": [_rank(lens, gap) for gap in page.largest],
        "notes": [strip_tags(note) for note in completeness_notes(page)],
        "method": [(FIGURES[key], FORMULAS[key]) for key in METHOD],
        "about": about(request, lens),
        "made_on": timezone.localdate(),
        "address": request.build_absolute_uri(_page_address(lens)),
    }


def _page_address(lens: Lens) -> str:
    from django.urls import reverse

    return reverse("dashboards:gaps") + lens.address()


def file_name(lens: Lens) -> str:
    """Without ending: `funding-gaps-fourfold-demo-prevention-kenya-2003-to-2014`."""
    parts = ["funding gaps", lens.strategy.coalition_name]
    if lens.objective:
        parts.append(lens.objective.code.replace(".", " "))
    elif lens.pillar:
        parts.append(str(Pillar(lens.pillar).label))
    if lens.place:
        parts.append(lens.place.name)
    parts.append(
        period_words(lens) if len(lens.years) < 4 else f"{lens.years[0]} to {lens.years[-1]}"
    )
    return slugify(" ".join(parts))[:120].strip("-") or "funding-gaps"


def _cover(page: GapsPage) -> str:
    """The skyline on ink; empty where nothing is asked."""
    if not page.totals.required:
        return ""
    blocks = [
        Block(
            row["number"],
            row["name"],
            boxes=tuple(
                Box(box["code"], box["need"], box["met"], box["paid"]) for box in row["objectives"]
            ),
        )
        for row in skyline(page)
    ]
    words = _("The strategy as boxes: as wide as what is asked, as high as what is met of it.")
    return skylines.cover(blocks, prefix="cover").replace(
        ">", f"><title>{escape(words)}</title>", 1
    )


def _bars(page: GapsPage) -> list[Bar]:
    """The bars that have a length: all that ask for something, or none where nothing is asked."""
    return [bar for bar in present.still_bars(page) if bar.required]


def _bars_words(page: GapsPage) -> str:
    """The bars in a sentence, for those who do not see them."""
    rows = [
        _("%(name)s: %(missing)s of %(asked)s missing")
        % {
            "name": Pillar(pillar).label,
            "missing": money(totals.missing, page.lens.currency),
            "asked": money(totals.required, page.lens.currency),
        }
        if totals.required
        else _("%(name)s: %(amount)s committed, no requirement stated")
        % {"name": Pillar(pillar).label, "amount": money(totals.committed, page.lens.currency)}
        for pillar, totals in page.pillars.items()
    ]
    return "; ".join(rows) + "."


def _years_words(page: GapsPage, title: str) -> str:
    years = list(page.years)
    words = _("Columns from %(first)s to %(last)s. The table below has the same numbers.")
    return f"{title}. {words % {'first': years[0], 'last': years[-1]}}"


def _places(page: GapsPage) -> tuple[dict, int]:
    """The heat table by place, cut to the places with most missing; and how many places were left out."""
    table = present.heat_table(page, "place")
    if len(table["columns"]) <= COLUMNS:
        return table, 0
    codes = [code for code, _name in page.columns]
    by_place = {code: totals for code, totals in _totals_by_place(page).items() if code in codes}
    best = {code for code, _totals in most_missing(by_place, COLUMNS)}
    if len(best) < COLUMNS:
        rest = sorted(
            (code for code in codes if code not in best), key=lambda code: -by_place[code].committed
        )
        best |= set(rest[: COLUMNS - len(best)])
    keep = [index for index, code in enumerate(codes) if code in best]
    cut = {
        **table,
        "columns": [table["columns"][index] for index in keep],
        "totals": [table["totals"][index] for index in keep],
        "groups": [
            {
                **group,
                "rows": [
                    {**row, "cells": [row["cells"][index] for index in keep]}
                    for row in group["rows"]
                ],
            }
            for group in table["groups"]
        ],
    }
    return cut, len(codes) - len(keep)


def _totals_by_place(page: GapsPage):
    from strategy.analysis.coverage import by_place

    return by_place(cell for cell in page.parts if cell.objective is not None)


def _rank(lens: Lens, gap: Gap) -> dict:
    return {
        "pillar": gap.objective.pillar,
        "code": gap.objective.code,
        "title": gap.objective.short_title,
        "place": gap.place,
        "asked": money_short(gap.required, lens.currency),
        "met": percent_of(max(gap.met, 0), gap.required),
        "missing": money_short(gap.unmet, lens.currency),
    }
