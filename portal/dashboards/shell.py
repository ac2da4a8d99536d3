"""What stands around every page: name, ribbon, navigation, the date of the figures."""

from dataclasses import dataclass
from datetime import date

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.directory.access import Viewer, viewer_of
from portal.directory.acting import acting_organisation, own_organisations
from portal.directory.choices import Audience
from portal.directory.models import Organisation
from portal.notices.queries import unread_count
from strategy.analysis.coverage import Totals
from strategy.choices import Pillar
from strategy.models import Strategy

from .logging.keys import user_key
from .overlaps.waiting import open_count
from .state import State, in_force, state_of

FALLBACK_NAME = "Fourfold"


@dataclass(frozen=True, slots=True)
class Part:
    """A pillar's piece of the ribbon: what it asks for, and percent of it met."""

    pillar: int
    required: int
    met_share: int


@dataclass(frozen=True, slots=True)
class Shell:
    coalition: str
    strategy: Strategy | None
    notice: str
    as_of: date | None
    ribbon: list[Part]
    nav: list[tuple[str, str, str]]
    action: tuple[str, str] | None
    user_name: str
    user_key: str  # tells the drafts of two people on one device apart
    members_count: int
    links: list[tuple[str, str]]
    counts: dict[str, tuple[int, str]]  # of entries: how many, and of what
    organisations: list[Organisation]  # to choose among: those of a person who has several
    acting: Organisation | None  # the one that was chosen among them


def shell(request) -> Shell:
    """The shell of a page for this reader. No query beyond those of the strategy's state."""
    strategy = in_force(request)
    viewer = viewer_of(getattr(request, "user", None))
    signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    several = len(viewer.organisations) > 1
    state = state_of(strategy) if strategy else None
    nav = _reachable(_navigation(viewer, signed_in))
    return Shell(
        coalition=strategy.coalition_name if strategy else FALLBACK_NAME,
        strategy=strategy,
        notice=strategy.notice if strategy else "",
        as_of=strategy.today() if strategy else None,
        ribbon=_ribbon(state) if state else [],
        nav=nav,
        action=_action(viewer, signed_in),
        user_name=(request.user.get_short_name() or request.user.email) if signed_in else "",
        user_key=user_key(request.user) if signed_in else "",
        members_count=state.members if state else 0,
        links=_links(nav, signed_in),
        counts=_counts(request.user, viewer, strategy) if signed_in else {},
        organisations=own_organisations(request) if several else [],
        acting=acting_organisation(request) if several else None,
    )


def _counts(user, viewer: Viewer, strategy: Strategy | None) -> dict[str, tuple[int, str]]:
    """What waits behind the entries of the navigation; none that is zero."""
    unread = unread_count(user)
    open_ones = open_count(viewer, strategy) if strategy else 0
    found = {
        "overlaps": (open_ones, _("open with your organisation")),
        "work": (unread, ngettext("new notification", "new notifications", unread)),
    }
    return {key: pair for key, pair in found.items() if pair[0]}


def _ribbon(state: State) -> list[Part]:
    """Decoration, the same for everyone: drawn from what the public sees."""
    return [_part(pillar, *state.ribbon.get(pillar, (0, 0))) for pillar in Pillar.values]


def _part(pillar: int, required: int, unmet: int) -> Part:
    met = Totals(required=required, unmet=unmet).met_share
    return Part(pillar, required // 100, max(0, int(met or 0)))


def _navigation(viewer: Viewer, signed_in: bool) -> list[tuple[str, str, str]]:
    work = (
        [("work", _("My work"), "dashboards:work")]
        if signed_in
        else [("home", _("Home"), "dashboards:home")]
    )
    entries = [
        *work,
        ("gaps", _("Funding gaps"), "dashboards:gaps"),
        ("who", _("Who does what"), "dashboards:who"),
    ]
    if viewer.is_member or viewer.is_secretariat:
        entries.append(("overlaps", _("Overlaps"), "dashboards:overlaps"))
    if viewer.audience == Audience.ALL:
        entries.append(("import", _("Import"), "imports:start"))
        entries.append(("desk", _("Desk"), "wagtailadmin_home"))
    if not signed_in:  # those who work here find it in the footer, and have room for the rest
        entries.append(("method", _("How numbers are computed"), "dashboards:method"))
    return entries


def _links(nav, signed_in: bool) -> list[tuple[str, str]]:
    """What the footer adds to the navigation."""
    entries = [
        ("method", _("How numbers are computed"), "dashboards:method"),
        ("overlaps", _("Where activities look alike"), "dashboards:overlaps"),
        ("terms", _("Terms of data sharing"), "directory:terms"),
    ]
    if not signed_in:
        entries.append(("ask", _("Ask to join"), "directory:ask"))
    above = {url for _key, _label, url in nav}
    return [(label, url) for _key, label, url in _reachable(entries) if url not in above]


def _action(viewer: Viewer, signed_in: bool) -> tuple[str, str] | None:
    if not signed_in:
        return _("Sign in"), reverse("account_login")
    if viewer.editable_organisations or viewer.is_secretariat:
        return _("Log an activity"), reverse("dashboards:activity-new")
    return None


def _reachable(entries) -> list[tuple[str, str, str]]:
    """Entries whose page exists, with their addresses."""
    found = []
    for key, label, name in entries:
        try:
            found.append((key, label, reverse(name)))
        except NoReverseMatch:
            continue
    return found
