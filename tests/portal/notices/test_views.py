from datetime import UTC, datetime

import pytest
from django.urls import reverse

from portal.notices import services
from portal.notices.choices import MailSetting
from portal.notices.kinds import Kind, register
from portal.notices.models import Notice
from portal.records.choices import Visibility
from tests.factories import ActivityFactory, StrategyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wagtail_root")]

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
register(Kind("tests.changed", "Something changed in “%(what)s”"))


@pytest.fixture
def record(db):
    StrategyFactory()
    return ActivityFactory(title="Sealed house", visibility=Visibility.COALITION)


@pytest.fixture
def notice(editor_a, record):
    services.notify([editor_a], "tests.changed", record, now=NOW)
    return Notice.objects.get()


def test_notices_need_a_sign_in(client):
    for name in ("list", "settings"):
        assert client.get(reverse(f"notices:{name}")).status_code == 302


def test_list_shows_what_is_new_and_the_header_counts_it(client, editor_a, notice):
    client.force_login(editor_a)

    text = client.get(reverse("notices:list")).content.decode()

    assert "Something changed in “Sealed house”" in text
    assert '<span class="ff-count">1<span class="visually-hidden"> new notification' in text


def test_list_names_nothing_that_its_reader_may_no_longer_see(client, editor_a, record, notice):
    record.visibility = Visibility.ORGANISATION
    record.save()
    client.force_login(editor_a)

    text = client.get(reverse("notices:list")).content.decode()

    assert "Sealed house" not in text
    assert "No notifications yet" in text
    assert "ff-count" not in text


def test_opening_marks_read_and_leads_to_the_record(client, editor_a, record, notice):
    client.force_login(editor_a)

    response = client.post(reverse("notices:read", args=[notice.pk]))

    assert response["Location"] == record.get_absolute_url()
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_a_notice_of_somebody_else_answers_like_a_missing_one(client, editor_b, notice):
    client.force_login(editor_b)

    answers = [
        client.post(reverse("notices:read", args=[pk])).status_code for pk in (notice.pk, 999_999)
    ]

    assert answers == [404, 404]
    notice.refresh_from_db()
    assert notice.read_at is None


def test_read_all_reads_ones_own_alone(client, editor_a, editor_b, record, notice):
    services.notify([editor_b], "tests.changed", record, now=NOW)
    client.force_login(editor_a)

    client.post(reverse("notices:read-all"))

    assert [row.person for row in Notice.objects.unread()] == [editor_b]


def test_settings_keep_when_mail_comes(client, editor_a):
    StrategyFactory()
    client.force_login(editor_a)

    response = client.post(reverse("notices:settings"), {"mail": "never"})

    assert response.status_code == 302
    assert services.mail_setting(editor_a) == MailSetting.NEVER


def test_settings_refuse_an_unknown_word(client, editor_a):
    StrategyFactory()
    client.force_login(editor_a)

    response = client.post(reverse("notices:settings"), {"mail": "hourly"})

    assert response.status_code == 200
    assert "Error:" in response.content.decode()
    assert services.mail_setting(editor_a) == MailSetting.AT_ONCE
