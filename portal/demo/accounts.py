"""People for trying the portal: one of each kind, in organisations that are plainly made up."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from portal.accounts.models import SECRETARIAT, User
from portal.directory.choices import OrganisationType, Role
from portal.directory.models import Membership, Organisation
from portal.directory.terms import accept_terms, newest_terms

PASSWORD = "fourfold-demo"  # noqa: S105 public on purpose: these accounts exist in demos alone


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account with what it is for; `organisation` is a slug, empty for the secretariat."""

    email: str
    name: str
    organisation: str
    role: str
    what_for: str


ORGANISATIONS = {
    "example-fund": ("Example Fund", OrganisationType.FOUNDATION, False, True),
    "example-members-association": (
        "Example Members' Association",
        OrganisationType.NATIONAL_NGO,
        True,
        False,
    ),
}  # slug: name, type, is a member, is a funder

ACCOUNTS = (
    DemoAccount(
        "secretariat@example.org", "Sam Secretariat", "", "", "the secretariat, and the desk"
    ),
    DemoAccount("funder@example.org", "Fay Funder", "example-fund", Role.EDITOR, "a funder"),
    DemoAccount(
        "member@example.org",
        "Max Member",
        "example-members-association",
        Role.EDITOR,
        "a member who may write",
    ),
    DemoAccount(
        "viewer@example.org",
        "Vera Viewer",
        "example-members-association",
        Role.VIEWER,
        "a member who may read",
    ),
)


def may_have_accounts() -> bool:
    """Whether this site is for trying: the settings of `make run` know a DEMO, those of production do not."""
    return settings.DEBUG or hasattr(settings, "DEMO")


@transaction.atomic
def make_accounts(homes: dict[str, str] | None = None) -> int:
    """Make the accounts that are not there, and their organisations; how many were made.

    homes: slugs of other organisations in place of the two examples, by the slug of the example.
    An account that is there is left as it is, its password too.
    """
    made = 0
    for account in ACCOUNTS:
        if User.objects.filter(email=account.email).exists():
            continue
        user = User.objects.create_user(account.email, PASSWORD, name=account.name)
        made += 1
        if terms := newest_terms():  # nobody stands behind these accounts who could be asked
            accept_terms(terms, by=user, now=timezone.now())
        if not account.organisation:
            user.groups.add(Group.objects.get_or_create(name=SECRETARIAT)[0])
            continue
        organisation = _organisation(account.organisation, (homes or {}).get(account.organisation))
        Membership.objects.create(user=user, organisation=organisation, role=account.role)
    return made


def _organisation(slug: str, other: str | None) -> Organisation:
    if other:
        return Organisation.objects.get(slug=other)
    name, kind, is_member, is_funder = ORGANISATIONS[slug]
    return Organisation.objects.get_or_create(
        slug=slug,
        defaults={
            "name": name,
            "organisation_type": kind,
            "is_member": is_member,
            "is_funder": is_funder,
            "is_example": True,
        },
    )[0]
