"""What ends soon: where the money falls off, and whose funding ends before the work does."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Period:
    """The money of one quarter, or of one year."""

    year: int  # strategy year
    quarter: int | None  # 1 to 4; None for a whole year
    starts_on: date
    committed: int  # cents
    required: int | None = None  # cents; None, or 0, when no requirement is stated


@dataclass(frozen=True, slots=True)
class Cliff:
    """The first period in which committed money falls off."""

    period: Period
    before: Period
    below_half_of_before: bool
    below_half_of_required: bool

    @property
    def fall(self) -> int:
        """Cents less than in the period before."""
        return self.before.committed - self.period.committed


@dataclass(frozen=True, slots=True)
class Work:
    """The days of an activity."""

    activity: Hashable
    starts_on: date | None
    ends_on: date | None  # None when the end is not known


@dataclass(frozen=True, slots=True)
class Funding:
    """Until when a grant pays for an activity."""

    activity: Hashable
    grant: Hashable
    ends_on: date | None  # None when the end is not known


@dataclass(frozen=True, slots=True)
class AtRisk:
    """An activity whose funding ends before it does."""

    activity: Hashable
    funded_until: date  # the last day of the last grant
    ends_on: date
    last_grants: tuple[Hashable, ...]  # those that end on that day

    @property
    def days(self) -> int:
        """Days of work after the last funded one."""
        return (self.ends_on - self.funded_until).days


def cliff(
    quarters: Sequence[Period], required_per_quarter: int | None = None, after: date | None = None
) -> Cliff | None:
    """The first quarter in which committed money falls below half of the one before it, or half of
    what is required; None when there is none.

    `quarters` stand in order without a gap; only those that start after the day `after` (the
    as-of day) are judged, all of them but the first when it is None. `required_per_quarter`, in
    cents, stands in for quarters that state no requirement of their own. To fall below half of
    what is required, the quarter before must have had that half.
    """
    _check_order(quarters)
    for before, period in pairwise(quarters):
        if after is not None and period.starts_on <= after:
            continue
        of_before = 2 * period.committed < before.committed
        of_required = _below_half(period, required_per_quarter) and not _below_half(
            before, required_per_quarter
        )
        if of_before or of_required:
            return Cliff(period, before, of_before, of_required)
    return None


def cliff_by_year(
    years: Sequence[Period], required_per_year: int | None = None, after: date | None = None
) -> Cliff | None:
    """As `cliff`, judged by year: for where the days of most money in view are assumed."""
    return cliff(years, required_per_year, after)


def is_judged_by_year(committed: int, dates_assumed: int) -> bool:
    """Whether more than half of the committed cents in view rest on assumed days."""
    return 2 * dates_assumed > committed


def at_risk(activities: Iterable[Work], fundings: Iterable[Funding], as_of: date) -> list[AtRisk]:
    """Activities not over on `as_of` whose last funding ends before they do; soonest first.

    Nothing is said of an activity without a known end, without any funding, or with a funding
    whose end is not known. Of equal days, in the order of `activities`.
    """
    paid: dict[Hashable, list[Funding]] = {}
    for funding in fundings:
        paid.setdefault(funding.activity, []).append(funding)
    found = []
    for work in activities:
        ends = [funding.ends_on for funding in paid.get(work.activity, ())]
        if work.ends_on is None or work.ends_on < as_of or not ends or None in ends:
            continue
        last = max(day for day in ends if day is not None)
        if last < work.ends_on:
            grants = tuple(f.grant for f in paid[work.activity] if f.ends_on == last)
            found.append(AtRisk(work.activity, last, work.ends_on, grants))
    return sorted(found, key=lambda risk: risk.funded_until)


def _below_half(period: Period, required: int | None) -> bool:
    asked = period.required if period.required is not None else required
    return asked is not None and 2 * period.committed < asked


def _check_order(periods: Sequence[Period]) -> None:
    for before, after in pairwise(periods):
        if before.quarter is None or after.quarter is None:
            follows = (before.quarter, after.quarter) == (None, None) and (
                after.year == before.year + 1
            )
        else:
            follows = after.year * 4 + after.quarter == before.year * 4 + before.quarter + 1
        if not follows:
            raise ValueError("the periods do not follow one another")
