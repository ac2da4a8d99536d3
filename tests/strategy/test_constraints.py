from datetime import date
from decimal import Decimal

import pytest

from strategy.models import PillarTarget, SummaryCell
from tests.constraints import again, assert_refused, constraints_of, put
from tests.factories import (
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

pytestmark = pytest.mark.django_db


def target(share=40):
    return PillarTarget.objects.create(strategy=strategy_in_force(), pillar=1, share=Decimal(share))


def second_root():
    root = pillar_root(1)
    root.code = "1.9"
    again(root)


def second_in_force():
    StrategyFactory()
    StrategyFactory()


def cell():
    return SummaryCell.objects.create(
        strategy=strategy_in_force(), audience=1, place_key=0, objective_key=0, year=2026
    )


def itself():
    objective = ObjectiveFactory()
    put(objective, parent=objective)


REFUSED = {
    "strategy_strategy_ends_after_start": lambda: put(StrategyFactory(), ends_on=date(2000, 1, 1)),
    "strategy_strategy_month_of_year": lambda: put(StrategyFactory(), year_start_month=13),
    "strategy_strategy_one_in_force": second_in_force,
    "strategy_objective_code_once": lambda: again(ObjectiveFactory()),
    "strategy_objective_one_root_per_pillar": second_root,
    "strategy_objective_one_of_four_pillars": lambda: put(ObjectiveFactory(), pillar=5),
    "strategy_objective_not_its_own_parent": itself,
    "strategy_target_once": lambda: again(target()),
    "strategy_target_share_is_percentage": lambda: put(target(), share=101),
    "strategy_requirement_not_negative": lambda: put(RequirementFactory(), amount_revised=-1),
    "strategy_requirement_says_its_basis": lambda: put(RequirementFactory(), basis_of_estimate=""),
    "strategy_expectation_ends_after_start": lambda: put(ExpectationFactory(), year_to=2000),
    "strategy_expectation_once": lambda: again(ExpectationFactory()),
    "strategy_indicator_baseline_has_year": lambda: put(IndicatorFactory(), baseline_value=1),
    "strategy_indicator_target_has_year": lambda: put(IndicatorFactory(), target_year=2027),
    "strategy_measurement_once": lambda: again(MeasurementFactory()),
    "strategy_measurement_says_something": lambda: put(MeasurementFactory(), value=None),
    "strategy_measurement_need_and_supply": lambda: put(MeasurementFactory(), need=3),
    "strategy_rate_once_a_day": lambda: again(ExchangeRateFactory()),
    "strategy_rate_above_zero": lambda: put(ExchangeRateFactory(), rate=0),
    "strategy_summary_cell_once": lambda: again(cell()),
}


@pytest.mark.parametrize("name", REFUSED)
def test_database_refuses(name):
    assert_refused(name, REFUSED[name])


def test_every_constraint_is_tried():
    assert set(REFUSED) == constraints_of("strategy")
