"""The money that similar activities plan to spend: budgets in the strategy's currency, no record twice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from activities.models import Activity
from portal.dashboards.lens import Lens
from portal.lib.numbers import money, money_full
from strategy.rates import Converter


@dataclass(frozen=True, slots=True)
class Budget:
    """One activity's planned money. link: the group of records it is one with, or None."""

    activity: int
    amount: Decimal | None
    currency: str
    day: date | None
    link: int | None
    position: int


@dataclass(frozen=True, slots=True)
class Planned:
    """What several activities plan to spend together, in cents; records linked as one counted once."""

    cents: int
    currency: str
    without_budget: int = 0
    unconverted: int = 0  # budgets in a currency without a rate for their day

    @property
    def is_known(self) -> bool:
        return self.cents > 0

    @property
    def text(self) -> str:
        return money(self.cents, self.currency)

    @property
    def full(self) -> str:
        return money_full(self.cents, self.currency)


def budgets_of(activities: QuerySet[Activity]) -> dict[int, Budget]:
    """Budgets by the keys of their activities. One query."""
    rows = activities.annotate(day=Coalesce("budget_value_date", "planned_start")).order_by()
    found = rows.values_list(
        "pk", "budget_amount", "budget_currency", "day", "link_group", "link_position"
    )
    return {row[0]: Budget(*row) for row in found}


def once(budgets: Iterable[Budget]) -> list[Budget]:
    """Of records that are one activity, the first in their order."""
    kept: dict[tuple, Budget] = {}
    for budget in budgets:
        key = ("one", budget.activity) if budget.link is None else ("link", budget.link)
        other = kept.get(key)
        if other is None or budget.position < other.position:
            kept[key] = budget
    return list(kept.values())


class Purse:
    """The budgets of a page's activities, converted with rates that are read once."""

    def __init__(self, lens: Lens, budgets: Mapping[int, Budget]):
        self.currency = lens.currency
        self.budgets = budgets
        self._converter = Converter(lens.currency)
        self._converter.load(
            {(one.currency, one.day) for one in budgets.values() if one.currency and one.day}
        )
        self._cents: dict[int, int | None] = {}

    def cents(self, activity: int) -> int | None:
        """A budget in cents of the strategy's currency; None without an amount, a day or a rate."""
        if activity not in self._cents:
            self._cents[activity] = self._converted(self.budgets[activity])
        return self._cents[activity]

    def _converted(self, budget: Budget) -> int | None:
        if budget.amount is None:
            return None
        found = self._converter.convert(budget.amount, budget.currency, budget.day)
        return None if found is None else found.amount_minor

    def together(self, activities: Iterable[int] | None = None) -> Planned:
        """What these activities (None: all) plan to spend together."""
        keys = self.budgets if activities is None else activities
        counted = once(self.budgets[key] for key in keys if key in self.budgets)
        amounts = [(one, self.cents(one.activity)) for one in counted]
        return Planned(
            sum(cents for _one, cents in amounts if cents is not None),
            self.currency,
            sum(one.amount is None for one in counted),
            sum(cents is None and one.amount is not None for one, cents in amounts),
        )
