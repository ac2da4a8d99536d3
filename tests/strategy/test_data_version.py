"""The data version keys everything that is kept: it only ever rises."""

import pytest

from strategy.models import Strategy
from tests.factories.strategy import StrategyFactory

pytestmark = pytest.mark.django_db


def test_saving_a_strategy_read_before_a_change_does_not_take_its_version_back():
    kept = StrategyFactory(status="in_force")
    stale = Strategy.objects.get(pk=kept.pk)
    for title in ("First", "Second"):
        other = Strategy.objects.get(pk=kept.pk)
        other.title = title
        other.save()
    raised = Strategy.objects.get(pk=kept.pk).data_version

    stale.notice = "Figures of spring are late."
    stale.save()

    now = Strategy.objects.get(pk=kept.pk)
    assert now.notice == "Figures of spring are late."
    assert now.data_version > raised > kept.data_version
