import pytest
from django.core.management import CommandError, call_command

from portal.management.commands import start


def test_start_refuses_a_demo_that_it_does_not_know(settings):
    settings.DEMO = "other"

    with pytest.raises(CommandError, match="DEMO is “other”"):
        call_command("start")


@pytest.mark.django_db
def test_start_loads_places_rates_and_demo_once(monkeypatch):
    from strategy.models import Strategy

    called = []
    monkeypatch.setattr(start, "call_command", called.append)
    command = start.Command()

    command.load("load_demo")
    Strategy.objects.create(
        title="Ours", starts_on="2024-01-01", ends_on="2026-12-31", reporting_currency="EUR"
    )
    command.load("load_demo")

    assert called == ["load_places", "load_rates", "load_demo"]
