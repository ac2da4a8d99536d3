"""A synthetic coalition of any size, to measure speed on: made up from a seed, uneven as real ones are."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from random import Random

from django.db import transaction

from activities.overlaps import score_all
from grants.services import rebuild_figures
from portal.demo.coalition_activities import make_activities
from portal.demo.coalition_draw import Skewed, amount, one_of
from portal.demo.coalition_grants import make_grants
from portal.demo.exceptions import StrategyThere
from portal.directory.choices import GroupRole, OrganisationType, PlaceKind
from portal.directory.models import Organisation, Place, WorkingGroup, WorkingGroupMember
from portal.directory.places import load_places
from portal.history.services import log_import
from portal.lib.text import fold
from strategy.choices import Pillar, StrategyStatus
from strategy.models import ExchangeRate, Objective, PillarTarget, Requirement, Strategy
from strategy.rates import load_central_bank_rates

TITLE = "Synthetic strategy"
NOTICE = "Everything here is made up by a program, to measure speed."
STARTS_ON, ENDS_ON, AS_OF = date(2023, 1, 1), date(2030, 12, 31), date(2026, 6, 30)
CURRENCIES = ("USD", "GBP")  # the euro is what rates are given in
BATCH = 2000

#: Per pillar: objectives below it, and how many objectives each of those has. With the pillars, 56.
BRANCHES = (4, 3, 3)

KINDS = {
    OrganisationType.NATIONAL_NGO: ("Shelter", "Advice Centre", "Community Association"),
    OrganisationType.INTERNATIONAL_NGO: ("Relief Network", "Alliance", "Action Group"),
    OrganisationType.GOVERNMENT: ("Ministry", "Labour Inspectorate", "Agency"),
    OrganisationType.ACADEMIC: ("Research Institute", "University"),
    OrganisationType.PRIVATE_SECTOR: ("Company", "Trade Association"),
    OrganisationType.MULTILATERAL: ("Regional Office", "Programme"),
}
FUNDERS = ("Foundation", "Fund", "Trust")


@dataclass(slots=True)
class Coalition:
    """What has been made so far; keys throughout."""

    random: Random
    strategy: Strategy
    #: The four pillars first, then what is below them.
    objectives: dict[int, Objective] = field(default_factory=dict)
    countries: list[int] = field(default_factory=list)
    regions: list[int] = field(default_factory=list)
    divisions: dict[int, list[int]] = field(default_factory=dict)
    members: list[int] = field(default_factory=list)
    funders: list[int] = field(default_factory=list)
    working_groups: list[int] = field(default_factory=list)
    made: dict[str, int] = field(default_factory=dict)

    def keep(self, model, rows) -> list:
        """Write rows in bulk and count them."""
        made = model.objects.bulk_create(rows, batch_size=BATCH)
        name = str(model._meta.verbose_name_plural)
        self.made[name] = self.made.get(name, 0) + len(made)
        return made

    def places(self) -> "Places":
        return Places(self)


class Places:
    """Draws places: half the time a country, else one of its divisions, now and then a region or nothing."""

    def __init__(self, coalition: Coalition) -> None:
        self._random = coalition.random
        self._countries = Skewed(coalition.random, coalition.countries)
        self._regions = Skewed(coalition.random, coalition.regions)
        self._divisions = {
            country: Skewed(coalition.random, divisions)
            for country, divisions in coalition.divisions.items()
        }

    def one(self) -> int:
        country = self._countries.one()
        kind = self._random.random()
        if kind < 0.05:
            return self._regions.one()
        if kind < 0.50 and country in self._divisions:
            return self._divisions[country].one()
        return country

    def some(self, count: int) -> list[int]:
        """Up to `count` different places."""
        return list(dict.fromkeys(self.one() for _ in range(count)))


@transaction.atomic
def make_coalition(activities: int, grants: int, seed: int = 1) -> dict[str, int]:
    """Make a coalition of this many activities and grants; what was made, by kind of record.

    The same seed makes the same coalition. Raises `StrategyThere` where there is a strategy, and changes nothing.
    """
    if there := Strategy.objects.order_by("pk").first():
        raise StrategyThere(there)
    if not Place.objects.exists():
        load_places()
    if not ExchangeRate.objects.filter(currency__in=CURRENCIES).exists():
        load_central_bank_rates(CURRENCIES)
    random = Random(seed)  # noqa: S311 draws records, not secrets
    coalition = Coalition(random, _strategy())
    _read_places(coalition)
    _make_organisations(coalition, max(12, activities // 10))
    _make_objectives(coalition)
    _make_requirements(coalition, pairs=max(20, grants // 2))
    made_grants = make_grants(coalition, grants)
    make_activities(coalition, activities, made_grants)
    rebuild_figures(coalition.strategy.pk)
    score_all()
    log_import(coalition.strategy, summary={"seed": seed, "made": coalition.made})
    return coalition.made


def _strategy() -> Strategy:
    strategy = Strategy.objects.create(
        title=TITLE,
        coalition_name="Synthetic coalition",
        starts_on=STARTS_ON,
        ends_on=ENDS_ON,
        reporting_currency="USD",
        as_of=AS_OF,
        status=StrategyStatus.IN_FORCE,
        notice=NOTICE,
    )
    PillarTarget.objects.bulk_create(
        PillarTarget(strategy=strategy, pillar=pillar, share=share)
        for pillar, share in zip(Pillar.values, (30, 35, 20, 15), strict=True)
    )
    return strategy


def _read_places(coalition: Coalition) -> None:
    divisions = defaultdict(list)
    rows = Place.objects.order_by("code").values_list("pk", "kind", "parent_id")
    for key, kind, parent in rows:
        if kind == PlaceKind.COUNTRY:
            coalition.countries.append(key)
        elif kind == PlaceKind.REGION:
            coalition.regions.append(key)
        elif kind == PlaceKind.DIVISION:
            divisions[parent].append(key)
    coalition.divisions = dict(divisions)


def _make_organisations(coalition: Coalition, count: int) -> None:
    """One in twelve gives money; all are examples, and say so in their names."""
    random, rows = coalition.random, []
    for number in range(1, count + 1):
        is_funder = number % 12 == 1
        kind = OrganisationType.FOUNDATION if is_funder else random.choice(list(KINDS))
        name = f"Example {random.choice(FUNDERS if is_funder else KINDS[kind])} {number}"
        rows.append(
            Organisation(
                name=name,
                folded=fold(name),
                slug=f"example-{number}",
                organisation_type=kind,
                country_id=random.choice(coalition.countries),
                is_member=not is_funder,
                is_funder=is_funder,
                is_example=True,
            )
        )
    for row in coalition.keep(Organisation, rows):
        (coalition.funders if row.is_funder else coalition.members).append(row.pk)
    groups = [WorkingGroup(name=f"Example working group {number}") for number in range(1, 6)]
    coalition.working_groups = [row.pk for row in coalition.keep(WorkingGroup, groups)]
    WorkingGroupMember.objects.bulk_create(
        WorkingGroupMember(
            group_id=group, organisation_id=organisation, role=random.choice(GroupRole.values)
        )
        for group in coalition.working_groups
        for organisation in random.sample(coalition.members, min(8, len(coalition.members)))
    )


def _make_objectives(coalition: Coalition) -> None:
    made, random = [], coalition.random

    def add(parent: Objective | None, pillar: int, code: str) -> Objective:
        title = Pillar(pillar).label if parent is None else f"Example objective {code}"
        node = Objective.objects.create(
            strategy=coalition.strategy,
            parent=parent,
            pillar=pillar,
            code=code,
            title=title,
            short_title=title,
            lead_organisation_id=None if parent is None else random.choice(coalition.members),
        )
        made.append(node)
        return node

    roots = [add(None, pillar, str(pillar)) for pillar in Pillar.values]
    for root in roots:
        for branch, leaves in enumerate(BRANCHES, 1):
            node = add(root, root.pillar, f"{root.code}.{branch}")
            for leaf in range(1, leaves + 1):
                add(node, root.pillar, f"{node.code}.{leaf}")
    coalition.objectives = {node.pk: node for node in made}
    coalition.made["objectives"] = len(made)


def _make_requirements(coalition: Coalition, pairs: int) -> None:
    """For about so many pairs of objective and place, what is asked for in some years on end.

    Most is asked for countries, some for divisions; of Partnership one in twenty for a whole region.
    """
    random, first = coalition.random, STARTS_ON.year
    objectives = Skewed(random, list(coalition.objectives), 0.7)
    places = Skewed(random, coalition.countries)
    regions = Skewed(random, coalition.regions)
    asked_for = set()
    for _ in range(pairs):
        objective, place, kind = objectives.one(), places.one(), random.random()
        if kind < 0.05 and coalition.objectives[objective].pillar == Pillar.PARTNERSHIP:
            place = regions.one()
        elif kind > 0.92:
            place = random.choice(coalition.divisions.get(place, [place]))
        asked_for.add((objective, place))
    rows = []
    for objective, place in sorted(asked_for):
        year = first + random.choice([0, 0, 0, 1, 2])
        asked = amount(random, 150_000)
        for step in range(random.randint(2, 8)):
            if year + step > ENDS_ON.year:
                break
            rows.append(
                Requirement(
                    objective_id=objective,
                    place_id=place,
                    year=year + step,
                    currency=one_of(random, {"USD": 18, "EUR": 2}),
                    amount_original=asked,
                    amount_revised=amount(random, 150_000) if random.random() < 0.1 else None,
                    basis_of_estimate="Made up by a program.",
                    source="Synthetic coalition",
                )
            )
    coalition.keep(Requirement, rows)
