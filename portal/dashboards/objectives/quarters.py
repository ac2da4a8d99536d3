"""From the database to committed money by quarter and funder, and to the grants behind it.

Both start from the rows that the year's figures are the sum of, so quarters, years and grants agree to the cent.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from grants.choices import Measure
from grants.models import Grant, Split
from portal.lib.numbers import share_of
from strategy.analysis.split import spread_over_quarters

from ..gather import own_family
from ..lens import Lens
from ..rows import MoneyRows


@dataclass(frozen=True, slots=True)
class QuarterMoney:
    """What one funder committed in one quarter; cents."""

    funder: int  # key of the organisation
    year: int
    quarter: int  # 1 to 4 of the strategy's year
    amount: int
    dates_assumed: bool  # the days are an assumption: the source gives a year only


def quarters(lens: Lens) -> list[QuarterMoney]:
    """Committed money in view by funder and quarter; adds up to the committed figure of each year. Two queries."""
    rows = MoneyRows(lens, "committed")
    kept = (
        rows.queryset.order_by()
        .values_list(
            "grant__funding_organisation",
            "year",
            "grant__planned_start",
            "grant__planned_end",
            "dates_assumed",
        )
        .annotate(total=Sum("amount"))
    )
    # Money of equal days is spread together: most grants of a year run through all of it.
    alike: dict[tuple[int, int, date, date, bool], int] = defaultdict(int)
    for funder, year, start, end, assumed, amount in [*kept, *_own_sums(rows)]:
        alike[funder, year, *_days_of(lens, year, start, end), assumed] += int(amount)
    sums: dict[tuple[int, int, int, bool], int] = defaultdict(int)
    for (funder, year, first, last, assumed), amount in alike.items():
        parts = spread_over_quarters(amount, first, last, lens.strategy.year_start_month)
        for (_year, quarter), part in parts.items():
            sums[funder, year, quarter, assumed] += part
    return [
        QuarterMoney(funder, year, quarter, amount, assumed)
        for (funder, year, quarter, assumed), amount in sorted(sums.items())
        if amount
    ]


def _own_sums(rows: MoneyRows):
    """The viewer's own rows, in the shape of the query's."""
    own = rows.own
    if not own:
        return []
    columns = ("pk", "funding_organisation", "planned_start", "planned_end")
    grants = {
        key: rest
        for key, *rest in Grant.objects.filter(pk__in={row[0] for row in own}).values_list(*columns)
    }
    found = []
    for key, row, _place, _in_kind, _passed_on in own:
        funder, start, end = grants[key]
        found.append((funder, row.year, start, end, row.dates_assumed, row.amount))
    return found


def _days_of(lens: Lens, year: int, start: date | None, end: date | None) -> tuple[date, date]:
    """First and last day of a year on which a grant runs; the whole year where no day is known."""
    first, last = lens.strategy.year_bounds(year)
    inside = max(start or first, first), min(end or last, last)
    return inside if inside[0] <= inside[1] else (first, last)


@dataclass(frozen=True, slots=True)
class GrantMoney:
    """What of one grant counts in a view; cents."""

    grant: Grant
    committed: int
    disbursed: int
    whole: int  # committed of the grant in all objectives, places and years

    @property
    def share(self):
        """Percent of the grant that counts here; None where it has no money."""
        return share_of(self.committed, self.whole)


class GrantRows(Sequence):
    """The grants with money in view, the reader's own first, then the largest; a slice reads one page."""

    def __init__(self, lens: Lens):
        self.lens = lens
        self._committed = MoneyRows(lens, "committed")
        self._disbursed = MoneyRows(lens, "disbursed")

    @cached_property
    def _own(self) -> list[tuple[int, int, int]]:
        """(grant, committed, disbursed) of the reader's own rows."""
        sums: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        for position, rows in enumerate((self._committed, self._disbursed)):
            for key, row, *_rest in rows.own:
                sums[key][position] += row.amount
        found = [(key, *amounts) for key, amounts in sums.items() if any(amounts)]
        return sorted(found, key=lambda row: (-row[1], -row[2], row[0]))

    @cached_property
    def _queryset(self):
        both = self._committed.queryset | self._disbursed.queryset
        return (
            both.order_by()
            .values("grant")
            .annotate(
                committed=Sum("amount", filter=Q(measure=Measure.COMMITTED), default=0),
                disbursed=Sum("amount", filter=Q(measure=Measure.DISBURSED), default=0),
            )
            .exclude(committed=0, disbursed=0)
            .order_by("-committed", "-disbursed", "grant")
        )

    @cached_property
    def _count(self) -> int:
        return self._queryset.count()

    def __len__(self):
        return len(self._own) + self._count

    def __getitem__(self, index):
        if not isinstance(index, slice):
            return self[index : index + 1][0]
        start, stop, _step = index.indices(len(self))
        mine = len(self._own)
        page = self._own[start:stop]
        if stop > mine:
            rows = self._queryset[max(0, start - mine) : stop - mine]
            page = page + [
                (row["grant"], int(row["committed"]), int(row["disbursed"])) for row in rows
            ]
        return self._rows(page)

    def _rows(self, page) -> list[GrantMoney]:
        keys = [row[0] for row in page]
        grants = Grant.objects.select_related("funding_organisation", "recipient_organisation")
        grants = grants.prefetch_related("identifiers").annotate(kept=self._kept).in_bulk(keys)
        wholes = self._wholes(grants)
        return [
            GrantMoney(grants[key], committed, disbursed, wholes[key])
            for key, committed, disbursed in page
        ]

    @property
    def _kept(self) -> Coalesce:
        """All that a grant has committed in the kept figures, before anything is passed on."""
        splits = Split.objects.filter(
            strategy=self.lens.strategy, measure=Measure.COMMITTED, passed_on=False
        )
        kept = splits.counting_for(self.lens.audience).filter(grant=OuterRef("pk")).order_by()
        return Coalesce(Subquery(kept.values("grant").annotate(all=Sum("amount")).values("all")), 0)

    def _wholes(self, grants: Mapping[int, Grant]) -> dict[int, int]:
        """The same for each grant, with the reader's own rows."""
        lens, keys = self.lens, set(grants)
        found = {key: int(grant.kept) for key, grant in grants.items()}
        mine = {row[0] for row in self._own}.intersection(keys)
        if mine and (own := own_family(lens)):
            sums: dict[int, int] = defaultdict(int)
            for key, row, _place, _in_kind, passed_on in own.after:
                if key in mine and row.measure == Measure.COMMITTED and not passed_on:
                    sums[key] += row.amount
            found |= sums
        return found
