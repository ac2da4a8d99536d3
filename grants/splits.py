"""From grants, their transactions and tags to the split money that figures sum, exact to the cent."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from portal.directory.choices import Audience
from portal.directory.tree import PlaceTree
from portal.lib.prepared import Prepared
from portal.records.choices import ReviewState, Visibility
from portal.records.places import shown_place
from strategy.analysis import funding
from strategy.models import Strategy
from strategy.rates import Converter

from .choices import GrantStatus, Measure, TagOrigin, TransactionKind, UnconvertedReason
from .models import Allocation, Grant, Transaction, Unconverted

_KINDS = {
    TransactionKind.PLEDGE: "pledge",
    TransactionKind.COMMITMENT: "commitment",
    TransactionKind.DISBURSEMENT: "disbursement",
    TransactionKind.EXPENDITURE: "expenditure",
}
_MEASURES = {
    TransactionKind.PLEDGE: Measure.PLEDGED,
    TransactionKind.DISBURSEMENT: Measure.DISBURSED,
}
_SEEN_FROM = {Visibility.PUBLIC: Audience.PUBLIC, Visibility.COALITION: Audience.COALITION}

_GRANT = (
    "pk", "currency", "amount_awarded", "award_date", "planned_start", "planned_end", "dates_assumed", "status",
    "review_state", "visibility", "location_precision", "in_kind", "regrant_of_id", "link_group_id", "link_position",
)  # fmt: skip


#: Columns of the rows that `Family.splits` and `Family.counted_grants` make.
SPLIT = (
    "grant_id", "strategy_id", "measure", "objective_id", "place_id", "shown_place_id", "year", "amount", "full",
    "is_assumed", "dates_assumed", "by_rule", "in_kind", "passed_on", "in_public", "in_coalition", "in_all",
)  # fmt: skip
COUNTED = (
    "grant_id", "strategy_id", "year", "has_amount", "in_public", "in_coalition", "in_all",
)  # fmt: skip


@Prepared
def _kin(ids):
    """Keys of the grants right beside these: what they pass money to or have it from, and other records of them."""
    grants = Grant.objects.order_by()
    groups = grants.filter(pk__in=ids, link_group__isnull=False).values("link_group")
    # Each way by itself, so that each can use its index.
    return (
        grants.filter(pk__in=ids, regrant_of__isnull=False)
        .values_list("regrant_of_id")
        .union(
            grants.filter(regrant_of__in=ids).values_list("pk"),
            grants.filter(link_group__in=groups).values_list("pk"),
            all=True,
        )
    )


def family(grant_ids: Iterable[int]) -> set[int]:
    """These grants, and all that are linked to them or pass money to or from them, however far."""
    found, wanted = set(), set(grant_ids)
    while wanted:
        found |= wanted
        wanted = {key for (key,) in _kin(wanted)} - found
    return found


@Prepared
def _grants(ids):
    return Grant.objects.filter(pk__in=ids).order_by("pk").values_list(*_GRANT)


@Prepared
def _grants_locked(ids):
    return Grant.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list(*_GRANT)


@Prepared
def _transactions(ids):
    return (
        Transaction.objects.filter(grant__in=ids)
        .order_by("pk")
        .values_list("grant_id", "kind", "amount", "currency", "value_date")
    )


@Prepared
def _tags(ids, strategy):
    return Allocation.objects.filter(grant__in=ids, strategy=strategy).order_by("pk").values_list(
        "grant_id", "pk", "objective_id", "place_id", "share", "objective__pillar", "is_assumed", "origin"
    )  # fmt: skip


class Family:
    """The grants of one family in memory: what each is worth, tag by tag, and who counts for whom."""

    def __init__(
        self,
        strategy: Strategy,
        grant_ids: Iterable[int],
        converter: Converter | None = None,
        lock: bool = False,
    ):
        """lock: keep the grants from changing until the end of the transaction."""
        self.strategy = strategy
        ids = list(grant_ids)
        grants = _rows(_grants_locked if lock else _grants, ids)
        self.grants = {row[0]: dict(zip(_GRANT, row, strict=True)) for row in grants}
        self.unconverted: list[Unconverted] = []
        self._read_money(ids, converter or Converter(strategy.reporting_currency))
        self._rows = {}

    def _read_money(self, ids, converter) -> None:
        transactions = _by_grant(_rows(_transactions, ids))
        tags = _by_grant(_rows(_tags, ids, self.strategy.pk))
        wanted = [(row[3], row[4]) for rows in transactions.values() for row in rows]
        wanted += [
            (grant["currency"], day)
            for grant in self.grants.values()
            if (day := _value_date(grant))
        ]
        converter.load(wanted)
        self.funds = {}
        for key, grant in self.grants.items():
            self.funds[key] = funding.Funds(
                amount=self._awarded(grant, converter, bool(transactions[key])),
                award_date=grant["award_date"],
                planned_start=grant["planned_start"],
                planned_end=grant["planned_end"],
                dates_assumed=grant["dates_assumed"],
                transactions=[self._transaction(row, converter) for row in transactions[key]],
                allocations=[
                    funding.Allocation(
                        pk, objective, place, share, pillar, assumed, origin == TagOrigin.RULE
                    )
                    for _grant, pk, objective, place, share, pillar, assumed, origin in tags[key]
                ],
            )

    def _awarded(self, grant, converter, has_transactions) -> int | None:
        """The amount awarded in cents; noted as unconverted where it would count and cannot."""
        amount, currency, day = grant["amount_awarded"], grant["currency"], _value_date(grant)
        if amount is None:
            if not has_transactions:
                self._note(
                    grant["pk"], Measure.COMMITTED, None, "", day, UnconvertedReason.NO_AMOUNT
                )
            return None
        converted = converter.convert(amount, currency, day) if day else None
        if converted is None and not has_transactions:
            reason = UnconvertedReason.NO_RATE if day else UnconvertedReason.NO_DATE
            self._note(grant["pk"], Measure.COMMITTED, amount, currency, day, reason)
        return None if converted is None else converted.amount_minor

    def _transaction(self, row, converter) -> funding.Transaction:
        grant, kind, amount, currency, day = row
        converted = converter.convert(amount, currency, day)
        if converted is None and kind != TransactionKind.EXPENDITURE:
            measure = _MEASURES.get(kind, Measure.COMMITTED)
            self._note(grant, measure, amount, currency, day, UnconvertedReason.NO_RATE)
        return funding.Transaction(
            _KINDS[kind], None if converted is None else converted.amount_minor, day
        )

    def _note(self, grant, measure, amount, currency, day, reason) -> None:
        self.unconverted.append(
            Unconverted(
                grant_id=grant, strategy=self.strategy, measure=measure, amount=amount, currency=currency,
                value_date=day, reason=reason,
            )
        )  # fmt: skip

    @cached_property
    def tree(self) -> PlaceTree:
        """The places of all tags, and what they lie in."""
        return PlaceTree.of(
            tag.place for funds in self.funds.values() for tag in funds.allocations if tag.place
        )

    def rows_of(self, key: int) -> list[funding.SplitRow]:
        """What each tag of one grant is worth, year by year."""
        if key not in self._rows:
            self._rows[key] = funding.grant_splits(self.funds[key], self.strategy.year_start_month)
        return self._rows[key]

    def counting(self, visible: Iterable[int]) -> dict[int, list[funding.SplitRow]]:
        """For a viewer who sees the grants `visible`: each that counts, with the rows passed on to its regrants.

        Only the negative rows stand in the lists; the grant's own rows are `rows_of(key)`.
        """
        visible = set(visible)
        rows = [
            funding.GrantRow(
                key, grant["link_group_id"], grant["link_position"], grant["regrant_of_id"],
                visible=key in visible and self._counts(grant),
            )
            for key, grant in sorted(self.grants.items())
        ]  # fmt: skip
        counted = funding.counting(rows)
        children = defaultdict(list)
        for child, parent in funding.offsets(rows, counted).items():
            children[parent] += self.rows_of(child)
        return {
            key: funding.pass_through(self.rows_of(key), children[key]) for key in sorted(counted)
        }

    @staticmethod
    def _counts(grant) -> bool:
        return (
            grant["review_state"] == ReviewState.ACCEPTED
            and grant["status"] != GrantStatus.CANCELLED
        )

    def seen_by(self, audience: int) -> set[int]:
        """The grants that an audience may see."""
        return {
            key
            for key, grant in self.grants.items()
            if _SEEN_FROM.get(grant["visibility"], Audience.ALL) <= audience
        }

    @cached_property
    def _counted(self) -> dict[int, dict[int, list[funding.SplitRow]]]:
        """What counts for each of the kept audiences."""
        return {audience: self.counting(self.seen_by(audience)) for audience in Audience.values}

    def years_of(self, keys: Iterable[int]) -> list[tuple[int, int, bool]]:
        """(grant key, year of its award or first day, whether it has an amount); nothing for a grant without a day."""
        return [
            (
                key,
                self.strategy.year_of(day),
                grant["amount_awarded"] is not None or bool(self.funds[key].transactions),
            )
            for key in keys
            if (day := _value_date(grant := self.grants[key]))
        ]

    def counted_grants(self) -> list[tuple]:
        """Rows of `COUNTED`: each grant that counts for one of the kept audiences, in the order of the keys."""
        counted = [self._counted[audience] for audience in Audience.values]
        return [
            (key, self.strategy.pk, year, has_amount, *(key in some for some in counted))
            for key, year, has_amount in self.years_of(sorted(set().union(*counted)))
        ]

    def splits(self) -> list[tuple]:
        """Rows of `SPLIT` for the three kept audiences, in a stable order."""
        counted = self._counted
        tree = self.tree
        made = []
        for key in sorted(self.grants):
            audiences = [audience for audience in Audience.values if key in counted[audience]]
            if not audiences:
                continue
            made += [self._split(key, row, audiences, tree) for row in self.rows_of(key)]
            for negative, for_whom in _alike(counted, key, audiences):
                made += [self._split(key, row, for_whom, tree, passed_on=True) for row in negative]
        return made

    def _split(self, key, row: funding.SplitRow, audiences, tree, passed_on=False) -> tuple:
        grant = self.grants[key]
        return (
            key, self.strategy.pk, row.measure, row.objective, row.place,
            shown_place(row.place, grant["location_precision"], tree), row.year, row.amount, row.full,
            row.is_assumed, row.dates_assumed, row.by_rule, grant["in_kind"], passed_on,
            Audience.PUBLIC in audiences, Audience.COALITION in audiences, Audience.ALL in audiences,
        )  # fmt: skip


def _value_date(grant):
    """The day whose rate converts the amount awarded: of the award, else the nearest day known."""
    return grant["award_date"] or grant["planned_start"] or grant["planned_end"]


def _alike(counted: Mapping[int, Mapping[int, list]], key: int, audiences: list[int]):
    """The negative rows of a grant with the audiences that they are the same for."""
    groups: list[tuple[list, list[int]]] = []
    for audience in audiences:
        negative = counted[audience][key]
        if not negative:
            continue
        same = next((group for group in groups if group[0] == negative), None)
        if same is None:
            groups.append((negative, [audience]))
        else:
            same[1].append(audience)
    return groups


def _rows(reading: Prepared, ids: list[int], *more: int) -> Iterable[tuple]:
    """What is read of these grants, in batches that every database takes."""
    for start in range(0, len(ids), 5000):
        yield from reading(ids[start : start + 5000], *more)


def _by_grant(rows: Iterable[tuple]) -> Mapping[int, list[tuple]]:
    grouped = defaultdict(list)
    for row in rows:
        grouped[row[0]].append(row)
    return grouped
