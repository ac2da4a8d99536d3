"""The invented coalition, from its figures to the database: all of it or nothing."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.text import slugify

from activities.overlaps import score_all
from grants.choices import GrantStatus, TagOrigin, TransactionKind
from grants.models import (
    Allocation,
    AllocationTotal,
    Grant,
    GrantIdentifier,
    LinkGroup,
    Transaction,
)
from grants.services import rebuild_figures
from portal.demo.example import indicators as measured
from portal.demo.example.figures import (
    COUNTRY,
    OBJECTIVES,
    PILLARS,
    PLACES,
    TARGET_SHARES,
    UNIT,
    YEARS,
)
from portal.demo.example.money import AS_OF, GrantFigures, grants, requirements
from portal.demo.example.people import MEMBERS, WORKERS
from portal.demo.example.texts import (
    ADOPTED_ON,
    BASIS,
    COALITION,
    CURRENCY,
    GROUPS,
    IDENTIFIERS,
    NOTICE,
    PLEDGE,
    SECOND_RECORD,
    SOURCE,
    TITLE,
)
from portal.demo.example_activities import ActivityWriter
from portal.demo.exceptions import StrategyInForce
from portal.demo.report import LoadReport
from portal.directory.choices import GroupRole, PlaceKind
from portal.directory.models import (
    Organisation,
    OrganisationTag,
    Place,
    WorkingGroup,
    WorkingGroupMember,
)
from portal.directory.places import WORLD, PlaceRow, add_places, load_places
from portal.history.services import log_import
from portal.lib.text import fold
from strategy.choices import IndicatorKind, StrategyStatus
from strategy.models import Indicator, Measurement, Objective, PillarTarget, Requirement, Strategy

BATCH = 500


def load_example() -> LoadReport:
    """Write the example in one transaction; where it is already, change nothing.

    Raises `StrategyInForce`, and changes nothing, where another strategy is in force.
    """
    report = LoadReport()
    if Strategy.objects.filter(title=TITLE, coalition_name=COALITION).exists():
        report.already_there = True
        return report
    if other := Strategy.objects.in_force():
        raise StrategyInForce(other)
    with transaction.atomic():
        strategy = _Writer(report).write()
        rebuild_figures(strategy.pk)
        score_all()
        log_import(strategy, summary=report.as_dict())
    return report


def amount_of(units: int) -> Decimal:
    """US dollars of whole units."""
    return Decimal(units * UNIT)


class _Writer:
    def __init__(self, report: LoadReport):
        self.report = report

    def write(self) -> Strategy:
        if not Place.objects.exists():
            load_places()
        code, name = COUNTRY
        add_places(
            [
                PlaceRow(code, name, PlaceKind.COUNTRY, WORLD),
                *(PlaceRow(place, label, PlaceKind.DIVISION, code) for place, label in PLACES),
            ]
        )
        self.places = dict(Place.objects.filter(code__startswith=code).values_list("code", "pk"))
        self._strategy()
        self._organisations()
        self._objectives()
        self._requirements()
        self._measurements()
        self._grants()
        ActivityWriter(
            keep=self._keep,
            places=self.places,
            organisations=self.organisations,
            objectives=self.objectives,
            groups=self.groups,
            grants=self.grants,
        ).write()
        return self.strategy

    def _keep(self, model, rows: Iterable) -> list:
        made = model.objects.bulk_create(rows, batch_size=BATCH)
        name = str(model._meta.verbose_name_plural)
        self.report.made[name] = self.report.made.get(name, 0) + len(made)
        return made

    def _strategy(self) -> None:
        self.strategy = Strategy.objects.create(
            title=TITLE,
            coalition_name=COALITION,
            starts_on=date(YEARS[0], 1, 1),
            ends_on=date(YEARS[-1], 12, 31),
            reporting_currency=CURRENCY,
            as_of=AS_OF,
            status=StrategyStatus.IN_FORCE,
            adopted_on=ADOPTED_ON,
            notice=NOTICE,
        )

    def _organisations(self) -> None:
        rows = [
            Organisation(
                name=member.name,
                folded=fold(member.name),
                slug=slugify(member.name.replace("'", "")),
                organisation_type=member.kind,
                country_id=self.places[COUNTRY[0]],
                is_member=True,
                is_funder=member.is_funder,
                is_example=True,
            )
            for member in MEMBERS
        ]
        self.organisations = {row.name: row.pk for row in self._keep(Organisation, rows)}
        OrganisationTag.objects.bulk_create(
            [
                OrganisationTag(organisation_id=self.organisations[member.name], tag=tag)
                for member in MEMBERS
                for tag in member.tags
            ]
        )
        self.groups = {}
        for name, (purpose, objective) in GROUPS.items():
            group = self.groups[name] = WorkingGroup.objects.create(name=name, purpose=purpose)
            WorkingGroupMember.objects.bulk_create(
                [
                    WorkingGroupMember(
                        group=group,
                        organisation_id=self.organisations[worker],
                        role=GroupRole.LEAD if at == 0 else GroupRole.IMPLEMENTING,
                    )
                    for at, worker in enumerate(WORKERS[objective])
                ]
            )

    def _objectives(self) -> None:
        self.objectives = {}
        for code, (name, verb) in PILLARS.items():
            self.objectives[code] = Objective.objects.create(
                strategy=self.strategy, pillar=int(code), code=code, title=verb, short_title=name
            )
            PillarTarget.objects.create(
                strategy=self.strategy, pillar=int(code), share=TARGET_SHARES[code]
            )
        for code, figures in OBJECTIVES.items():
            self.objectives[code] = Objective.objects.create(
                strategy=self.strategy,
                parent=self.objectives[code[0]],
                pillar=int(code[0]),
                code=code,
                title=figures.title,
                short_title=figures.short_title,
                lead_organisation_id=self.organisations[WORKERS[code][0]],
            )
        self.report.made["objectives"] = len(self.objectives)

    def _requirements(self) -> None:
        self._keep(
            Requirement,
            [
                Requirement(
                    objective=self.objectives[code],
                    place_id=self.places[place],
                    year=year,
                    currency=CURRENCY,
                    amount_original=amount_of(units),
                    basis_of_estimate=BASIS,
                    source=SOURCE,
                )
                for (code, place, year), units in sorted(requirements().items())
            ],
        )

    def _measurements(self) -> None:
        rows = []
        for figures in measured.INDICATORS:
            indicator = Indicator.objects.create(
                objective=self.objectives[figures.objective],
                title=figures.title,
                slug=figures.slug,
                kind=IndicatorKind.OUTCOME,
                unit=figures.unit,
                baseline_value=measured.as_decimal(figures.baseline),
                baseline_year=None if figures.baseline is None else 2024,
                target_value=measured.as_decimal(figures.target),
                target_year=None if figures.target is None else 2028,
                across_periods=figures.across_periods,
                accountability=figures.accountability,
                counts_people=figures.counts_people,
                source=figures.source,
            )
            rows += [
                Measurement(
                    indicator=indicator,
                    place_id=self.places[measured.PLACE],
                    measured_on=day,
                    value=Decimal(value),
                    is_released=figures.counts_people,
                    source=figures.source,
                )
                for day, value in figures.values
            ]
        shelter = Indicator.objects.create(
            objective=self.objectives["2.1"],
            title="Shelter beds",
            slug=measured.BEDS_SLUG,
            kind=IndicatorKind.CAPACITY,
            unit="beds",
            source="Protection working group",
        )
        rows += [
            Measurement(
                indicator=shelter,
                place_id=self.places[beds.place],
                measured_on=measured.BEDS_ON,
                need=beds.need,
                available=beds.available,
                maximum=beds.maximum,
                is_dedicated=beds.is_dedicated,
                source="Protection working group",
            )
            for beds in measured.beds()
        ]
        self._keep(Measurement, rows)

    def _grants(self) -> None:
        figures = grants()
        made = self._keep(Grant, [self._grant(grant) for grant in figures])
        self.grants = {grant.number: row for grant, row in zip(figures, made, strict=True)}
        extra = self._extra_grants()
        GrantIdentifier.objects.bulk_create(
            [
                GrantIdentifier(grant=row, source=IDENTIFIERS, identifier=number)
                for number, row in (*self.grants.items(), *extra.items())
            ],
            batch_size=BATCH,
        )
        self._keep(Transaction, [row for grant in figures for row in self._transactions(grant)])
        self._keep(Allocation, [row for grant in figures for row in self._tags(grant)])
        AllocationTotal.objects.bulk_create(
            [
                AllocationTotal(
                    grant=self.grants[grant.number], strategy=self.strategy, total=Decimal(100)
                )
                for grant in figures
                if grant.parts
            ],
            batch_size=BATCH,
        )

    def _grant(self, grant: GrantFigures) -> Grant:
        return Grant(
            title=grant.title,
            description=grant.description,
            folded=fold(f"{grant.title} {grant.description}"),
            funding_organisation_id=self.organisations[grant.funder],
            recipient_organisation_id=self.organisations[grant.grantee],
            currency=CURRENCY,
            amount_awarded=amount_of(grant.amount),
            award_date=_awarded(grant),
            planned_start=grant.start,
            planned_end=grant.end,
            status=_grant_status(grant.start, grant.end),
        )

    def _extra_grants(self) -> dict[str, Grant]:
        """A pledge, which is no funding, and a second record of one grant, which counts once."""
        number, title, funder, grantee, amount = PLEDGE
        pledge = Grant.objects.create(
            title=title,
            funding_organisation_id=self.organisations[funder],
            recipient_organisation_id=self.organisations[grantee],
            currency=CURRENCY,
            planned_start=date(2027, 1, 1),
            planned_end=date(2028, 12, 31),
            status=GrantStatus.PIPELINE,
        )
        Transaction.objects.create(
            grant=pledge,
            kind=TransactionKind.PLEDGE,
            amount=amount,
            currency=CURRENCY,
            value_date=date(2027, 1, 1),
        )
        Allocation.objects.create(
            grant=pledge,
            strategy=self.strategy,
            objective=self.objectives["2.3"],
            place_id=self.places["XX-CR"],
            share=100,
            origin=TagOrigin.PERSON,
        )
        AllocationTotal.objects.create(grant=pledge, strategy=self.strategy, total=100)
        first = self.grants[SECOND_RECORD[0]]
        group = LinkGroup.objects.create(rule="Confirmed by funder and grantee")
        second = Grant.objects.create(
            title=SECOND_RECORD[1],
            funding_organisation_id=first.funding_organisation_id,
            recipient_organisation_id=first.recipient_organisation_id,
            currency=CURRENCY,
            amount_awarded=first.amount_awarded,
            award_date=first.award_date,
            planned_start=first.planned_start,
            planned_end=first.planned_end,
            status=first.status,
            link_group=group,
            link_position=1,
        )
        Grant.objects.filter(pk=first.pk).update(link_group=group)
        return {number: pledge, f"{SECOND_RECORD[0]}, Kestrel's number K-17": second}

    def _transactions(self, grant: GrantFigures) -> list[Transaction]:
        """A commitment of the whole amount, and what was paid out, in two parts."""
        row = self.grants[grant.number]
        first = grant.paid // 2
        parts = [(TransactionKind.COMMITMENT, grant.amount, _awarded(grant))]
        halfway = grant.start + (min(AS_OF, grant.end) - grant.start) / 2
        parts += [
            (TransactionKind.DISBURSEMENT, first, min(grant.start + timedelta(days=30), AS_OF)),
            (TransactionKind.DISBURSEMENT, grant.paid - first, halfway),
        ]
        return [
            Transaction(
                grant=row, kind=kind, amount=amount_of(units), currency=CURRENCY, value_date=day
            )
            for kind, units, day in parts
            if units
        ]

    def _tags(self, grant: GrantFigures) -> list[Allocation]:
        shares = _shares(list(grant.parts.values()))
        return [
            Allocation(
                grant=self.grants[grant.number],
                strategy=self.strategy,
                objective=self.objectives[code],
                place_id=self.places[place],
                share=share,
                origin=TagOrigin.PERSON,
            )
            for (code, place), share in zip(grant.parts, shares, strict=True)
        ]


def _awarded(grant: GrantFigures) -> date:
    """A month before it starts; an award lies before the day that the example is seen from."""
    return min(grant.start - timedelta(days=31), AS_OF - timedelta(days=17))


def _shares(units: list[int]) -> list[Decimal]:
    """Percentages of six decimals, exactly 100 in sum."""
    total = sum(units)
    shares = [(Decimal(100) * part / total).quantize(Decimal("0.000001")) for part in units]
    if shares:
        largest = shares.index(max(shares))
        shares[largest] += 100 - sum(shares)
    return shares


def _grant_status(start: date, end: date) -> str:
    if end < AS_OF:
        return GrantStatus.CLOSED
    return GrantStatus.PIPELINE if start > AS_OF else GrantStatus.ACTIVE
