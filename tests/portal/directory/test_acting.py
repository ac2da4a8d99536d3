from django.test import RequestFactory

from portal.directory.acting import act_for, acting_organisation, acting_organisations
from portal.directory.choices import Role
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory
from tests.people import organisation_of


def ask(user):
    request = RequestFactory().get("/")
    request.user, request.session = user, {}
    return request


def test_who_has_one_organisation_acts_for_it(editor_a):
    assert acting_organisation(ask(editor_a)) == organisation_of(editor_a)


def test_a_stranger_acts_for_nobody(public, db):
    assert acting_organisation(ask(public)) is None
    assert acting_organisation(ask(UserFactory())) is None


def test_with_several_nothing_is_guessed_until_one_is_chosen(editor_a):
    first = organisation_of(editor_a)
    second = OrganisationFactory(name="Organisation C")
    MembershipFactory(user=editor_a, organisation=second, role=Role.VIEWER)
    request = ask(editor_a)

    assert acting_organisation(request) is None
    assert acting_organisations(request) == {first.pk, second.pk}

    act_for(request, second)

    assert acting_organisation(request) == second
    assert acting_organisations(request) == {second.pk}
    assert acting_organisation(request, editing=True) == first


def test_a_chosen_organisation_that_was_left_counts_no_more(editor_a, editor_b):
    request = ask(editor_a)
    act_for(request, organisation_of(editor_b))

    assert acting_organisation(request) == organisation_of(editor_a)
