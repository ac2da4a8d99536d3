"""Log an activity, and change one: eight questions on one page."""

import json
import re
from datetime import timedelta
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from activities.drafts import keep_draft
from activities.drafts import typed as kept_fields
from activities.exceptions import ChangedMeanwhile, DraftMovedOn, DraftTooLong, SentBefore
from activities.models import Activity, ActivityDraft, SentForm
from activities.reviewing import last_comment, review_is_on
from activities.saving import Sent, data_of, said_before, save_activity
from portal.directory.access import viewer_of
from portal.directory.models import Place
from portal.records.choices import ReviewState, Visibility

from ..lens import strategy_in_force
from . import conflict, panel
from .choices import Options
from .entry import Entry
from .page import form_context, shared_out
from .personal import hits_typed, not_yet_decided, shown
from .typed import Typed, typed_of

#: Where a form waits that was sent by somebody whose session had ended.
KEPT = "kept_form"
SALT = "portal.dashboards.logging"
#: A form that is sent while its draft is being saved does not know of that yet.
ON_ITS_WAY = timedelta(seconds=15)


def may_log(user) -> bool:
    """Whoever may write for an organisation, and the secretariat."""
    viewer = viewer_of(user)
    return bool(viewer.editable_organisations) or viewer.is_secretariat


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """A new activity."""
    if not request.user.is_authenticated:
        return _sign_in_first(request)
    if not may_log(request.user):
        raise PermissionDenied
    options = Options(request, strategy_in_force())
    if request.method == "POST":
        return _posted(request, options)
    token = read_token(request.GET.get("draft"))
    if token and (sent := _sent(request.user, token)):
        messages.info(request, _("You have sent this form already. Here is what it says."))
        return redirect(sent.activity)
    draft = None
    if token:
        draft = ActivityDraft.objects.visible_to(request.user).filter(token=token).first()
        if draft and draft.activity_id:
            return redirect("dashboards:activity-edit", draft.activity_id)
    waiting = _waiting(request)
    typed = waiting or (Typed(draft.data) if draft else _prefilled(request, options))
    fresh = not (waiting or draft)
    return _form(request, options, typed, draft=draft, token=token, fresh=fresh)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    """Change an activity that one may change."""
    if not request.user.is_authenticated:
        return _sign_in_first(request)
    activity = get_object_or_404(_editable(request.user), pk=pk)
    options = Options(request, strategy_in_force(), activity)
    if request.method == "POST":
        return _posted(request, options)
    draft = ActivityDraft.objects.visible_to(request.user).filter(activity=activity).first()
    typed = _waiting(request) or (Typed(draft.data) if draft else _as_stored(activity))
    return _form(request, options, typed, draft=draft, token=draft.token if draft else None)


def _editable(user):
    return (
        Activity.objects.editable_by(user)
        .select_related("reporting_organisation")
        .prefetch_related(
            "objective_shares", "place_shares", "populations", "exploitations", "participants",
            "working_groups",
        )
    )  # fmt: skip


def _as_stored(activity: Activity) -> Typed:
    """The form filled in with the record, and with what it says now, to notice who else changes it."""
    data = data_of(activity)
    typed = typed_of(data)
    said = {}
    for key, (choice, reason) in said_before(activity).items():
        said |= {f"say-{key}": [choice], f"why-{key}": [reason]}
    return Typed({**typed, **said, "version": [data.version], "base": [json.dumps(typed)]})


def _prefilled(request, options: Options) -> Typed:
    """A new form; objective and place from the address, by code or key, as the matrix links to it."""
    year = str(options.today.year)
    typed = Typed({"start_year": [year], "end_year": [year], "visibility": [Visibility.PUBLIC]})
    code = request.GET.get("objective", "")
    nodes = [node for node in options.objectives.values() if code in (node.code, str(node.pk))]
    if nodes:
        typed["objective"] = [str(nodes[0].pk)]
    code = request.GET.get("place", "").replace("\0", "")
    place = Place.objects.filter(code=code).first() if code else None
    if place is None and code.isascii() and code.isdigit():
        place = Place.objects.filter(pk=code[:18]).first()
    if place:
        typed["place"] = [str(place.pk)]
    return typed


def seen_in(typed: Typed) -> int:
    """The version of the draft that the form was opened with; 0 where there was none."""
    text = typed.one("seen")
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0


def read_token(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _sent(user, token: UUID) -> SentForm | None:
    """The form that was sent with this token, where its activity is still there to see."""
    sent = SentForm.objects.filter(user=user, token=token).select_related("activity").first()
    seen = Activity.objects.visible_to(user)
    return sent if sent and seen.filter(pk=sent.activity_id).exists() else None


# Drawing the form


def _form(request, options, typed, *, draft=None, token=None, entry=None, status=200, **more):
    """The page of the form, filled in with `typed`; with the problems of `entry`, focus on their summary."""
    errors = entry.errors if entry else {}
    context = {
        **form_context(options, typed, draft),
        "token": (draft and not options.activity and draft.token)
        or token
        or read_token(typed.one("token"))
        or uuid4(),
        "errors": errors,
        "problems": entry.problems() if entry else [],
        "owner": signing.dumps(request.user.pk, salt=SALT),
        "live": panel.panel(options, typed),
        "publish_label": _publish_label(request.user, options.activity),
        "address": request.path,
        "personal": shown(hits_typed(typed)),
        "returned": last_comment(options.activity) if options.activity else None,
        **more,
    }
    return render(request, "logging/form.html", context, status=status)


def _publish_label(user, activity) -> str:
    """What the button does: save, publish, or send to the secretariat first."""
    if activity is not None and activity.review_state in (
        ReviewState.ACCEPTED,
        ReviewState.SUBMITTED,
    ):
        return _("Save")
    if viewer_of(user).is_secretariat or not review_is_on():
        return _("Publish")
    return _("Send for review")


# What was posted


def _posted(request, options):
    typed = Typed.of(request.POST)
    action = typed.one("action")
    token = read_token(typed.one("token")) or uuid4()
    if action == "keep":
        return _keep(request, options, typed, token)
    if action in ("", "save"):
        return _save(request, options, typed, token)
    what, _colon, value = action.partition(":")
    if what in ("equal", "rest") and value in ("objective", "place"):
        typed = shared_out(typed, value, what)
    if what == "inside":
        typed = Typed({**typed, "inside": [value]})
    draft = _keep_quietly(request, options, typed, token)
    return _form(request, options, typed, draft=draft, token=token)


def _keep_quietly(request, options, typed, token) -> ActivityDraft | None:
    """Keep what was typed as a draft; None where that is not possible, which the form then says.

    Where another device wrote in the draft since, a new activity gets a second draft. Of changes to an activity there
    is one draft: the version that was sent last.
    """
    facts = {"activity": options.activity, "by": request.user, "now": timezone.now()}
    try:
        return keep_draft(typed, token=token, seen=seen_in(typed), **facts)
    except DraftMovedOn as moved:
        behind = moved.draft.version - seen_in(typed)
        on_its_way = behind == 1 and facts["now"] - moved.draft.updated_at < ON_ITS_WAY
        if options.activity or on_its_way:
            return keep_draft(typed, token=token, force=True, **facts)
        token = uuid4()
        return keep_draft({**typed, "token": [str(token)]}, token=token, **facts)
    except (DraftTooLong, SentBefore):
        return None


def _keep(request, options, typed, token):
    """Keep as draft, and leave."""
    draft = _keep_quietly(request, options, typed, token)
    if draft is None:
        messages.warning(request, _("This could not be kept as a draft. Please shorten it."))
        return _form(request, options, typed, token=token)
    messages.success(request, _("Your draft is kept. Nobody else sees it."))
    return redirect("dashboards:work")


def _save(request, options, typed, token):
    if typed.one("resolve") and options.activity:
        typed = conflict.resolved(typed, data_of(options.activity))
    entry = Entry(typed, options)
    data = entry.data()
    if data is None:
        draft = _keep_quietly(request, options, typed, token)
        return _form(request, options, typed, draft=draft, token=token, entry=entry, status=422)
    if not_yet_decided(typed, options.activity):
        draft = _keep_quietly(request, options, typed, token)
        return _form(request, options, typed, draft=draft, token=token, asks=True, status=422)
    try:
        activity = save_activity(
            data,
            by=request.user,
            now=timezone.now(),
            activity=options.activity,
            expected_version=typed.one("version"),
            sent=Sent(token, entry.said()),
        )
    except SentBefore as before:
        if not _editable(request.user).filter(pk=before.activity.pk).exists():
            raise Http404 from None
        if data_of(before.activity).version == data.version:  # sent twice
            return redirect(_after_saving(before.activity))
        return _conflict(request, before.activity, data, typed)
    except ChangedMeanwhile as changed:
        _keep_quietly(request, options, typed, token)
        return _conflict(request, changed.activity, data, typed)
    return redirect(_after_saving(activity))


def _conflict(request, activity, data, typed):
    """Both versions side by side. It is sent as a form of its own, whatever became of the first."""
    context = conflict.page(_editable(request.user).get(pk=activity.pk), data, typed)
    is_self = context["by"] == request.user.pk
    context |= {"nav": "work", "sub": True, "token": uuid4(), "is_self": is_self}
    return render(request, "logging/conflict.html", context, status=409)


def _after_saving(activity: Activity) -> str:
    return reverse("dashboards:activity-saved", args=[activity.pk])


# Somebody whose session has ended


def _sign_in_first(request):
    """Off to sign in. What was posted waits in the session, for the person whose form it is."""
    if request.method == "POST":
        try:
            owner = signing.loads(request.POST.get("owner", ""), salt=SALT)
            fields = kept_fields(Typed.of(request.POST))
        except (signing.BadSignature, DraftTooLong):
            pass
        else:
            request.session[KEPT] = {"owner": owner, "path": request.path, "fields": fields}
    return redirect_to_login(request.path if request.method == "POST" else request.get_full_path())


def _waiting(request) -> Typed | None:
    """What this person had posted to this page when their session had ended."""
    kept = request.session.get(KEPT)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[KEPT]
    if kept["owner"] != request.user.pk:
        return None
    messages.info(
        request, _("You were signed out. What you had written is here; it is not sent yet.")
    )
    return Typed(kept["fields"])
