from datetime import date

import pytest
from django.utils import timezone

from portal.dashboards.who.reach import people_reached
from tests.factories import ActivityFactory, PeopleReachedFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(strategy, secretariat):
    """Make rows of one activity: (group, count), released unless said otherwise."""
    activity = ActivityFactory()

    def make(*counts, released=True, end=date(2026, 3, 31)):
        stamp = {"released_at": timezone.now(), "released_by": secretariat} if released else {}
        return [
            PeopleReachedFactory(
                activity=activity, group=group, count=count, period_end=end, **stamp
            )
            for group, count in counts
        ]

    return make


def texts(found):
    return [
        (period.total.text if period.total else None, [count.text for count in period.groups])
        for period in found
    ]


def test_people_reached_are_exact_for_the_owner_released_or_not(rows):
    made = rows(("women", 7), ("", 123), released=False)

    assert texts(people_reached(made, exact=True)) == [("123", ["7"])]


def test_people_reached_are_for_others_only_when_released(rows):
    assert people_reached(rows(("", 123), released=False), exact=False) == []
    assert texts(people_reached(rows(("", 122), end=date(2026, 4, 30)), exact=False)) == [
        ("120", [])
    ]


def test_people_reached_hide_a_second_group_where_the_total_would_give_one_away(rows):
    found = people_reached(rows(("women", 46), ("men", 7), ("", 53)), exact=False)

    assert texts(found) == [("55", ["hidden", "<10"])]
    assert [count.is_small for count in found[0].groups] == [False, True]


def test_people_reached_of_groups_that_overlap_are_each_for_themselves(rows):
    found = people_reached(rows(("women", 46), ("survivors", 44), ("", 50)), exact=False)

    assert texts(found) == [("50", ["45", "45"])]


def test_people_reached_are_never_added_up(rows):
    found = people_reached(rows(("women", 46), ("men", 22)), exact=False)

    assert texts(found) == [(None, ["45", "20"])]
    assert [count.text for count in found[0].counts] == ["45", "20"]


def test_people_reached_come_newest_first(rows):
    made = rows(("", 10)) + rows(("", 20), end=date(2026, 9, 30))

    assert texts(people_reached(made, exact=True)) == [("20", []), ("10", [])]
