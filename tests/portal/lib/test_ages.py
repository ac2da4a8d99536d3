from datetime import date

import pytest

from portal.lib.ages import ago

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 26), "today"),
        (TODAY, "today"),
        (date(2026, 11, 24), "yesterday"),
        (date(2026, 11, 23), "2 days ago"),
        (date(2026, 10, 26), "30 days ago"),
        (date(2026, 10, 25), "1 month ago"),
        (date(2026, 8, 25), "3 months ago"),
        (date(2024, 11, 26), "23 months ago"),
        (date(2024, 11, 25), "2 years ago"),
        (date(2020, 1, 1), "6 years ago"),
    ],
)
def test_age_is_said_in_the_largest_whole_unit(day, words):
    assert ago(day, TODAY) == words
