"""Split and spread money without losing a cent."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from math import lcm

DAY = timedelta(days=1)
WHOLE = Decimal(100)  # a share is a percentage


def largest_remainder(total: int, weights: Sequence[Decimal | int]) -> list[int]:
    """Split `total` cents in proportion to `weights`; the parts sum to `total` exactly.

    Each part is cut to whole cents and the cents left over go to the largest remainders, one each;
    of equal remainders the earlier position gets it first. A negative total is split like its
    positive and negated; a weight of 0 never gets a cent. Parts come in the order of the weights.

    Raises `ValueError` for a negative weight, and when there is money but no weight above 0.

    Source: Hamilton's method of apportionment.
    """
    whole = _whole_numbers(weights)
    if any(weight < 0 for weight in whole):
        raise ValueError("a weight is below 0")
    if not total:
        return [0] * len(whole)
    weight_sum = sum(whole)
    if not weight_sum:
        raise ValueError("money, but nothing to split it by")
    if total < 0:
        return [-part for part in largest_remainder(-total, whole)]
    parts, remainders = [], []
    for weight in whole:
        part, remainder = divmod(total * weight, weight_sum)
        parts.append(part)
        remainders.append(remainder)
    left = total - sum(parts)
    if left:
        largest = sorted(range(len(parts)), key=lambda position: -remainders[position])
        for position in largest[:left]:
            parts[position] += 1
    return parts


def shares_of(total: int, shares: Sequence[Decimal]) -> tuple[list[int], int]:
    """The parts of `total` cents for percentages (0 to 100), and the rest that no share names.

    Parts and rest sum to `total` exactly, by largest remainder; of equal remainders a share gets
    the cent before the rest does. The rest is 0 when the shares sum to 100.

    Raises `ValueError` for a share below 0 and for shares that sum to more than 100.
    """
    rest = WHOLE - sum(shares, Decimal(0))
    if rest < 0:
        raise ValueError("the shares sum to more than 100")
    *parts, rest_part = largest_remainder(total, [*shares, rest])
    return parts, rest_part


def spread(total: int, start: date, end: date, cuts: Sequence[date]) -> list[int]:
    """Spread `total` cents evenly over the days `start` to `end`, both counted.

    `cuts` are the first days of consecutive periods, ascending, the first not after `start`; the
    last period is open. Returns one amount per cut. An amount is C(end) - C(start) of its period,
    where C(day) is the money of all days before `day`, rounded to the cent (half away from zero):
    so the amounts sum to `total`, and finer cuts always add up to coarser ones.

    Raises `ValueError` when `end` is before `start`, or `cuts` are not as said.
    """
    if end < start:
        raise ValueError("the end is before the start")
    if not cuts or cuts[0] > start:
        raise ValueError("the first period starts after the money does")
    if any(later <= earlier for earlier, later in pairwise(cuts)):
        raise ValueError("the periods are not in order")
    days = (end - start).days + 1
    sign, size = (-1, -total) if total < 0 else (1, total)
    reached = [_cumulative(size, min(max((cut - start).days, 0), days), days) for cut in cuts]
    reached.append(size)
    return [sign * (after - before) for before, after in pairwise(reached)]


def spread_over_years(total: int, start: date, end: date, year_start_month: int) -> dict[int, int]:
    """Cents by strategy year, for every year the days `start` to `end` touch, in order.

    A year is named by the year it ends in. The amounts sum to `total`; one may be 0.
    """
    years = range(fiscal_year(start, year_start_month), fiscal_year(end, year_start_month) + 1)
    cuts = [year_bounds(year, year_start_month)[0] for year in years]
    return dict(zip(years, spread(total, start, end, cuts), strict=True))


def spread_over_quarters(
    total: int, start: date, end: date, year_start_month: int
) -> dict[tuple[int, int], int]:
    """Cents by (strategy year, quarter 1 to 4), for every quarter touched, in order.

    The quarters of a year sum to what `spread_over_years` says of that year.
    """
    quarters = quarters_between(start, end, year_start_month)
    cuts = [quarter_bounds(*quarter, year_start_month)[0] for quarter in quarters]
    return dict(zip(quarters, spread(total, start, end, cuts), strict=True))


def fiscal_year(day: date, month: int) -> int:
    """The strategy year that holds `day`, when years start in `month`; named by its last day's."""
    _check_month(month)
    return day.year + (month > 1 and day.month >= month)


def year_bounds(year: int, month: int) -> tuple[date, date]:
    """First and last day of the strategy year `year`, when years start in `month`."""
    _check_month(month)
    first = year - (month > 1)
    return date(first, month, 1), date(first + 1, month, 1) - DAY


def fiscal_quarter(day: date, month: int) -> tuple[int, int]:
    """(strategy year, quarter 1 to 4) that holds `day`, when years start in `month`."""
    return fiscal_year(day, month), (day.month - month) % 12 // 3 + 1


def quarter_bounds(year: int, quarter: int, month: int) -> tuple[date, date]:
    """First and last day of a quarter (1 to 4) of the strategy year `year`."""
    if quarter not in (1, 2, 3, 4):
        raise ValueError("a quarter is 1 to 4")
    first = year_bounds(year, month)[0]
    start = _months_later(first, 3 * (quarter - 1))
    return start, _months_later(start, 3) - DAY


def quarters_between(start: date, end: date, month: int) -> list[tuple[int, int]]:
    """Every (strategy year, quarter) that the days `start` to `end` touch, in order."""
    first_year, first = fiscal_quarter(start, month)
    last_year, last = fiscal_quarter(end, month)
    counted = range(first_year * 4 + first - 1, last_year * 4 + last)
    return [(position // 4, position % 4 + 1) for position in counted]


def _whole_numbers(weights: Sequence[Decimal | int]) -> list[int]:
    """The weights times one common factor, as integers, so that all further sums are exact."""
    ratios = [weight.as_integer_ratio() for weight in weights]
    common = lcm(*(denominator for _, denominator in ratios))
    return [numerator * (common // denominator) for numerator, denominator in ratios]


def _cumulative(size: int, elapsed: int, days: int) -> int:
    """The money of the first `elapsed` of `days` days, rounded half up; `size` is not negative."""
    return (2 * size * elapsed + days) // (2 * days)


def _months_later(first: date, months: int) -> date:
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _check_month(month: int) -> None:
    if not 1 <= month <= 12:
        raise ValueError("a month is 1 to 12")
