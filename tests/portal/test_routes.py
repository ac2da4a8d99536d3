"""Every route of the site, for every kind of person and every way of sharing, against a table written by hand."""

import re
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.urls import URLResolver, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch
from django.utils import timezone

from portal.directory import joining
from portal.directory.choices import Role
from portal.directory.models import OrganisationTag
from portal.notices.models import Notice
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    CoordinationFactory,
    MembershipFactory,
    ObjectiveFactory,
    OrganisationFactory,
    OverlapFactory,
    PlaceFactory,
    RequirementFactory,
    StrategyFactory,
    WorkingGroupFactory,
    pillar_root,
)
from tests.people import organisation_of
from tests.portal.route_table import (
    DESK,
    DESK_OPEN,
    LEVELS,
    NAMELESS,
    PAGES,
    PEOPLE,
    RECORDS,
    SEE,
)
from tests.portal.test_visibility import make, text_of, title_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wagtail_root")]

MISSING = 987_654_321
FILES = ("static/",)


def routes(patterns=None, namespace="", prefix=""):
    """(name or "", address as a pattern, names of its parts) of every route there is."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from routes(entry.url_patterns, inner, address)
        elif not address.startswith(FILES):
            parts = (
                entry.pattern.converters
                if hasattr(entry.pattern, "converters")
                else entry.pattern.regex.groupindex
            )
            yield namespace + entry.name if entry.name else "", address, tuple(parts)


def area(address):
    """The part of the desk that an address belongs to."""
    first = address.removeprefix("cms/").split("/")[0]
    return "" if first.startswith("^") else first


DESK_ROUTES = [route for route in routes() if route[1].startswith("cms/")]
SITE_ROUTES = [route for route in routes() if not route[1].startswith("cms/")]


# People and records


@pytest.fixture
def group_member(db):
    return MembershipFactory(
        organisation=OrganisationFactory(name="Organisation G", slug="organisation-g")
    ).user


@pytest.fixture
def officer(db):
    organisation = OrganisationFactory(name="Police unit", slug="police-unit")
    OrganisationTag.objects.create(organisation=organisation, tag="law_enforcement")
    return MembershipFactory(organisation=organisation).user


@pytest.fixture
def ground(editor_a, group_member):
    StrategyFactory()
    pillar_root(2)
    objective = ObjectiveFactory(pillar=2, title="Care", short_title="Care")
    place = PlaceFactory(code="KE", name="Kenya")
    RequirementFactory(objective=objective, place=place, year=2026)
    return {
        "objective": objective,
        "place": place,
        "donor": OrganisationFactory(name="Donor", slug="donor", is_funder=True, is_member=False),
        "keeper": organisation_of(editor_a),
        "group": WorkingGroupFactory(organisations=[organisation_of(group_member)]),
    }


@pytest.fixture
def records(ground, editor_a, secretariat):
    """{kind: {level: key or keyword arguments}} of everything that the table speaks of."""
    now = timezone.now()
    keeper = ground["keeper"]
    elsewhere = OrganisationFactory(name="Organisation C", slug="organisation-c")
    theirs = ActivityFactory(
        title="Open elsewhere", reporting_organisation=elsewhere,
        objectives=[ground["objective"]], places=[ground["place"]],
    )  # fmt: skip
    coordination = CoordinationFactory(parties=[keeper, elsewhere])
    agreement = AgreementFactory(coordination=coordination)
    invitation = joining.invite(keeper, "x@example.org", Role.VIEWER, by=secretariat, now=now)
    membership = MembershipFactory(organisation=keeper, role=Role.VIEWER)
    found = {kind: {} for kind in ("activity", "grant", "overlap")}
    for level in LEVELS:
        activity, grant = make(ground, level)
        found["activity"][level], found["grant"][level] = activity.pk, grant.pk
        found["overlap"][level] = OverlapFactory(first=theirs, second=activity).pk
    notice = Notice.objects.create(
        person=editor_a,
        kind="coordination.message",
        record=coordination,
        created_at=now,
    )
    for kind, key in (
        ("coordination", coordination.pk),
        ("agreement", agreement.pk),
        ("invitation", invitation.pk),
        ("membership", membership.pk),
        ("notice", notice.pk),
        ("typed", typed(editor_a).pk),
        ("import", sent_file(editor_a, keeper).pk),
        ("removed", removed(keeper, editor_a).pk),
    ):
        found[kind] = {"public": key}
    return found


def typed(person):
    """What somebody typed and has not sent."""
    from activities.models import ActivityDraft

    return ActivityDraft.objects.create(user=person, token=uuid4(), updated_at=timezone.now())


def sent_file(person, organisation):
    """A spreadsheet on its way in."""
    from portal.imports.models import Import

    return Import.objects.create(
        kind="activities", organisation=organisation, uploaded_by=person, uploaded_at=timezone.now(),
        language="en", file_name="rows.xlsx",
    )  # fmt: skip


def removed(organisation, person):
    """An activity that was deleted and can be brought back."""
    from activities.saving import remove_activity

    activity = ActivityFactory(title="Sealed removed", reporting_organisation=organisation)
    remove_activity(activity, by=person, now=timezone.now())
    return activity


# Asking


def ask(client, method, address, data):
    """(what came, the page without what differs each time); nothing that it changed stays."""
    client.cookies.pop("messages", None)
    with transaction.atomic():
        response = client.post(address, data) if method == "POST" else client.get(address)
        transaction.set_rollback(True)
    assert response.status_code < 500, address
    to = response.get("Location", "")
    if to.startswith("/sign-in/") or response.status_code == 401:
        return "in", ""
    if response.status_code in (403, 404):
        return str(response.status_code), plain(text_of(response))
    assert response.status_code != 405, f"{address} is asked by the wrong method"
    return "ok", ""


def plain(text):
    text = re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]+"', r"\1", text)
    return re.sub(r"(?<=[/F])\d+(?=/|%2F|\.)", "N", text)


@pytest.fixture
def person(request, client):
    if request.param != "public":
        client.force_login(request.getfixturevalue(request.param))
    return request.param


everybody = pytest.mark.parametrize("person", PEOPLE, indirect=True)


def address_of(name, args, ground=None):
    args = dict(args)
    if args.get("pk") == "group":
        args["pk"] = ground["group"].pk
    if "" in args:
        positional = args[""] if isinstance(args[""], tuple) else (args[""],)
        return reverse(name, args=positional)
    return reverse(name, kwargs=args)


# The tests


def test_every_route_has_a_line_and_every_line_a_route():
    named = {name for name, _, _ in SITE_ROUTES if name}

    assert named - PAGES.keys() - RECORDS.keys() == set()
    assert (PAGES.keys() | RECORDS.keys()) - named == set()
    assert PAGES.keys() & RECORDS.keys() == set()
    assert {address for name, address, _ in SITE_ROUTES if not name} == NAMELESS
    assert {area(address) for _, address, _ in DESK_ROUTES} == DESK | DESK_OPEN


@everybody
def test_pages_open_to_those_whom_the_table_names(records, ground, client, person):
    wrong = []
    for name, line in PAGES.items():
        if person not in line.tried_by:
            continue
        expected = line.public if person == "public" else line.other
        if person in line.who:
            expected = "ok"
        address = address_of(name, line.args, ground) + line.query
        came, _page = ask(client, line.method, address, line.data)
        # Sign-in itself is where signing in leads.
        if came != expected and not (expected == "ok" and name in DOORS):
            wrong.append((name, expected, came))

    assert not wrong, "\n".join(map(str, wrong))


#: Pages that send on whoever has no business there: never an answer about a record.
DOORS = {
    "mfa_login_webauthn", "socialaccount_login_error",
    "account_confirm_login_code", "account_reauthenticate", "mfa_authenticate", "mfa_deactivate_totp",
    "mfa_download_recovery_codes", "mfa_generate_recovery_codes", "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn", "mfa_view_recovery_codes", "socialaccount_signup", "wagtailcore_login",
}  # fmt: skip


@everybody
def test_records_open_to_those_whom_the_table_names_and_are_missing_to_others(
    records, client, person
):
    wrong = []
    for name, line in RECORDS.items():
        parts = next(parts for one, _, parts in SITE_ROUTES if one == name)
        more = {"slug": "organisation-a"} if "slug" in parts else {}
        missing = ask(client, line.method, reverse(name, kwargs={"pk": MISSING, **more}), line.data)
        for level, key in records[line.kind].items():
            address = reverse(name, kwargs={"pk": key, **more})
            came = ask(client, line.method, address, line.data)
            if person in line.who[level]:
                expected = "ok"
            else:
                expected = line.public if person == "public" else "404"
                if came != missing:
                    wrong.append((name, level, "differs from a missing one"))
            if came[0] != expected:
                wrong.append((name, level, expected, came[0]))

    assert not wrong, "\n".join(map(str, wrong))


#: With what they may do at the desk in common: nothing.
OUTSIDERS = ["public", "editor_a", "funder"]


@pytest.mark.parametrize("person", OUTSIDERS, indirect=True)
def test_desk_is_shut_to_all_but_the_secretariat(records, client, person):
    opened = []
    for name, address, parts in DESK_ROUTES:
        if area(address) in DESK_OPEN or not name:
            continue
        try:
            url = reverse(name, kwargs=dict.fromkeys(parts, 1))
        except NoReverseMatch:
            continue
        came, _page = ask(client, "GET", url, {})
        if came == "ok":
            opened.append(name)

    assert opened == []


def test_desk_opens_its_lists_to_the_secretariat(records, client, secretariat):
    client.force_login(secretariat)
    lists = [
        name
        for name, _, parts in DESK_ROUTES
        if name.startswith("desk_") and name.endswith((":index", ":index_results", ":add"))
    ]

    answers = {name: ask(client, "GET", reverse(name), {})[0] for name in lists}

    assert len(lists) > 30
    assert set(answers.values()) == {"ok"}, answers


@pytest.fixture
def clerk(editor_b):
    """An editor of B who was let into the desk with every permission on records: rows decide, not permissions."""
    editor_b.user_permissions.add(
        *Permission.objects.filter(
            content_type__app_label__in=["activities", "grants", "strategy", "directory"]
        ),
        Permission.objects.get(codename="access_admin"),
    )
    return editor_b


def test_desk_holds_only_their_own_rows_for_others_who_may_enter(records, client, clerk):
    client.force_login(clerk)
    hidden = [
        title_of(kind, level)
        for kind in ("activity", "grant")
        for level in LEVELS
        if "editor_b" not in SEE[level]
    ]
    leaks, opened = [], []

    for name, address, parts in DESK_ROUTES:
        if not name or area(address) in DESK_OPEN:
            continue
        kind = {"activities": "activity", "grants": "grant"}.get(area(address))
        if not parts and "(?P" not in address:
            with transaction.atomic():
                response = client.get(reverse(name))
                transaction.set_rollback(True)
            text = text_of(response)
            leaks += [(name, title) for title in hidden if title in text]
        elif kind and parts == ("pk",):
            missing = ask(client, "GET", reverse(name, args=[MISSING]), {})
            for level in LEVELS:
                came = ask(client, "GET", reverse(name, args=[records[kind][level]]), {})
                if came[0] == "ok" or came != missing:
                    opened.append((name, level, came[0]))

    assert leaks == []
    assert opened == []


def test_people_are_of_the_kinds_they_are_said_to_be(ground, editor_a, editor_b, group_member):
    assert organisation_of(editor_a) == ground["keeper"]
    assert not organisation_of(editor_b).working_groups.exists()
    assert organisation_of(group_member).working_groups.get().group == ground["group"]
