"""The pages of single records: an organisation, an activity, a grant. Hidden and missing look the same."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from activities.models import (
    Activity,
)
from grants.models import ActivityFunding, Grant
from portal.dashboards.caching import kept_for_the_public
from portal.dashboards.lens import Lens, plain_lens
from portal.directory.choices import GroupRole
from portal.directory.merging import moved_to
from portal.directory.models import Organisation, WorkingGroupMember
from portal.history.services import log_reading
from portal.lib.numbers import money_full, period
from portal.lib.paging import ShortFirstPaginator
from portal.records.choices import Visibility

from . import wording
from .listing import newest_rows
from .organisations import account
from .periods import axis_of, bar
from .worth import worth_of

MOST_ACTIVITIES = 15
MOST_CONFIRMATIONS = 10
#: Which grants of an organisation are shown; the first is for those who ask for none.
DIRECTIONS = ("all", "received", "given")


@require_safe
@kept_for_the_public
def organisation(request, slug):
    """Who it is, the money that came and went, its work, and who else pays for it."""
    found = (
        Organisation.objects.visible_to(request.user)
        .select_related("country")
        .prefetch_related("tags", "identifiers", "alternative_names")
        .filter(slug=slug)
        .first()
    )
    if found is None:
        if (other := moved_to(slug)) is None:
            raise Http404
        return redirect(other)
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
            "shows_people": lens.viewer.is_secretariat or found.pk in lens.viewer.organisations,
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


def note_reading(record, lens: Lens, user) -> None:
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
    note_reading(found, lens, request.user)
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
