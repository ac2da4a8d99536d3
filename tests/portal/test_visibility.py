"""What a person may not see does not exist for them: on no page, in no file, chart, count or search."""

import io
import re
import zipfile

import pytest
from django.core.cache import cache
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

from grants.services import save_money
from portal.directory.models import Membership
from portal.records.choices import ReviewState, Visibility
from strategy.choices import StrategyStatus
from tests.factories import (
    ActivityFactory,
    ActivityFundingFactory,
    AllocationFactory,
    GrantFactory,
    MembershipFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PeopleReachedFactory,
    PlaceFactory,
    RequirementFactory,
    StrategyFactory,
    TransactionFactory,
    WorkingGroupFactory,
    pillar_root,
)
from tests.people import organisation_of
from tests.portal.route_table import PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wagtail_root")]

MISSING = 987_654_321
LEVELS = ("public", "coalition", "working_group", "organisation", "draft")
#: Person -> the levels that they see. Editor B's organisation is in the working group.
SEES = {
    "public": {"public"},
    "viewer": {"public", "coalition"},
    "editor_a": {"public", "coalition"},
    "editor_b": {"public", "coalition", "working_group"},
    "funder": {"public", "coalition"},
    "owner": set(LEVELS),
    "secretariat": set(LEVELS),
}
#: The desk has tests of its own; files of the site are no pages.
ELSEWHERE = ("cms/", "static/", "media/", "documents/")
QUERIES = {
    "dashboards:gaps": ("", "?year=2026&p=2", "?objective=2.1&by=year", "?in_kind=true", "?place=KE"),
    "dashboards:rows": tuple(
        f"?figure={figure}"
        for figure in ("committed", "disbursed", "missing", "untagged", "required", "empty", "by_rule")
    ),
    "dashboards:rows-file": ("?figure=committed", "?figure=untagged", "?figure=missing"),
    "dashboards:who": (
        "", "?view=map&when=all", "?view=matrix&when=all", "?when=all&q=sealed", "?when=all&sort=end",
        "?when=all&organisation=keeper", "?when=all&objective=2.1&place=KE",
    ),
    "dashboards:who-file": ("?when=all", "?when=all&view=map", "?when=all&view=matrix", "?when=all&q=sealed"),
    "dashboards:who-suggest": ("?organisation=sealed", "?organisation=keep"),
    "dashboards:organisation": ("", "?grants=received", "?grants=given"),
    "dashboards:overlaps": ("", "?mine=true", "?state=settled", "?objective=2.1&place=KE", "?kind=duplication"),
    "dashboards:coordinations": ("", "?show=waiting", "?show=stuck", "?show=closed"),
}  # fmt: skip


@pytest.fixture
def owner(db):
    """An editor of the organisation that keeps the records of `records`."""
    return MembershipFactory(
        organisation=OrganisationFactory(name="Keeper", slug="keeper"), user__name="Owner"
    ).user


@pytest.fixture
def ground(owner, editor_a, editor_b, funder):
    """A strategy with one objective that asks for something in Kenya, and nothing given to it."""
    StrategyFactory()
    pillar_root(2)
    objective = ObjectiveFactory(pillar=2, title="Care", short_title="Care")
    place = PlaceFactory(code="KE", name="Kenya")
    RequirementFactory(objective=objective, place=place, year=2026)
    donor = OrganisationFactory(name="Donor", slug="donor", is_funder=True, is_member=False)
    return {
        "objective": objective,
        "place": place,
        "donor": donor,
        "keeper": organisation_of(owner),
        "group": WorkingGroupFactory(organisations=[organisation_of(editor_b)]),
    }


def title_of(kind, level):
    return f"Sealed {kind} {level.replace('_', '-')}"


def make(ground, level, **more):
    """An activity and a grant of one level, in figures, lists and each other's pages."""
    shared = {
        "visibility": Visibility.PUBLIC if level == "draft" else level,
        "review_state": ReviewState.DRAFT if level == "draft" else ReviewState.ACCEPTED,
        "working_groups": [ground["group"]] if level == "working_group" else [],
    }
    activity = ActivityFactory(
        title=title_of("activity", level), reporting_organisation=ground["keeper"],
        objectives=[ground["objective"]], places=[ground["place"]], **shared,
    )  # fmt: skip
    grant = GrantFactory(
        title=title_of("grant", level), funding_organisation=ground["donor"],
        recipient_organisation=ground["keeper"], **shared, **more,
    )  # fmt: skip
    PeopleReachedFactory(activity=activity, count=4321)
    ActivityFundingFactory(activity=activity, grant=grant)
    TransactionFactory(grant=grant)
    TransactionFactory(grant=grant, kind="3", amount=400)
    AllocationFactory(grant=grant, objective=ground["objective"], place=ground["place"], share=60)
    save_money([grant.pk])
    return activity, grant


@pytest.fixture
def records(ground):
    """An activity and a grant per level, {level: (activity, grant)}; each grant passes some of the public one on."""
    found = {"public": make(ground, "public")}
    parent = found["public"][1]
    for level in LEVELS[1:]:
        found[level] = make(ground, level, regrant_of=parent)
    draft = StrategyFactory(status=StrategyStatus.DRAFT, title="Sealed strategy")
    ObjectiveFactory(
        strategy=draft,
        pillar=1,
        code="1",
        parent=None,
        title="Sealed objective",
        short_title="Sealed",
    )
    return found


def routes(patterns=None, namespace="", prefix=""):
    """(name, names of its parts) of every route but those of the desk and of files."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(entry.pattern)
        if path.startswith(ELSEWHERE):
            continue
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from routes(entry.url_patterns, inner, path)
        elif isinstance(entry, URLPattern) and entry.name:
            yield (
                f"{namespace}{entry.name}",
                tuple(entry.pattern.converters) or tuple(entry.pattern.regex.groupindex),
            )


def fillings(name, parts):
    """What each part of a route's address may be, as keyword arguments; [] for a route that needs a record."""
    kinds = ("csv", "xlsx", "png")
    known = {
        (): [{}],
        ("kind",): [{"kind": kind} for kind in kinds],
        ("code",): [{"code": code} for code in ("2", "2.1")],
        ("code", "what", "kind"): [
            {"code": "2.1", "what": what, "kind": kind}
            for what in ("funding", "grants")
            for kind in kinds
        ],
        ("slug",): [{"slug": slug} for slug in ("keeper", "donor")],
        ("theme",): [{"theme": "dark"}],
        ("name",): [{"name": "years"}],
        ("key",): [{"key": "nothing"}],
        ("uidb36", "key"): [{"uidb36": "1", "key": "nothing"}],
        ("path",): [{"path": "nothing.png"}],
        ("page_view_restriction_id", "page_id"): [],
        ("pk",): [],
        ("token",): [{"token": "nothing"}],
    }
    if name == "content:language":
        return [{"code": "en"}]
    # What each other route stands for says the table that `test_routes` reads.
    line = PAGES.get(name)
    return known.get(parts) or ([line.args] if line and "pk" not in parts else [])


def addresses():
    """Every address of the site that stands for no single record, with filters that matter."""
    found = []
    for name, parts in dict(routes()).items():
        for kwargs in fillings(name, parts):
            try:
                address = reverse(name, kwargs=kwargs)
            except NoReverseMatch:
                continue
            found += [address + query for query in QUERIES.get(name, ("",))]
    return [address for address in found if "sign-out" not in address and "logout" not in address]


def text_of(response):
    """All that a response says, also inside a workbook."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return "\n".join(
                book.read(name).decode(errors="replace") for name in sorted(book.namelist())
            )
    return body.decode(errors="replace")


def signed_in(client, request, person):
    if person != "public":
        client.force_login(request.getfixturevalue(person))
    return client


@pytest.fixture
def person(request, client):
    """The kind of person of a test, signed in."""
    signed_in(client, request, request.param)
    return request.param


everybody = pytest.mark.parametrize("person", SEES, indirect=True)


def test_every_route_is_tried():
    names = dict(routes())

    assert {"dashboards:gaps", "dashboards:grant", "account_login", "mfa_index"} <= set(names)
    for name, parts in names.items():
        fillings(name, parts)


@pytest.mark.parametrize("person", ["public", "editor_a", "editor_b", "funder"], indirect=True)
def test_no_page_file_chart_or_search_names_a_hidden_record(records, client, person):
    hidden = [
        title_of(kind, level)
        for level in set(LEVELS) - SEES[person]
        for kind in ("activity", "grant")
    ]
    hidden += ["Sealed objective", "Sealed strategy"]
    own = {
        reverse(f"dashboards:{kind}", args=[record.pk])
        for level in SEES[person]
        for kind, record in zip(("activity", "grant"), records[level], strict=True)
    }
    leaks = []

    for address in [*addresses(), *sorted(own)]:
        if address.endswith(".png") or ".png?" in address or ".pdf" in address:
            continue
        response = client.get(address)
        assert response.status_code < 500
        text = text_of(response)
        leaks += [(address, title) for title in hidden if title in text]

    assert leaks == []


@everybody
def test_hidden_and_missing_look_the_same(records, client, person):
    for level, pair in records.items():
        for kind, record in zip(("activity", "grant"), pair, strict=True):
            answers = [
                (response.status_code, without_marks(text_of(response), pk))
                for pk in (record.pk, MISSING)
                for response in [client.get(reverse(f"dashboards:{kind}", args=[pk]))]
            ]
            if level in SEES[person]:
                assert answers[0][0] == 200
                assert title_of(kind, level) in answers[0][1]
            else:
                assert answers[0] == answers[1]
                assert answers[0][0] == 404


@everybody
def test_confirming_a_record_of_others_answers_like_a_missing_one(records, client, person):
    for level, (activity, _grant) in records.items():
        answers = [
            client.post(reverse("dashboards:work-confirm", args=[pk]))
            for pk in (activity.pk, MISSING)
        ]
        if person in ("owner", "secretariat"):
            assert answers[0].status_code == 302
            continue
        assert answers[0].status_code == answers[1].status_code
        assert answers[0].status_code == (302 if person == "public" else 404), level
        activity.refresh_from_db()
        assert activity.confirmed_at is None


@pytest.mark.parametrize(
    ("person", "levels"),
    [
        ("public", ("coalition", "working_group", "organisation", "draft")),
        ("editor_b", ("organisation", "draft")),
    ],
    indirect=["person"],
)
def test_nothing_changes_for_those_who_may_not_see_a_new_record(ground, client, person, levels):
    make(ground, "public")
    pages = [
        address
        for address in addresses()
        if address.startswith(("/gaps/", "/objectives/", "/who/", "/organisations/", "/my-work/"))
        or address == "/"
    ]
    before = {address: seen(client, address) for address in pages}

    for level in levels:
        make(ground, level)
    cache.clear()

    assert [address for address in pages if seen(client, address) != before[address]] == []


def seen(client, address):
    response = client.get(address)
    if ".xlsx" in address:
        # A workbook notes when it was made.
        return response.status_code, re.sub(r"<dcterms:\w+[^<]*<", "<", text_of(response))
    return response.status_code, without_marks(text_of(response))


def without_marks(text, number=None):
    """A page without what differs each time: tokens, nonces, and the number in its own address."""
    text = re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]+"', r"\1", text)
    return (
        text if number is None else re.sub(rf"(activities|grants)(/|%2F){number}\b", r"\1\2N", text)
    )


def test_people_are_of_the_kinds_they_are_said_to_be(ground, owner, editor_b, funder):
    assert organisation_of(owner) == ground["keeper"]
    assert Membership.objects.filter(
        user=editor_b, organisation__working_groups__group=ground["group"]
    ).exists()
    assert not organisation_of(funder).is_member
