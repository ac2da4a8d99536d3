"""What happens by itself when a record changes."""

from django.db import connection

from .choices import StrategyStatus
from .models import Strategy


def outdate_kept_pages(sender, **kwargs):
    """Any tracked change may show on a page of the strategy in force: raise its data version first.

    First, so that every writer meets the strategy's row before any other, and no two wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Strategy._meta.db_table} SET data_version = data_version + 1 WHERE status = %s",  # noqa: S608
            [StrategyStatus.IN_FORCE.value],
        )
