"""What a grant is worth to the figures: conversions, tags, and its money year by year."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from grants.choices import Measure, TagOrigin, TransactionKind
from grants.models import Allocation, Grant, Transaction, Unconverted
from portal.dashboards.lens import Lens
from portal.directory.models import Place
from portal.directory.tree import PlaceTree
from portal.lib.numbers import money_full, percent_exact
from portal.records.places import shown_place
from strategy.models import Objective
from strategy.rates import Converted, Converter

from .money import Counted


@dataclass(frozen=True, slots=True)
class Tag:
    """An allocation as its reader sees it."""

    objective: Objective | None
    place: Place | None
    is_place_hidden: bool
    share: Decimal
    origin: str  # in words
    by_rule: bool  # and not looked at by a person yet
    is_assumed: bool
    evidence: str

    @property
    def share_words(self) -> str:
        return percent_exact(self.share)


@dataclass(frozen=True, slots=True)
class Booking:
    """A transaction, and what it is in the strategy's currency."""

    kind: str
    amount: str
    value_date: date | None
    description: str
    converted: Converted | None
    in_currency: str  # "" where the two currencies are the same


@dataclass(frozen=True, slots=True)
class YearRow:
    """What one objective in one place gets of the grant, year by year; cents."""

    objective: Objective | None
    place: Place | None
    amounts: tuple[int | None, ...]
    total: int


@dataclass(frozen=True)
class Worth:
    """A grant's money."""

    awarded: Booking | None
    bookings: list[Booking]
    tags: list[Tag]
    untagged: Decimal  # percent
    years: tuple[int, ...]
    rows: dict[str, list[YearRow]]  # by measure
    totals: dict[str, int]
    counts: bool
    counting_record: Grant | None  # the linked record that counts instead
    unconverted: list[Unconverted]

    @property
    def untagged_words(self) -> str:
        return percent_exact(self.untagged)


def worth_of(grant: Grant, lens: Lens, linked: Sequence[Grant], *, exact: bool) -> Worth:
    """Everything about a grant's money that the viewer may see.

    linked: the other visible records of the same grant. exact: whether the viewer sees exact places.
    """
    converter = Converter(lens.currency)
    transactions = list(Transaction.objects.filter(grant=grant).order_by("value_date", "pk"))
    awarded_on = grant.award_date or grant.planned_start
    converter.load(
        [
            *((row.currency, row.value_date) for row in transactions),
            *([(grant.currency, awarded_on)] if grant.currency and awarded_on else []),
        ]
    )
    tags = _tags(grant, lens, exact)
    counted = Counted(lens.at(years=_all_years(lens)))
    keys = {grant.pk, *(record.pk for record in linked)}
    sums = counted.sums(
        ["grant", "measure", "objective", "place", "year"],
        Q(grant__in=keys),
        lambda row: row.grant in keys,
        measure=None,
    )
    mine = {key[1:]: amount for key, amount in sums.items() if key[0] == grant.pk}
    others = {key[0] for key in sums} - {grant.pk}
    counting = next((record for record in linked if record.pk in others), None)
    years = tuple(sorted({key[3] for key in mine}))
    return Worth(
        awarded=_awarded(grant, awarded_on, converter, lens.currency),
        bookings=[
            _booking(
                str(TransactionKind(row.kind).label), row.amount, row.currency, row.value_date,
                row.description, converter, lens.currency,
            )
            for row in transactions
        ],
        tags=tags,
        untagged=100 - sum((tag.share for tag in tags), Decimal(0)),
        years=years,
        rows=_rows(mine, years, lens),
        totals=_totals(mine),
        counts=bool(mine),
        counting_record=counting if not mine else None,
        unconverted=list(Unconverted.objects.filter(grant=grant, strategy=lens.strategy)),
    )  # fmt: skip


def _all_years(lens: Lens) -> tuple[int, ...]:
    """The strategy's years and those around them: a grant's own page shows all of its money."""
    years = lens.strategy.years
    return tuple(range(years[0] - 50, years[-1] + 51))


def _awarded(grant, day, converter, currency) -> Booking | None:
    if grant.amount_awarded is None:
        return None
    return _booking("", grant.amount_awarded, grant.currency, day, "", converter, currency)


def _booking(kind, amount, currency, day, description, converter, to_currency) -> Booking:
    converted = converter.convert(amount, currency, day)
    in_currency = ""
    if converted is not None and currency != to_currency:
        in_currency = money_full(converted.amount_minor, to_currency)
    return Booking(kind, money_full(amount, currency), day, description, converted, in_currency)


def _tags(grant: Grant, lens: Lens, exact: bool) -> list[Tag]:
    allocations = list(
        Allocation.objects.filter(grant=grant, strategy=lens.strategy)
        .select_related("objective", "place")
        .order_by("-share", "pk")
    )
    tree = PlaceTree.of(row.place_id for row in allocations)
    shown = {
        row.pk: row.place_id if exact else shown_place(row.place_id, grant.location_precision, tree)
        for row in allocations
    }
    places = {row.place_id: row.place for row in allocations}
    missing = {key for key in shown.values() if key} - places.keys()
    places.update(Place.objects.in_bulk(missing) if missing else {})
    return [
        Tag(
            objective=row.objective,
            place=places.get(shown[row.pk]),
            is_place_hidden=row.place_id is not None and shown[row.pk] is None,
            share=row.share.normalize(),
            origin=str(TagOrigin(row.origin).label),
            by_rule=row.origin == TagOrigin.RULE and row.confirmed_by_id is None,
            is_assumed=row.is_assumed,
            evidence=row.evidence,
        )
        for row in allocations
    ]


def _rows(sums: dict, years: tuple[int, ...], lens: Lens) -> dict[str, list[YearRow]]:
    places = Place.objects.in_bulk({key[2] for key in sums if key[2]})
    by_row: dict[tuple, dict[int, int]] = defaultdict(dict)
    for (measure, objective, place, year), amount in sums.items():
        by_row[measure, objective, place][year] = amount
    found: dict[str, list[YearRow]] = defaultdict(list)
    order = {key: position for position, key in enumerate(lens.objectives)}
    for (measure, objective, place), amounts in sorted(
        by_row.items(), key=lambda item: (order.get(item[0][1], len(order)), item[0][2] or 0)
    ):
        found[measure].append(
            YearRow(
                lens.objectives.get(objective),
                places.get(place),
                tuple(amounts.get(year) for year in years),
                sum(amounts.values()),
            )
        )
    return dict(found)


def _totals(sums: dict) -> dict[str, int]:
    totals = dict.fromkeys((str(measure) for measure in Measure.values), 0)
    for (measure, *_rest), amount in sums.items():
        totals[measure] += amount
    return totals
