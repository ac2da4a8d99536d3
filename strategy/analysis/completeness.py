"""How complete a year's record is, so that a hole in it is not read as a gap in funding."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Reported:
    """What one grant says for one strategy year; amounts in cents."""

    grant: Hashable
    year: int
    reporters: tuple[Hashable, ...]  # organisations that own the record
    has_amount: bool
    committed: int = 0
    by_rule: int = 0  # the part tagged by a rule and not yet by a person
    assumed: int = 0  # the part that rests on an assumed split
    untagged: int = 0  # the part with no objective
    dates_assumed: int = 0  # the part spread over assumed days


@dataclass(frozen=True, slots=True)
class Completeness:
    """How complete the record of a year, or of all years in view, is."""

    year: int | None  # None for all years together
    grants: int = 0
    without_amount: int = 0
    reporting: int = 0  # distinct organisations that reported
    committed: int = 0  # cents
    by_rule: int = 0
    assumed: int = 0
    untagged: int = 0
    dates_assumed: int = 0

    @property
    def is_incomplete(self) -> bool:
        """More than a fifth of the grants have no amount."""
        return 5 * self.without_amount > self.grants

    @property
    def share_by_rule(self) -> Decimal | None:
        """Percent of the committed money tagged by a rule; None when nothing is committed."""
        return self._share(self.by_rule)

    @property
    def share_assumed(self) -> Decimal | None:
        """Percent of the committed money that rests on an assumed split."""
        return self._share(self.assumed)

    @property
    def share_untagged(self) -> Decimal | None:
        """Percent of the committed money that has no objective."""
        return self._share(self.untagged)

    @property
    def share_dates_assumed(self) -> Decimal | None:
        """Percent of the committed money that is spread over assumed days."""
        return self._share(self.dates_assumed)

    def _share(self, part: int) -> Decimal | None:
        return Decimal(100 * part) / Decimal(self.committed) if self.committed else None


def completeness(rows: Iterable[Reported], years: Sequence[int]) -> list[Completeness]:
    """One finding for each of `years`, in their order; all 0 for a year without rows.

    A grant counts once per year, and has an amount when one of its rows has.
    """
    by_year: dict[int, list[Reported]] = {year: [] for year in years}
    for row in rows:
        if row.year in by_year:
            by_year[row.year].append(row)
    return [_sum(year, by_year[year]) for year in years]


def completeness_of_all(rows: Iterable[Reported]) -> Completeness:
    """The same for all rows together; a grant or an organisation counts once in all years."""
    return _sum(None, list(rows))


def incomplete_years(findings: Iterable[Completeness]) -> list[int]:
    """The years that say "incomplete" instead of a gap."""
    return [found.year for found in findings if found.year is not None and found.is_incomplete]


def _sum(year: int | None, rows: Sequence[Reported]) -> Completeness:
    grants = {row.grant for row in rows}
    with_amount = {row.grant for row in rows if row.has_amount}
    return Completeness(
        year,
        grants=len(grants),
        without_amount=len(grants - with_amount),
        reporting=len({reporter for row in rows for reporter in row.reporters}),
        committed=sum(row.committed for row in rows),
        by_rule=sum(row.by_rule for row in rows),
        assumed=sum(row.assumed for row in rows),
        untagged=sum(row.untagged for row in rows),
        dates_assumed=sum(row.dates_assumed for row in rows),
    )
