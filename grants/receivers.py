"""What happens to the figures by itself when something they rest on changes."""

from strategy.models import Requirement, Strategy

from . import services
from .models import Grant, Split, Transaction


def redraw_figures(sender, strategy_id, **kwargs):
    """The strategy's period, currency or tree changed."""
    services.rebuild_figures(strategy_id)


def convert_anew(sender, currencies, **kwargs):
    """Rates changed: draw the figures of the strategies whose money they may convert."""
    counted = set(Split.objects.order_by().values_list("strategy_id", flat=True).distinct())
    if current := Strategy.objects.in_force():
        counted.add(current.pk)
    used = _uses(currencies)
    for strategy in Strategy.objects.filter(pk__in=counted).order_by("pk"):
        if used or strategy.reporting_currency in currencies:
            services.rebuild_figures(strategy.pk)


def _uses(currencies):
    return any(
        model.objects.filter(currency__in=currencies).exists()
        for model in (Transaction, Grant, Requirement)
    )
