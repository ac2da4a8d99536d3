"""“Still true?”: one tap for each activity, from My work or from the link of a mail without signing in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from activities.digests import (
    LinkExpired,
    activities_of,
    choose_digest,
    read_key,
    waiting_for,
    wants_digest,
)
from activities.models import Activity, ActivityObjective
from portal.directory.access import PUBLIC_VIEWER, viewer_of
from portal.history.services import acting_as
from portal.lib.ages import ago
from portal.lib.numbers import period
from portal.lib.paging import ShortFirstPaginator

from ..confirming import confirm, just_confirmed, take_back


def facts(activity: Activity) -> dict:
    """An activity with the age of the last word about it."""
    return {
        "activity": activity,
        "ago": ago(timezone.localdate(activity.word_at), timezone.localdate()),
        "was_confirmed": activity.confirmed_at is not None,
    }


# By the link of a mail: who holds it may confirm these activities, and see no more than is needed for that


def _link(key: str):
    try:
        return read_key(key)
    except LinkExpired:
        return None


@never_cache
@require_safe
def by_link(request, key):
    """What the link confirms. Opening it changes nothing: mail programs open links by themselves."""
    link = _link(key)
    if link is None:
        return render(request, "logging/link_expired.html", {"sub": True}, status=410)
    shares = ActivityObjective.objects.select_related("objective")
    found = activities_of(link).prefetch_related(Prefetch("objective_shares", shares))
    named = set(found.visible_to(PUBLIC_VIEWER).values_list("pk", flat=True))
    done = {one.activity for one in just_confirmed(request)}
    today = timezone.localdate()
    rows = [
        facts(one) | {"name": _name(one, one.pk in named), "is_done": one.pk in done}
        for one in found.order_by("confirmed_at", "created_at", "pk")
        if one.pk in done or one.is_unconfirmed_on(today)
    ]
    context = {
        "sub": True,
        "key": key,
        "rows": rows,
        "left": sum(not row["is_done"] for row in rows),
        "wants": wants_digest(link.person),
    }
    return render(request, "logging/still_true.html", context)


def _name(activity: Activity, is_public: bool) -> str:
    """The title, where everybody may see it; else enough for its own people to know which it is."""
    if is_public:
        return activity.title
    codes = ", ".join(share.objective.code for share in activity.objective_shares.all())
    words = period(activity.planned_start, activity.planned_end)
    if not codes:
        return _("An activity that is not public, %(period)s") % {"period": words}
    return _("An activity that is not public, objective %(codes)s, %(period)s") % {
        "codes": codes,
        "period": words,
    }


def _of_link(key: str, pk: int):
    link = _link(key)
    if link is None:
        raise Http404
    return link, get_object_or_404(activities_of(link), pk=pk)


@never_cache
@require_POST
def confirm_by_link(request, key, pk):
    link, activity = _of_link(key, pk)
    with acting_as(link.person):
        confirm(request, activity, by=link.person)
    return redirect("dashboards:still-true", key)


@never_cache
@require_POST
def undo_by_link(request, key, pk):
    link, activity = _of_link(key, pk)
    with acting_as(link.person):
        if not take_back(request, activity):
            messages.error(request, _("This cannot be taken back any more."))
    return redirect("dashboards:still-true", key)


@never_cache
@require_POST
def mails_by_link(request, key):
    """Switch the mail off, or on again."""
    link = _link(key)
    if link is None:
        raise Http404
    _choose(request, link.person)
    return redirect("dashboards:still-true", key)


def _choose(request, person) -> None:
    is_on = request.POST.get("mails") == "on"
    choose_digest(person, is_on)
    messages.success(
        request,
        _("We mail you when activities wait for a word, at most once a month.")
        if is_on
        else _("You get no more mails about this. What waits stands in My work."),
    )


# In My work


@login_required
@never_cache
@require_safe
def all_due(request):
    """Everything of one's organisations that waits for a word."""
    organisations = viewer_of(request.user).editable_organisations
    waiting = waiting_for(organisations, timezone.localdate())
    page = ShortFirstPaginator(waiting).get_page(request.GET.get("page"))
    context = {
        "nav": "work",
        "sub": True,
        "page": page,
        "rows": [facts(one) for one in page],
        "confirmed": confirmed_now(request),
        "wants": wants_digest(request.user),
    }
    return render(request, "logging/all_due.html", context)


def confirmed_now(request) -> list[Activity]:
    """The activities that the reader confirmed in the last hour and could take back."""
    keys = [one.activity for one in just_confirmed(request)]
    found = Activity.objects.editable_by(request.user).in_bulk(keys) if keys else {}
    return [found[key] for key in keys if key in found]


@login_required
@require_POST
def confirm_due(request, pk):
    """Nothing changed: the activity is still as its record says."""
    activity = get_object_or_404(Activity.objects.editable_by(request.user), pk=pk)
    confirm(request, activity, by=request.user)
    messages.success(request, _("Thank you. “%(title)s” is confirmed.") % {"title": activity.title})
    return redirect(_back(request))


@login_required
@require_POST
def undo_due(request, pk):
    """Take a confirmation of the last hour back."""
    activity = get_object_or_404(Activity.objects.editable_by(request.user), pk=pk)
    if take_back(request, activity):
        messages.success(
            request, _("“%(title)s” waits for a word again.") % {"title": activity.title}
        )
    else:
        messages.error(request, _("This cannot be taken back any more."))
    return redirect(_back(request))


@login_required
@require_POST
def mails(request):
    """Switch the mail off, or on again."""
    _choose(request, request.user)
    return redirect("dashboards:work-still-true")


def _back(request) -> str:
    return "dashboards:work-still-true" if request.POST.get("next") == "all" else "dashboards:work"
