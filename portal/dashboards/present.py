"""From findings to what components take: ready texts, lengths and addresses. No figure is computed here."""

from functools import lru_cache
from itertools import pairwise

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.lib.numbers import money, money_short, percent, percent_of, round_half_up, whole
from strategy.analysis.coverage import Totals
from strategy.choices import Pillar

from .findings import Bar, Column, Columns, Series
from .gaps import Gap, GapsPage
from .lens import Lens, frozen, query_string
from .rows import rows_path, rows_url


def funded(totals: Totals):
    """The percentage that pictures are filled to: what is met of what is asked.

    Above 100 only where nothing is missing; None where nothing is asked.
    So the hatched area of a picture is exactly the missing money.
    """
    if not totals.required:
        return None
    return totals.met_share if totals.missing else 100 * totals.coverage


def funded_text(totals: Totals) -> str:
    share = funded(totals)
    if share is None:
        return _("no requirement stated")
    if totals.missing and round_half_up(share) >= 100:
        return f">{percent(99)}"
    return percent(max(share, 0))


def share_of(part: int, whole_: int) -> float:
    """0 to 100, for a length in a picture."""
    return 100 * max(part, 0) / whole_ if whole_ > 0 else 0


def heat_kind(totals: Totals) -> str:
    """The class of a heat cell: c0 to c6 by percent funded, cx where money stands and nothing is asked."""
    share = funded(totals)
    if share is None:
        return "cx"
    for step, limit in enumerate((10, 25, 50, 75, 100)):
        if share < limit:
            return f"c{step}"
    return "c5" if share <= 105 else "c6"


def pillar_filter(lens: Lens, pillar: int) -> dict:
    return {} if lens.objective else {"p": pillar}


def bar_rows(page: GapsPage) -> list[dict]:
    """A bar per pillar; per objective where the reader chose a pillar that has objectives with figures."""
    lens = page.lens
    if lens.objective or not lens.pillar:
        rows = [
            (pillar, str(Pillar(pillar).label), "", page.pillars[pillar])
            for pillar in sorted(page.pillars)
        ]
    else:
        rows = [
            (lens.pillar, node.short_title, node.code, page.objectives[node.code])
            for node in lens.in_view.values()
            if node.code in page.objectives
        ]
    longest = max((max(totals.required, 0) for *_rest, totals in rows), default=0)
    most = max((totals.committed for *_rest, totals in rows if not totals.required), default=0)
    return [_bar(lens, *row, longest or most) for row in rows]


def _bar(lens: Lens, pillar: int, name: str, code: str, totals: Totals, longest: int) -> dict:
    narrowed = {"objective": code} if code else pillar_filter(lens, pillar)
    asked = totals.required > 0
    return {
        "pillar": pillar,
        "name": name,
        "code": code,
        "url": rows_url(lens, "missing" if asked else "committed", **narrowed),
        "share": funded_text(totals) if asked else "",
        "met": share_of(totals.met, totals.required),
        "paid": share_of(min(totals.disbursed, totals.met), totals.required),
        "length": min(100, share_of(totals.required if asked else totals.committed, longest)),
        "over": float(funded(totals)) if asked and not totals.missing else None,
        "label": _("%(amount)s missing") % {"amount": money_short(totals.missing)}
        if totals.missing
        else "",
        "asked": asked,
        "sub": bar_words(lens, totals, narrowed),
    }


def bar_words(lens: Lens, totals: Totals, narrowed: dict) -> SafeString:
    """Asked, committed and paid out in one line; what fills no gap is named."""

    def link(amount, figure):
        return format_html(
            '<a href="{}">{}</a>', rows_url(lens, figure, **narrowed), money_short(amount)
        )

    paid = (
        format_html(_("{amount} paid out"), amount=link(totals.disbursed, "disbursed"))
        if totals.disbursed
        else _("no payments reported")
    )
    words = format_html(
        _("{committed} committed, {paid}"), committed=link(totals.committed, "committed"), paid=paid
    )
    if not totals.required:
        return format_html(_("{words}. No requirement is stated."), words=words)
    words = format_html(
        _("{asked} asked, {words}"), asked=link(totals.required, "required"), words=words
    )
    if totals.beyond > 0:
        words = format_html(
            _(
                "{words}. {beyond} of what is committed fills no gap: "
                "it is beyond what is asked, or where nothing is asked"
            ),
            words=words,
            beyond=money_short(totals.beyond),
        )
    return words


def table_rows(page: GapsPage) -> list[tuple]:
    """Ready texts per pillar or objective.

    Name, asked, committed, share of the tagged money, paid out, pledged, met, coverage, missing, range.
    """
    rows = bar_rows(page)
    found = []
    for row in rows:
        totals = page.objectives[row["code"]] if row["code"] else page.pillars[row["pillar"]]
        low, high = (
            totals.committed - totals.assumed,
            totals.committed - totals.assumed + totals.assumed_full,
        )
        between = (
            _("%(low)s to %(high)s") % {"low": money_short(low), "high": money_short(high)}
            if totals.assumed
            else ""
        )
        found.append(
            (
                f"{row['code']} {row['name']}".strip(),
                money_short(totals.required) if totals.required else "–",
                money_short(totals.committed),
                _share_words(page, row, totals),
                money_short(totals.disbursed) if totals.disbursed else _("no data"),
                money_short(totals.pledged),
                funded_text(totals) if totals.required else "–",
                percent_of(totals.committed, totals.required) or "–",
                money_short(totals.missing) if totals.required else "–",
                between,
            )
        )
    return found


def _share_words(page: GapsPage, row: dict, totals: Totals) -> str:
    """The share of all tagged money in view; of a pillar beside its target."""
    share = percent_of(totals.committed, page.totals.committed) or "–"
    target = None if row["code"] else page.shares[row["pillar"]].target
    if target is None:
        return share
    return _("%(share)s, target %(target)s") % {"share": share, "target": percent(target)}


def years_finding(page: GapsPage) -> Columns:
    """Stacked columns: met or given money by pillar, and what is still missing, per year.

    Where nothing is asked in view the columns show what is committed; else what is met, so that column and
    hatched rest are together exactly what is asked.
    """
    asked = page.totals.required > 0
    shown = [
        pillar for pillar in sorted(page.pillars) if not asked or page.pillars[pillar].required
    ]
    series = [Series(str(Pillar(pillar).label), f"p{pillar}") for pillar in shown]
    columns = []
    for year, totals in page.years.items():
        parts = [page.by_year_and_pillar.get((year, pillar), Totals()) for pillar in shown]
        amounts = [max(part.met if asked else part.committed, 0) for part in parts]
        if asked:
            amounts.append(totals.missing)
        columns.append(
            Column(
                str(year),
                tuple(amounts),
                totals.required or None,
                funded_text(totals) if totals.required else "",
            )
        )
    if asked:
        series.append(Series(_("Still missing"), "line", fill="hatch"))
    return Columns(
        tuple(series), tuple(columns), currency=page.lens.currency, note_word=_("met") if asked else "",
        missing_word=_("missing"),
    )  # fmt: skip


def years_title(page: GapsPage) -> str:
    """What the columns say: the largest fall after the as-of year, else the year that lacks most."""
    years, totals = list(page.years), page.years
    falls = [
        (before, after)
        for before, after in pairwise(years)
        if after > page.lens.as_of_year and 2 * totals[after].committed < totals[before].committed
    ]
    if falls:
        before, after = falls[0]
        return _("Committed money falls from %(before)s in %(year)s to %(after)s in %(next)s") % {
            "before": money_short(totals[before].committed, page.lens.currency),
            "after": money_short(totals[after].committed, page.lens.currency),
            "year": before,
            "next": after,
        }
    worst = max(years, key=lambda year: totals[year].missing)
    if totals[worst].missing and len(years) == 1:
        return _("%(amount)s is missing in %(year)s") % {
            "year": worst,
            "amount": money_short(totals[worst].missing, page.lens.currency),
        }
    if totals[worst].missing:
        return _("Most is missing in %(year)s: %(amount)s") % {
            "year": worst,
            "amount": money_short(totals[worst].missing, page.lens.currency),
        }
    most = max(years, key=lambda year: totals[year].committed)
    words = (
        _("%(amount)s is committed in %(year)s")
        if len(years) == 1
        else _("Most is committed in %(year)s: %(amount)s")
    )
    return words % {
        "year": most,
        "amount": money_short(totals[most].committed, page.lens.currency),
    }


def heat_table(page: GapsPage, by: str) -> dict:
    """The heat table, by place or by year; each number opens its rows."""
    lens = page.lens
    if by == "year":
        columns = [(year, str(year), {"year": [year]}) for year in lens.years]
    else:
        columns = [(code, name, {"place": code}) for code, name in page.columns if code is not None]
        if any(code is None for code, _name in page.columns):
            whole_words = (
                _("as a whole, or place not stated") if lens.place is None else _("as a whole")
            )
            columns.append((None, whole_words, {"place": lens.params.get("place"), "exact": 1}))
    cells = page.heat(by)
    groups = []
    for pillar in sorted(page.pillars):
        rows = []
        for node in lens.in_view.values():
            if node.pillar == pillar and node.code in page.objectives:
                found = [(column, cells.get((node.code, column[0]))) for column in columns]
                rows.append(
                    {
                        "code": node.code,
                        "title": _("%(pillar)s as a whole") % {"pillar": node.short_title}
                        if node.is_pillar
                        else node.short_title,
                        "url": node.get_absolute_url(),
                        "cells": [
                            _heat_cell(lens, node, column, totals) for column, totals in found
                        ],
                    }
                )
        if rows:
            groups.append({"pillar": pillar, "name": str(Pillar(pillar).label), "rows": rows})
    sums = {column[0]: _sum(cells, column[0]) for column in columns}
    return {
        "caption": _("Percent of what is asked that is met, by objective and place")
        if by == "place"
        else _("Percent of what is asked that is met, by objective and year"),
        "region": _("Coverage table, scroll sideways"),
        "columns": [label for _key, label, _changes in columns],
        "groups": groups,
        "totals_label": _("All"),
        "totals": [
            funded_text(sums[key]) if sums[key].required else "–"
            for key, _label, _changes in columns
        ],
        "none": _("nothing asked, nothing given"),
        "matrix": False,
    }


def _sum(cells: dict, column) -> Totals:
    rows = [totals for (_code, key), totals in cells.items() if key == column]
    return Totals(
        required=sum(row.required for row in rows),
        unmet=sum(row.unmet for row in rows),
        committed=sum(row.committed for row in rows),
    )


def _heat_cell(lens: Lens, node, column, totals: Totals | None):
    if totals is None or not (totals.required or totals.committed):
        return None
    _key, label, changes = column
    narrowed = (("objective", node.code), ("p", None), ("node", 1), *changes.items())
    return _written_cell(
        get_language(), rows_path(), frozen(lens.params), frozen(dict(narrowed)), node.code, label, lens.currency,
        totals.required, totals.unmet, totals.committed,
    )  # fmt: skip


@lru_cache(maxsize=16_384)
def _written_cell(
    language, path, params, changes, code, label, currency, required, unmet, committed
) -> tuple[str, str, str, str]:
    """A cell of the heat table: its class, its address, its text and what is read aloud. A change moves few of them."""
    totals = Totals(required=required, unmet=unmet, committed=committed)
    kind = heat_kind(totals)
    if kind == "cx":
        figure, text = "committed", money_short(committed)
        words = _("%(code)s, %(column)s: %(amount)s committed, no requirement stated") % {
            "code": code, "column": label, "amount": money(committed, currency),
        }  # fmt: skip
    else:
        figure, text = (
            "missing" if totals.missing else "committed",
            whole(int(max(funded(totals), 0))),
        )
        words = _("%(code)s, %(column)s: %(share)s met, %(amount)s missing") % {
            "code": code, "column": label, "share": funded_text(totals),
            "amount": money(totals.missing, currency),
        }  # fmt: skip
    url = path + query_string({**dict(params), "figure": figure, **dict(changes)})
    return kind, url, text, words


def rank_rows(lens: Lens, gaps: list[Gap], level_of: str = "place") -> list[dict]:
    """The largest gaps, most missing first."""
    longest = max((gap.required for gap in gaps), default=0)
    return [
        {
            "pillar": gap.objective.pillar,
            "code": gap.objective.code,
            "title": f"{gap.objective.short_title}, {gap.place}",
            "url": gap.objective.get_absolute_url() + f"?place={gap.place_code}",
            "amount": money_short(gap.unmet),
            "amount_url": rows_url(
                lens, "missing", objective=gap.objective.code, p=None, place=gap.place_code
            ),
            "note": _("missing"),
            "met": share_of(gap.met, gap.required),
            "paid": share_of(min(gap.disbursed, gap.met), gap.required),
            "length": share_of(gap.required, longest),
            "meta": [
                _("%(share)s of %(asked)s met")
                % {
                    "share": percent_of(max(gap.met, 0), gap.required),
                    "asked": money(gap.required, lens.currency),
                },
                _short_years(gap),
            ],
        }
        for gap in gaps
    ]


def _short_years(gap: Gap) -> str:
    years = gap.years
    if len(years) == 1:
        return _("short in %(year)s") % {"year": years[0]}
    if years == tuple(range(years[0], years[-1] + 1)):
        return _("short every year from %(first)s to %(last)s") % {
            "first": years[0],
            "last": years[-1],
        }
    return _("short in %(count)s years, last in %(year)s") % {
        "count": len(years),
        "year": years[-1],
    }


def still_bars(page: GapsPage) -> list[Bar]:
    """The bars as a still picture, for files and reports."""
    return [
        Bar(
            name=row["name"], tone=f"p{row['pillar']}",
            required=(totals := page.objectives[row["code"]] if row["code"] else page.pillars[row["pillar"]]).required,
            met=max(totals.met, 0), paid=max(min(totals.disbursed, totals.met), 0), share=row["share"],
            text=_("of %(asked)s") % {"asked": money_short(totals.required)} if totals.required else row["share"],
        )
        for row in bar_rows(page)
    ]  # fmt: skip
