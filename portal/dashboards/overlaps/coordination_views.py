"""Conversations between organisations: only those concerned and the secretariat come here."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from activities import coordination as services
from activities.choices import CoordinationState
from activities.exceptions import (
    AlreadyAgreed,
    AlreadySettled,
    CoordinationClosed,
    NotAgreed,
    NotConcerned,
)
from activities.models import Agreement, Coordination
from activities.permissions import answering_organisations
from activities.reminders import stuck, waiting_for, with_last_move
from portal.dashboards.lens import plain_lens
from portal.directory.access import viewer_of
from portal.lib.paging import ShortFirstPaginator
from portal.notices.services import mark_record_read

from .forms import MessageForm, ProposalForm
from .talks import conversation, rows_of
from .views import tell_settled, writes_for

SHOWS = ("open", "waiting", "stuck", "closed")


@login_required
@never_cache
@require_safe
def coordinations(request):
    """One's own conversations; the secretariat sees all, and which of them are stuck."""
    viewer, now = viewer_of(request.user), timezone.now()
    seen = Coordination.objects.visible_to(request.user)
    shows = [
        ("open", _("Open"), seen.exclude(state=CoordinationState.CLOSED)),
        ("closed", _("Closed"), seen.filter(state=CoordinationState.CLOSED)),
    ]
    if viewer.editable_organisations:
        mine = waiting_for(viewer.editable_organisations, seen)
        shows.insert(0, ("waiting", _("Waiting for you"), mine))
    if viewer.is_secretariat:
        shows.insert(0, ("stuck", _("Stuck"), stuck(now, seen)))
    asked = request.GET.get("show", "open")
    asked = asked if asked in [key for key, *_rest in shows] else "open"
    rows = next(rows for key, _label, rows in shows if key == asked)
    if asked != "stuck":
        rows = with_last_move(rows).order_by("-moved_at", "-pk")
    page = ShortFirstPaginator(rows).get_page(request.GET.get("page"))
    page.object_list = rows_of(page.object_list, now)
    context = {
        "nav": "overlaps",
        "sub": True,
        "show": asked,
        "page": page,
        "secretariat": viewer.is_secretariat,
        "tabs": [
            (label, f"?show={key}", key == asked, found.count()) for key, label, found in shows
        ],
    }
    return render(request, "overlaps/coordinations.html", context)


@login_required
@never_cache
@require_safe
def coordination(request, pk):
    """Everything that was said and agreed; opening it is reading it."""
    found = get_object_or_404(Coordination.objects.visible_to(request.user), pk=pk)
    now = timezone.now()
    services.note_seen(found, viewer_of(request.user).organisations, now=now)
    mark_record_read(request.user, found, now=now)
    for agreement in found.agreements.filter(due_on__isnull=False):
        mark_record_read(request.user, agreement, now=now)
    return _page(request, found)


def _page(request, found: Coordination, forms: dict | None = None):
    page = conversation(found, request.user)
    context = {
        "nav": "overlaps",
        "sub": True,
        "page": page,
        "coordination": found,
        "lens": plain_lens(request),
        "message": MessageForm(),
        "proposal": _proposal_form(None, page),
        **(forms or {}),
    }
    return render(request, "overlaps/coordination.html", context)


def _proposal_form(data, page) -> ProposalForm:
    return ProposalForm(data, organisations=page.organisations, today=timezone.localdate())


def _writable_or_404(request, pk: int) -> Coordination:
    return get_object_or_404(Coordination.objects.editable_by(request.user), pk=pk)


def _seat(request, found: Coordination):
    """The party that the person writes for: the one chosen in the form, else the one they act for."""
    parties = set(found.parties.values_list("organisation", flat=True))
    chosen = request.POST.get("for", "")
    if chosen.isdigit() and int(chosen) in parties & viewer_of(request.user).editable_organisations:
        parties = {int(chosen)}
    return writes_for(request, parties)


def _closed(request, refusal: CoordinationClosed) -> None:
    messages.warning(
        request,
        _("%(who)s has closed this conversation. Nothing was changed.")
        % {"who": refusal.coordination.closed_by},
    )


@login_required
@require_POST
def message(request, pk):
    """Write in a conversation."""
    found = _writable_or_404(request, pk)
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _page(request, found, {"message": form})
    try:
        services.post_message(
            found,
            form.cleaned_data["text"],
            by=request.user,
            organisation=_seat(request, found),
            now=timezone.now(),
        )
    except CoordinationClosed as refusal:
        _closed(request, refusal)
    return redirect(f"{found.get_absolute_url()}#last")


@login_required
@require_POST
def propose(request, pk):
    """Propose what to agree on."""
    found = _writable_or_404(request, pk)
    form = _proposal_form(request.POST, conversation(found, request.user))
    if not form.is_valid():
        return _page(request, found, {"proposal": form})
    good = form.cleaned_data
    currency = plain_lens(request).currency
    try:
        made = services.propose_agreement(
            found, good["kind"], good["text"], by=request.user, organisation=_seat(request, found),
            now=timezone.now(), **form.proposed(currency),
        )  # fmt: skip
    except CoordinationClosed as refusal:
        _closed(request, refusal)
    except AlreadySettled as refusal:
        tell_settled(request, refusal)
    else:
        messages.success(
            request,
            _("Agreed by all.")
            if made.agreed_at
            else _("Your proposal waits for the others' answers."),
        )
    return redirect(found)


@login_required
@require_POST
def answer(request, pk):
    """Say yes or no for an organisation concerned."""
    agreement = get_object_or_404(Agreement.objects.editable_by(request.user), pk=pk)
    found = agreement.coordination
    allowed = answering_organisations(request.user, agreement)
    organisation = _seat(request, found)
    if organisation is None or organisation.pk not in allowed:
        raise Http404
    accepted = request.POST.get("answer") == "yes"
    try:
        agreement = services.agree(
            agreement, accepted, by=request.user, organisation=organisation, now=timezone.now()
        )
    except AlreadyAgreed:
        messages.info(request, _("All have said yes already. It holds."))
    except CoordinationClosed as refusal:
        _closed(request, refusal)
    except AlreadySettled as refusal:
        tell_settled(request, refusal)
    except NotConcerned:
        raise Http404 from None
    else:
        if agreement.agreed_at:
            messages.success(request, _("All have said yes. It holds from now on."))
        else:
            messages.success(request, _("Your answer is kept. The others see it."))
    return redirect(found)


@login_required
@require_POST
def done(request, pk):
    """Say that what was agreed is done, or that it is not after all."""
    agreement = get_object_or_404(Agreement.objects.editable_by(request.user), pk=pk)
    try:
        if request.POST.get("done") == "no":
            services.undo_done(agreement)
            messages.success(request, _("Marked as not done."))
        else:
            services.mark_done(agreement, by=request.user, now=timezone.now())
            messages.success(request, _("Marked as done. Thank you."))
    except NotAgreed:
        messages.warning(request, _("This is not agreed yet, so it cannot be done."))
    return redirect(agreement.coordination)


@login_required
@require_POST
def close(request, pk):
    """End a conversation; what it did not settle is open again."""
    found = _writable_or_404(request, pk)
    try:
        services.close_coordination(found, by=request.user, now=timezone.now())
    except CoordinationClosed as refusal:
        _closed(request, refusal)
    else:
        messages.success(request, _("The conversation is closed."))
    return redirect(found)


@login_required
@require_POST
def reopen(request, pk):
    """Take the end of a conversation back."""
    found = _writable_or_404(request, pk)
    services.reopen_coordination(found, by=request.user, now=timezone.now())
    messages.success(request, _("The conversation is open again."))
    return redirect(found)
