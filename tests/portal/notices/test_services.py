from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import transaction

from portal.directory.choices import Role
from portal.notices import services
from portal.notices.choices import MailSetting
from portal.notices.kinds import Kind, UnknownKind, register
from portal.notices.models import Notice
from portal.notices.queries import told, unread_count
from portal.records.choices import Visibility
from tests.factories import ActivityFactory, MembershipFactory
from tests.people import organisation_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
register(
    Kind("tests.changed", "Something changed in “%(what)s”"),
    Kind("tests.asked", "Somebody asks about “%(what)s”"),
)


@pytest.fixture
def record(db):
    return ActivityFactory(title="Sealed house", visibility=Visibility.COALITION)


def tell(people, record, kind="tests.changed", now=NOW):
    return services.notify(people, kind, record, now=now)


def sentences(person):
    """What a person reads on a later request."""
    return [one.sentence for one in told(type(person).objects.get(pk=person.pk), unread=True)]


def test_notify_tells_each_person_once(editor_a, editor_b, record):
    assert tell([editor_a, editor_b, editor_a], record) == 2

    assert sentences(editor_a) == sentences(editor_b) == ["Something changed in “Sealed house”"]


def test_notify_again_moves_the_unread_notice_up_and_makes_no_second(editor_a, record):
    tell([editor_a], record)

    tell([editor_a], record, now=LATER)

    assert list(Notice.objects.values_list("person", "created_at")) == [(editor_a.pk, LATER)]


def test_notify_after_reading_tells_anew(editor_a, record):
    tell([editor_a], record)
    services.mark_read(editor_a, now=NOW)

    tell([editor_a], record, now=LATER)

    assert Notice.objects.count() == 2
    assert unread_count(editor_a) == 1


def test_notify_leaves_out_who_is_not_active(editor_a, record):
    editor_a.is_active = False

    assert tell([editor_a], record) == 0


def test_notify_refuses_a_kind_that_nobody_registered(editor_a, record):
    with pytest.raises(UnknownKind):
        tell([editor_a], record, kind="tests.nothing")


def test_organisations_are_told_through_their_editors(editor_a, editor_b, viewer, record):
    mine, theirs = organisation_of(editor_a), organisation_of(editor_b)
    manager = MembershipFactory(organisation=theirs, role=Role.MANAGER).user

    told_count = services.notify_organisations(
        [mine.pk, theirs.pk], "tests.changed", record, now=NOW, but=editor_b
    )

    assert told_count == 2
    assert {row.person for row in Notice.objects.all()} == {editor_a, manager}


def test_a_notice_goes_when_its_record_is_hidden_and_comes_back_with_it(editor_a, record):
    tell([editor_a], record)
    record.visibility = Visibility.ORGANISATION
    record.save()

    assert sentences(editor_a) == []
    assert unread_count(editor_a) == 0

    record.visibility = Visibility.PUBLIC
    record.save()

    assert unread_count(editor_a) == 1


def test_a_notice_goes_with_its_record(editor_a, record):
    tell([editor_a], record)

    record.delete()

    assert sentences(editor_a) == []
    assert unread_count(editor_a) == 0


def test_opening_a_record_reads_what_was_told_about_it_alone(editor_a, editor_b, record):
    other = ActivityFactory(title="Other")
    tell([editor_a, editor_b], record)
    tell([editor_a], record, kind="tests.asked")
    tell([editor_a], other)

    services.mark_record_read(editor_a, record, now=LATER)

    assert sentences(editor_a) == ["Something changed in “Other”"]
    assert unread_count(editor_b) == 1


@pytest.mark.parametrize("count", [1, 12])
def test_counting_takes_the_same_queries_for_many_notices(
    editor_a, django_assert_num_queries, count
):
    for record in ActivityFactory.create_batch(count):
        tell([editor_a], record)
    person = type(editor_a).objects.get(pk=editor_a.pk)
    unread_count(person)

    with django_assert_num_queries(2):
        assert unread_count(person) == count


# Mail


def test_mail_says_that_there_is_something_and_never_what(
    editor_a, record, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        tell([editor_a], record)

    (message,) = mail.outbox
    assert message.to == [editor_a.email]
    assert "http://testserver/notifications/" in message.body
    assert "http://testserver/notifications/settings/" in message.body
    said = f"{message.subject} {message.body}"
    for secret in ("Sealed", "house", "changed", record.reporting_organisation.name):
        assert secret not in said


def test_mail_waits_for_the_commit(editor_a, record, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        tell([editor_a], record)
        assert mail.outbox == []

    assert len(mail.outbox) == 1


def test_a_matter_is_mailed_once_until_it_is_read(
    editor_a, record, django_capture_on_commit_callbacks
):
    for now in (NOW, LATER):
        with django_capture_on_commit_callbacks(execute=True):
            tell([editor_a], record, now=now)
    services.send_daily(now=LATER)
    assert len(mail.outbox) == 1

    services.mark_read(editor_a, now=LATER)
    with django_capture_on_commit_callbacks(execute=True):
        tell([editor_a], record, now=LATER)

    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    ("setting", "at_once", "daily"),
    [(MailSetting.AT_ONCE, 1, 0), (MailSetting.DAILY, 0, 1), (MailSetting.NEVER, 0, 0)],
)
def test_mail_comes_when_the_person_wants_it(
    editor_a, record, django_capture_on_commit_callbacks, setting, at_once, daily
):
    services.choose_mail(editor_a, setting)

    with django_capture_on_commit_callbacks(execute=True):
        tell([editor_a], record)
    assert len(mail.outbox) == at_once

    assert services.send_daily(now=LATER) == daily
    assert services.send_daily(now=LATER) == 0


def test_nobody_gets_mail_about_what_they_may_not_see(editor_a, django_capture_on_commit_callbacks):
    hidden = ActivityFactory(visibility=Visibility.ORGANISATION)

    with django_capture_on_commit_callbacks(execute=True):
        tell([editor_a], hidden)
    services.send_daily(now=LATER)

    assert mail.outbox == []


def test_a_mail_server_that_is_away_undoes_nothing_and_is_tried_again(
    editor_a, record, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "tests.portal.notices.test_services.AwayBackend"
    with django_capture_on_commit_callbacks(execute=True):
        tell([editor_a], record)
    assert unread_count(editor_a) == 1

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    assert services.send_daily(now=LATER) == 1


class AwayBackend:
    """A mail server that takes no connection."""

    def __init__(self, **kwargs):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError


def test_the_daily_run_lets_old_read_notices_go(editor_a, record):
    tell([editor_a], record)
    services.mark_read(editor_a, now=NOW)
    tell([editor_a], record, kind="tests.asked")

    services.send_daily(now=NOW + timedelta(days=200))

    assert [row.kind for row in Notice.objects.all()] == ["tests.asked"]
