"""The parts of the form that change while one writes, and the drafts that are sent meanwhile."""

from hashlib import sha256

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities import saving
from activities.choices import ActivityStatus
from activities.drafts import keep_draft
from activities.exceptions import DraftMovedOn, DraftTooLong, SentBefore
from activities.models import Activity, ActivityDraft
from portal.lib.numbers import day

from ..lens import strategy_in_force
from .choices import Options
from .keys import user_key
from .page import partner_result, place_result
from .panel import panel
from .typed import Typed
from .views import may_log, read_token, seen_in

#: What the form needs besides its page.
FILES = (
    "portal/css/site.css",
    "portal/js/site.js",
    "portal/js/drafts.js",
    "portal/js/logging.js",
    "portal/vendor/htmx.min.js",
    "portal/vendor/icons.svg",
    "portal/icon.svg",
    "portal/vendor/fonts/atkinson-hyperlegible-next-latin-400-normal.woff2",
    "portal/vendor/fonts/atkinson-hyperlegible-next-latin-600-normal.woff2",
    "portal/vendor/fonts/aleo-latin-600-normal.woff2",
)


def options_of(request, typed: Typed) -> Options:
    """The choices for the form that asks; raises 404 for an activity that is not this person's to change."""
    if not may_log(request.user):
        raise PermissionDenied
    keys = typed.keys_of("activity")
    activity = None
    if keys:
        activity = get_object_or_404(
            Activity.objects.editable_by(request.user).select_related("reporting_organisation"),
            pk=keys[0],
        )
    return Options(request, strategy_in_force(), activity)


@login_required
@never_cache
@require_POST
def similar(request):
    """The live panel for what is typed so far."""
    typed = Typed.of(request.POST)
    context = {"live": panel(options_of(request, typed), typed), "typed": typed, "is_swap": True}
    return render(request, "logging/_panel.html", context)


@login_required
@require_safe
def places(request):
    """Places by name, or those inside one, to choose from."""
    result = place_result(Typed.of(request.GET))
    return render(request, "logging/_found_places.html", {"result": result, "is_swap": True})


@login_required
@require_safe
def partners(request):
    """Organisations by name, to choose from."""
    typed = Typed.of(request.GET)
    result = partner_result(typed, options_of(request, typed))
    return render(request, "logging/_found_partners.html", {"result": result, "is_swap": True})


# Drafts


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request):
    """GET: who is signed in. POST: keep what was typed; the answer says since when it is kept.

    `sent`: where the form led that was sent already. 409: another device wrote since; 401: nobody is signed in.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"user": ""}, status=401 if request.method == "POST" else 200)
    user = user_key(request.user)
    if request.method != "POST":
        return JsonResponse({"user": user})
    typed = Typed.of(request.POST)
    if typed.one("owner_key") not in ("", user):
        return JsonResponse({"user": user}, status=401)
    token = read_token(typed.one("token"))
    if token is None:
        return JsonResponse({"problem": _("This draft has no number.")}, status=400)
    options = options_of(request, typed)
    try:
        kept = keep_draft(
            typed, token=token, activity=options.activity, by=request.user, now=timezone.now(),
            seen=seen_in(typed), force=bool(typed.one("force")),
        )  # fmt: skip
    except SentBefore as before:
        url = before.activity.get_absolute_url()
        return JsonResponse({"user": user, "sent": url})
    except DraftMovedOn as moved:
        return JsonResponse({"user": user, "version": moved.draft.version}, status=409)
    except DraftTooLong:
        sentence = _("This is too long to keep as a draft. Please shorten it.")
        return JsonResponse({"user": user, "problem": sentence}, status=413)
    return JsonResponse({"user": user, "version": kept.version, "says": says(kept)})


def says(kept: ActivityDraft) -> str:
    """When a draft was saved: the time for one of today, else the day."""
    moment = timezone.localtime(kept.updated_at)
    if moment.date() == timezone.localdate():
        return _("Draft saved at %(time)s") % {"time": moment.strftime("%H:%M")}
    return _("Draft saved on %(day)s") % {"day": day(moment.date())}


@login_required
@require_POST
def drop_draft(request, pk):
    """Throw a draft of one's own away."""
    found = get_object_or_404(ActivityDraft.objects.editable_by(request.user), pk=pk)
    activity = found.activity
    found.delete()
    messages.success(request, _("The draft is deleted."))
    if activity and request.POST.get("next") == "edit":
        return redirect("dashboards:activity-edit", activity.pk)
    return redirect("dashboards:work")


# Taking away, and back again


@login_required
@require_POST
def remove(request, pk):
    """Delete an activity, or cancel it; both can be undone."""
    activity = get_object_or_404(Activity.objects.editable_by(request.user), pk=pk)
    facts = {"title": activity.title}
    if request.POST.get("how") == "cancel":
        saving.set_status(activity, ActivityStatus.CANCELLED)
        messages.success(request, _("“%(title)s” is cancelled. It is no longer counted.") % facts)
        return redirect(activity)
    saving.remove_activity(activity, by=request.user, now=timezone.now())
    messages.success(
        request, _("“%(title)s” is deleted. You can bring it back from this page.") % facts
    )
    return redirect("dashboards:work")


@login_required
@require_POST
def undo(request, pk):
    """Bring a deleted activity back, or one that was cancelled to what it was before."""
    activity = Activity.objects.removed_for(request.user).filter(pk=pk).first()
    if activity:
        saving.bring_back(activity)
    else:
        mine = Activity.objects.editable_by(request.user)
        activity = get_object_or_404(mine, pk=pk, activity_status=ActivityStatus.CANCELLED)
        saving.set_status(activity, saving.status_before_cancelled(activity))
    messages.success(request, _("“%(title)s” is back.") % {"title": activity.title})
    return redirect(activity)


# Without a connection


@require_safe
def worker(request):
    """The service worker: it answers for the form of a new activity, and for nothing else."""
    version = sha256("".join(map(static, FILES)).encode()).hexdigest()[:12]
    context = {"files": FILES, "version": version}
    response = render(request, "logging/worker.js", context, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response
