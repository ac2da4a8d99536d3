"""What happens by itself when a record changes."""

from django.db.models import F

from .choices import StrategyStatus
from .models import Strategy


def outdate_kept_pages(sender, **kwargs):
    """Any tracked change may show on a page of the strategy in force: raise its data version first.

    First, so that every writer meets the strategy's row before any other, and no two wait for each other.
    """
    Strategy.objects.filter(status=StrategyStatus.IN_FORCE).update(
        data_version=F("data_version") + 1
    )
