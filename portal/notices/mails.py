"""The mail that something waits. It never says what, nor about whom: mail is read on lock screens and by others."""

import logging
from collections.abc import Iterable
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from portal.accounts.models import User
from portal.lib.numbers import whole

from .choices import MailSetting
from .models import Notice
from .queries import told

logger = logging.getLogger(__name__)


def send_mails(setting: MailSetting, *, now: datetime, people: Iterable[int] | None = None) -> int:
    """One mail to everybody with this setting for whom something is new; returns how many were sent.

    people: only these. A notice that a mail announced is not announced again. An address that the mail server
    refuses stays waiting and is logged.
    """
    waiting = Notice.objects.unread().filter(mailed_at=None)
    if people is not None:
        waiting = waiting.filter(person__in=list(people))
    keys = waiting.order_by().values_list("person", flat=True).distinct()
    found = User.objects.filter(pk__in=keys, is_active=True)
    if setting == MailSetting.AT_ONCE:
        found = found.exclude(notice_setting__mail__in=(MailSetting.DAILY, MailSetting.NEVER))
    else:
        found = found.filter(notice_setting__mail=setting)
    sent = 0
    connection = get_connection()
    for person in found.order_by("pk"):
        sent += _send_one(person, connection, now)
    return sent


def _send_one(person: User, connection, now: datetime) -> bool:
    """Mail one person. The rows are locked, so that two runs at once send one mail."""
    with transaction.atomic():
        mine = Notice.objects.unread().filter(person=person, mailed_at=None)
        locked = set(mine.select_for_update().values_list("pk", flat=True))
        fresh = [one.pk for one in told(person, unread=True) if one.pk in locked]
        if not fresh:
            return False
        try:
            _message(person, len(fresh), connection).send()
        except (SMTPException, OSError):
            logger.exception("The mail server did not take a notice; it is tried again")
            return False
        Notice.objects.filter(pk__in=fresh).update(mailed_at=now)
    return True


def _message(person: User, count: int, connection) -> EmailMessage:
    with translation.override(person.language):
        subject = ngettext(
            "Something new waits for you in the portal",
            "%(number)s new things wait for you in the portal",
            count,
        ) % {"number": whole(count)}
        context = {
            "name": person.get_short_name() or person.email,
            "count": count,
            "address": settings.WAGTAILADMIN_BASE_URL + reverse("notices:list"),
            "settings_address": settings.WAGTAILADMIN_BASE_URL + reverse("notices:settings"),
        }
        body = render_to_string("notices/mail.txt", context)
    return EmailMessage(
        subject,
        body,
        to=[person.email],
        connection=connection,
        headers={"Auto-Submitted": "auto-generated"},
    )
