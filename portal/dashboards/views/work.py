"""My work: what waits for the person who is signed in."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from portal.directory.access import viewer_of
from portal.directory.acting import SESSION_KEY
from portal.directory.models import WorkingGroup
from portal.lib.numbers import money, money_full, money_short, percent, period, whole
from portal.lib.paging import ShortFirstPaginator

from ..lens import plain_lens
from ..logging.drafts import unfinished
from ..overlaps.waiting import Waiting, stuck_count, waiting
from ..present import funded, funded_text, share_of
from ..rows import rows_url
from ..work import Desk, MyActivities, MyGrants, Work, desk
from ..work import work as work_of
from .still_true import confirmed_now, facts


@login_required
@require_safe
def work(request):
    lens = plain_lens(request)
    now = timezone.now()
    # One of the person's organisations, where they chose to act for it; else all of them.
    chosen = request.session.get(SESSION_KEY)
    acting = frozenset({chosen}) & viewer_of(request.user).organisations or None
    found = work_of(request.user, lens, now, acting)
    activities = ShortFirstPaginator(MyActivities(request.user, lens, acting), found.activities)
    grants = ShortFirstPaginator(MyGrants(request.user, lens, acting), found.grants)
    activities = activities.get_page(request.GET.get("activities"))
    grants = grants.get_page(request.GET.get("grants"))
    secretariat = viewer_of(request.user).is_secretariat
    waits = waiting(request.user, acting or viewer_of(request.user).organisations)
    return render(
        request,
        "dashboards/work.html",
        {
            **unfinished(request.user),
            "nav": "work",
            "lens": lens,
            "work": found,
            "name": request.user.get_short_name() or request.user.email,
            "organisations": ", ".join(one.name for one in found.organisations),
            "lede": _lede(found, waits),
            "due_rows": [facts(one.activity) for one in found.due],
            "confirmed": confirmed_now(request),
            "more_due": found.due_count - len(found.due),
            "more_tags": found.tags_count - len(found.tags),
            "groups": WorkingGroup.objects.visible_to(request.user).of(
                [one.pk for one in found.organisations]
            ),
            "objectives": [_objective(*pair) for pair in found.objectives],
            "waits": waits,
            "activities": activities,
            "activity_rows": [
                (one, period(one.planned_start, one.planned_end)) for one in activities
            ],
            "grants": grants,
            "grant_rows": [_grant(grant, found) for grant in grants],
            "desk": [
                *_desk_rows(desk(request.user, lens, now), lens),
                _stuck_row(stuck_count(request.user, now)),
            ]
            if secretariat
            else [],
        },
    )


def _stuck_row(count: int) -> dict:
    """Conversations between organisations that the secretariat should look at."""
    return {
        "value": whole(count),
        "text": ngettext("conversation is stuck", "conversations are stuck", count),
        "url": f"{reverse('dashboards:coordinations')}?show=stuck",
    }


def _lede(found: Work, waits: Waiting) -> str:
    """What waits, in one sentence; empty where nothing does."""
    parts = []
    if waits.talks_count:
        parts.append(
            ngettext(
                "%(number)s conversation waits for your answer",
                "%(number)s conversations wait for your answer",
                waits.talks_count,
            )
            % {"number": whole(waits.talks_count)}
        )
    if waits.overlaps_count:
        parts.append(
            ngettext(
                "%(number)s overlap with your activities is open",
                "%(number)s overlaps with your activities are open",
                waits.overlaps_count,
            )
            % {"number": whole(waits.overlaps_count)}
        )
    if found.due_count:
        parts.append(
            ngettext(
                "%(number)s activity needs a word that it is still true",
                "%(number)s activities need a word that they are still true",
                found.due_count,
            )
            % {"number": whole(found.due_count)}
        )
    if found.tags_count:
        parts.append(
            ngettext(
                "the tags of %(number)s grant wait for you",
                "the tags of %(number)s grants wait for you",
                found.tags_count,
            )
            % {"number": whole(found.tags_count)}
        )
    if not parts:
        return ""
    words = _(" and ").join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
    return f"{words[0].upper()}{words[1:]}."


def _objective(node, totals) -> dict:
    """A thin bar with its objective."""
    asked = totals.required > 0
    return {
        "node": node,
        "asked": asked,
        "share": funded_text(totals) if asked else money_short(totals.committed),
        "met": share_of(totals.met, totals.required),
        "paid": share_of(min(totals.disbursed, totals.met), totals.required),
        "over": float(funded(totals)) if asked and not totals.missing else None,
    }


def _grant(grant, found: Work) -> dict:
    mine = {one.pk for one in found.organisations}
    return {
        "grant": grant,
        "other": grant.recipient_name
        if grant.funding_organisation_id in mine
        else grant.funding_organisation,
        "is_given": grant.funding_organisation_id in mine,
        "amount": _("no amount")
        if grant.amount_awarded is None
        else money_full(grant.amount_awarded, grant.currency),
        "period": period(grant.planned_start, grant.planned_end),
        "tagged": percent(grant.tagged),
    }


def _desk_rows(found: Desk, lens) -> list[dict]:
    """What waits for the secretariat: a number, what it is, and the list at the desk."""
    rows = [
        (whole(found.join_requests), _("people ask to join"), "join_requests", "?state=open"),
        (whole(found.submitted_activities), _("activities wait for review"), "reviews", ""),
        (whole(found.held), _("texts may hold a person's data"), "held_activities", ""),
        (whole(found.submitted_grants), _("grants wait for review"), "grants", "?review_state=submitted"),
        (whole(found.grants_by_rule), _("grants are tagged by rule, and by no person yet"), "grants", "?tagged=rule"),
        (whole(found.unconverted), _("amounts have no exchange rate or no date"), "unconverted", ""),
        (whole(found.without_amount), _("grants have no amount"), "unconverted", "?reason=no_amount"),
        (whole(found.counts_to_release), _("counts of people are not released"), "people_reached", ""),
        (whole(found.unconfirmed), _("activities were not confirmed for long"), "activities", ""),
    ]  # fmt: skip
    found_rows = [
        {"value": number, "text": text, "url": _desk_url(name) + query if _desk_url(name) else ""}
        for number, text, name, query in rows
    ]
    money_rows = [
        (found.unplaced, _("is given to the world as a whole, or with no place"), rows_url(lens, "committed", exact=1)),
        (found.untagged, _("has no tag yet"), rows_url(lens, "untagged")),
    ]  # fmt: skip
    return found_rows + [
        {"value": money(amount, lens.currency), "text": text, "url": url}
        for amount, text, url in money_rows
    ]


def _desk_url(name: str) -> str:
    """The address of a list of the desk; empty where the desk has no such list."""
    try:
        return reverse(f"desk_{name}:index")
    except NoReverseMatch:
        return ""
