from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from strategy.choices import Pillar, StrategyStatus
from strategy.models import (
    ExchangeRate,
    Expectation,
    Indicator,
    Measurement,
    Objective,
    Requirement,
    Strategy,
)

from .directory import PlaceFactory


class StrategyFactory(DjangoModelFactory):
    """The strategy in force (there can be one): 2024 to 2027, US dollars, as of 30 June 2026."""

    class Meta:
        model = Strategy

    title = factory.Sequence(lambda n: f"Strategy {n}")
    coalition_name = "Coalition"
    starts_on = date(2024, 1, 1)
    ends_on = date(2027, 12, 31)
    reporting_currency = "USD"
    as_of = date(2026, 6, 30)
    status = StrategyStatus.IN_FORCE


def strategy_in_force():
    """The strategy in force; made where there is none."""
    return Strategy.objects.in_force() or StrategyFactory()


def pillar_root(pillar=Pillar.PREVENTION, strategy=None):
    """The objective that is the pillar itself; made where there is none."""
    strategy = strategy or strategy_in_force()
    return Objective.objects.get_or_create(
        strategy=strategy,
        pillar=pillar,
        parent=None,
        defaults={
            "code": str(int(pillar)),
            "title": Pillar(pillar).label,
            "short_title": Pillar(pillar).label,
        },
    )[0]


class ObjectiveFactory(DjangoModelFactory):
    """An objective with the next free code under its pillar (`pillar=2`) or its `parent`."""

    class Meta:
        model = Objective

    pillar = Pillar.PREVENTION
    strategy = factory.LazyFunction(strategy_in_force)
    parent = factory.LazyAttribute(lambda o: pillar_root(o.pillar, o.strategy))
    code = factory.LazyAttribute(lambda o: f"{o.parent.code}.{o.parent.children.count() + 1}")
    title = factory.LazyAttribute(lambda o: f"Objective {o.code}")
    short_title = factory.LazyAttribute(lambda o: f"Objective {o.code}")

    @classmethod
    def _generate(cls, strategy, params):
        # What stands under an objective belongs to its pillar and its strategy.
        parent = params.get("parent")
        if parent is not None:
            params = {"pillar": parent.pillar, "strategy": parent.strategy, **params}
        return super()._generate(strategy, params)


class RequirementFactory(DjangoModelFactory):
    """1,000.00 in the strategy's currency, asked for 2026."""

    class Meta:
        model = Requirement

    objective = factory.SubFactory(ObjectiveFactory)
    place = factory.SubFactory(PlaceFactory)
    year = 2026
    currency = factory.LazyAttribute(lambda o: o.objective.strategy.reporting_currency)
    amount_original = Decimal("1000.00")
    amount_revised = None
    basis_of_estimate = "Counted from last year's costs."
    source = "Costing of the coalition"

    @factory.lazy_attribute
    def amount_minor(self):
        if self.currency != self.objective.strategy.reporting_currency:
            return None
        amount = self.amount_original if self.amount_revised is None else self.amount_revised
        return int(Decimal(amount) * 100)


class ExpectationFactory(DjangoModelFactory):
    class Meta:
        model = Expectation

    objective = factory.SubFactory(ObjectiveFactory)
    place = factory.SubFactory(PlaceFactory)
    year_from = 2024
    year_to = 2027
    source = "Strategy"


class IndicatorFactory(DjangoModelFactory):
    class Meta:
        model = Indicator

    objective = factory.SubFactory(ObjectiveFactory)
    title = factory.Sequence(lambda n: f"Indicator {n}")
    slug = factory.Sequence(lambda n: f"indicator-{n}")
    unit = "countries"


class MeasurementFactory(DjangoModelFactory):
    class Meta:
        model = Measurement

    indicator = factory.SubFactory(IndicatorFactory)
    place = factory.SubFactory(PlaceFactory)
    measured_on = date(2026, 1, 1)
    value = Decimal("10")
    source = "Survey"


class ExchangeRateFactory(DjangoModelFactory):
    class Meta:
        model = ExchangeRate

    currency = "USD"
    day = date(2026, 1, 1)
    rate = Decimal("1.1")
    source = "European Central Bank"
