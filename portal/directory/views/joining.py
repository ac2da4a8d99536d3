"""Coming in: asking to join, and taking up an invitation."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import login
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from .. import joining
from ..exceptions import AccountThere, InvitationOver
from ..forms import AskForm, NewPersonForm
from ..models import Organisation

BACKEND = "portal.directory.gate.PersonBackend"


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request):
    """The form of somebody who would like to join. The answer is the same whoever asks."""
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        limited = ratelimit.consume_or_429(request, action="ask_to_join")
        if limited:
            return limited
        if not form.cleaned_data["homepage"]:
            joining.ask_to_join(form.save(commit=False), now=timezone.now())
        return redirect("directory:asked")
    members = Organisation.objects.visible_to(request.user).members()
    names = members.order_by("name").values_list("name", flat=True)[:500]
    return render(request, "directory/ask.html", {"form": form, "organisations": names})


@require_safe
def asked(request):
    return render(request, "directory/asked.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request, token):
    """What the link of an invitation opens. All links that do not work look alike."""
    now = timezone.now()
    invitation = joining.invitation_of(token, now=now)
    person = joining.person_with(invitation.email) if invitation else None
    if invitation is None or (person and not person.is_active):
        return _over(request)
    if request.user.is_authenticated:
        return _join_signed_in(request, invitation, person, now)
    if person:
        context = {"invitation": invitation, "step": "sign-in"}
        return render(request, "directory/join.html", context)
    form = NewPersonForm(request.POST or None, email=invitation.email)
    if request.method == "POST" and form.is_valid():
        try:
            person = joining.join_as_new(
                invitation,
                form.cleaned_data["name"],
                form.cleaned_data["password"],
                language=get_language(),
                now=now,
            )
        except AccountThere:
            return redirect(request.path)
        except InvitationOver:
            return _over(request)
        login(request, person, backend=BACKEND)
        return _welcome(request, invitation)
    context = {"invitation": invitation, "step": "new", "form": form}
    return render(request, "directory/join.html", context)


def _join_signed_in(request, invitation, person, now):
    if person != request.user:
        context = {"invitation": invitation, "step": "other-person"}
        return render(request, "directory/join.html", context)
    if request.method == "POST":
        try:
            joining.take_up(invitation, by=request.user, now=now)
        except InvitationOver:
            return _over(request)
        return _welcome(request, invitation)
    context = {"invitation": invitation, "step": "join"}
    return render(request, "directory/join.html", context)


def _welcome(request, invitation):
    messages.success(
        request,
        _("Welcome. You now work for %(organisation)s.")
        % {"organisation": invitation.organisation.name},
    )
    return redirect("dashboards:work")


def _over(request):
    return render(request, "directory/join_over.html", status=404)
