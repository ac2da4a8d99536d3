"""Whether somebody said lately that an activity is still true, seen from a day."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from activities.exceptions import ConfirmedSince
from activities.models import Activity
from activities.services import confirm, take_back_confirmation
from tests.factories import ActivityFactory
from tests.people import organisation_of

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def days_ago(days):
    moment = datetime.combine(TODAY - timedelta(days=days), datetime.min.time())
    return timezone.make_aware(moment) + timedelta(hours=12)


def activity(*, made, confirmed=None, **values):
    values = {"planned_start": TODAY, "planned_end": TODAY + timedelta(days=60), **values}
    made_ = ActivityFactory(**values)
    Activity.objects.filter(pk=made_.pk).update(
        created_at=days_ago(made),
        confirmed_at=None if confirmed is None else days_ago(confirmed),
    )
    made_.refresh_from_db()
    return made_


@pytest.mark.parametrize(
    ("facts", "is_unconfirmed"),
    [
        ({"made": 121}, True),
        ({"made": 120}, False),
        ({"made": 400, "confirmed": 121}, True),
        ({"made": 400, "confirmed": 120}, False),
        ({"made": 400, "activity_status": "4"}, False),
        ({"made": 400, "activity_status": "5"}, False),
        ({"made": 400, "planned_end": TODAY - timedelta(days=1), "planned_start": None}, False),
        ({"made": 400, "planned_end": TODAY}, True),
        ({"made": 400, "planned_start": None, "planned_end": None}, True),
        ({"made": 400, "actual_end": TODAY - timedelta(days=1)}, False),
        (
            {"made": 400, "planned_start": None, "planned_end": TODAY - timedelta(days=9),
             "actual_end": TODAY + timedelta(days=9)}, True,
        ),
    ],
)  # fmt: skip
def test_last_word_is_too_old_after_120_days_while_the_work_goes_on(facts, is_unconfirmed):
    one = activity(**facts)

    assert one.is_unconfirmed_on(TODAY) is is_unconfirmed
    assert Activity.objects.unconfirmed_on(TODAY).exists() is is_unconfirmed
    assert Activity.objects.still_true_on(TODAY).exists() is not is_unconfirmed


def test_number_of_days_is_a_setting(settings):
    settings.UNCONFIRMED_AFTER_DAYS = 30
    one = activity(made=31)

    assert one.is_unconfirmed_on(TODAY)
    assert Activity.objects.unconfirmed_on(TODAY).count() == 1


def test_past_is_told_by_what_was_recorded_later():
    """Twelve years are imported on one day: on a day long past nothing was unconfirmed."""
    past = date(2012, 6, 30)
    one = activity(made=400, planned_start=date(2010, 1, 1), planned_end=date(2014, 1, 1))

    assert not one.is_unconfirmed_on(past)
    assert Activity.objects.still_true_on(past).count() == 1


def test_day_to_come_is_judged_by_today():
    one = activity(made=10, planned_end=TODAY + timedelta(days=900))

    assert not one.is_unconfirmed_on(TODAY + timedelta(days=500))
    assert not Activity.objects.unconfirmed_on(TODAY + timedelta(days=500)).exists()


def test_confirmation_can_be_taken_back_until_there_is_a_later_one(editor_a):
    one = activity(made=300, confirmed=200, reporting_organisation=organisation_of(editor_a))
    before = (one.confirmed_at, one.confirmed_by)
    now = timezone.now()

    confirmation = confirm(one, by=editor_a, now=now)
    one.refresh_from_db()
    assert (one.confirmed_at, one.confirmed_by) == (now, editor_a)

    take_back_confirmation(confirmation)
    one.refresh_from_db()
    assert (one.confirmed_at, one.confirmed_by) == before

    confirm(one, by=editor_a, now=now + timedelta(seconds=1))
    with pytest.raises(ConfirmedSince):
        take_back_confirmation(confirmation)
