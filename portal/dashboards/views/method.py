"""How numbers are computed: each in plain words with its formula, and how complete the record is."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.lib.numbers import day as day_in_words
from portal.lib.numbers import decimal, money, money_short, percent_of, whole

from ..caching import kept_for_the_public
from ..filters import lens_of
from ..lens import plain_lens
from ..method import TERMS, Method
from ..method import method as method_of
from ..rows import FIGURES, rows_url
from ..sentences import period_words

DASH = "–"


@require_safe
@kept_for_the_public
def method(request):
    lens, problems = lens_of(request)
    # The record as a whole: only the as-of date is the reader's to move.
    kept = {name: value for name, value in lens.params.items() if name == "as_of"}
    lens = plain_lens(request, lens.strategy).at(as_of=lens.as_of, params=kept)
    found = method_of(lens)
    return render(
        request,
        "dashboards/method.html",
        {
            "nav": "method",
            "lens": lens,
            "problems": problems,
            "terms": [
                (term, rows_url(lens, term.key) if term.key in FIGURES else "") for term in TERMS
            ],
            "found": found,
            "period": period_words(lens),
            "for_whom": lens.says_for_whom(),
            "facts": _facts(found),
            "years": [_year(found, *row) for row in found.years],
            "unconverted": [_unconverted(row) for row in found.unconverted],
            "linked_groups": sum(groups for _rule, groups in found.linked),
            "bases": [(basis, money(basis.amount, lens.currency)) for basis in found.bases],
            "rates": found.rates,
        },
    )


def _facts(found: Method) -> list[dict]:
    """How much of the committed money to be careful with, each number with its rows."""
    lens, totals, untagged = found.lens, found.gaps.totals, found.gaps.untagged.committed
    everything = totals.committed + untagged
    rows = [
        (totals.assumed, totals.committed, "assumed", {}, _("of the committed money rests on an assumed split")),
        (totals.by_rule, totals.committed, "by_rule", {}, _("of it was tagged by rule, and by no person yet")),
        (found.dates_assumed, totals.committed, "", {}, _("of it is spread over a year, since no days are known")),
        (
            found.unplaced, totals.committed, "committed", {"exact": 1},
            _("of it goes to the world as a whole, or to no place that is known"),
        ),
        (untagged, everything, "untagged", {}, _("of all money on record has no tag, and is in no P's figure")),
    ]  # fmt: skip
    facts = [
        {
            "value": percent_of(amount, whole_) or DASH,
            "text": text,
            "url": rows_url(lens, figure, **changes) if figure and amount else "",
        }
        for amount, whole_, figure, changes, text in rows
    ]
    without = {
        "value": whole(found.without_amount),
        "text": _("grants have no amount, and add nothing"),
        "url": "",
    }
    return [*facts, without]


def _year(found: Method, year, totals, untagged, complete) -> dict:
    """A year's row, ready texts; a year outside the strategy has only its grants."""
    row = {
        "year": year,
        "grants": whole(complete.grants),
        "without": whole(complete.without_amount),
        "incomplete": complete.is_incomplete,
        "committed": DASH, "assumed": DASH, "by_rule": DASH, "untagged": DASH,
    }  # fmt: skip
    if totals is not None:
        committed = totals.committed
        row |= {
            "committed": money_short(committed),
            "assumed": percent_of(totals.assumed, committed) or DASH,
            "by_rule": percent_of(totals.by_rule, committed) or DASH,
            "untagged": percent_of(untagged, committed + untagged) or DASH,
            "url": rows_url(found.lens, "committed", year=[year]),
        }
    return row


def _unconverted(row) -> dict:
    return {
        "grant": row.grant,
        "amount": decimal(row.amount, 2) if row.amount is not None else DASH,
        "currency": row.currency or DASH,
        "day": day_in_words(row.value_date) if row.value_date else _("no date"),
        "measure": row.get_measure_display(),
        "reason": row.get_reason_display(),
    }
