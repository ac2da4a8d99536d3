"""Periods as bars on an axis of whole strategy years."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.dashboards.lens import Lens


@dataclass(frozen=True, slots=True)
class Axis:
    """The days that bars are drawn between, both counted."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def at(self, day: date) -> float:
        """Where a day begins, in percent; kept inside the axis."""
        return min(100.0, max(0.0, 100 * (day - self.first).days / self.days))


@dataclass(frozen=True, slots=True)
class Bar:
    """What the `span` tag takes; percent of the axis."""

    start: float
    length: float
    today: float | None


def axis_of(periods: Iterable[tuple[date | None, date | None]], lens: Lens) -> Axis:
    """The strategy years around these periods and the as-of date."""
    days = [day for period in periods for day in period if day] + [lens.as_of]
    first, _last = lens.strategy.year_bounds(lens.strategy.year_of(min(days)))
    _first, last = lens.strategy.year_bounds(lens.strategy.year_of(max(days)))
    return Axis(first, last)


def bar(starts: date | None, ends: date | None, as_of: date, axis: Axis) -> Bar | None:
    """A period's bar; open ends reach to the axis' own. None for no period at all."""
    if starts is None and ends is None:
        return None
    start = axis.at(starts) if starts else 0.0
    end = 100 * ((min(ends, axis.last) - axis.first).days + 1) / axis.days if ends else 100.0
    today = axis.at(as_of) if axis.first <= as_of <= axis.last else None
    return Bar(start, max(end - start, 0.5), today)
