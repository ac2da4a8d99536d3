"""One's own account, the second step that some must have, and for whom one acts."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.models import ADMINISTRATORS, SECRETARIAT, SURVIVOR_ADVISERS

from ..access import viewer_of
from ..acting import act_for, acting_organisation, own_organisations
from ..forms import OwnAccountForm
from ..gate import SECOND_STEPS, standing_of
from ..models import WorkingGroup
from ..terms import accepted_before


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request):
    """All that a person has set, on one page."""
    person = request.user
    form = OwnAccountForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your account is up to date."))
        return redirect("directory:account")
    if request.method == "POST":
        person.refresh_from_db(fields=["name", "language"])
    steps = Authenticator.objects.filter(user=person).values_list("type", flat=True)
    context = {
        "form": form,
        "person": person,
        "memberships": person.memberships.select_related("organisation").order_by(
            "organisation__name"
        ),
        "groups": WorkingGroup.objects.visible_to(person).of(viewer_of(person).organisations),
        "site_roles": [label for name, label in _site_roles().items() if person.is_in(name)],
        "has_password": person.has_usable_password(),
        "has_app": Authenticator.Type.TOTP in steps,
        "keys": list(steps).count(Authenticator.Type.WEBAUTHN),
        "has_codes": Authenticator.Type.RECOVERY_CODES in steps,
        "sessions": len(UserSession.objects.purge_and_list(person)),
        "accepted": accepted_before(person),
        "has_single_sign_on": bool(settings.SOCIALACCOUNT_PROVIDERS),
    }
    return render(request, "directory/account.html", context)


def _site_roles():
    return {
        SECRETARIAT: _("Secretariat"),
        SURVIVOR_ADVISERS: _("Survivor adviser"),
        ADMINISTRATORS: _("Administrator"),
    }


@login_required
@require_safe
def second_step(request):
    """Why a second step is needed, and the two ways to one. Leads on once there is one."""
    has_one = Authenticator.objects.filter(user=request.user, type__in=SECOND_STEPS).exists()
    if has_one and not standing_of(request.user).owes_second_step:
        return redirect("dashboards:work")
    return render(request, "directory/second_step.html")


@login_required
@require_POST
def act(request):
    """Choose for which of one's organisations to act; none for all of them."""
    key = request.POST.get("organisation", "")
    chosen = next((one for one in own_organisations(request) if str(one.pk) == key), None)
    if key and chosen is None:
        raise Http404
    act_for(request, chosen)
    wanted = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    acting = acting_organisation(request)
    messages.success(
        request,
        _("You now act for %(organisation)s.") % {"organisation": acting}
        if acting
        else _("You now see all your organisations together."),
    )
    return redirect(wanted if allowed else "dashboards:work")
