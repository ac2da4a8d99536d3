"""What must be settled before somebody who is signed in goes on: the terms, and a second step where one is required.

Both are read in the query that reads the person, so that no page costs a query more.
"""

from dataclasses import dataclass
from urllib.parse import quote

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import BooleanField, Exists, OuterRef, Q, Subquery, Value
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from portal.accounts.models import ADMINISTRATORS, SECRETARIAT, SURVIVOR_ADVISERS, User

from .access import SECRETARIAT_GROUPS
from .choices import OrganisationTagName
from .models import Acceptance, Membership, TermsVersion

#: What counts as a second step; recovery codes come along with one of these.
SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
#: Who can be made to have a second step, as `MFA_REQUIRED_FOR` names them.
GROUPS = {
    "secretariat": SECRETARIAT,
    "administrators": ADMINISTRATORS,
    "survivor_advisers": SURVIVOR_ADVISERS,
}
WORKERS = {
    "law_enforcement": Q(organisation__tags__tag=OrganisationTagName.LAW_ENFORCEMENT),
    "funders": Q(organisation__is_funder=True),
    "managers": Q(role="manager"),
    "members": Q(),
}
KINDS = (*GROUPS, *WORKERS)
#: Says in `MFA_REQUIRED_FOR` that nobody has to.
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Standing:
    """What one person still has to do."""

    owes_terms: bool
    owes_second_step: bool


def with_standing(people):
    """`people` with what `standing_of` needs, and whether they are of the secretariat, in the same query."""
    newest = TermsVersion.objects.order_by("-number").values("pk")[:1]
    accepted = Acceptance.objects.filter(user=OuterRef("pk"), version=OuterRef("newest_terms"))
    steps = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_STEPS)
    return people.annotate(
        newest_terms=Subquery(newest),
        accepted_terms=Exists(accepted),
        has_second_step=Exists(steps),
        needs_second_step=_needs_second_step(frozenset(settings.MFA_REQUIRED_FOR)),
        is_in_secretariat=Exists(
            User.groups.through.objects.filter(
                user_id=OuterRef("pk"), group__name__in=SECRETARIAT_GROUPS
            )
        ),
    )


def _needs_second_step(kinds: frozenset[str]):
    """An expression: whether a person is of one of these kinds."""
    groups = [name for kind, name in GROUPS.items() if kind in kinds]
    workers = [condition for kind, condition in WORKERS.items() if kind in kinds]
    found = Q()
    if groups:
        through = User.groups.through.objects.filter(user_id=OuterRef("pk"), group__name__in=groups)
        found |= Q(Exists(through))
    if "administrators" in kinds:
        found |= Q(is_superuser=True)
    for condition in workers:
        found |= Q(Exists(Membership.objects.filter(condition, user=OuterRef("pk"))))
    if not found:
        return Value(False, output_field=BooleanField())
    return found


def standing_of(user) -> Standing:
    """What a person still has to do; no query for somebody whom the session brought."""
    if not hasattr(user, "needs_second_step"):
        user = with_standing(User.objects.filter(pk=user.pk)).get()
    return Standing(
        owes_terms=user.newest_terms is not None and not user.accepted_terms,
        owes_second_step=user.needs_second_step and not user.has_second_step,
    )


class PersonBackend(AuthenticationBackend):
    """Signs people in as django-allauth does, and reads them with their standing."""

    def get_user(self, user_id):
        user = with_standing(User.objects.filter(pk=user_id)).first()
        return user if user is not None and self.user_can_authenticate(user) else None


class GateMiddleware:
    """Leads people who are signed in to what they still have to do, before anything else.

    Must stand after AuthenticationMiddleware and HtmxMiddleware.
    """

    #: Open to everybody at any time.
    OPEN = frozenset(
        {
            "account_logout",
            "content:colours",
            "content:language",
            "directory:terms",
            "directory:terms-accept",
            "directory:terms-version",
            "set_language",
        }
    )
    #: Open as well to those who have yet to set up their second step.
    SET_UP = frozenset(
        {
            "account_confirm_login_code",
            "account_reauthenticate",
            "directory:second-step",
            "mfa_activate_totp",
            "mfa_add_webauthn",
            "mfa_reauthenticate",
        }
    )

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        # Without a session there is nobody; the files of pages are for all.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return None
        standing = standing_of(request.user)
        name = request.resolver_match.view_name
        if name in self.OPEN:
            return None
        if standing.owes_terms:
            return lead_to("directory:terms-accept", request)
        if standing.owes_second_step and name not in self.SET_UP:
            return lead_to("directory:second-step", request)
        return None


def lead_to(name, request):
    """To the page called `name`, and from there back to where the reader wanted to go."""
    address = reverse(name)
    wanted = request.get_full_path()
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    if request.method in ("GET", "HEAD") and wanted != "/":
        address += f"?next={quote(wanted, safe='/')}"
    return redirect(address)
