"""How much of the money hangs on one funder."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class FunderShare:
    """One funder's part of the money of a cell."""

    funder: Hashable
    amount: int  # cents
    share: Decimal  # percent of the money of all funders


def funder_shares(amounts: Mapping[Hashable, int]) -> list[FunderShare]:
    """Each funder's share, largest first; of equal ones as given.

    A funder whose money is 0, or was all taken back, has no part in it. [] when nobody pays.
    """
    paying = {funder: amount for funder, amount in amounts.items() if amount > 0}
    whole = sum(paying.values())
    return [
        FunderShare(funder, amount, Decimal(100 * amount) / Decimal(whole))
        for funder, amount in sorted(paying.items(), key=lambda item: -item[1])
    ]


def largest_share(amounts: Mapping[Hashable, int]) -> FunderShare | None:
    """The funder that gives most; of equal ones the first given. None when nobody pays."""
    return next(iter(funder_shares(amounts)), None)


def herfindahl(amounts: Mapping[Hashable, int]) -> Decimal | None:
    """The sum of the squares of all shares, as a ratio: 1 for one funder, 1/n for n equal ones.

    None when nobody pays. Source: Herfindahl-Hirschman index.
    """
    paying = [amount for amount in amounts.values() if amount > 0]
    if not paying:
        return None
    return Decimal(sum(amount**2 for amount in paying)) / Decimal(sum(paying) ** 2)
