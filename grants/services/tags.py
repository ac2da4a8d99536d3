"""Which share of a grant serves which objective, and where."""

from collections.abc import Sequence
from decimal import Decimal

from django.db import connection, transaction

from portal.lib.prepared import Prepared
from strategy.models import Strategy
from strategy.services import lock

from ..exceptions import TooMuchAllocated
from ..models import Allocation, AllocationTotal, Grant
from .money import count_anew, values_of

#: What makes two tags the same.
_TAG = (
    "objective_id", "place_id", "share", "origin", "is_assumed", "evidence", "confirmed_by_id",
)  # fmt: skip


@transaction.atomic
def set_allocations(grant: Grant, strategy: Strategy, allocations: Sequence[Allocation]) -> None:
    """Replace the tags of a grant in a strategy, under the grant's lock, and count its money anew.

    Tags that are there already stay as they are.
    allocations: unsaved, without grant and strategy. Raises `TooMuchAllocated`, and changes nothing, above 100.
    """
    total = sum((allocation.share for allocation in allocations), Decimal(0))
    if total > 100:
        raise TooMuchAllocated(total)
    locked = lock(strategy.pk)
    if not _locked(grant.pk):
        raise Grant.DoesNotExist
    there = Allocation.objects.filter(grant=grant, strategy=strategy).order_by("pk")
    there = list(there.select_related("objective", "place"))  # history names them
    gone, new = [], list(allocations)
    for tag in there:
        same = next((one for one in new if values_of(one, _TAG) == values_of(tag, _TAG)), None)
        gone.append(tag) if same is None else new.remove(same)
    for allocation in new:
        allocation.grant, allocation.strategy = grant, strategy
    Allocation.replace(gone, new)
    _store_total(grant.pk, strategy.pk, total)
    count_anew([grant.pk], {strategy.pk: locked})


@Prepared
def _locked(grant):
    return Grant.objects.select_for_update().filter(pk=grant).order_by().values_list("pk")


def keep_total(grant_id: int, strategy_id: int) -> None:
    """Store the sum of a grant's shares. Raises `TooMuchAllocated` above 100, before the database refuses it."""
    shares = Allocation.objects.filter(grant=grant_id, strategy=strategy_id).values_list(
        "share", flat=True
    )
    total = sum(shares, Decimal(0))
    if total > 100:
        raise TooMuchAllocated(total)
    _store_total(grant_id, strategy_id, total)


def _store_total(grant_id: int, strategy_id: int, total: Decimal) -> None:
    table = AllocationTotal._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (grant_id, strategy_id, total) VALUES (%s, %s, %s) "  # noqa: S608
            "ON CONFLICT (grant_id, strategy_id) DO UPDATE SET total = excluded.total",
            [grant_id, strategy_id, total],
        )
