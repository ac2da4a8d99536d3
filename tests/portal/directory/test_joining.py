"""Coming in: invitations, requests, and leaving, as people meet them."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import User
from portal.directory import joining
from portal.directory.choices import RequestState, Role
from portal.directory.models import Invitation, JoinRequest, Membership
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory
from tests.people import organisation_of

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


@pytest.fixture
def manager(db):
    return MembershipFactory(
        organisation=OrganisationFactory(name="Harbour", slug="harbour"),
        role=Role.MANAGER,
        user__name="Mo Manager",
    ).user


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """Run what waits for the end of a transaction, as mails do."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def people_page(slug="harbour"):
    return reverse("directory:people", args=[slug])


def invite(client, commits, email="new@example.org", role=Role.EDITOR, slug="harbour"):
    with commits():
        return client.post(people_page(slug), {"email": email, "role": role})


def link_in(mail):
    return re.search(r"http://testserver(/join/\S+)", mail.body).group(1)


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_page_of_people_points_to_those_who_are_invited_and_not_here(client, secretariat, commits):
    OrganisationFactory(name="Ferry", slug="ferry")
    client.force_login(secretariat)
    before = client.get(people_page("ferry")).content.decode()

    invite(client, commits, slug="ferry")

    after = client.get(people_page("ferry")).content.decode()
    words = "Invite the first person below."
    assert (words in before, words in after) == (True, False)


def test_invited_stranger_makes_an_account_and_joins(client, manager, commits, mailoutbox):
    client.force_login(manager)
    invite(client, commits, email="New@Example.org")
    client.logout()
    link = link_in(mailoutbox[0])

    page = client.get(link).content.decode()
    response = client.post(link, {"name": " Nia  New ", "password": PASSWORD})

    assert "Harbour" in page
    assert mailoutbox[0].to == ["new@example.org"]
    assert response["Location"] == reverse("dashboards:work")
    person = User.objects.get(email="new@example.org")
    assert (person.name, person.check_password(PASSWORD)) == ("Nia New", True)
    assert person.memberships.get().role == Role.EDITOR
    assert is_signed_in(client)


def test_new_person_may_do_without_a_password(client, manager, commits, mailoutbox):
    client.force_login(manager)
    invite(client, commits)
    client.logout()

    client.post(link_in(mailoutbox[0]), {"name": "Nia", "password": ""})

    assert not User.objects.get(email="new@example.org").has_usable_password()


def test_weak_password_is_refused_and_nothing_is_made(client, manager, commits, mailoutbox):
    client.force_login(manager)
    invite(client, commits)
    client.logout()

    page = client.post(link_in(mailoutbox[0]), {"name": "Nia", "password": "12345"})

    assert "password" in page.context["form"].errors
    assert not User.objects.filter(email="new@example.org").exists()


def test_person_with_an_account_only_gains_the_membership(
    client, manager, editor_a, commits, mailoutbox
):
    client.force_login(manager)
    invite(client, commits, email=editor_a.email.upper(), role=Role.VIEWER)
    client.logout()
    link = link_in(mailoutbox[0])

    stranger = client.get(link).content.decode()
    refused = client.post(link, {"name": "Thief", "password": PASSWORD})
    client.force_login(editor_a)
    client.post(link)

    assert reverse("account_login") in stranger
    assert refused.status_code == 200
    assert User.objects.get(pk=editor_a.pk).name == "Editor A"
    assert editor_a.memberships.get(organisation__slug="harbour").role == Role.VIEWER


def test_invitation_is_not_for_the_person_who_happens_to_be_signed_in(
    client, manager, editor_a, commits, mailoutbox
):
    client.force_login(manager)
    invite(client, commits)
    client.force_login(editor_a)

    page = client.post(link_in(mailoutbox[0]))

    assert "Sign out" in page.content.decode()
    assert editor_a.memberships.count() == 1


def used(invitation, manager):
    joining.join_as_new(invitation, "Nia", "", language="en", now=timezone.now())


def revoked(invitation, manager):
    joining.revoke(invitation, by=manager, now=timezone.now())


def sent_again(invitation, manager):
    joining.send_again(invitation, by=manager, now=timezone.now())


def closed(invitation, manager):
    UserFactory(email=invitation.email, is_active=False)


@pytest.mark.parametrize("happened", [used, revoked, sent_again, closed])
def test_link_that_is_over_looks_like_one_that_never_was(client, manager, happened):
    invitation = joining.invite(
        organisation_of(manager), "new@example.org", Role.EDITOR, by=manager, now=timezone.now()
    )
    link = reverse("directory:join", args=[joining.token_of(invitation)])
    happened(invitation, manager)

    answers = [client.get(link), client.get(reverse("directory:join", args=["nonsense"]))]

    assert [one.status_code for one in answers] == [404, 404]
    assert [one.templates[0].name for one in answers] == ["directory/join_over.html"] * 2
    assert client.post(link, {"name": "Nia", "password": ""}).status_code == 404


def test_link_runs_out(client, manager, settings):
    now = timezone.now()
    invitation = joining.invite(
        organisation_of(manager), "new@example.org", Role.EDITOR, by=manager, now=now
    )
    link = reverse("directory:join", args=[joining.token_of(invitation)])

    with time_machine.travel(now + timedelta(days=settings.INVITATION_DAYS, seconds=-5)):
        assert client.get(link).status_code == 200
    with time_machine.travel(now + timedelta(days=settings.INVITATION_DAYS, seconds=5)):
        assert client.get(link).status_code == 404


def test_fresh_link_works_after_sending_again(client, manager, commits, mailoutbox):
    client.force_login(manager)
    invite(client, commits)
    invitation = Invitation.objects.get()
    with commits():
        client.post(reverse("directory:invitation-again", args=["harbour", invitation.pk]))
    client.logout()

    assert client.get(link_in(mailoutbox[0])).status_code == 404
    assert client.get(link_in(mailoutbox[1])).status_code == 200


def test_nobody_is_invited_twice(client, manager, commits, mailoutbox):
    client.force_login(manager)
    invite(client, commits)

    again = invite(client, commits)
    member = invite(client, commits, email=manager.email)

    assert "invited already" in str(again.context["form"].errors)
    assert "belongs to the organisation already" in str(member.context["form"].errors)
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR])
def test_only_managers_invite(client, manager, commits, mailoutbox, role):
    other = MembershipFactory(organisation=organisation_of(manager), role=role).user
    client.force_login(other)

    response = invite(client, commits)

    assert client.get(people_page()).status_code == 200
    assert response.status_code == 404
    assert not mailoutbox


def test_people_of_others_do_not_exist(client, manager, editor_a, secretariat, commits):
    client.force_login(editor_a)
    assert client.get(people_page()).status_code == 404
    assert invite(client, commits).status_code == 404

    client.force_login(secretariat)
    assert client.get(people_page()).status_code == 200
    assert invite(client, commits).status_code == 302


def test_manager_does_not_touch_invitations_and_people_of_others(client, manager, editor_a):
    invitation = joining.invite(
        organisation_of(editor_a), "x@example.org", Role.EDITOR, by=None, now=timezone.now()
    )
    client.force_login(manager)

    for name, pk in [
        ("invitation-revoke", invitation.pk),
        ("invitation-again", invitation.pk),
        ("role", editor_a.memberships.get().pk),
        ("remove", editor_a.memberships.get().pk),
    ]:
        for slug in ("harbour", "organisation-a"):
            address = reverse(f"directory:{name}", args=[slug, pk])
            assert client.post(address, {"role": Role.VIEWER}).status_code == 404
    invitation.refresh_from_db()
    assert invitation.revoked_at is None
    assert editor_a.memberships.get().role == Role.EDITOR


def test_last_manager_stays(client, manager):
    membership = manager.memberships.get()
    MembershipFactory(
        organisation=membership.organisation, role=Role.MANAGER, user__is_active=False
    )
    client.force_login(manager)

    for name, args in [
        ("role", ["harbour", membership.pk]),
        ("remove", ["harbour", membership.pk]),
        ("leave", ["harbour"]),
    ]:
        client.post(reverse(f"directory:{name}", args=args), {"role": Role.VIEWER})

    assert manager.memberships.get().role == Role.MANAGER


def test_removed_person_is_out_on_the_next_request_and_can_be_put_back(client, manager):
    other = MembershipFactory(organisation=organisation_of(manager), user__name="Olu").user
    from django.test import Client

    theirs = Client()
    theirs.force_login(other)
    assert theirs.get(people_page()).status_code == 200
    client.force_login(manager)

    client.post(reverse("directory:remove", args=["harbour", other.memberships.get().pk]))

    assert theirs.get(people_page()).status_code == 404
    assert "Olu no longer belongs" in client.get(people_page()).content.decode()

    client.post(reverse("directory:put-back", args=["harbour"]))

    assert other.memberships.get().role == Role.EDITOR
    assert theirs.get(people_page()).status_code == 200


def test_who_leaves_is_out_on_the_next_request(client, manager):
    other = MembershipFactory(organisation=organisation_of(manager)).user
    client.force_login(other)

    client.post(reverse("directory:leave", args=["harbour"]))

    assert client.get(people_page()).status_code == 404
    assert not Membership.objects.filter(user=other).exists()


def test_person_who_is_switched_off_is_out_on_the_next_request(client, manager):
    client.force_login(manager)
    User.objects.filter(pk=manager.pk).update(is_active=False)

    assert client.get(people_page()).status_code == 302


ASKED = {
    "name": "Ada",
    "email": "Ada@Example.org",
    "organisation_name": "Lighthouse",
    "why": "We run a shelter line.",
}


def test_request_is_kept_and_answered_alike_for_everybody(client, editor_a, mailoutbox):
    unknown = client.post(reverse("directory:ask"), ASKED)
    known = client.post(reverse("directory:ask"), {**ASKED, "email": editor_a.email})

    assert unknown["Location"] == known["Location"] == reverse("directory:asked")
    assert JoinRequest.objects.open().count() == 2
    assert not mailoutbox


def test_requests_are_limited(client):
    answers = [client.post(reverse("directory:ask"), ASKED).status_code for _ in range(6)]

    assert answers == [302] * 5 + [429]
    assert JoinRequest.objects.count() == 5


def test_what_fills_the_hidden_field_is_thanked_and_forgotten(client):
    response = client.post(reverse("directory:ask"), {**ASKED, "homepage": "http://x"})

    assert response.status_code == 302
    assert not JoinRequest.objects.exists()


def test_admitted_person_gets_a_link_that_works(client, secretariat, commits, mailoutbox):
    client.post(reverse("directory:ask"), ASKED)
    with commits():
        joining.admit(
            JoinRequest.objects.get(),
            "Lighthouse",
            Role.MANAGER,
            by=secretariat,
            now=timezone.now(),
        )

    client.post(link_in(mailoutbox[0]), {"name": "Ada", "password": ""})

    membership = User.objects.get(email="ada@example.org").memberships.get()
    assert (membership.organisation.name, membership.role) == ("Lighthouse", Role.MANAGER)
    assert membership.organisation.is_member
    assert JoinRequest.objects.get().state == RequestState.ADMITTED


def test_declined_person_gets_a_word(secretariat, client, commits, mailoutbox):
    client.post(reverse("directory:ask"), ASKED)
    with commits():
        joining.decline(
            JoinRequest.objects.get(),
            "Please ask again in May.",
            by=secretariat,
            now=timezone.now(),
        )

    assert mailoutbox[0].to == ["ada@example.org"]
    assert "Please ask again in May." in mailoutbox[0].body
    assert JoinRequest.objects.get().state == RequestState.DECLINED


def test_a_name_with_a_line_break_makes_no_header_of_its_own(manager, commits, mailoutbox):
    organisation = organisation_of(manager)
    organisation.short_name = "Harbour\nBcc: evil@example.org"
    with commits():
        joining.invite(organisation, "x@example.org", Role.EDITOR, by=manager, now=timezone.now())

    assert "\n" not in mailoutbox[0].subject
    assert mailoutbox[0].recipients() == ["x@example.org"]


def test_who_left_sees_no_more_of_a_file_that_they_sent_in(editor_a):
    from portal.imports.models import Import

    membership = editor_a.memberships.get()
    Import.objects.create(
        kind="activities",
        organisation=membership.organisation,
        uploaded_by=editor_a,
        uploaded_at=timezone.now(),
        language="en",
        file_name="rows.xlsx",
    )
    assert Import.objects.visible_to(editor_a).exists()

    membership.delete()

    assert not Import.objects.visible_to(User.objects.get(pk=editor_a.pk)).exists()


@pytest.mark.parametrize("count", [1, 5])
def test_people_page_asks_as_often_for_many_as_for_few(
    client, manager, count, django_assert_max_num_queries
):
    organisation = organisation_of(manager)
    MembershipFactory.create_batch(count, organisation=organisation)
    for number in range(count):
        joining.invite(
            organisation, f"p{number}@example.org", Role.VIEWER, by=manager, now=timezone.now()
        )
    client.force_login(manager)

    with django_assert_max_num_queries(14):
        assert client.get(people_page()).status_code == 200
