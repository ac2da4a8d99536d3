"""The rows behind a number, with everything that decided it."""

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.lib.numbers import in_units, money_full, whole
from portal.lib.paging import ShortFirstPaginator
from portal.lib.tabular import KINDS, Sheet, sheet_response

from ..caching import kept_for_the_public
from ..filters import lens_of
from ..gaps import completeness
from ..lens import Lens
from ..rows import (
    FIGURES,
    FORMULAS,
    GapRows,
    MoneyRows,
    RequirementRows,
    rows_behind,
    rows_url,
)
from .gaps import about

#: Rows of money that a page leafs through; a file holds all of them.
MOST_ROWS = 1000


def _asked_for(request) -> tuple[Lens, list[str], str, bool]:
    """Lens, problems, figure and whether only the place itself is meant."""
    lens, problems = lens_of(request)
    figure = request.GET.get("figure", "committed")
    if figure not in FIGURES:
        problems.append(
            _("There is no figure “%(figure)s”. What is committed is shown.") % {"figure": figure}
        )
        figure = "committed"
    params = dict(lens.params)
    if request.GET.get("node") and lens.objective is not None:
        # One node of the tree alone, without what stands below it.
        lens = lens.at(only_node=True)
        params["node"] = 1
    exact = bool(request.GET.get("exact"))
    if exact:
        params["exact"] = 1
    return lens.at(params=params), problems, figure, exact


@require_safe
@kept_for_the_public
def rows(request):
    lens, problems, figure, exact = _asked_for(request)
    found = rows_behind(lens, figure, exact)
    total = found.total  # first: the counts of grants are read along
    count = found.at_most(MOST_ROWS + 1) if isinstance(found, MoneyRows) else len(found)
    is_long = isinstance(found, MoneyRows) and count > MOST_ROWS
    page = ShortFirstPaginator(found, MOST_ROWS if is_long else count).get_page(
        request.GET.get("page")
    )
    by_year = completeness(lens)
    years = [by_year[year] for year in lens.years]
    return render(
        request,
        "dashboards/rows.html",
        {
            "nav": "gaps",
            "sub": True,
            "lens": lens,
            "problems": problems,
            "figure": figure,
            "title": FIGURES[figure],
            "formula": FORMULAS[figure],
            "total": whole(total) if figure == "empty" else money_full(total, lens.currency),
            "page": page,
            "is_long": is_long,
            "kind": _kind(found),
            "entries": [_entry(lens, found, row) for row in page.object_list],
            "about": about(request, lens, request.get_full_path()),
            "back": lens.at(
                params={k: v for k, v in lens.params.items() if k not in ("node", "exact")}
            ).address(),
            "query": lens.address(figure=figure),
            "grants": sum(year.grants for year in years),
            "without_amount": sum(year.without_amount for year in years),
            "incomplete": [year.year for year in years if year.is_incomplete],
        },
    )


def _kind(found) -> str:
    if isinstance(found, RequirementRows):
        return "requirements"
    return "gaps" if isinstance(found, GapRows) else "money"


def _entry(lens: Lens, found, row) -> dict:
    """A row as the template shows it: ready amounts."""
    currency = lens.currency
    if isinstance(found, RequirementRows):
        return {"row": row, "amount": money_full(row.amount_minor, currency)}
    if isinstance(found, GapRows):
        return {
            "row": row,
            "required": money_full(row.required, currency),
            "met": money_full(row.met, currency),
            "amount": money_full(row.met if found.figure == "met" else row.unmet, currency),
            "unmet": money_full(row.unmet, currency),
        }
    return {"row": row, "amount": money_full(row.amount, currency)}


@require_safe
def rows_file(request, kind):
    """The same rows as a spreadsheet, all of them."""
    if kind not in KINDS:
        raise Http404
    lens, _problems, figure, exact = _asked_for(request)
    found = rows_behind(lens, figure, exact)
    total = found.total if figure == "empty" else in_units(found.total, lens.currency)
    address = rows_url(lens, figure)
    facts = [
        *about(request, lens, address),
        (_("Formula"), str(FORMULAS[figure])),
        (_("Total"), str(total)),
    ]
    heads, lines = _lines(lens, found)
    return sheet_response(Sheet(str(FIGURES[figure]), facts, heads, lines), kind, f"rows {figure}")


def _lines(lens: Lens, found):
    """Column heads and all rows as values, read a few pages at a time."""

    def units(cents):
        return in_units(cents, lens.currency)

    def pages(size=2000):
        for start in range(0, len(found), size):
            yield from found[start : start + size]

    if isinstance(found, RequirementRows):
        heads = [_("Objective"), _("Place"), _("Year"), _("Asked"), _("Original amount"), _("Revised amount"),
                 _("Currency"), _("Basis of estimate"), _("Source")]  # fmt: skip
        return heads, (
            [str(row.objective), str(row.place), row.year, units(row.amount_minor), row.amount_original,
             row.amount_revised, row.currency, row.basis_of_estimate, row.source]
            for row in pages()
        )  # fmt: skip
    if isinstance(found, GapRows):
        heads = [_("Objective"), _("Place"), _("Year"), _("Asked"), _("Met"), _("Missing")]
        return heads, (
            [
                row.objective,
                row.place,
                row.year,
                units(row.required),
                units(row.met),
                units(row.unmet),
            ]
            for row in pages()
        )
    heads = [_("Grant"), _("Funder"), _("Recipient"), _("Objective"), _("Place"), _("Year"), _("Amount"), _("Remarks"),
             _("Record")]  # fmt: skip
    return heads, (
        [row.grant.title, row.grant.funding_organisation.name, row.grant.recipient_name, row.objective,
         row.place, row.year, units(row.amount), "; ".join(row.marks), row.grant.pk]
        for row in pages()
    )  # fmt: skip
