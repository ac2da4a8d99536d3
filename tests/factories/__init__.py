"""Records for tests: each factory makes one valid record, and what it needs around it."""

from .activities import ActivityFactory, PeopleReachedFactory
from .directory import (
    MembershipFactory,
    OrganisationFactory,
    PlaceFactory,
    UserFactory,
    WorkingGroupFactory,
    world,
)
from .grants import (
    ActivityFundingFactory,
    AllocationFactory,
    GrantFactory,
    LinkGroupFactory,
    TransactionFactory,
)
from .strategy import (
    ExchangeRateFactory,
    ExpectationFactory,
    IndicatorFactory,
    MeasurementFactory,
    ObjectiveFactory,
    RequirementFactory,
    StrategyFactory,
    pillar_root,
    strategy_in_force,
)

__all__ = [
    "ActivityFactory",
    "ActivityFundingFactory",
    "AllocationFactory",
    "ExchangeRateFactory",
    "ExpectationFactory",
    "GrantFactory",
    "IndicatorFactory",
    "LinkGroupFactory",
    "MeasurementFactory",
    "MembershipFactory",
    "ObjectiveFactory",
    "OrganisationFactory",
    "PeopleReachedFactory",
    "PlaceFactory",
    "RequirementFactory",
    "StrategyFactory",
    "TransactionFactory",
    "UserFactory",
    "WorkingGroupFactory",
    "pillar_root",
    "strategy_in_force",
    "world",
]
