"""The demo from public records, from plan to database: all of it or nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from activities.choices import ActivityStatus
from activities.models import (
    Activity,
    ActivityIdentifier,
    ActivityObjective,
    ActivityPlace,
    Participant,
)
from activities.overlaps import score_all
from grants.choices import GrantStatus, TagOrigin
from grants.models import (
    ActivityFunding,
    Allocation,
    AllocationTotal,
    Grant,
    GrantIdentifier,
    LinkGroup,
)
from grants.services import rebuild_figures
from portal.demo.exceptions import StrategyInForce
from portal.demo.naming import slug_of, type_of
from portal.demo.report import LoadReport
from portal.demo.us.names import Name, fold_name
from portal.demo.us.objectives import OBJECTIVES, PILLAR_ROOTS
from portal.demo.us.places import place_iso3
from portal.demo.us.plan import FUNDING, ActivityPlan, GrantPlan, Key, Plan, read_plan
from portal.demo.us.requirements import BASIS_OF_ESTIMATE
from portal.demo.us.sources import DATA, GRANTS, TIERS
from portal.directory.models import AlternativeName, Organisation, Place
from portal.directory.places import load_places
from portal.history.services import log_import
from portal.lib.text import fold
from strategy.choices import Calculation, Direction, IndicatorKind, StrategyStatus
from strategy.models import Indicator, Measurement, Objective, Requirement, Strategy

TITLE = "United States anti-trafficking grants, fiscal years 2003 to 2014"
COALITION = "Fourfold demo"
NOTICE = "The requirements in this demo illustrate a method and are no costing."
CURRENCY = "USD"
AS_OF = date(2010, 9, 30)
BATCH = 500


def load_demo(folder: Path = DATA) -> LoadReport:
    """Read the files and write the demo in one transaction; where it is already, change nothing.

    Raises `DamagedFile` for a file that is not as it should be, and `StrategyInForce` where another
    strategy is in force; both change nothing.
    """
    plan = read_plan(folder)
    report = LoadReport().read_from(plan)
    if Strategy.objects.filter(title=TITLE).exists():
        report.already_there = True
        return report
    if other := Strategy.objects.in_force():
        raise StrategyInForce(other)
    with transaction.atomic():
        strategy = _Writer(plan, report).write()
        rebuild_figures(strategy.pk)
        score_all()
        log_import(strategy, summary=report.as_dict())
    return report


class _Writer:
    """Writes a plan; keys of what it wrote are kept by the names and codes of the plan."""

    def __init__(self, plan: Plan, report: LoadReport):
        self.plan, self.report = plan, report

    def write(self) -> Strategy:
        if not Place.objects.exists():
            load_places()
        self.places = dict(Place.objects.values_list("code", "pk"))
        self.place_names = dict(Place.objects.values_list("code", "name"))
        self.strategy = Strategy.objects.create(
            title=TITLE,
            coalition_name=COALITION,
            starts_on=date(2002, 10, 1),
            ends_on=date(2014, 9, 30),
            reporting_currency=CURRENCY,
            year_start_month=10,
            as_of=AS_OF,
            status=StrategyStatus.IN_FORCE,
            notice=NOTICE,
        )
        self._objectives()
        self._requirements()
        self._tiers()
        self._organisations()
        self._grants()
        self._activities()
        return self.strategy

    def _keep(self, model, rows: Iterable) -> list:
        made = model.objects.bulk_create(rows, batch_size=BATCH)
        name = str(model._meta.verbose_name_plural)
        self.report.made[name] = self.report.made.get(name, 0) + len(made)
        return made

    def _objectives(self) -> None:
        self.objectives = {}
        for text in (*PILLAR_ROOTS, *OBJECTIVES):
            parent = None if "." not in text.code else self.objectives[text.code.split(".")[0]]
            self.objectives[text.code] = Objective.objects.create(
                strategy=self.strategy,
                parent=parent,
                pillar=text.pillar,
                code=text.code,
                title=text.title,
                short_title=text.short_title,
                description=text.description,
            )
        self.report.made["objectives"] = len(self.objectives)

    def _requirements(self) -> None:
        source = f"{GRANTS}; {TIERS}"
        self._keep(
            Requirement,
            [
                Requirement(
                    objective=self.objectives[str(row.pillar)],
                    place_id=self.places[row.place],
                    year=row.year,
                    currency=CURRENCY,
                    amount_original=row.amount,
                    basis_of_estimate=BASIS_OF_ESTIMATE,
                    source=source,
                )
                for row in self.plan.requirements
            ],
        )

    def _tiers(self) -> None:
        indicator = Indicator.objects.create(
            objective=self.objectives["4"],
            title="Tier in the Trafficking in Persons Report",
            slug="tip-tier",
            kind=IndicatorKind.CONTEXT,
            unit="tier",
            direction=Direction.FEWER,
            across_periods=Calculation.LATEST,
            across_places=Calculation.MAX,
            description=(
                "How the Trafficking in Persons Report of a year ranks a country: 1 for Tier 1, "
                "2 for Tier 2, 3 for Tier 2 Watch List, 4 for Tier 3. Countries that the report "
                "does not rank have no value."
            ),
            source=f"U.S. Department of State, Trafficking in Persons Reports; {TIERS}",
        )
        self._keep(
            Measurement,
            [
                Measurement(
                    indicator=indicator,
                    place_id=self.places[place_iso3(row.iso3)],
                    measured_on=date(row.year, 6, 30),  # the reports come out in June
                    value=Decimal(row.tier),
                    source=f"Trafficking in Persons Report {row.year}",
                )
                for row in self.plan.tiers
            ],
        )

    def _organisations(self) -> None:
        """One organisation for all names that fold to the same, under the one that has a short name."""
        plan = self.plan
        funders, kinds = set(), defaultdict(Counter)
        names: dict[str, list[Name]] = defaultdict(list)
        for grant in plan.grants:
            funders.add(fold_name(grant.funder.name))
            names[fold_name(grant.funder.name)].append(grant.funder)
            if grant.recipient:
                kinds[fold_name(grant.recipient.name)][grant.recipient_type] += 1
                names[fold_name(grant.recipient.name)].append(grant.recipient)
        for activity in plan.activities:
            for name, role in ((activity.reporting, ""), *activity.participants):
                names[fold_name(name.name)].append(name)
                if role == FUNDING:
                    funders.add(fold_name(name.name))
        slugs: set[str] = set()
        chosen = {
            key: max(group, key=lambda name: bool(name.short_name)) for key, group in names.items()
        }
        made = self._keep(
            Organisation,
            [
                Organisation(
                    name=name.name,
                    short_name=name.short_name,
                    folded=fold(name.name),
                    slug=slug_of(name.short_name or name.name, slugs),
                    organisation_type=type_of(name, kinds[key], key in funders),
                    is_funder=key in funders,
                )
                for key, name in chosen.items()
            ],
        )
        keys = dict(zip(chosen, (row.pk for row in made), strict=True))
        self.organisations = {name: keys[key] for key, group in names.items() for name in group}
        AlternativeName.objects.bulk_create(
            [
                AlternativeName(
                    organisation_id=keys[key], name=name.short_name, folded=fold(name.short_name)
                )
                for key, name in chosen.items()
                if name.short_name
            ]
        )

    def _grants(self) -> None:
        plan = self.plan
        position, groups = {}, {}
        made_groups = self._keep(LinkGroup, [LinkGroup(rule=group.rule) for group in plan.groups])
        for group, made in zip(plan.groups, made_groups, strict=True):
            for at, key in enumerate(group.members):
                position[key], groups[key] = at, made.pk
        rows = [
            self._grant(grant, groups.get(grant.key), position.get(grant.key, 0))
            for grant in plan.grants
        ]
        made = self._keep(Grant, rows)
        self.grants: dict[Key, Grant] = dict(
            zip((grant.key for grant in plan.grants), made, strict=True)
        )
        GrantIdentifier.objects.bulk_create(
            [
                GrantIdentifier(grant=row, source=source, identifier=identifier)
                for (source, identifier), row in self.grants.items()
            ],
            batch_size=BATCH,
        )
        self._keep(
            Allocation,
            [
                Allocation(
                    grant=self.grants[grant.key],
                    strategy=self.strategy,
                    objective=self.objectives[tag.objective] if tag.objective else None,
                    place_id=self.places[tag.place] if tag.place else None,
                    share=tag.share,
                    origin=TagOrigin.RULE if tag.by_rule else TagOrigin.SOURCE,
                    is_assumed=tag.is_assumed,
                    evidence=tag.evidence,
                )
                for grant in plan.grants
                for tag in grant.tags
            ],
        )
        AllocationTotal.objects.bulk_create(
            [
                AllocationTotal(
                    grant=self.grants[grant.key],
                    strategy=self.strategy,
                    total=sum((tag.share for tag in grant.tags), Decimal(0)),
                )
                for grant in plan.grants
            ],
            batch_size=BATCH,
        )

    def _grant(self, grant: GrantPlan, group: int | None, position: int) -> Grant:
        first, last = self.strategy.year_bounds(grant.year)
        title = self._title(grant)
        return Grant(
            title=title,
            description=grant.description,
            folded=fold(f"{title} {grant.description}"),
            funding_organisation_id=self.organisations[grant.funder],
            recipient_organisation_id=self.organisations[grant.recipient]
            if grant.recipient
            else None,
            currency=CURRENCY if grant.amount is not None else "",
            amount_awarded=grant.amount,
            planned_start=first,
            planned_end=last,
            dates_assumed=True,
            status=_status(first, last, GrantStatus),
            link_group_id=group,
            link_position=position,
        )

    def _title(self, record: GrantPlan | ActivityPlan) -> str:
        """The source's own title, else who, where and when."""
        if record.title:
            return record.title[:300]
        who = record.recipient if isinstance(record, GrantPlan) else record.reporting
        codes = record.placement.codes
        where = (
            ", ".join(self.place_names[code] for code in codes[:3])
            if len(codes) <= 3
            else "several places"
        )
        subject = (who.short_name or who.name) if who else "Recipient not named"
        return f"{subject[:180]}: {where or record.placement.label}, fiscal year {record.year}"[
            :300
        ]

    def _activities(self) -> None:
        plan = self.plan
        made = self._keep(Activity, [self._activity(activity) for activity in plan.activities])
        rows = list(zip(plan.activities, made, strict=True))
        ActivityIdentifier.objects.bulk_create(
            [
                ActivityIdentifier(activity=row, source=a.key[0], identifier=a.key[1])
                for a, row in rows
            ],
            batch_size=BATCH,
        )
        ActivityObjective.objects.bulk_create(
            [
                ActivityObjective(activity=row, objective=self.objectives[code], share=share)
                for activity, row in rows
                for code, share in activity.objectives
            ],
            batch_size=BATCH,
        )
        ActivityPlace.objects.bulk_create(
            [
                ActivityPlace(activity=row, place_id=self.places[code], share=share)
                for activity, row in rows
                for code, share in activity.places
            ],
            batch_size=BATCH,
        )
        Participant.objects.bulk_create(
            [
                Participant(activity=row, organisation_id=self.organisations[name], role=role)
                for activity, row in rows
                for name, role in activity.participants
            ],
            batch_size=BATCH,
        )
        self._keep(
            ActivityFunding,
            [self._funding(row, key) for activity, row in rows for key in activity.funded_by],
        )

    def _activity(self, activity: ActivityPlan) -> Activity:
        first, last = self.strategy.year_bounds(activity.year)
        title = self._title(activity)
        return Activity(
            reporting_organisation_id=self.organisations[activity.reporting],
            title=title,
            description=activity.description,
            folded=fold(f"{title} {activity.description}"),
            activity_status=_status(first, last, ActivityStatus),
            planned_start=first,
            planned_end=last,
            dates_assumed=True,
            objective_total=100 if activity.objectives else 0,
            place_total=100 if activity.places else 0,
        )

    def _funding(self, activity: Activity, key: Key) -> ActivityFunding:
        grant = self.grants[key]
        return ActivityFunding(
            activity=activity, grant=grant, amount=grant.amount_awarded, currency=grant.currency
        )


def _status(first: date, last: date, statuses):
    """Seen from the demo's as-of date: IATI's closed, running or planned."""
    if last < AS_OF:
        return statuses.CLOSED
    return statuses.PIPELINE if first > AS_OF else _running(statuses)


def _running(statuses):
    return statuses.ACTIVE if statuses is GrantStatus else statuses.IMPLEMENTATION
