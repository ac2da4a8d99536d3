"""Coming in: invitations, requests, and what the secretariat answers."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils.text import slugify

from portal.accounts.models import User
from portal.history.services import acting_as
from portal.lib.text import fold

from .choices import RequestState, Role
from .exceptions import (
    AccountThere,
    AlreadyAnswered,
    AlreadyInvited,
    AlreadyMember,
    InvitationOver,
)
from .mails import mail_declined, mail_invitation
from .models import Invitation, JoinRequest, Membership, Organisation

SALT = "portal.directory.invitation"
RANK = {Role.VIEWER: 0, Role.EDITOR: 1, Role.MANAGER: 2}


# Invitations


@transaction.atomic
def invite(organisation, email: str, role: str, *, by, now: datetime, asked=False) -> Invitation:
    """Offer a role to an address, by mail. asked: the mail says that a request was accepted.

    Raises `AlreadyMember` and `AlreadyInvited`.
    """
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    email = email.strip().lower()
    there = organisation.memberships.filter(user__email__iexact=email).first()
    if there:
        raise AlreadyMember(there)
    waiting = organisation.invitations.waiting().filter(email=email).first()
    if waiting:
        raise AlreadyInvited(waiting)
    with acting_as(by):
        invitation = Invitation.objects.create(
            organisation=organisation,
            email=email,
            role=role,
            invited_by=by,
            sent_at=now,
            expires_at=_end(now),
        )
    mail_invitation(invitation, token_of(invitation), asked=asked)
    return invitation


@transaction.atomic
def send_again(invitation: Invitation, *, by, now: datetime) -> Invitation:
    """Send a fresh link; the one before stops to work. Raises `InvitationOver`."""
    invitation = _locked(invitation)
    if invitation.accepted_at or invitation.revoked_at:
        raise InvitationOver
    invitation.sent_at, invitation.expires_at = now, _end(now)
    with acting_as(by):
        invitation.save(update_fields=["sent_at", "expires_at"])
    mail_invitation(invitation, token_of(invitation))
    return invitation


@transaction.atomic
def revoke(invitation: Invitation, *, by, now: datetime) -> Invitation:
    """Take an invitation back: its link stops to work. Raises `InvitationOver`."""
    invitation = _locked(invitation)
    if invitation.accepted_at or invitation.revoked_at:
        raise InvitationOver
    invitation.revoked_at = now
    with acting_as(by):
        invitation.save(update_fields=["revoked_at"])
    return invitation


def token_of(invitation: Invitation) -> str:
    """The signed part of the link."""
    return signing.dumps([invitation.pk, _stamp(invitation)], salt=SALT)


def invitation_of(token: str, *, now: datetime) -> Invitation | None:
    """The invitation behind a link that still works; None for every other link."""
    try:
        key, stamp = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    invitation = Invitation.objects.select_related("organisation").filter(pk=key).first()
    if invitation is None or _stamp(invitation) != stamp or not invitation.is_open(now):
        return None
    return invitation


def person_with(email: str) -> User | None:
    """Who has an account with this address."""
    return User.objects.filter(email__iexact=email).first()


@transaction.atomic
def take_up(invitation: Invitation, *, by, now: datetime) -> Membership:
    """The invited person joins. A higher role that they have already stays. Raises `InvitationOver`."""
    invitation = _locked(invitation)
    if not invitation.is_open(now):
        raise InvitationOver
    with acting_as(by):
        membership = Membership.objects.filter(
            user=by, organisation=invitation.organisation_id
        ).first()
        if membership is None:
            membership = Membership(user=by, organisation=invitation.organisation)
            membership.role = invitation.role
        elif RANK[invitation.role] > RANK[membership.role]:
            membership.role = invitation.role
        membership.save()
        invitation.accepted_at, invitation.accepted_by = now, by
        invitation.save(update_fields=["accepted_at", "accepted_by"])
    return membership


@transaction.atomic
def join_as_new(
    invitation: Invitation, name: str, password: str | None, *, language: str, now: datetime
) -> User:
    """Make an account for the invited address, and join. Raises `AccountThere` and `InvitationOver`."""
    invitation = _locked(invitation)
    if person_with(invitation.email):
        raise AccountThere
    person = User.objects.create_user(
        invitation.email, password or None, name=name, language=language
    )
    take_up(invitation, by=person, now=now)
    return person


def _locked(invitation: Invitation) -> Invitation:
    return (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("organisation", "invited_by")
        .get(pk=invitation.pk)
    )


def _stamp(invitation: Invitation) -> int:
    """The moment of sending in microseconds."""
    return round(invitation.sent_at.timestamp() * 1_000_000)


def _end(now: datetime) -> datetime:
    return now + timedelta(days=settings.INVITATION_DAYS)


# Requests


def ask_to_join(request: JoinRequest, *, now: datetime) -> JoinRequest:
    """Keep a request. The same address may ask twice: nobody can write over what another has asked."""
    request.email = request.email.strip().lower()
    request.asked_at = now
    request.save()
    return request


def organisations_named(name: str):
    """Organisations that are called so, or are also called so."""
    folded = fold(name)
    named = Organisation.objects.filter(folded=folded)
    return (named | Organisation.objects.filter(alternative_names__folded=folded)).distinct()


@transaction.atomic
def admit(request: JoinRequest, organisation, role: str, *, by, now: datetime) -> Invitation:
    """Accept a request: the person gets a link by mail. organisation: one that is there, or a name for a new one.

    Raises `AlreadyAnswered` and `AlreadyMember`.
    """
    request = _unanswered(request)
    with acting_as(by):
        if isinstance(organisation, str):
            organisation = Organisation.objects.create(
                name=organisation, slug=free_slug(organisation), is_member=True
            )
        try:
            invitation = invite(organisation, request.email, role, by=by, now=now, asked=True)
        except AlreadyInvited as error:
            invitation = send_again(error.invitation, by=by, now=now)
        request.state, request.invitation = RequestState.ADMITTED, invitation
        request.answered_at, request.answered_by = now, by
        request.save()
    return invitation


@transaction.atomic
def decline(request: JoinRequest, answer: str, *, by, now: datetime) -> JoinRequest:
    """Refuse a request, with a word that goes out by mail. Raises `AlreadyAnswered`."""
    request = _unanswered(request)
    request.state, request.answer = RequestState.DECLINED, answer
    request.answered_at, request.answered_by = now, by
    with acting_as(by):
        request.save()
    mail_declined(request)
    return request


def _unanswered(request: JoinRequest) -> JoinRequest:
    request = JoinRequest.objects.select_for_update().get(pk=request.pk)
    if request.state != RequestState.OPEN:
        raise AlreadyAnswered(request)
    return request


def free_slug(name: str) -> str:
    """An address for a new organisation that nobody has."""
    base = slugify(name)[:110] or "organisation"
    taken = set(Organisation.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
