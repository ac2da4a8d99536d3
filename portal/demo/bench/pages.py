"""Pages as a browser asks for them, through every middleware."""

from collections.abc import Callable, Iterator
from itertools import cycle

from django.core.cache import cache
from django.db import transaction
from django.db.models import Count
from django.test import Client, override_settings
from django.utils import timezone

from grants import services
from grants.models import Grant
from portal.accounts.models import User
from portal.dashboards import state
from portal.demo.bench.timing import Line, in_turn, line, measure, queries_of
from portal.directory.choices import Audience, PlaceKind, Role
from portal.directory.models import Acceptance, Membership, Organisation, Place, TermsVersion
from portal.records.choices import Visibility
from strategy.models import Strategy, SummaryCell

BARE = "bare Django view"
GAPS = "gap page"
WARM, UNCHANGED, WRITTEN = "gap page, warm", "gap page, 304", "gap page, first after a write"
#: Pages of which one reading is measured with nothing kept, and their queries are counted.
PAGES = {
    GAPS: "/gaps/",
    "gap page, one country": "/gaps/?place={country}",
    "rows behind a number": "/gaps/rows/?figure=committed",
    "rows behind a number, one country": "/gaps/rows/?figure=committed&place={country}",
    "who does what, list": "/who/?view=list",
    "who does what, matrix": "/who/?view=matrix",
    "home": "/",
}
MEMBER = "gap page, a member's own"


def largest_country() -> Place:
    """The country with the most figures."""
    countries = Place.objects.filter(kind=PlaceKind.COUNTRY).order_by().values("pk")
    cells = SummaryCell.objects.filter(audience=Audience.PUBLIC, place_key__in=countries)
    top = (
        cells.values("place_key")
        .annotate(cells=Count("pk"))
        .order_by("-cells", "place_key")
        .first()
    )
    return Place.objects.get(pk=top["place_key"])


def query_counts() -> dict[str, int]:
    """How often each page asks the database, with nothing kept."""
    counts = {}
    for name, address in _addresses().items():
        visit = _visit(Client(SERVER_NAME="localhost"), address)
        if visit.answers():
            _forget()
            counts[name] = queries_of(visit)
    return counts


def page_lines(counts: dict[str, int], small: dict[str, int]) -> Iterator[Line]:
    """A line per page; `counts` are its queries here, `small` those on a small coalition."""
    client = Client(SERVER_NAME="localhost")
    with override_settings(ROOT_URLCONF="portal.demo.bench.urls"):
        yield from _kept_pages(client)
        yield from _written_pages(client)
        for name, address in _addresses().items():
            more = {"queries": counts.get(name), "queries_small": small.get(name)}
            yield _page(f"{name}, nothing kept", _visit(client, address), more)
        yield _page(MEMBER, _visit(_member(), PAGES[GAPS]), {})


def _kept_pages(client: Client) -> Iterator[Line]:
    """The gap page as it is kept, in whole and as 304, beside a bare view."""
    visits = {BARE: _visit(client, "/bare/"), WARM: _visit(client, PAGES[GAPS])}
    etag = client.get(PAGES[GAPS]).headers.get("ETag", "none")
    visits[UNCHANGED] = _visit(client, PAGES[GAPS], headers={"if-none-match": etag})
    expected = {BARE: 200, WARM: 200, UNCHANGED: 304}
    there = {name: visit for name, visit in visits.items() if visit.status() == expected[name]}
    yield from in_turn(there, 300)
    for name in visits.keys() - there.keys():
        yield Line(name, note=f"skipped: {visits[name].address} answers {visits[name].status()}")


def _written_pages(client: Client) -> Iterator[Line]:
    visit = _visit(client, PAGES[GAPS])
    if visit.answers():
        yield line(WRITTEN, measure(visit, 30, before=_writes()))


def _page(name: str, visit: "_visit", more: dict) -> Line:
    if not visit.answers():
        return Line(name, note=f"skipped: {visit.address} answers {visit.status()}")
    return line(name, measure(visit, 30, before=_forget), **more)


def _forget() -> None:
    """Nothing is kept: no page, and nothing of the state of the data."""
    cache.clear()
    state.forget()


def _writes() -> Callable[[], None]:
    """A call that raises what the next grant gives by a tenth, history and figures too, as its editor would."""
    strategy = Strategy.objects.in_force()
    keys = (
        Grant.objects.filter(visibility=Visibility.PUBLIC, transactions__isnull=False)
        .order_by("pk")
        .values_list("pk", flat=True)
        .distinct()
    )
    waiting = cycle(list(keys[:40]))

    def write():
        with transaction.atomic():
            grant = Grant.objects.get(pk=next(waiting))
            for entry in grant.transactions.all():
                entry.amount = (entry.amount * 11 / 10).quantize(entry.amount)
                entry.save()
            services.set_allocations(grant, strategy, list(grant.allocations.all()))

    return write


def _addresses() -> dict[str, str]:
    country = largest_country().code
    return {name: address.format(country=country) for name, address in PAGES.items()}


class _visit:  # noqa: N801 a call
    """Asks for a page."""

    def __init__(self, client: Client, address: str, **more) -> None:
        self.address = address
        self._get: Callable = lambda: client.get(address, **more)

    def __call__(self) -> None:
        self._get()

    def status(self) -> int:
        return self._get().status_code

    def answers(self) -> bool:
        return self.status() == 200


def _member() -> Client:
    """Somebody of the organisation with the most grants of its own."""
    organisation = (
        Organisation.objects.members()
        .annotate(grants=Count("grants_received"))
        .order_by("-grants", "pk")
        .first()
    )
    user = User.objects.create_user("bench@example.org", name="Example Reader")
    Membership.objects.create(user=user, organisation=organisation, role=Role.VIEWER)
    if terms := TermsVersion.objects.order_by("-number").first():
        Acceptance.objects.create(user=user, version=terms, accepted_at=timezone.now())
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client
