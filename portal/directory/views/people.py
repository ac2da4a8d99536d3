"""The people of one organisation: who they are, and what its managers do about it."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.models import User

from .. import joining
from .. import people as services
from ..access import viewer_of
from ..choices import Role
from ..exceptions import AlreadyInvited, AlreadyMember, InvitationOver, LastManager
from ..forms import InviteForm, RoleForm
from ..models import Invitation, Membership, Organisation

REMOVED = "removed_person"


def own_organisation(user, slug):
    """An organisation whose people `user` may see: those who belong to it, and the secretariat."""
    organisations = Organisation.objects.visible_to(user)
    viewer = viewer_of(user)
    if not viewer.is_secretariat:
        organisations = organisations.filter(pk__in=viewer.organisations)
    return get_object_or_404(organisations, slug=slug)


def managed_organisation(user, slug):
    """An organisation whose people `user` may change."""
    return get_object_or_404(Organisation.objects.editable_by(user), slug=slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def people(request, slug):
    """The list; for managers with a form to invite. A POST invites."""
    organisation = own_organisation(request.user, slug)
    manages = Organisation.objects.editable_by(request.user).filter(pk=organisation.pk).exists()
    form = InviteForm(request.POST or None, initial={"role": Role.EDITOR}) if manages else None
    if request.method == "POST":
        organisation = managed_organisation(request.user, slug)
        response = _invite(request, organisation, form)
        if response:
            return response
    now = timezone.now()
    rows = services.people_of(organisation)
    invitations = Invitation.objects.visible_to(request.user).filter(organisation=organisation)
    waiting = invitations.waiting().select_related("invited_by")
    context = {
        "organisation": organisation,
        "rows": rows,
        "roles": Role.choices,
        "manages": manages,
        "form": form,
        "own": next((row for row in rows if row.user_id == request.user.pk), None),
        "managers": [row.user for row in rows if row.role == Role.MANAGER],
        "waiting": [(one, one.is_open(now)) for one in waiting],
        "removed": _removed(request, organisation) if manages else None,
    }
    return render(request, "directory/people.html", context)


def _invite(request, organisation, form):
    """Send an invitation and answer; None where the form has to be shown again."""
    if not form.is_valid():
        return None
    limited = ratelimit.consume_or_429(request, action="invite", user=request.user)
    if limited:
        return limited
    email, role = form.cleaned_data["email"], form.cleaned_data["role"]
    try:
        joining.invite(organisation, email, role, by=request.user, now=timezone.now())
    except AlreadyMember:
        form.add_error("email", _("This person belongs to the organisation already."))
    except AlreadyInvited:
        form.add_error(
            "email", _("This person is invited already. Send the invitation again below.")
        )
    else:
        messages.success(request, _("We sent an invitation to %(email)s.") % {"email": email})
        return redirect("directory:people", organisation.slug)
    return None


@login_required
@require_POST
def role(request, slug, pk):
    organisation = managed_organisation(request.user, slug)
    membership = get_object_or_404(Membership.objects.filter(organisation=organisation), pk=pk)
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            services.change_role(membership, form.cleaned_data["role"], by=request.user)
        except LastManager:
            messages.warning(request, _last_manager())
        else:
            messages.success(
                request,
                _("%(name)s is now: %(role)s.")
                % {
                    "name": membership.user,
                    "role": Role(form.cleaned_data["role"]).label,
                },
            )
    return _back(request, organisation)


@login_required
@require_POST
def remove(request, slug, pk):
    """End a membership. It can be undone, so nobody is asked twice."""
    organisation = managed_organisation(request.user, slug)
    membership = get_object_or_404(Membership.objects.filter(organisation=organisation), pk=pk)
    try:
        services.remove_person(membership, by=request.user)
    except LastManager:
        messages.warning(request, _last_manager())
    else:
        request.session[REMOVED] = {
            "organisation": organisation.pk,
            "user": membership.user_id,
            "role": membership.role,
        }
    return _back(request, organisation)


@login_required
@require_POST
def put_back(request, slug):
    """Undo the last removal of this session."""
    organisation = managed_organisation(request.user, slug)
    removed = _removed(request, organisation)
    if removed:
        person, old_role = removed
        services.put_back(organisation, person, old_role, by=request.user)
        del request.session[REMOVED]
        messages.success(request, _("%(name)s is back.") % {"name": person})
    return _back(request, organisation)


def _removed(request, organisation):
    """(person, role) of whom this session removed last from this organisation; else None."""
    removed = request.session.get(REMOVED)
    if not removed or removed["organisation"] != organisation.pk:
        return None
    person = User.objects.filter(pk=removed["user"]).first()
    return (person, removed["role"]) if person else None


@login_required
@require_POST
def leave(request, slug):
    """End one's own membership."""
    organisation = own_organisation(request.user, slug)
    membership = get_object_or_404(request.user.memberships, organisation=organisation)
    try:
        services.remove_person(membership, by=request.user)
    except LastManager:
        messages.warning(request, _last_manager())
        return redirect("directory:people", organisation.slug)
    messages.success(request, _("You have left %(organisation)s.") % {"organisation": organisation})
    return redirect("dashboards:work")


@login_required
@require_POST
def invitation_again(request, slug, pk):
    organisation = managed_organisation(request.user, slug)
    invitation = _invitation(request, organisation, pk)
    limited = ratelimit.consume_or_429(request, action="invite", user=request.user)
    if limited:
        return limited
    try:
        joining.send_again(invitation, by=request.user, now=timezone.now())
    except InvitationOver:
        messages.warning(request, _("This invitation was taken up or taken back."))
    else:
        messages.success(
            request, _("We sent a new link to %(email)s.") % {"email": invitation.email}
        )
    return _back(request, organisation)


@login_required
@require_POST
def invitation_revoke(request, slug, pk):
    organisation = managed_organisation(request.user, slug)
    invitation = _invitation(request, organisation, pk)
    try:
        joining.revoke(invitation, by=request.user, now=timezone.now())
    except InvitationOver:
        messages.warning(request, _("This invitation was taken up or taken back."))
    else:
        messages.success(
            request,
            _("The invitation to %(email)s is taken back. Its link no longer works.")
            % {"email": invitation.email},
        )
    return _back(request, organisation)


def _invitation(request, organisation, pk):
    invitations = Invitation.objects.editable_by(request.user)
    return get_object_or_404(invitations.filter(organisation=organisation), pk=pk)


def _last_manager():
    return _("This is the last manager. Make somebody else a manager first.")


def _back(request, organisation):
    """To the list; to My work for somebody who has just lost sight of it."""
    viewer = viewer_of(User.objects.get(pk=request.user.pk))
    if viewer.is_secretariat or organisation.pk in viewer.organisations:
        return redirect("directory:people", organisation.slug)
    return redirect("dashboards:work")
