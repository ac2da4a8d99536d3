"""Telling people, marking read, and when mail goes out."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model

from portal.directory.models import Membership

from .choices import MailSetting
from .kinds import kind_of
from .mails import send_mails
from .models import Notice, NoticeSetting

#: How long read notices are kept.
KEPT = timedelta(days=180)


@transaction.atomic
def notify(people: Iterable, kind: str, record: Model, *, now: datetime) -> int:
    """Tell people one thing about one record; returns how many people were told.

    kind: a registered key. Those who may not see the record see no notice, so the caller need not ask;
    people who are not active are left out. Mail waits for the commit, and goes by each person's setting.
    Raises `UnknownKind`.
    """
    kind_of(kind)
    people = {person.pk for person in people if person.is_active}
    if not people:
        return 0
    content_type = ContentType.objects.get_for_model(record)
    same = {"kind": kind, "content_type": content_type, "object_id": record.pk}
    Notice.objects.bulk_create(
        [Notice(person_id=pk, created_at=now, **same) for pk in sorted(people)],
        ignore_conflicts=True,
    )
    Notice.objects.unread().filter(person__in=people, **same).update(created_at=now)
    # A mail server that is away must not undo what was done; the next run of `send_notices` tries again.
    transaction.on_commit(partial(_mail_at_once, people, now), robust=True)
    return len(people)


def notify_organisations(
    organisation_ids: Iterable[int], kind: str, record: Model, *, now: datetime, but=None
) -> int:
    """Tell the editors and managers of organisations. but: a person who knows already, such as the one who acts."""
    return notify(editors_of(organisation_ids, but=but), kind, record, now=now)


def editors_of(organisation_ids: Iterable[int], *, but=None) -> list:
    """The active people who may edit for one of these organisations."""
    rows = (
        Membership.objects.filter(organisation__in=list(organisation_ids), user__is_active=True)
        .exclude(role="viewer")
        .select_related("user")
        .order_by("user")
    )
    people = {row.user_id: row.user for row in rows}
    people.pop(getattr(but, "pk", None), None)
    return list(people.values())


def _mail_at_once(people: set[int], now: datetime) -> None:
    send_mails(MailSetting.AT_ONCE, now=now, people=people)


def mark_read(user, *, now: datetime, keys: Iterable[int] | None = None) -> int:
    """Mark a person's unread notices read: those with these keys, or all. Returns how many."""
    unread = Notice.objects.filter(person=user).unread()
    if keys is not None:
        unread = unread.filter(pk__in=list(keys))
    return unread.filter(created_at__lte=now).update(read_at=now)


def mark_record_read(user, record: Model, *, now: datetime) -> int:
    """A person has opened a record: what they were told about it is read."""
    if not user.is_authenticated:
        return 0
    unread = Notice.objects.filter(person=user).unread().about(record)
    return unread.filter(created_at__lte=now).update(read_at=now)


def choose_mail(user, mail: str) -> NoticeSetting:
    """Keep when a person wants mail."""
    setting, _created = NoticeSetting.objects.update_or_create(
        person=user, defaults={"mail": MailSetting(mail)}
    )
    return setting


def mail_setting(user) -> MailSetting:
    """When a person wants mail."""
    chosen = NoticeSetting.objects.filter(person=user).values_list("mail", flat=True).first()
    return MailSetting(chosen or MailSetting.AT_ONCE)


def send_daily(*, now: datetime) -> int:
    """The daily mail, and what could not be sent at once; returns mails sent. Old read notices go."""
    Notice.objects.filter(read_at__lt=now - KEPT).delete()
    sent = send_mails(MailSetting.AT_ONCE, now=now)
    return sent + send_mails(MailSetting.DAILY, now=now)
