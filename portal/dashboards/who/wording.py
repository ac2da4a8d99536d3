"""Ready texts for the pages of single records: amounts, reasons, facts."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grants.choices import GrantStatus, Measure, UnconvertedReason
from grants.models import Grant
from portal.dashboards.lens import Lens
from portal.lib.numbers import day, decimal, money_full, money_short, whole
from portal.records.choices import ReviewState

from .organisations import Account, Partner
from .worth import Booking, Worth


def days(first: date | None, last: date | None) -> str:
    """`1 July 2025 to 30 June 2027`; an open end in words."""
    if first is None and last is None:
        return day(None)
    if last is None:
        return _("from %(day)s") % {"day": day(first)}
    if first is None:
        return _("to %(day)s") % {"day": day(last)}
    return _("%(first)s to %(last)s") % {"first": day(first), "last": day(last)}


def amount_awarded(grant: Grant) -> str:
    if grant.amount_awarded is None:
        return _("no amount")
    return money_full(grant.amount_awarded, grant.currency)


def why_not_counted(grant: Grant, lens: Lens) -> str:
    """Why a visible grant counts for nothing in the figures, in a few words."""
    if grant.status == GrantStatus.CANCELLED:
        return _("cancelled")
    if grant.review_state != ReviewState.ACCEPTED:
        return _("not accepted yet")
    if grant.amount_awarded is None:
        return _("no amount")
    if grant.link_group_id:
        return _("counted in another record")
    return _("outside the years, or not converted")


def why_not_sentence(grant: Grant, lens: Lens) -> str:
    """The same, as a sentence for the grant's own page."""
    return {
        _("cancelled"): _("The grant was cancelled: it is in no figure."),
        _("not accepted yet"): _("The grant is not accepted yet: it is in no figure."),
        _("no amount"): _("No amount is on record: the grant is listed, and in no figure."),
        _("counted in another record"): _(
            "Another record of this grant counts: this one is in no figure."
        ),
    }.get(
        why_not_counted(grant, lens),
        _("The grant is in no figure: its money could not be converted, or has no date."),
    )


def organisation_facts(money: Account, lens: Lens, activities: int, grants: int) -> list[dict]:
    """The numbers on top of an organisation's page."""
    facts = []
    if money.received or not money.given:
        facts.append(
            _fact(
                money_short(money.received, lens.currency), _("money in"), "?grants=received#grants"
            )
        )
    if money.given or not money.received:
        facts.append(
            _fact(money_short(money.given, lens.currency), _("money out"), "?grants=given#grants")
        )
    facts.append(_fact(whole(grants), ngettext("grant", "grants", grants), "#grants"))
    facts.append(
        _fact(whole(activities), ngettext("activity", "activities", activities), "#activities")
    )
    return facts


def _fact(value: str, text: str, url: str = "") -> dict:
    return {"value": value, "text": text, "url": url}


def year_rows(money: Account, lens: Lens) -> list[dict]:
    """Years with amounts and the lengths of their bars."""
    most = max((max(year.received, year.given) for year in money.years), default=0) or 1
    return [
        {
            "year": year.year,
            "received": money_full(year.received, ""),
            "given": money_full(year.given, ""),
            "in_width": round(100 * max(year.received, 0) / most, 1),
            "out_width": round(100 * max(year.given, 0) / most, 1),
        }
        for year in money.years
    ]


def partner_blocks(money: Account, lens: Lens) -> list[dict]:
    """Up to four tables of other organisations; empty ones are left out."""
    blocks = [
        (_("It is paid by"), "", money.funders, ""),
        (_("It pays"), "", money.recipients, ""),
        (
            _("They pay the same recipients"),
            _("What other funders give to those whom it pays."),
            money.co_funders,
            _("Shared"),
        ),
        (
            _("They pay for the same objectives"),
            _("What other funders give to the objectives that it pays for."),
            money.neighbours,
            _("Shared"),
        ),
    ]
    return [
        {
            "title": title,
            "note": note,
            "common": common,
            "rows": [_partner(row, lens) for row in rows],
            "more": len(rows) == 10,
        }
        for title, note, rows, common in blocks
        if rows
    ]


def _partner(row: Partner, lens: Lens) -> dict:
    return {
        "organisation": row.organisation,
        "number": row.number,
        "width": max(row.width, 0),
        "amount": money_short(row.amount, lens.currency),
    }


def grant_facts(grant: Grant, worth: Worth, lens: Lens) -> list[dict]:
    """The numbers on top of a grant's page."""
    facts = [_fact(amount_awarded(grant), _("awarded"))]
    if worth.counts:
        committed = worth.totals[Measure.COMMITTED]
        facts.append(
            _fact(
                money_full(committed, lens.currency),
                _("in kind, beside the figures")
                if grant.in_kind
                else _("committed, in the figures"),
                "#counts",
            )
        )
        if worth.totals[Measure.DISBURSED]:
            facts.append(
                _fact(
                    money_full(worth.totals[Measure.DISBURSED], lens.currency),
                    _("paid out"),
                    "#counts",
                )
            )
    return facts


def booking_rows(worth: Worth, currency: str) -> list[dict]:
    """The amount awarded and the transactions, with the rate each was converted by."""
    rows: list[tuple[str, Booking]] = [(_("Awarded"), worth.awarded)] if worth.awarded else []
    rows += [(booking.kind, booking) for booking in worth.bookings]
    return [
        {
            "kind": kind,
            "description": booking.description,
            "value_date": booking.value_date,
            "amount": booking.amount,
            "in_currency": booking.in_currency,
            "converted": booking.converted,
            "rate": _rate(booking) if booking.in_currency else "",
        }
        for kind, booking in rows
    ]


def _rate(booking: Booking) -> str:
    converted = booking.converted
    return _("at %(rate)s, rate of %(day)s") % {
        "rate": decimal(converted.rate, 4),
        "day": day(converted.rate_day),
    }


def split_tables(worth: Worth) -> list[dict]:
    """For each measure that the grant has money in, its rows by year."""
    titles = {
        Measure.COMMITTED: _("Committed"),
        Measure.DISBURSED: _("Paid out"),
        Measure.PLEDGED: _("Pledged, beside the figures"),
    }
    tables = []
    for measure, title in titles.items():
        rows = worth.rows.get(measure, [])
        if not rows:
            continue
        by_year = [sum(row.amounts[i] or 0 for row in rows) for i in range(len(worth.years))]
        tables.append(
            {
                "title": title,
                "rows": [
                    {
                        "objective": row.objective,
                        "place": row.place.name
                        if row.place
                        else _("place not shown or not stated"),
                        "amounts": [
                            "–" if amount is None else money_full(amount, "")
                            for amount in row.amounts
                        ],
                        "total": money_full(row.total, ""),
                    }
                    for row in rows
                ],
                "by_year": [money_full(amount, "") for amount in by_year],
                "total": money_full(sum(by_year), ""),
            }
        )
    return tables


def unconverted_lines(worth: Worth) -> Sequence[str]:
    """What is listed beside the figures, with currency, date and reason."""
    lines = []
    for row in worth.unconverted:
        amount = _("no amount") if row.amount is None else money_full(row.amount, row.currency)
        lines.append(
            _("%(measure)s, %(amount)s, %(day)s: %(reason)s")
            % {
                "measure": Measure(row.measure).label,
                "amount": amount,
                "day": day(row.value_date),
                "reason": UnconvertedReason(row.reason).label,
            }
        )
    return lines


def funding_amount(row) -> str:
    """How much of a grant goes to an activity."""
    return money_full(row.amount, row.currency) if row.amount is not None else ""
