"""Money of single grants and organisations, as it counts for a viewer."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q, Sum

from grants.choices import Measure
from grants.models import Grant, Split
from portal.dashboards.gather import own_family
from portal.dashboards.lens import Lens
from portal.directory.choices import Audience


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """Part of what a grant is worth; cents of the strategy's currency."""

    grant: int
    funder: int
    recipient: int
    objective: int | None
    place: int | None  # as shown to the viewer
    year: int
    measure: str
    amount: int
    in_kind: bool
    is_assumed: bool
    by_rule: bool


#: The parts of a row by which the database may add up, and where it finds them.
_COLUMNS = {
    "grant": "grant",
    "funder": "grant__funding_organisation",
    "recipient": "grant__recipient_organisation",
    "objective": "objective",
    "year": "year",
    "measure": "measure",
    "in_kind": "in_kind",
    "is_assumed": "is_assumed",
    "by_rule": "by_rule",
}


class Counted:
    """The money that counts for a viewer in the years of a lens, grant by grant.

    Linked records count once. What a grant passes on to a regrant stays with the grant here: an
    organisation was given it, whatever it did with it. So sums over organisations are no sums of new money.
    """

    def __init__(self, lens: Lens):
        self.lens = lens
        self._own = own_family(lens)

    @cached_property
    def own_ids(self) -> frozenset[int]:
        """Grants that count otherwise for this viewer than for their audience."""
        return frozenset(self._own.ids) if self._own else frozenset()

    @cached_property
    def own_rows(self) -> list[MoneyRow]:
        """The rows of those grants, as they count for the viewer."""
        if self._own is None:
            return []
        ends = {
            key: (funder, recipient)
            for key, funder, recipient in Grant.objects.filter(pk__in=self.own_ids).values_list(
                "pk", "funding_organisation", "recipient_organisation"
            )
        }
        return [
            MoneyRow(
                grant, *ends[grant], row.objective, place, row.year, row.measure, row.amount, in_kind,
                row.is_assumed, row.by_rule,
            )
            for grant, row, place, in_kind, passed_on in self._own.after
            if not passed_on and row.year in self.lens.years
        ]  # fmt: skip

    @property
    def place_column(self) -> str:
        return "place" if self.lens.audience == Audience.ALL else "shown_place"

    def sums(
        self,
        by: Iterable[str],
        where: Q,
        own_where: Callable[[MoneyRow], bool],
        measure: str | None = Measure.COMMITTED,
    ) -> dict[tuple[Hashable, ...], int]:
        """Cents by parts of a row, as in `_COLUMNS` and `place`. One query.

        where and own_where say the same, of the kept rows and of the viewer's own.
        """
        by = tuple(by)
        columns = [self.place_column if name == "place" else _COLUMNS[name] for name in by]
        kept = Split.objects.filter(
            where, strategy=self.lens.strategy, year__in=self.lens.years, passed_on=False
        )
        kept = kept.counting_for(self.lens.audience).exclude(grant__in=self.own_ids)
        if measure:
            kept = kept.filter(measure=measure)
        found: dict[tuple[Hashable, ...], int] = defaultdict(int)
        for *key, amount in kept.order_by().values_list(*columns).annotate(total=Sum("amount")):
            found[tuple(key)] += int(amount)
        for row in self.own_rows:
            if (measure is None or row.measure == measure) and own_where(row):
                found[tuple(getattr(row, name) for name in by)] += row.amount
        return dict(found)

    def of_grants(self, keys: Iterable[int]) -> dict[int, int]:
        """Committed cents of these grants, in kind included; grants that do not count are left out."""
        keys = set(keys)
        sums = self.sums(["grant"], Q(grant__in=keys), lambda row: row.grant in keys)
        return {grant: amount for (grant,), amount in sums.items()}
