"""What the worker does about overlaps by itself."""

import pytest

from activities.jobs import catch_up, score_overlaps
from activities.models import ActivityFeatures, Overlap, WordCount
from activities.overlaps.settings import weights
from tests.factories import ActivityFactory, ObjectiveFactory, PlaceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def changed():
    """Two records of one course, changed by a process that died before it compared them."""
    where = {"objectives": [ObjectiveFactory()], "places": [PlaceFactory()]}
    return [ActivityFactory(title="Screening course for border officers", **where) for _ in "ab"]


def test_what_was_left_is_compared_a_quarter_of_an_hour_later(changed):
    assert ActivityFeatures.objects.filter(is_stale=True).count() == 2

    catch_up(None)

    assert Overlap.objects.count() == 1
    assert not ActivityFeatures.objects.filter(is_stale=True).exists()


def test_words_are_counted_anew_at_night(changed):
    assert score_overlaps(None) == {"pairs": 1}

    assert WordCount.objects.get(mark="", country=0).count == 2


def test_settings_move_the_threshold(changed, settings):
    settings.OVERLAP_WEIGHTS = {"threshold": 1.0, "unstated": 0.5}

    assert score_overlaps(None) == {"pairs": 0}


def test_weight_that_does_not_exist_is_refused(settings):
    settings.OVERLAP_WEIGHTS = {"colour": 1}

    with pytest.raises(TypeError, match="colour"):
        weights()
