"""My work: each person finds what waits for them, and nothing of others."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity
from grants.models import Allocation
from grants.services import rebuild_figures, set_allocations
from tests.factories import (
    ActivityFactory,
    ActivityFundingFactory,
    AllocationFactory,
    GrantFactory,
    ObjectiveFactory,
    PlaceFactory,
    RequirementFactory,
    StrategyFactory,
    UserFactory,
)
from tests.people import organisation_of

pytestmark = pytest.mark.django_db

URL = "/my-work/"


@pytest.fixture(autouse=True)
def strategy(db):
    """In force from 2024 to 2027, looked at from 30 June 2026."""
    return StrategyFactory()


def old(activity, days=200, confirmed=True):
    """Last confirmed, or only made, so many days ago."""
    moment = timezone.now() - timedelta(days=days)
    changes = {"confirmed_at": moment} if confirmed else {"created_at": moment}
    changes["planned_end"] = timezone.localdate() + timedelta(days=400)
    Activity.objects.filter(pk=activity.pk).update(**changes)
    return activity


def page(client, person):
    client.force_login(person)
    return client.get(URL)


def test_reader_who_is_not_signed_in_is_sent_to_sign_in(client):
    response = client.get(URL)

    assert (response.status_code, response["Location"]) == (302, "/sign-in/?next=/my-work/")


def test_person_without_an_organisation_is_told_what_to_do(client):
    response = page(client, UserFactory())

    assert "You belong to no organisation yet" in response.content.decode()


def test_organisation_without_records_has_an_empty_page(client, editor_a):
    assert "Nothing here yet" in page(client, editor_a).content.decode()


def test_only_own_records_stand_there(client, editor_a, editor_b):
    ActivityFactory(
        title="Mine", reporting_organisation=organisation_of(editor_a), visibility="organisation"
    )
    ActivityFactory(title="Theirs", reporting_organisation=organisation_of(editor_b))

    response = page(client, editor_a)

    assert [activity.title for activity, _words in response.context["activity_rows"]] == ["Mine"]
    assert b"Theirs" not in response.content


def test_activities_that_nobody_confirmed_for_120_days_are_due(client, editor_a):
    mine = organisation_of(editor_a)
    long_ago = old(ActivityFactory(reporting_organisation=mine), days=200)
    never = old(ActivityFactory(reporting_organisation=mine), days=150, confirmed=False)
    old(ActivityFactory(reporting_organisation=mine), days=100)
    old(ActivityFactory(reporting_organisation=mine, activity_status="4"), days=300)
    old(ActivityFactory(reporting_organisation=mine, review_state="draft"), days=300)

    work = page(client, editor_a).context["work"]

    assert [(due.activity, due.days, due.was_confirmed) for due in work.due] == [
        (long_ago, 200, True), (never, 150, False),
    ]  # fmt: skip


def test_number_of_days_is_a_setting(client, editor_a, settings):
    settings.UNCONFIRMED_AFTER_DAYS = 90
    old(ActivityFactory(reporting_organisation=organisation_of(editor_a)), days=100)

    assert page(client, editor_a).context["work"].due_count == 1


def test_viewer_reads_but_has_no_tasks(client, viewer):
    mine = organisation_of(viewer)
    old(ActivityFactory(title="Ours", reporting_organisation=mine))
    GrantFactory(funding_organisation=mine)

    response = page(client, viewer)

    assert (response.context["work"].due, response.context["work"].tags) == ([], [])
    assert b"Nothing changed" not in response.content
    assert b"Ours" in response.content


def test_those_who_write_can_log_an_activity_from_the_page_itself(client, editor_a, viewer):
    for user in (editor_a, viewer):
        ActivityFactory(reporting_organisation=organisation_of(user))

    def offers(user):
        client.force_login(user)
        main = client.get("/my-work/").content.decode().partition("<main")[2]
        return f'class="btn btn-primary" href="{reverse("dashboards:activity-new")}"' in main

    assert [offers(user) for user in (editor_a, viewer)] == [True, False]


def test_nothing_changed_confirms_with_one_button(client, editor_a):
    activity = old(ActivityFactory(reporting_organisation=organisation_of(editor_a)))
    client.force_login(editor_a)

    response = client.post(f"/my-work/confirm/{activity.pk}/", follow=True)

    activity.refresh_from_db()
    assert activity.confirmed_by == editor_a
    assert timezone.now() - activity.confirmed_at < timedelta(minutes=1)
    assert response.context["work"].due_count == 0
    assert "is confirmed" in response.content.decode()


def test_others_cannot_confirm(client, viewer, editor_a, editor_b, funder):
    activity = old(ActivityFactory(reporting_organisation=organisation_of(editor_a)))

    answers = []
    for person in (viewer, editor_b, funder):
        client.force_login(person)
        answers.append(client.post(f"/my-work/confirm/{activity.pk}/").status_code)
    client.logout()

    assert answers == [404, 404, 404]
    assert client.post(f"/my-work/confirm/{activity.pk}/").status_code == 302
    assert client.get(f"/my-work/confirm/{activity.pk}/").status_code in (302, 405)


def test_drafts_and_returned_records_wait(client, editor_a):
    mine = organisation_of(editor_a)
    draft = ActivityFactory(reporting_organisation=mine, review_state="draft")
    returned = GrantFactory(recipient_organisation=mine, review_state="returned")
    ActivityFactory(reporting_organisation=mine)

    work = page(client, editor_a).context["work"]

    assert work.unfinished == [returned, draft]


def test_funder_finds_tags_to_look_at(client, funder, editor_a, strategy):
    mine, objective = organisation_of(funder), ObjectiveFactory(strategy=strategy)
    by_rule = GrantFactory(
        funding_organisation=mine, recipient_organisation=organisation_of(editor_a)
    )
    set_allocations(
        by_rule, strategy, [Allocation(objective=objective, share=Decimal(60), origin="rule")]
    )
    done = GrantFactory(funding_organisation=mine)
    set_allocations(
        done, strategy, [Allocation(objective=objective, share=Decimal(100), origin="person")]
    )

    work = page(client, funder).context["work"]
    theirs = page(client, editor_a).context["work"]

    assert [(one.grant, one.by_rule, one.untagged) for one in work.tags] == [
        (by_rule, 1, Decimal(40))
    ]
    assert theirs.tags == []


def test_what_ends_within_90_days_of_the_as_of_date_is_a_date(client, editor_a):
    mine = organisation_of(editor_a)
    soon = ActivityFactory(reporting_organisation=mine, planned_end=date(2026, 8, 29))
    ActivityFactory(reporting_organisation=mine, planned_end=date(2026, 12, 31))
    ActivityFactory(reporting_organisation=mine, planned_end=date(2026, 6, 1))
    grant = GrantFactory(recipient_organisation=mine, planned_end=date(2026, 7, 31))

    work = page(client, editor_a).context["work"]

    assert [(one.record, one.days) for one in work.endings] == [(grant, 31), (soon, 60)]


def test_activity_whose_funding_ends_first_is_at_risk(client, editor_a):
    activity = ActivityFactory(
        reporting_organisation=organisation_of(editor_a), planned_end=date(2027, 6, 30)
    )
    ActivityFundingFactory(activity=activity, grant=GrantFactory(planned_end=date(2026, 12, 31)))

    (risk,) = page(client, editor_a).context["work"].risks

    assert (risk.activity, risk.funded_until, risk.days) == (activity, date(2026, 12, 31), 181)


def test_objectives_show_how_far_everybody_together_funds_them(client, editor_a, strategy):
    objective, kenya = ObjectiveFactory(strategy=strategy, short_title="Awareness"), PlaceFactory()
    ActivityFactory(
        reporting_organisation=organisation_of(editor_a), objectives=[objective], places=[kenya]
    )
    RequirementFactory(objective=objective, place=kenya, amount_original=Decimal("4000.00"))
    AllocationFactory(grant=GrantFactory(), objective=objective, place=kenya)
    rebuild_figures(strategy.pk)

    (row,) = page(client, editor_a).context["objectives"]

    assert (row["node"], row["share"], row["asked"]) == (objective, "25%", True)


def test_secretariat_finds_what_waits_at_the_desk(client, secretariat, strategy):
    ActivityFactory(review_state="submitted")
    grant = GrantFactory(currency="CHF")
    set_allocations(
        grant,
        strategy,
        [
            Allocation(
                objective=ObjectiveFactory(strategy=strategy), share=Decimal(100), origin="rule"
            )
        ],
    )
    old(ActivityFactory())

    rows = {
        row["text"]: (row["value"], row["url"]) for row in page(client, secretariat).context["desk"]
    }

    assert rows["activities wait for review"] == ("1", "/cms/reviews/")
    assert rows["grants are tagged by rule, and by no person yet"] == (
        "1",
        "/cms/grants/?tagged=rule",
    )
    assert rows["amounts have no exchange rate or no date"] == ("1", "/cms/unconverted/")
    assert rows["activities were not confirmed for long"][0] == "1"
    for _value, url in rows.values():
        assert client.get(url).status_code == 200


def test_members_see_nothing_of_the_desk(client, editor_a, funder):
    for person in (editor_a, funder):
        assert page(client, person).context["desk"] == []


def test_query_count_does_not_grow_with_the_records(client, editor_a, strategy):
    mine = organisation_of(editor_a)

    def fill(number):
        for _turn in range(number):
            objective, place = ObjectiveFactory(strategy=strategy), PlaceFactory()
            activity = old(
                ActivityFactory(reporting_organisation=mine, objectives=[objective], places=[place])
            )
            ActivityFactory(reporting_organisation=mine, review_state="draft")
            grant = GrantFactory(funding_organisation=mine, planned_end=date(2026, 8, 1))
            set_allocations(
                grant, strategy, [Allocation(objective=objective, share=Decimal(50), origin="rule")]
            )
            ActivityFundingFactory(activity=activity, grant=grant)

    def count():
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert page(client, editor_a).status_code == 200
        return len(queries)

    fill(1)
    count()  # what is read once per process
    one = count()
    fill(2)

    assert count() == one
