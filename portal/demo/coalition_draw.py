"""Drawing unevenly: a few funders, places and objectives have most of everything, as in real coalitions."""

from bisect import bisect
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from math import exp
from random import Random
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Skewed(Generic[Thing]):
    """Things of which the n-th of a shuffled row is drawn 1/n^skew as often as the first. Source: Zipf's law."""

    def __init__(self, random: Random, things: Iterable[Thing], skew: float = 1.0) -> None:
        self.things = list(things)
        random.shuffle(self.things)
        self._random = random
        self._weights = list(accumulate(1 / n**skew for n in range(1, len(self.things) + 1)))

    def one(self) -> Thing:
        at = bisect(self._weights, self._random.random() * self._weights[-1])
        return self.things[min(at, len(self.things) - 1)]

    def some(self, count: int) -> list[Thing]:
        """Up to `count` different things, in the order they were drawn."""
        return list(dict.fromkeys(self.one() for _ in range(count)))


def one_of(random: Random, weights: dict[Thing, int]) -> Thing:
    """A key, drawn as often as its weight says."""
    return random.choices(list(weights), list(weights.values()))[0]


def equal_shares(count: int) -> list[Decimal]:
    """Percentages that sum to exactly 100, the last one taking what is left."""
    share = (Decimal(100) / count).quantize(Decimal("0.000001"))
    return [share] * (count - 1) + [100 - share * (count - 1)]


def uneven_shares(random: Random, count: int) -> list[Decimal]:
    """Percentages in steps of five that sum to exactly 100."""
    cuts = sorted(random.sample(range(1, 20), count - 1))
    edges: Sequence[int] = [0, *cuts, 20]
    return [Decimal(5 * (edges[n + 1] - edges[n])) for n in range(count)]


def amount(random: Random, middle: int) -> Decimal:
    """An amount whose median is `middle`; one in a hundred is ten times as large and more."""
    return Decimal(int(middle * exp(random.gauss(0, 1)) * 100)) / 100


def day_between(random: Random, first: date, last: date) -> date:
    return first + timedelta(days=random.randrange((last - first).days + 1))
