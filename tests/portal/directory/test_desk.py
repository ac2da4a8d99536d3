"""Organisations at the desk."""

import pytest
from django.urls import reverse

from portal.directory.models import Membership, Organisation
from tests.factories import ActivityFactory, MembershipFactory, OrganisationFactory, UserFactory
from tests.form_data import add_row, data_of, errors_of

pytestmark = pytest.mark.usefixtures("wagtail_root")


@pytest.fixture
def desk(client, secretariat):
    client.force_login(secretariat)
    return client


def edit_url(organisation):
    return reverse("desk_organisations:edit", args=[organisation.pk])


def shown(desk, url):
    return data_of(desk.get(url).context["form"])


def test_organisation_is_saved_with_its_parts(desk):
    url = reverse("desk_organisations:add")
    data = shown(desk, url) | {
        "name": "Safe Harbour",
        "slug": "safe-harbour",
        "tag_choices": ["survivor_led"],
    }
    add_row(data, "identifiers", scheme="GB-CHC", number="1", is_primary="on")
    add_row(data, "alternative_names", name="Safe Harbor")

    response = desk.post(url, data)

    assert response.status_code == 302, errors_of(response)
    organisation = Organisation.objects.get()
    assert [str(each) for each in organisation.identifiers.all()] == ["GB-CHC-1"]
    assert [each.folded for each in organisation.alternative_names.all()] == ["safe harbor"]
    assert [each.tag for each in organisation.tags.all()] == ["survivor_led"]


@pytest.mark.parametrize("ticked", [(), (0, 1)])
def test_one_number_is_primary(desk, ticked):
    organisation = OrganisationFactory()
    data = shown(desk, edit_url(organisation))
    for index in range(2):
        primary = {"is_primary": "on"} if index in ticked else {}
        add_row(data, "identifiers", scheme="GB-CHC", number=str(index), **primary)

    response = desk.post(edit_url(organisation), data)

    assert "Mark one of the numbers as the primary one, and only one." in errors_of(response)


def test_number_of_another_organisation_is_refused(desk):
    other = OrganisationFactory()
    other.identifiers.model.objects.create(
        organisation=other, scheme="GB-CHC", number="1", is_primary=True
    )
    organisation = OrganisationFactory()
    data = shown(desk, edit_url(organisation))
    add_row(data, "identifiers", scheme="GB-CHC", number="1", is_primary="on")

    response = desk.post(edit_url(organisation), data)

    assert "Another organisation has this number already." in errors_of(response)


def test_organisation_that_reports_is_not_deleted(desk):
    organisation = ActivityFactory().reporting_organisation

    response = desk.post(reverse("desk_organisations:delete", args=[organisation.pk]))

    assert response.status_code == 200
    assert "activities, 1." in response.content.decode()


def test_membership_is_given_once(desk):
    membership = MembershipFactory()
    url = reverse("desk_memberships:add")
    data = {
        "user": membership.user.pk,
        "organisation": membership.organisation.pk,
        "role": "editor",
    }

    again = desk.post(url, data)
    another = desk.post(url, data | {"user": UserFactory().pk})

    assert "This person belongs to the organisation already." in errors_of(again)
    assert another.status_code == 302
    assert Membership.objects.count() == 2


def test_example_organisations_can_be_told_apart(desk):
    example = OrganisationFactory(is_example=True)
    OrganisationFactory()

    rows = desk.get(reverse("desk_organisations:index"), {"is_example": "true"}).context[
        "object_list"
    ]

    assert list(rows) == [example]
