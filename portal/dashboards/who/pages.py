"""The pages of single records: an organisation, an activity, a grant. Hidden and missing look the same."""

from django.db.models import Prefetch, Q
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from activities.models import (
    Activity,
    ActivityObjective,
    ActivityPlace,
    Participant,
    PeopleReached,
)
from grants.models import ActivityFunding, Grant
from portal.dashboards.caching import kept_for_the_public
from portal.dashboards.lens import Lens, plain_lens
from portal.directory.choices import GroupRole
from portal.directory.models import Organisation, WorkingGroupMember
from portal.history.services import history_of, log_reading
from portal.lib.numbers import money_full, period
from portal.lib.paging import ShortFirstPaginator
from portal.records.choices import Visibility

from . import wording
from .listing import newest_rows, places_in_words, shown_places
from .organisations import account
from .periods import axis_of, bar
from .reach import people_reached
from .worth import worth_of

MOST_ACTIVITIES = 15
MOST_CONFIRMATIONS = 10
#: Which grants of an organisation are shown; the first is for those who ask for none.
DIRECTIONS = ("all", "received", "given")


@require_safe
@kept_for_the_public
def organisation(request, slug):
    """Who it is, the money that came and went, its work, and who else pays for it."""
    found = get_object_or_404(
        Organisation.objects.visible_to(request.user)
        .select_related("country")
        .prefetch_related("tags", "identifiers", "alternative_names"),
        slug=slug,
    )
    lens = plain_lens(request)
    money = account(found, lens)
    mine = Activity.objects.visible_to(request.user).counting()
    mine = mine.filter(
        Q(reporting_organisation=found)
        | Q(pk__in=found.participations.order_by().values("activity"))
    )
    mine_count = mine.count()
    activities = newest_rows(lens, mine, MOST_ACTIVITIES)
    groups = WorkingGroupMember.objects.none()
    if lens.viewer.is_member or lens.viewer.is_secretariat:
        groups = found.working_groups.select_related("group")
    direction = request.GET.get("grants", "all")
    direction = direction if direction in DIRECTIONS else "all"
    grants = _grants_of(found, direction, request)
    return render(
        request,
        "records/organisation.html",
        {
            "nav": "who",
            "sub": True,
            "organisation": found,
            "lens": lens,
            "currency": lens.currency,
            "money": money,
            "received": money_full(money.received),
            "given": money_full(money.given),
            "own_means": money_full(money.own_means, lens.currency) if money.own_means else "",
            "years": wording.year_rows(money, lens),
            "years_last": lens.years[-1],
            "partners": wording.partner_blocks(money, lens),
            "facts": wording.organisation_facts(money, lens, mine_count, grants.paginator.count),
            "other_names": [
                name.name for name in found.alternative_names.all() if name.name != found.name
            ],
            "directions": [
                (key, label, "?" + (f"grants={key}" if key != "all" else "") + "#grants")
                for key, label in (
                    ("all", _("All")),
                    ("received", _("Received")),
                    ("given", _("Given")),
                )
            ],
            "activities": activities,
            "activities_count": mine_count,
            "activities_url": f"{reverse('dashboards:who')}?organisation={found.slug}&when=all",
            "groups": [(row.group, GroupRole(row.role).label, row.says) for row in groups],
            "direction": direction,
            "grants": _with_counted(grants, money.counted, lens),
            "direction_total": money_full(
                {
                    "all": money.received + money.given + money.own_means,
                    "received": money.received + money.own_means,
                    "given": money.given + money.own_means,
                }[direction],
                lens.currency,
            ),
        },
    )


def _grants_of(found: Organisation, direction: str, request):
    """A page of the grants that an organisation gave or received, newest first."""
    given, received = Q(funding_organisation=found), Q(recipient_organisation=found)
    wanted = {"all": given | received, "given": given, "received": received}[direction]
    grants = (
        Grant.objects.visible_to(request.user)
        .filter(wanted)
        .select_related("funding_organisation", "recipient_organisation")
        .order_by("-award_date", "pk")
    )
    return ShortFirstPaginator(grants).get_page(request.GET.get("page"))


def _with_counted(page, counted, lens: Lens):
    """The page with each grant beside what it counts for, or why it does not."""
    grants = list(page.object_list)
    amounts = counted.of_grants(grant.pk for grant in grants)
    page.object_list = [
        {
            "grant": grant,
            "awarded": wording.amount_awarded(grant),
            "counted": money_full(amounts[grant.pk], lens.currency) if grant.pk in amounts else "",
            "why_not": wording.why_not_counted(grant, lens),
        }
        for grant in grants
    ]
    return page


@require_safe
@kept_for_the_public
def activity(request, pk):
    """All that one may see of an activity."""
    found = get_object_or_404(
        Activity.objects.visible_to(request.user)
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
        ),
        pk=pk,
    )
    lens = plain_lens(request)
    is_mine = lens.viewer.is_secretariat or found.is_owned_by(lens.viewer)
    _note_reading(found, lens, request.user)
    places = shown_places(found, found.place_shares.all(), exact=is_mine)
    grants = Grant.objects.visible_to(request.user)
    fundings = (
        ActivityFunding.objects.filter(activity=found, grant__in=grants.order_by().values("pk"))
        .select_related("grant__funding_organisation")
        .order_by("-grant__amount_awarded", "pk")
    )
    starts, ends = found.actual_start or found.planned_start, found.actual_end or found.planned_end
    axis = axis_of([(starts, ends)], lens)
    return render(
        request,
        "records/activity.html",
        {
            "nav": "who",
            "sub": True,
            "activity": found,
            "lens": lens,
            "is_mine": is_mine,
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
            "pillar": _main_pillar(found),
        },
    )


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


def _note_reading(record, lens: Lens, user) -> None:
    """Write down that an outsider read what an organisation or a working group keeps to itself."""
    kept = record.visibility in (Visibility.ORGANISATION, Visibility.WORKING_GROUP)
    if kept and not record.is_owned_by(lens.viewer):
        log_reading(record, by=user)


@require_safe
@kept_for_the_public
def grant(request, pk):
    """All that one may see of a grant: its money, what it counts for and why."""
    found = get_object_or_404(
        Grant.objects.visible_to(request.user)
        .select_related(
            "funding_organisation",
            "recipient_organisation",
            "regrant_of__funding_organisation",
            "link_group",
        )
        .prefetch_related("identifiers"),
        pk=pk,
    )
    lens = plain_lens(request)
    is_mine = lens.viewer.is_secretariat or found.is_owned_by(lens.viewer)
    _note_reading(found, lens, request.user)
    visible = Grant.objects.visible_to(request.user)
    linked = []
    if found.link_group_id:
        linked = list(
            visible.filter(link_group=found.link_group_id)
            .exclude(pk=found.pk)
            .prefetch_related("identifiers")
            .select_related("recipient_organisation")
            .order_by("link_position")
        )
    fundings = (
        ActivityFunding.objects.filter(
            grant=found,
            activity__in=Activity.objects.visible_to(request.user).order_by().values("pk"),
        )
        .select_related("activity__reporting_organisation")
        .order_by("activity__title")
    )
    parent = found.regrant_of
    if parent is not None and not visible.filter(pk=parent.pk).exists():
        parent = None
    axis = axis_of([(found.planned_start, found.planned_end)], lens)
    worth = worth_of(found, lens, linked, exact=is_mine)
    return render(
        request,
        "records/grant.html",
        {
            "nav": "gaps",
            "sub": True,
            "grant": found,
            "lens": lens,
            "currency": lens.currency,
            "is_mine": is_mine,
            "worth": worth,
            "facts": wording.grant_facts(found, worth, lens),
            "bookings": wording.booking_rows(worth, lens.currency),
            "splits": wording.split_tables(worth),
            "unconverted": wording.unconverted_lines(worth),
            "has_assumed": any(tag.is_assumed for tag in worth.tags),
            "why_not": wording.why_not_sentence(found, lens),
            "period": period(found.planned_start, found.planned_end),
            "planned": wording.days(found.planned_start, found.planned_end),
            "linked": linked,
            "parent": parent,
            "regrants": visible.filter(regrant_of=found).select_related("recipient_organisation"),
            "fundings": [
                {"activity": row.activity, "amount": wording.funding_amount(row)}
                for row in fundings
            ],
            "axis": axis,
            "bar": bar(found.planned_start, found.planned_end, lens.as_of, axis),
        },
    )
