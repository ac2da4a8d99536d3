"""Grants at the desk: what is saved, and the figures that follow."""

from decimal import Decimal

import pytest
from django.urls import reverse

from grants import services
from grants.models import (
    Allocation,
    AllocationTotal,
    Grant,
    LinkGroup,
    Split,
    Transaction,
    Unconverted,
)
from portal.history.services import history_of
from strategy.models import SummaryCell
from tests.factories import (
    AllocationFactory,
    GrantFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PlaceFactory,
    TransactionFactory,
    WorkingGroupFactory,
    strategy_in_force,
    world,
)
from tests.form_data import add_row, data_of, errors_of

pytestmark = pytest.mark.usefixtures("wagtail_root")


@pytest.fixture
def desk(client, secretariat):
    strategy_in_force()
    world()
    client.force_login(secretariat)
    return client


def edit_url(grant):
    return reverse("desk_grants:edit", args=[grant.pk])


def shown(desk, url):
    return data_of(desk.get(url).context["form"])


def committed():
    """Cents committed for the secretariat at the World, all objectives together."""
    cells = SummaryCell.objects.filter(audience=3, place_key=world().pk)
    return sum(cells.values_list("committed", flat=True))


def test_saving_a_new_grant_counts_its_money(desk):
    objective, place = ObjectiveFactory(), PlaceFactory()
    funder, recipient = OrganisationFactory(is_funder=True), OrganisationFactory()
    url = reverse("desk_grants:add")
    data = shown(desk, url) | {
        "title": "Safe houses",
        "funding_organisation": funder.pk,
        "recipient_organisation": recipient.pk,
        "amount_awarded": "1000.00",
        "currency": "usd",
        "award_date": "2026-01-01",
        "planned_start": "2026-01-01",
        "planned_end": "2026-12-31",
    }
    add_row(data, "allocations", objective=objective, place=place, share="60", origin="person")

    response = desk.post(url, data)

    assert response.status_code == 302, errors_of(response)
    grant = Grant.objects.get()
    assert grant.currency == "USD"
    assert (
        Split.objects.filter(grant=grant, objective=objective)
        .values_list("amount", flat=True)
        .get()
        == 60_000
    )
    assert AllocationTotal.objects.get(grant=grant).total == 60
    assert committed() == 100_000


def test_changing_a_transaction_changes_the_figures(desk):
    grant = GrantFactory()
    TransactionFactory(grant=grant, amount=Decimal("400"))
    services.save_money([grant.pk])
    data = shown(desk, edit_url(grant)) | {"transactions-0-amount": "700.00"}

    response = desk.post(edit_url(grant), data)

    assert response.status_code == 302, errors_of(response)
    assert committed() == 70_000


def test_tag_of_a_person_says_who(desk, secretariat):
    tag = AllocationFactory(objective=ObjectiveFactory(), origin="rule")
    other = ObjectiveFactory()
    data = shown(desk, edit_url(tag.grant)) | {
        "allocations-0-objective": other.pk,
        "allocations-0-origin": "person",
    }

    response = desk.post(edit_url(tag.grant), data)

    assert response.status_code == 302, errors_of(response)
    tag.refresh_from_db()
    assert (tag.objective, tag.origin, tag.confirmed_by) == (other, "person", secretariat)


def test_shares_above_100_are_refused_with_a_sentence(desk):
    grant = GrantFactory()
    data = shown(desk, edit_url(grant))
    for _turn in range(2):
        add_row(data, "allocations", objective=ObjectiveFactory(), share="60", origin="person")

    response = desk.post(edit_url(grant), data)

    assert response.status_code == 200
    assert (
        "The shares of the tags add up to 120. Take 20 away: they make 100 at most."
        in errors_of(response)
    )
    assert not Allocation.objects.exists()


def test_grant_without_rate_is_saved_and_listed_as_unconverted(desk):
    grant = GrantFactory()
    data = shown(desk, edit_url(grant)) | {"currency": "KES"}

    response = desk.post(edit_url(grant), data)
    page = desk.get(reverse("desk_unconverted:index"))

    assert response.status_code == 302, errors_of(response)
    assert committed() == 0
    assert list(page.context["object_list"]) == list(Unconverted.objects.all())
    assert "KES" in page.content.decode()


def test_history_tells_fields_and_parts_with_names(desk, secretariat):
    grant = GrantFactory(title="Before")
    new = OrganisationFactory(name="The new funder")
    data = shown(desk, edit_url(grant)) | {"title": "After", "funding_organisation": new.pk}
    add_row(data, "transactions", kind="2", amount="5", currency="USD", value_date="2026-02-01")
    desk.post(edit_url(grant), data)

    page = desk.get(reverse("desk_grants:history", args=[grant.pk])).content.decode()

    for words in ("Before", "After", "The new funder", "Commitment 5", "Secretariat"):
        assert words in page
    assert history_of(grant).first().user == secretariat


def test_deleting_a_grant_takes_its_money_out(desk):
    grant, stays = GrantFactory(), GrantFactory()
    services.save_money([grant.pk, stays.pk])
    assert committed() == 200_000

    response = desk.post(reverse("desk_grants:delete", args=[grant.pk]))

    assert response.status_code == 302
    assert not Grant.objects.filter(pk=grant.pk).exists()
    assert committed() == 100_000


def test_grant_that_passes_on_money_is_not_deleted(desk):
    grant = GrantFactory()
    GrantFactory(regrant_of=grant)

    response = desk.post(reverse("desk_grants:delete", args=[grant.pk]))

    assert response.status_code == 200
    assert Grant.objects.filter(pk=grant.pk).exists()
    assert "cannot be deleted" in response.content.decode()


def test_money_is_not_passed_on_in_a_circle(desk):
    first = GrantFactory()
    second = GrantFactory(regrant_of=first)
    data = shown(desk, edit_url(first)) | {"regrant_of": second.pk}

    response = desk.post(edit_url(first), data)

    assert "That grant passes on money of this one already." in errors_of(response)


def test_linked_record_counts_once_and_unlinking_counts_it_again(desk):
    first, second = GrantFactory(), GrantFactory()
    services.save_money([first.pk, second.pk])

    linked = desk.post(edit_url(second), shown(desk, edit_url(second)) | {"same_as": first.pk})

    assert linked.status_code == 302, errors_of(linked)
    assert committed() == 100_000
    group = LinkGroup.objects.get()
    assert first.title in desk.get(reverse("desk_links:records", args=[group.pk])).content.decode()

    unlinked = desk.post(reverse("desk_links:unlink", args=[second.pk]))

    assert unlinked.status_code == 302
    assert not LinkGroup.objects.exists()
    assert committed() == 200_000


def test_third_record_joins_a_group(desk):
    grants = GrantFactory.create_batch(3)
    services.link_grants(grants[:2], rule="same amount")

    desk.post(edit_url(grants[2]), shown(desk, edit_url(grants[2])) | {"same_as": grants[0].pk})

    positions = [Grant.objects.get(pk=grant.pk).link_position for grant in grants]
    assert positions == [0, 1, 2]
    assert LinkGroup.objects.get().grants.count() == 3


def test_failed_save_changes_nothing(desk):
    grant = GrantFactory()
    TransactionFactory(grant=grant)
    data = shown(desk, edit_url(grant)) | {"title": "", "transactions-0-amount": "1"}

    desk.post(edit_url(grant), data)

    assert Transaction.objects.get().amount == 1000


def test_working_group_sharing_needs_a_working_group(desk):
    grant = GrantFactory()
    data = shown(desk, edit_url(grant)) | {"visibility": "working_group"}

    none_there = desk.post(edit_url(grant), data)
    WorkingGroupFactory()
    response = desk.post(edit_url(grant), data)

    assert "There is no working group to share it with yet." in errors_of(none_there)
    assert "Choose at least one working group, or another way of sharing." in errors_of(response)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"tagged": "none"}, ["Untagged"]),
        ({"tagged": "rule"}, ["Tagged"]),
        ({"tagged": "assumed"}, ["Tagged"]),
        ({"status": "4"}, ["Untagged"]),
        ({"year": "2026"}, ["Tagged"]),
        ({"visibility": "coalition"}, ["Untagged"]),
    ],
)
def test_filters_find_grants(desk, filters, found):
    tagged = GrantFactory(title="Tagged")
    AllocationFactory(grant=tagged, objective=ObjectiveFactory(), origin="rule", is_assumed=True)
    GrantFactory(
        title="Untagged", status="4", visibility="coalition", planned_start=None, planned_end=None
    )

    rows = desk.get(reverse("desk_grants:index"), filters).context["object_list"]

    assert [row.title for row in rows] == found


def test_filters_by_objective_and_place_look_below(desk):
    objective = ObjectiveFactory()
    region = PlaceFactory(kind="region")
    tag = AllocationFactory(
        objective=ObjectiveFactory(parent=objective), place=PlaceFactory(parent=region)
    )
    AllocationFactory(objective=ObjectiveFactory(pillar=2), place=PlaceFactory())

    for filters in (
        {"objective": objective.pk},
        {"objective": objective.parent.pk},
        {"place": region.pk},
    ):
        rows = desk.get(reverse("desk_grants:index"), filters).context["object_list"]

        assert list(rows) == [tag.grant]


def test_words_that_look_personal_are_pointed_out_and_the_grant_is_saved(desk):
    grant = GrantFactory()
    url = reverse("desk_grants:edit", args=[grant.pk])
    data = data_of(desk.get(url).context["form"]) | {"description": "Call 0712 345678."}

    response = desk.post(url, data, follow=True)

    grant.refresh_from_db()
    assert grant.description == "Call 0712 345678."
    said = [str(message) for message in response.context["messages"]]
    assert any("looks like a phone number" in words for words in said)
