"""A small coalition behind a live server, and a browser that notes what it complains of."""

from decimal import Decimal
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

PASSWORD = "a small coalition"


@pytest.fixture
def coalition(live_server, settings):
    """Two countries, two pillars that ask for money, and a member who may sign in."""
    from grants.services import rebuild_figures
    from tests.factories import (
        ActivityFactory,
        ActivityFundingFactory,
        AllocationFactory,
        ExpectationFactory,
        GrantFactory,
        MembershipFactory,
        ObjectiveFactory,
        OrganisationFactory,
        PeopleReachedFactory,
        PlaceFactory,
        RequirementFactory,
        StrategyFactory,
        TransactionFactory,
        UserFactory,
        pillar_root,
    )

    strategy = StrategyFactory(coalition_name="Small Coalition", notice="Made for a test.")
    for pillar in (1, 2, 3, 4):
        pillar_root(pillar)
    objectives = {
        1: ObjectiveFactory(pillar=1, title="People know their rights", short_title="Rights"),
        2: ObjectiveFactory(pillar=2, title="Survivors are safe", short_title="Shelter"),
    }
    places = [PlaceFactory(code="KE", name="Kenya"), PlaceFactory(code="GH", name="Ghana")]
    member = OrganisationFactory(name="Harbour House", slug="harbour-house")
    fund = OrganisationFactory(name="Hill Fund", slug="hill-fund", is_funder=True, is_member=False)
    for place in places:
        for pillar, amount in ((1, 900_000), (2, 500_000)):
            ExpectationFactory(
                objective=objectives[pillar], place=place, year_from=2024, year_to=2027
            )
            for year in strategy.years:
                RequirementFactory(
                    objective=objectives[pillar],
                    place=place,
                    year=year,
                    amount_original=Decimal(amount),
                )
    grants, activities = [], []
    for pillar, amount in ((1, 200_000), (2, 450_000)):
        title = f"{objectives[pillar].short_title} in Kenya"
        grant = GrantFactory(
            title=f"{title}, grant", funding_organisation=fund, recipient_organisation=member,
            amount_awarded=Decimal(amount),
        )  # fmt: skip
        TransactionFactory(grant=grant, amount=Decimal(amount))
        TransactionFactory(grant=grant, kind="3", amount=Decimal(amount) / 2)
        AllocationFactory(grant=grant, objective=objectives[pillar], place=places[0])
        activity = ActivityFactory(
            title=title,
            reporting_organisation=member,
            objectives=[objectives[pillar]],
            places=[places[0]],
        )
        PeopleReachedFactory(activity=activity)
        ActivityFundingFactory(activity=activity, grant=grant)
        grants.append(grant)
        activities.append(activity)
    rebuild_figures(strategy.pk)
    user = UserFactory(email="mia@example.org", password=PASSWORD, name="Mia Member")
    MembershipFactory(user=user, organisation=member)
    return SimpleNamespace(
        url=live_server.url, grant=grants[0], activity=activities[0], member=member
    )


class Watch:
    """What a page complained of: console messages, errors, failed requests, and requests to other hosts."""

    def __init__(self, page, host):
        self.host, self.heard, self.is_missing_meant = host, [], False
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.heard.append(str(error)))
        page.on("requestfailed", self.failed)
        page.on("request", self.requested)

    def console(self, message):
        if message.type in ("error", "warning") and not (
            self.is_missing_meant and "404" in message.text
        ):
            self.heard.append(f"{message.type}: {message.text}")

    def failed(self, request):
        # A page that is left takes its last requests with it, and a download is no page.
        if "ERR_ABORTED" not in (request.failure or ""):
            self.heard.append(f"failed: {request.url}")

    def requested(self, request):
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.netloc != self.host:
            self.heard.append(f"left the host: {request.url}")


@pytest.fixture
def watched(page, coalition):
    """(page, what it complained of)."""
    watch = Watch(page, urlsplit(coalition.url).netloc)
    page.set_default_timeout(15_000)
    return page, watch


def sign_in(page, url):
    page.goto(f"{url}/sign-in/?next=/my-work/")
    page.get_by_label("Work email").fill("mia@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
