"""Saving a grant: with its history, its splits and the kept figures, and the same save without them."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from random import Random
from unittest.mock import patch

from django.db import transaction

from grants import services
from grants.models import Allocation, Grant
from grants.services import tags as tagging
from portal.demo.bench.timing import Line, line, timed
from strategy.models import Strategy

SAVES = 60
#: Each share becomes a little smaller, so that each tag is a new one.
LESS = Decimal("0.99")
KEPT, WITHOUT = "saving a grant, everything kept", "saving a grant, nothing kept"
NO_FIGURES = "saving a grant, history alone kept"


def saving_lines() -> Iterator[Line]:
    """Grants are changed in amount, their first transaction too, and given their tags anew; a transaction each."""
    strategy = Strategy.objects.in_force()
    random = Random(1)  # noqa: S311 draws records, not secrets
    keys = (
        Grant.objects.filter(allocations__isnull=False)
        .distinct()
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    keys = random.sample(list(keys), min(SAVES, len(keys)))
    ways = {KEPT: _all_kept, NO_FIGURES: _without_figures, WITHOUT: _without_anything}
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for key in keys:
        for name, way in ways.items():  # in turn, so that a busy moment meets all alike
            with way():
                taken[name].append(timed(lambda key=key: _save(key, strategy, random)))
    for name, milliseconds in taken.items():
        yield line(name, milliseconds)


def _save(key: int, strategy: Strategy, random: Random) -> None:
    with transaction.atomic():
        grant = Grant.objects.get(pk=key)
        tags = list(grant.allocations.select_related("objective", "place"))
        grant.amount_awarded = Decimal(random.randrange(10**5, 10**8)) / 100
        grant.currency = grant.currency or strategy.reporting_currency
        grant.save()
        entry = grant.transactions.order_by("pk").first()
        if entry:
            entry.amount = grant.amount_awarded
            entry.save()
        services.set_allocations(
            grant,
            strategy,
            [
                Allocation(
                    objective=tag.objective,
                    place=tag.place,
                    share=(tag.share * LESS).quantize(tag.share),
                    origin=tag.origin,
                    is_assumed=tag.is_assumed,
                )
                for tag in tags
            ],
        )


def _nothing(*args, **kwargs) -> None:
    pass


@contextmanager
def _all_kept():
    yield


@contextmanager
def _without_figures():
    with patch.object(tagging, "count_anew", _nothing):
        yield


@contextmanager
def _without_anything():
    with ExitStack() as stack:
        stack.enter_context(_without_figures())
        for name in ("log_changes", "about_to_change"):
            stack.enter_context(patch(f"portal.history.models.{name}", _Silent()))
        yield


class _Silent:
    """Stands in for history: neither writes nor tells."""

    send = __call__ = staticmethod(_nothing)
