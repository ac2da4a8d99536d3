"""The page of an activity, and the same for a reader other than the one who asks."""

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from activities.models import (
    Activity,
    ActivityObjective,
    ActivityPlace,
    Participant,
    PeopleReached,
)
from activities.personal_data import hits_of
from activities.reviewing import last_comment
from grants.models import ActivityFunding, Grant
from portal.dashboards.caching import kept_for_the_public
from portal.dashboards.lens import Lens, plain_lens
from portal.dashboards.overlaps.waiting import overlaps_of
from portal.history.services import history_of
from portal.lib.ages import ago
from portal.lib.numbers import money_full, period
from portal.notices.services import mark_record_read

from . import wording
from .listing import places_in_words, shown_places
from .pages import note_reading
from .periods import axis_of, bar
from .reach import people_reached

MOST_CONFIRMATIONS = 10


@require_safe
@kept_for_the_public
def activity(request, pk):
    """All that one may see of an activity."""
    lens = plain_lens(request)
    found = get_object_or_404(seen_by(lens), pk=pk)
    note_reading(found, lens, request.user)
    mark_record_read(request.user, found, now=timezone.now())
    alike = overlaps_of(found, request.user)
    context = {"nav": "who", "sub": True, "alike": alike, **shown_of(found, lens)}
    return render(request, "records/activity.html", context)


def seen_by(lens: Lens):
    """The activities that the reader may see, with all that their page shows."""
    return (
        Activity.objects.visible_to(lens.viewer)
        .select_related("reporting_organisation", "confirmed_by")
        .prefetch_related(
            Prefetch("objective_shares", ActivityObjective.objects.select_related("objective")),
            Prefetch("place_shares", ActivityPlace.objects.select_related("place__parent__parent")),
            Prefetch(
                "participants",
                Participant.objects.select_related("organisation").order_by("role", "pk"),
            ),
            Prefetch("people_reached", PeopleReached.objects.order_by("period_start")),
            "identifiers",
            "populations",
            "exploitations",
        )
    )


def shown_of(found: Activity, lens: Lens) -> dict:
    """What the page says of an activity to the reader of a lens."""
    is_mine = lens.viewer.is_secretariat or found.is_owned_by(lens.viewer)
    places = shown_places(found, found.place_shares.all(), exact=is_mine)
    grants = Grant.objects.visible_to(lens.viewer)
    fundings = (
        ActivityFunding.objects.filter(activity=found, grant__in=grants.order_by().values("pk"))
        .select_related("grant__funding_organisation")
        .order_by("-grant__amount_awarded", "pk")
    )
    starts, ends = found.actual_start or found.planned_start, found.actual_end or found.planned_end
    axis = axis_of([(starts, ends)], lens)
    return {
        "activity": found,
        "lens": lens,
        "is_mine": is_mine,
        "may_edit": lens.viewer.is_secretariat
        or found.reporting_organisation_id in lens.viewer.editable_organisations,
        "objectives": found.objective_shares.all(),
        "places": _place_shares(found, places, is_mine),
        "place_words": places_in_words(places, is_stated=bool(found.place_shares.all())),
        "axis": axis,
        "bar": bar(starts, ends, lens.as_of, axis),
        "fundings": [
            {"grant": row.grant, "amount": wording.funding_amount(row)} for row in fundings
        ],
        "period": period(starts, ends),
        "planned": wording.days(found.planned_start, found.planned_end),
        "actual": wording.days(found.actual_start, found.actual_end),
        "budget": money_full(found.budget_amount, found.budget_currency)
        if found.budget_amount is not None
        else "",
        "reached": [
            {"found": row, "words": period(row.period_start, row.period_end)}
            for row in people_reached(found.people_reached.all(), exact=is_mine)
        ],
        "confirmations": _confirmations(found) if is_mine else [],
        "word_ago": ago(timezone.localdate(found.word_at), timezone.localdate()),
        "is_unconfirmed": found.is_unconfirmed_on(lens.as_of),
        "returned": last_comment(found) if is_mine else None,
        "held": [one.hit.sentence for one in hits_of(found)] if is_mine and found.is_held else [],
        "pillar": _main_pillar(found),
    }


def _main_pillar(found: Activity) -> int | None:
    shares = found.objective_shares.all()
    return max(shares, key=lambda share: share.share).objective.pillar if shares else None


def _place_shares(found: Activity, places, is_mine: bool):
    """Places with their shares; without, where several are shown as one."""
    shares = {share.place_id: share.share for share in found.place_shares.all()}
    exact = is_mine or all(place.pk in shares for place in places)
    return [(place, shares[place.pk] if exact else None) for place in places]


def _confirmations(found: Activity) -> list[tuple]:
    """When the activity was confirmed as still true, newest first, and by whom."""
    entries = history_of(found).filter(data__changes__has_key="confirmed_at")
    return [(entry.timestamp, entry.user_display_name) for entry in entries[:MOST_CONFIRMATIONS]]
