"""Two organisations that are one: all of it moves, figures stay right, and undoing puts everything back."""

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, Participant
from grants.models import Grant
from grants.services import save_money
from portal.directory.choices import Role
from portal.directory.exceptions import CannotMerge, CannotUndo
from portal.directory.merging import merge_organisations, plan_merge, undo_merge
from portal.directory.models import Membership, Organisation, OrganisationMerge
from portal.history.services import history_of
from strategy.models import Strategy
from tests.factories import (
    ActivityFactory,
    AllocationFactory,
    GrantFactory,
    MembershipFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PlaceFactory,
    StrategyFactory,
    TransactionFactory,
    WorkingGroupFactory,
    pillar_root,
)
from tests.form_data import errors_of
from tests.grants.test_figures import assert_kept_equals_recomputed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wagtail_root")]


@pytest.fixture
def pair(secretariat):
    """(gone, into): each with people, records, numbers and names, some of them the same."""
    StrategyFactory()
    pillar_root(2)
    objective, place = ObjectiveFactory(pillar=2), PlaceFactory()
    gone = OrganisationFactory(
        name="Safe Harbor",
        short_name="SH",
        slug="safe-harbor",
        website="https://sh.example",
        is_funder=True,
    )
    into = OrganisationFactory(name="Safe Harbour", slug="safe-harbour")
    both = MembershipFactory(organisation=gone, role=Role.MANAGER).user
    MembershipFactory(user=both, organisation=into, role=Role.VIEWER)
    MembershipFactory(organisation=gone)
    for one, number in ((gone, "1"), (into, "2")):
        one.identifiers.model.objects.create(
            organisation=one, scheme="GB-CHC", number=number, is_primary=True
        )
        one.alternative_names.model.objects.create(organisation=one, name="Harbour Project")
        one.tags.model.objects.create(organisation=one, tag="media")
    group = WorkingGroupFactory(organisations=[gone, into])
    group.members.filter(organisation=gone).update(statement="We run the shelters.")
    WorkingGroupFactory(organisations=[gone])
    ActivityFactory(reporting_organisation=gone, objectives=[objective], places=[place])
    other = ActivityFactory(objectives=[objective], places=[place])
    for one in (gone, into):
        Participant.objects.create(activity=other, organisation=one, role="4")
    Participant.objects.create(activity=other, organisation=gone, role="1")
    for grant in (
        GrantFactory(funding_organisation=gone, recipient_organisation=into),
        GrantFactory(recipient_organisation=gone),
    ):
        TransactionFactory(grant=grant)
        AllocationFactory(grant=grant, objective=objective, place=place)
    save_money(Grant.objects.values_list("pk", flat=True))
    return gone, into


def everything():
    """Every row that has to do with organisations, as values."""
    models = {relation.related_model for relation in Organisation._meta.related_objects}
    models = (models | {Organisation}) - {OrganisationMerge}
    return {
        model._meta.label: sorted(
            (
                {k: v for k, v in row.items() if k not in ("updated_at",)}
                for row in model._base_manager.values()
            ),
            key=lambda row: row["id"],
        )
        for model in models
    }


def merge(pair, by):
    return merge_organisations(*pair, by=by, now=timezone.now())


def test_everything_moves_and_nothing_is_twice(pair, secretariat):
    gone, into = pair

    merge(pair, secretariat)

    into = Organisation.objects.get(slug="safe-harbour")
    assert not Organisation.objects.filter(pk=gone.pk).exists()
    assert sorted(into.memberships.values_list("role", flat=True)) == ["editor", "manager"]
    assert sorted(into.identifiers.values_list("number", "is_primary")) == [
        ("1", False),
        ("2", True),
    ]
    assert sorted(into.alternative_names.values_list("name", flat=True)) == [
        "Harbour Project",
        "SH",
        "Safe Harbor",
    ]
    assert into.tags.count() == 1
    assert sorted(into.working_groups.values_list("statement", flat=True)) == [
        "",
        "We run the shelters.",
    ]
    assert into.activities.count() == 1
    assert sorted(into.participations.values_list("role", flat=True)) == ["1", "4"]
    assert (into.website, into.is_funder) == ("https://sh.example", True)


def test_preview_says_what_the_merge_then_does(pair, secretariat):
    plan = {one.label: (one.moved, one.dropped) for one in plan_merge(*pair)}

    done = merge(pair, secretariat)

    moved = {}
    for entry in done.moved:
        model = apps.get_model(entry["model"])
        label = f"{model._meta.verbose_name_plural} ({model._meta.get_field(entry['field']).verbose_name})"
        moved[label] = len(entry["keys"])
    assert {label: count for label, (count, _) in plan.items() if count} == moved
    assert sum(count for _, count in plan.values()) == len(done.dropped)


def test_undoing_puts_everything_back(pair, secretariat):
    before = everything()

    done = merge(pair, secretariat)
    assert everything() != before
    undo_merge(done, by=secretariat, now=timezone.now())

    assert everything() == before


def test_undoing_leaves_alone_what_has_changed_since(pair, secretariat):
    into = pair[1]
    third = OrganisationFactory()
    done = merge(pair, secretariat)
    Organisation.objects.filter(pk=into.pk).update(website="https://new.example")
    moved_on = Activity.objects.get(reporting_organisation=into)
    Activity.objects.filter(pk=moved_on.pk).update(reporting_organisation=third)

    undo_merge(done, by=secretariat, now=timezone.now())

    into.refresh_from_db()
    moved_on.refresh_from_db()
    assert into.website == "https://new.example"
    assert moved_on.reporting_organisation == third


def test_merge_is_undone_once_and_not_over_a_new_owner_of_the_address(pair, secretariat):
    done = merge(pair, secretariat)
    newcomer = OrganisationFactory(slug="safe-harbor")

    with pytest.raises(CannotUndo, match="address"):
        undo_merge(done, by=secretariat, now=timezone.now())
    newcomer.delete()
    undo_merge(done, by=secretariat, now=timezone.now())
    with pytest.raises(CannotUndo, match="again"):
        undo_merge(done, by=secretariat, now=timezone.now())


def test_merges_follow_each_other_and_can_be_undone_in_turn(pair, secretariat, client):
    before = everything()
    third = OrganisationFactory(slug="third")
    first = merge(pair, secretariat)
    second = merge_organisations(
        Organisation.objects.get(pk=pair[1].pk), third, by=secretariat, now=timezone.now()
    )

    assert client.get("/organisations/safe-harbor/", follow=True).request["PATH_INFO"] == (
        "/organisations/third/"
    )
    undo_merge(second, by=secretariat, now=timezone.now())
    undo_merge(OrganisationMerge.objects.get(pk=first.pk), by=secretariat, now=timezone.now())
    third.delete()
    assert everything() == before


def test_an_organisation_is_not_merged_with_itself(pair, secretariat):
    with pytest.raises(CannotMerge):
        merge_organisations(pair[0], pair[0], by=secretariat, now=timezone.now())


def test_history_tells_of_each_record_and_of_the_merge(pair, secretariat):
    gone, into = pair
    activity = Activity.objects.get(reporting_organisation=gone)

    merge(pair, secretariat)

    entry = history_of(activity)[0]
    assert entry.data["changes"] == {"reporting_organisation_id": [gone.pk, into.pk]}
    assert entry.user == secretariat
    assert history_of(into)[0].data == {"name": "Safe Harbor"}


def test_kept_figures_stay_right_and_kept_pages_are_outdated(pair, secretariat):
    strategy = Strategy.objects.in_force()
    version = strategy.data_version

    done = merge(pair, secretariat)
    assert_kept_equals_recomputed(strategy)
    undo_merge(done, by=secretariat, now=timezone.now())

    assert_kept_equals_recomputed(strategy)
    strategy.refresh_from_db()
    assert strategy.data_version > version


def test_old_address_leads_on_and_comes_back(pair, secretariat, client):
    done = merge(pair, secretariat)
    assert client.get("/organisations/safe-harbor/")["Location"] == "/organisations/safe-harbour/"

    undo_merge(done, by=secretariat, now=timezone.now())

    assert client.get("/organisations/safe-harbor/").status_code == 200


def test_people_of_the_merged_organisation_see_its_records_on(pair, secretariat):
    gone = pair[0]
    activity = Activity.objects.get(reporting_organisation=gone)
    Activity.objects.filter(pk=activity.pk).update(visibility="organisation")
    worker = Membership.objects.filter(organisation=gone, role=Role.EDITOR).get().user

    merge(pair, secretariat)

    worker = type(worker).objects.get(pk=worker.pk)
    assert activity in Activity.objects.visible_to(worker)


def test_desk_shows_what_moves_before_it_merges_and_undoes(pair, secretariat, client):
    gone, into = pair
    client.force_login(secretariat)
    address = reverse("desk_organisations:merge", args=[gone.pk])

    first = client.get(address)
    preview = client.get(address, {"into": into.pk})
    assert first.status_code == 200
    assert Organisation.objects.filter(pk=gone.pk).exists()
    assert "becomes part of" in preview.content.decode()

    client.post(address, {"into": into.pk})
    done = OrganisationMerge.objects.get()
    assert "Safe Harbor" in client.get(reverse("desk_merges:index")).content.decode()
    client.post(reverse("desk_merges:undo", args=[done.pk]))
    assert Organisation.objects.filter(pk=gone.pk).exists()


@pytest.mark.parametrize("who", ["editor_a", "funder"])
def test_desk_lets_no_one_else_merge(pair, request, client, who):
    client.force_login(request.getfixturevalue(who))

    for address in (
        reverse("desk_organisations:merge", args=[pair[0].pk]),
        reverse("desk_merges:index"),
    ):
        assert client.get(address).status_code in (302, 403)
    client.post(reverse("desk_organisations:merge", args=[pair[0].pk]), {"into": pair[1].pk})
    assert not OrganisationMerge.objects.exists()


def test_desk_answers_requests(secretariat, client, mailoutbox, django_capture_on_commit_callbacks):
    from portal.directory.models import Invitation, JoinRequest

    one, two = (
        JoinRequest.objects.create(
            name=name,
            email=f"{name}@example.org",
            organisation_name="Lighthouse",
            why="…",
            asked_at=timezone.now(),
        )
        for name in ("ada", "ben")
    )
    client.force_login(secretariat)

    assert "Lighthouse" in client.get(reverse("desk_join_requests:index")).content.decode()
    address = reverse("desk_join_requests:answer", args=[one.pk])
    assert client.get(address).status_code == 200
    wrong = client.post(address, {"admit": "", "role": "editor"})
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"admit": "", "new_name": "Lighthouse", "role": "editor"})
        client.post(
            reverse("desk_join_requests:answer", args=[two.pk]),
            {"decline": "", "answer": "Not now."},
        )

    assert "not both" in wrong.content.decode()
    assert Invitation.objects.get().organisation.name == "Lighthouse"
    assert [mail.to for mail in mailoutbox] == [["ada@example.org"], ["ben@example.org"]]


def test_desk_publishes_new_terms_and_changes_no_old_ones(secretariat, client):
    from portal.directory.models import TermsVersion

    client.force_login(secretariat)
    form = client.get(reverse("desk_terms:add")).context["form"]
    assert "What you share" in str(form.instance.text)

    response = client.post(
        reverse("desk_terms:add"),
        {
            "changes": "Shorter.",
            "text": '{"blocks":[{"key":"a","text":"Be kind.","type":"unstyled","depth":0,'
            '"inlineStyleRanges":[],"entityRanges":[],"data":{}}],"entityMap":{}}',
        },
    )

    assert response.status_code == 302, errors_of(response)
    newest = TermsVersion.objects.newest()
    assert (newest.number, newest.changes, newest.published_by) == (2, "Shorter.", secretariat)
    assert "Be kind." in newest.text
    assert client.get(reverse("desk_terms:index")).status_code == 302  # asked to accept them first
