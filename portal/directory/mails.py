"""Mails about joining. They hold a link and plain words, and nothing about records."""

import logging
from functools import partial
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal.accounts.models import User

logger = logging.getLogger(__name__)


def mail_invitation(invitation, token: str, *, asked: bool = False) -> None:
    """Send the link of an invitation once the transaction is through. asked: it answers a request to join."""
    context = {
        "organisation": invitation.organisation.name,
        "by": "" if asked or invitation.invited_by is None else str(invitation.invited_by),
        "role": invitation.role,
        "asked": asked,
        "until": invitation.expires_at,
        "address": _address("directory:join", token),
    }
    language = _language(invitation.email)
    with translation.override(language):
        subject = (
            _("Your request to join was accepted")
            if asked
            else _("You are invited to work for %(organisation)s in the portal")
            % {"organisation": invitation.organisation.short_name or invitation.organisation.name}
        )
    _send_later("directory/mail/invitation.txt", invitation.email, subject, context, language)


def mail_declined(request) -> None:
    """Tell somebody that their request was not accepted, with the secretariat's words."""
    language = _language(request.email)
    with translation.override(language):
        subject = _("Your request to join")
    context = {"name": request.name, "answer": request.answer}
    _send_later("directory/mail/declined.txt", request.email, subject, context, language)


def _address(name: str, *parts) -> str:
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse(name, args=parts)


def _language(email: str) -> str:
    """The language of the person with this address, if there is one; else the site's."""
    known = User.objects.filter(email__iexact=email).values_list("language", flat=True).first()
    return known or settings.LANGUAGE_CODE


def _send_later(template, to, subject, context, language) -> None:
    with translation.override(language):
        body = render_to_string(template, context)
    # Names come from people: a line break in one must not make a header of its own.
    message = EmailMessage(
        " ".join(subject.split()), body, to=[to], headers={"Auto-Submitted": "auto-generated"}
    )
    transaction.on_commit(partial(_send, message), robust=True)


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except (SMTPException, OSError):
        # The page offers to send it again; what was done stays done.
        logger.exception("The mail server did not take a mail about joining")
