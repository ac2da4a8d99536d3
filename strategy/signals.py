"""What the strategy tells those who stand above it."""

from django.dispatch import Signal

#: Exchange rates were made or changed; `currencies`: the set of their codes.
#: Sent in the writing transaction.
rates_changed = Signal()

#: A strategy's period, currency or tree of objectives changed, so its figures must be drawn anew; `strategy_id`.
#: Sent in the writing transaction.
figures_outdated = Signal()
