"""A working group: who takes part with which role, and the records that are shared with it alone."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from activities.models import Activity
from grants.models import Grant
from portal.directory.access import viewer_of
from portal.directory.choices import GroupRole
from portal.directory.models import WorkingGroup
from portal.lib.numbers import money_full, no_data, period
from portal.lib.paging import ShortFirstPaginator
from portal.records.choices import Visibility


@require_safe
def group(request, pk):
    """Members of the coalition see who takes part; only those who take part see the records."""
    found = get_object_or_404(
        WorkingGroup.objects.visible_to(request.user).select_related("chair"), pk=pk
    )
    viewer = viewer_of(request.user)
    order = {role: place for place, role in enumerate(GroupRole.values)}
    members = sorted(
        found.members.select_related("organisation"),
        key=lambda member: (order[member.role], member.organisation.folded),
    )
    activities = _page(_shared(Activity, found, request.user), request, "activities")
    grants = _page(
        _shared(Grant, found, request.user).select_related("recipient_organisation"),
        request,
        "grants",
    )
    return render(
        request,
        "dashboards/group.html",
        {
            "nav": "work",
            "sub": True,
            "group": found,
            "members": members,
            "takes_part": found.pk in viewer.working_groups,
            "sees_records": found.pk in viewer.working_groups or viewer.is_secretariat,
            "activities": activities,
            "activity_rows": [
                (one, period(one.planned_start, one.planned_end)) for one in activities
            ],
            "grants": grants,
            "grant_rows": [
                (
                    one,
                    no_data()
                    if one.amount_awarded is None
                    else money_full(one.amount_awarded, one.currency),
                )
                for one in grants
            ],
        },
    )


def _shared(model, group, user):
    """The records of this kind that are shared with the group, as far as `user` sees them."""
    owner = {
        Activity: "reporting_organisation",
        Grant: "funding_organisation",
    }[model]
    return (
        model.objects.visible_to(user)
        .filter(visibility=Visibility.WORKING_GROUP, working_groups=group)
        .select_related(owner)
        .order_by("-updated_at", "pk")
    )


def _page(rows, request, name):
    return ShortFirstPaginator(rows).get_page(request.GET.get(name))
