"""What each tag of a grant is given, and what merely passes through it."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from strategy.analysis.counting import (
    GrantRow,
    RegrantCycleError,
    counting,
    offsets,
    regrant_cycle,
)
from strategy.analysis.split import (
    fiscal_year,
    largest_remainder,
    shares_of,
    spread_over_quarters,
    spread_over_years,
    year_bounds,
)

__all__ = [
    "MEASURES",
    "Allocation",
    "Funds",
    "GrantRow",
    "Kind",
    "Measure",
    "QuarterRow",
    "RegrantCycleError",
    "SplitRow",
    "Transaction",
    "committed_total",
    "counting",
    "grant_splits",
    "offsets",
    "pass_through",
    "quarter_rows",
    "regrant_cycle",
]

Measure = Literal["pledged", "committed", "disbursed"]
Kind = Literal["pledge", "commitment", "disbursement", "expenditure"]  # IATI TransactionType

MEASURES: dict[Kind, Measure] = {
    "pledge": "pledged",
    "commitment": "committed",
    "disbursement": "disbursed",
}  # expenditure is what a recipient spends of what was disbursed: no measure of its own


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction of a grant, in the strategy's currency."""

    kind: Kind
    amount: int | None  # cents, corrections negative; None when unconverted
    value_date: date


@dataclass(frozen=True, slots=True)
class Allocation:
    """A tag of a grant: the share of it that goes to one objective in one place."""

    id: Hashable
    objective: Hashable | None  # None: untagged
    place: Hashable | None  # None: unplaced
    share: Decimal  # percent; those of one grant sum to at most 100
    pillar: int | None = None  # the objective's, 1 to 4
    is_assumed: bool = False  # named together with other pillars, and split equally
    by_rule: bool = False  # proposed by a rule, and not yet looked at by a person


@dataclass(frozen=True, slots=True)
class Funds:
    """A grant's money, days and tags."""

    amount: int | None  # cents awarded; None when unknown or unconverted
    award_date: date | None
    planned_start: date | None = None
    planned_end: date | None = None
    transactions: Sequence[Transaction] = ()
    allocations: Sequence[Allocation] = ()
    dates_assumed: bool = False  # the planned days are themselves an assumption

    def period(self, year_start_month: int) -> tuple[date, date, bool] | None:
        """First and last day over which commitments are spread, and whether they are assumed.

        Without planned days: the strategy year of the award, else of the first transaction. With
        one of the two: from or to that day, within its strategy year. None without any day.
        """
        start, end = self.planned_start, self.planned_end
        if start and end:
            return start, end, self.dates_assumed
        day = start or end or self.award_date
        if day is None and self.transactions:
            day = min(transaction.value_date for transaction in self.transactions)
        if day is None:
            return None
        first, last = year_bounds(fiscal_year(day, year_start_month), year_start_month)
        return start or first, end or last, True


@dataclass(frozen=True, slots=True)
class SplitRow:
    """What one tag, or the untagged rest, is given in one strategy year by one measure."""

    allocation: Hashable | None  # None: the untagged rest
    objective: Hashable | None
    place: Hashable | None
    year: int
    measure: Measure
    amount: int  # cents
    is_assumed: bool = False
    by_rule: bool = False
    full: int = 0  # cents, were all of an assumed split given to this pillar; 0 when not assumed
    dates_assumed: bool = False  # the year rests on assumed days


@dataclass(frozen=True, slots=True)
class QuarterRow:
    """What one tag, or the untagged rest, is committed in one quarter."""

    allocation: Hashable | None
    objective: Hashable | None
    place: Hashable | None
    year: int
    quarter: int  # 1 to 4, of the strategy year
    amount: int  # cents
    dates_assumed: bool = False


def grant_splits(funds: Funds, year_start_month: int) -> list[SplitRow]:
    """What each tag of a grant, and its untagged rest, is given by year and measure.

    Committed: the sum of commitments and their corrections, first split by share, then spread day
    by day over the grant's period. Pledged and disbursed: each transaction split by share, in the
    year of its value date. A grant without transactions has one commitment, its amount. What is
    unconverted is left out; so is committed money without any day (`Funds.period` is None).

    Rows come by measure, tag as given (the rest last) and year, without those that are 0; those of
    one measure sum to its total exactly.
    """
    return [
        *_by_value_date("pledged", funds, year_start_month),
        *_committed(funds, year_start_month),
        *_by_value_date("disbursed", funds, year_start_month),
    ]


def quarter_rows(funds: Funds, year_start_month: int) -> list[QuarterRow]:
    """Committed money by tag and quarter, without rows of 0; adds up to the years' rows exactly."""
    period = funds.period(year_start_month)
    if period is None:
        return []
    start, end, dates_assumed = period
    rows = []
    for tag, part in zip(_tags(funds), _parts(committed_total(funds), funds), strict=True):
        by_quarter = spread_over_quarters(part, start, end, year_start_month)
        rows += [
            QuarterRow(tag.id, tag.objective, tag.place, year, quarter, amount, dates_assumed)
            for (year, quarter), amount in by_quarter.items()
            if amount
        ]
    return rows


def committed_total(funds: Funds) -> int:
    """Cents committed to a grant over all years; of no transactions, the amount awarded.

    Unconverted money is left out.
    """
    if not funds.transactions:
        return funds.amount or 0
    return sum(entry.amount or 0 for entry in funds.transactions if entry.kind == "commitment")


def pass_through(parent: Sequence[SplitRow], children: Iterable[SplitRow]) -> list[SplitRow]:
    """The negative rows that take out of a grant what counted regrants of it pass on.

    `parent` are the rows of the grant, `children` those of all its counted regrants, whose tags
    stand in for what is taken out. By measure and year, the amount of the regrants is taken from
    the cells of the parent in proportion to what they hold; regrants of a year in which the parent
    has less take the rest from its other years in the same way. Never more than the parent has.

    The rows come in the order of `parent` and repeat its marks, with `full` in proportion.
    """
    passed: dict[Measure, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for row in children:
        passed[row.measure][row.year] += row.amount
    taken = [0] * len(parent)
    for measure, by_year in passed.items():
        held = [max(0, row.amount) if row.measure == measure else 0 for row in parent]
        wanted = max(0, min(sum(by_year.values()), sum(held)))
        same_year = _taken_by_year(parent, held, by_year, wanted)
        for position, cents in same_year.items():
            taken[position] += cents
        left = [amount - same_year.get(at, 0) for at, amount in enumerate(held)]
        for position, cents in enumerate(largest_remainder(wanted - sum(same_year.values()), left)):
            taken[position] += cents
    return [
        replace(row, amount=-cents, full=-_in_proportion(row.full, cents, row.amount))
        for row, cents in zip(parent, taken, strict=True)
        if cents
    ]


_REST = Allocation(id=None, objective=None, place=None, share=Decimal(0))


def _tags(funds: Funds) -> list[Allocation]:
    """The tags of a grant, and last the untagged rest."""
    return [*funds.allocations, _REST]


def _parts(amount: int, funds: Funds) -> list[int]:
    """Cents for each of `_tags`."""
    parts, rest = shares_of(amount, [tag.share for tag in funds.allocations])
    return [*parts, rest]


def _fulls(parts: Sequence[int], funds: Funds) -> list[int]:
    """For each of `_tags`: its part, were all that is assumed in its place given to its pillar.

    Tags of one pillar in one place share that sum by their shares, so that it counts once.
    """
    whole: dict[Hashable, int] = defaultdict(int)
    same: dict[tuple[Hashable, int | None], list[int]] = defaultdict(list)
    for position, tag in enumerate(funds.allocations):
        if tag.is_assumed and tag.share:
            whole[tag.place] += parts[position]
            same[tag.place, tag.pillar].append(position)
    fulls = [0] * len(parts)
    for (place, _), positions in same.items():
        shares = [funds.allocations[position].share for position in positions]
        for position, full in zip(positions, largest_remainder(whole[place], shares), strict=True):
            fulls[position] = full
    return fulls


def _committed(funds: Funds, year_start_month: int) -> list[SplitRow]:
    period = funds.period(year_start_month)
    if period is None:
        return []
    start, end, dates_assumed = period
    parts = _parts(committed_total(funds), funds)
    rows = []
    for tag, part, full in zip(_tags(funds), parts, _fulls(parts, funds), strict=True):
        amounts = spread_over_years(part, start, end, year_start_month)
        fulls = spread_over_years(full, start, end, year_start_month)
        rows += [
            _row(tag, year, "committed", amount, fulls[year], dates_assumed)
            for year, amount in amounts.items()
            if amount or fulls[year]
        ]
    return rows


def _by_value_date(measure: Measure, funds: Funds, year_start_month: int) -> list[SplitRow]:
    tags = _tags(funds)
    amounts: dict[tuple[int, int], int] = defaultdict(int)  # by tag and year
    fulls: dict[tuple[int, int], int] = defaultdict(int)
    for entry in funds.transactions:
        if MEASURES.get(entry.kind) == measure and entry.amount is not None:
            year = fiscal_year(entry.value_date, year_start_month)
            parts = _parts(entry.amount, funds)
            for position, (part, full) in enumerate(zip(parts, _fulls(parts, funds), strict=True)):
                amounts[position, year] += part
                fulls[position, year] += full
    return [
        _row(tags[position], year, measure, amount, fulls[position, year], False)
        for (position, year), amount in sorted(amounts.items())
        if amount or fulls[position, year]
    ]


def _row(
    tag: Allocation, year: int, measure: Measure, amount: int, full: int, dates_assumed: bool
) -> SplitRow:
    return SplitRow(
        tag.id,
        tag.objective,
        tag.place,
        year,
        measure,
        amount,
        tag.is_assumed,
        tag.by_rule,
        full,
        dates_assumed,
    )


def _taken_by_year(
    parent: Sequence[SplitRow], held: Sequence[int], by_year: Mapping[int, int], wanted: int
) -> dict[int, int]:
    """Cents by position of `parent`, taken in the years of the regrants; at most `wanted`."""
    years: dict[int, list[int]] = defaultdict(list)
    for position, row in enumerate(parent):
        if held[position]:
            years[row.year].append(position)
    possible = {
        year: min(max(0, amount), sum(held[position] for position in years[year]))
        for year, amount in sorted(by_year.items())
    }
    if sum(possible.values()) > wanted:  # a correction in another year makes the regrants smaller
        possible = dict(
            zip(possible, largest_remainder(wanted, list(possible.values())), strict=True)
        )
    taken: dict[int, int] = {}
    for year, amount in possible.items():
        cells = years[year]
        if cells:
            parts = largest_remainder(amount, [held[position] for position in cells])
            taken.update(zip(cells, parts, strict=True))
    return taken


def _in_proportion(full: int, cents: int, amount: int) -> int:
    """`full` times `cents` ÷ `amount`, rounded half up; nothing here is negative."""
    return (2 * full * cents + amount) // (2 * amount)
