"""“Still true?” by mail: once a month a link to what waits for a word, and the link's own key."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.directory.access import viewer_of
from portal.directory.models import Membership

from .models import Activity, Digest, DigestSetting

logger = logging.getLogger(__name__)

SALT = "activities.digests"
#: For how long a link works.
LASTS = timedelta(days=45)
#: Activities that one link confirms; what waits longest comes first.
MOST = 40


def waiting_for(organisations, day: date):
    """Activities of these organisations that need a word that they are still true, the oldest word first."""
    return (
        Activity.objects.owned_by(organisations)
        .counting()
        .unconfirmed_on(day)
        .order_by("confirmed_at", "created_at", "pk")
    )


# The link


@dataclass(frozen=True, slots=True)
class Link:
    """Who a mail was for, and which activities its link confirms."""

    person: User
    activities: Sequence[int]


class LinkExpired(Exception):
    """The link is too old, was made for somebody who is gone, or is no link of ours."""


def make_key(person: User, activities: Sequence[int]) -> str:
    return signing.dumps([person.pk, list(activities)], salt=SALT, compress=True)


def read_key(key: str) -> Link:
    """What a link stands for. Raises `LinkExpired`."""
    try:
        person, activities = signing.loads(key, salt=SALT, max_age=LASTS)
        return Link(User.objects.get(pk=person, is_active=True), activities)
    except (signing.BadSignature, User.DoesNotExist):
        raise LinkExpired from None


def activities_of(link: Link):
    """Those of a link's activities that its person may still change."""
    return Activity.objects.editable_by(link.person).filter(pk__in=link.activities)


# The mail


def wants_digest(person: User) -> bool:
    return not DigestSetting.objects.filter(person=person, is_on=False).exists()


def choose_digest(person: User, is_on: bool) -> None:
    """Keep whether a person wants the mail."""
    DigestSetting.objects.update_or_create(person=person, defaults={"is_on": is_on})


def send_digests(*, now: datetime) -> int:
    """Mail everybody who may confirm something, at most once a month; returns how many mails were sent.

    Somebody for whom nothing waits today is mailed on the first day that something does. An address that the
    mail server refuses is tried again by the next run.
    """
    day = timezone.localdate(now)
    month = day.replace(day=1)
    editors = Membership.objects.exclude(role="viewer").filter(
        organisation__in=Activity.objects.counting()
        .unconfirmed_on(day)
        .order_by()
        .values("reporting_organisation")
    )
    people = (
        User.objects.filter(is_active=True, pk__in=editors.order_by().values("user"))
        .exclude(digest_setting__is_on=False)
        .exclude(digests__month=month)
        .order_by("pk")
    )
    connection = get_connection()
    return sum(_send_one(person, month, day, now, connection) for person in people)


def _send_one(person: User, month: date, day: date, now: datetime, connection) -> bool:
    """Mail one person. The row of the month comes first, so that two runs at once send one mail."""
    waiting = waiting_for(viewer_of(person).editable_organisations, day)
    keys = list(waiting.values_list("pk", flat=True)[:MOST])
    if not keys:
        return False
    try:
        with transaction.atomic():
            _digest, is_first = Digest.objects.get_or_create(
                person=person, month=month, defaults={"sent_at": now}
            )
            if is_first:
                _message(person, make_key(person, keys), connection).send()
    except (SMTPException, OSError):
        logger.exception("The mail server did not take a mail about activities; it is tried again")
        return False
    return is_first


def _message(person: User, key: str, connection) -> EmailMessage:
    address = settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse(
        "dashboards:still-true", args=[key]
    )
    with translation.override(person.language):
        context = {
            "name": person.get_short_name() or person.email,
            "address": address,
            "days": LASTS.days,
        }
        return EmailMessage(
            _("Is it still true?"),
            render_to_string("logging/digest.txt", context),
            to=[person.email],
            connection=connection,
            headers={"Auto-Submitted": "auto-generated"},
        )
