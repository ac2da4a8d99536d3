"""Linked activities count once, for whoever sees which of them."""

import pytest

from activities.linking import link_activities, unlink_activity
from activities.models import Activity, ActivityLinkGroup
from portal.records.choices import ReviewState, Visibility
from tests.factories import ActivityFactory, UserFactory

pytestmark = pytest.mark.django_db


def counted(user):
    return list(
        Activity.objects.visible_to(user)
        .counting()
        .counting_once_for(user)
        .order_by("pk")
        .values_list("title", flat=True)
    )


def test_first_of_linked_activities_counts():
    one, other, alone = ActivityFactory(), ActivityFactory(), ActivityFactory()

    link_activities([other, one], rule="confirmed by both")

    assert counted(None) == [other.title, alone.title]


def test_first_that_the_reader_sees_counts(public, secretariat):
    hidden, shown = ActivityFactory(visibility=Visibility.ORGANISATION), ActivityFactory()

    link_activities([hidden, shown], rule="confirmed by both")

    assert counted(public) == [shown.title]
    assert counted(secretariat) == [hidden.title]


@pytest.mark.parametrize(
    "state", [{"review_state": ReviewState.SUBMITTED}, {"activity_status": "5"}]
)
def test_record_that_does_not_count_hides_no_other(secretariat, state):
    waiting, shown = ActivityFactory(**state), ActivityFactory()

    link_activities([waiting, shown], rule="confirmed by both")

    assert counted(secretariat) == [shown.title]


def test_linking_joins_whole_groups():
    records = ActivityFactory.create_batch(4)
    link_activities(records[:2], rule="first")
    link_activities(records[2:], rule="second")

    group = link_activities([records[1], records[2]], rule="both", by=UserFactory())

    members = list(group.activities.order_by("link_position"))
    assert members == [records[0], records[1], records[2], records[3]]
    assert [row.link_position for row in members] == [0, 1, 2, 3]
    assert ActivityLinkGroup.objects.get() == group


def test_unlinking_leaves_the_others_together_until_one_is_left():
    records = ActivityFactory.create_batch(3)
    link_activities(records, rule="one project")

    unlink_activity(records[0])
    assert counted(None) == [records[0].title, records[1].title]
    unlink_activity(records[1])

    assert counted(None) == [row.title for row in records]
    assert not ActivityLinkGroup.objects.exists()
