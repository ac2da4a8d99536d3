"""What is measured for an objective: start, now and target; need and supply of capacities; small counts hidden."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.directory.models import Place
from portal.lib.numbers import decimal, whole
from portal.records.small_counts import Hidden, Shown, in_words, safe, suppress
from strategy.choices import Calculation, IndicatorKind
from strategy.models import Indicator, Measurement

from ..lens import Lens


@dataclass(frozen=True, slots=True)
class Level:
    """A value as this reader may see it: a number, the reason it is hidden, or None for no data."""

    value: Decimal | Hidden | None
    unit: str = ""

    @property
    def text(self) -> str:
        if isinstance(self.value, Decimal):
            number = decimal(self.value, max(-int(self.value.normalize().as_tuple().exponent), 0))
            return f"{number}%" if self.unit == "%" else number
        return in_words(self.value)

    @property
    def is_small(self) -> bool:
        return self.value is Hidden.BELOW_TEN

    @property
    def is_hidden(self) -> bool:
        return isinstance(self.value, Hidden)


@dataclass(frozen=True, slots=True)
class Reading:
    """One indicator on the as-of day."""

    indicator: Indicator
    now: Level
    baseline: Level
    target: Level
    as_of: date | None  # the latest measurement behind `now`
    places: int  # how many places were measured
    sources: tuple[str, ...]
    need: Level | None = None  # of a capacity: units needed and available
    available: Level | None = None
    gap: Level | None = None

    @property
    def is_capacity(self) -> bool:
        return self.indicator.kind == IndicatorKind.CAPACITY

    @property
    def reached(self) -> float | None:
        """How far from the start to the target, 0 to 100; None where one of them is not known or hidden."""
        if self.is_capacity:
            if self.need is None or self.available is None:
                return None
            return _part(self.available.value, self.need.value)
        start, now, target = self.baseline.value, self.now.value, self.target.value
        if not all(isinstance(value, Decimal) for value in (start, now, target)) or start == target:
            return None
        return min(max(float((now - start) / (target - start) * 100), 0.0), 100.0)

    @property
    def middle(self) -> float:
        """Where the words of `now` stand on the line, clear of those at its ends."""
        return min(max(self.reached or 0.0, 14.0), 86.0)

    @property
    def how(self) -> str:
        """How many places were put together, and in which way."""
        if self.places < 2:
            return ""
        words = {
            Calculation.SUM: ngettext("sum of %(n)s place", "sum of %(n)s places", self.places),
            Calculation.MAX: ngettext(
                "largest of %(n)s place", "largest of %(n)s places", self.places
            ),
            Calculation.AVERAGE: ngettext(
                "average of %(n)s place", "average of %(n)s places", self.places
            ),
            Calculation.LATEST: ngettext(
                "latest of %(n)s place", "latest of %(n)s places", self.places
            ),
        }[Calculation(self.indicator.across_places)]
        return words % {"n": whole(self.places)}


def _part(part, whole_) -> float | None:
    if not isinstance(part, Decimal) or not isinstance(whole_, Decimal) or not whole_:
        return None
    return min(float(part / whole_ * 100), 100.0)


def readings(lens: Lens) -> list[Reading]:
    """The indicators of the objectives in view, in the order of their codes. Two queries."""
    indicators, rows = _measured(lens)
    return [_reading(lens, indicator, rows[indicator.pk]) for indicator in indicators]


def readings_at(lens: Lens, places: Iterable[Place]) -> dict[int, list[Reading]]:
    """The same for each of these places, by their keys. Two queries, whatever the number of places."""
    indicators, rows = _measured(lens)
    return {
        place.pk: [
            _reading(lens.at(place=place), indicator, rows[indicator.pk])
            for indicator in indicators
        ]
        for place in places
    }


def _measured(lens: Lens) -> tuple[list[Indicator], dict[int, list[tuple]]]:
    """The indicators in view, and by their keys what was measured, in the order of places and days."""
    by_indicator: dict[int, list[tuple]] = defaultdict(list)
    order = {key: position for position, key in enumerate(lens.in_view)}
    indicators = list(Indicator.objects.visible_to(lens.viewer).filter(objective__in=order))
    indicators.sort(key=lambda one: (order[one.objective_id], one.title))
    if not indicators:
        return [], by_indicator
    rows = Measurement.objects.visible_to(lens.viewer).filter(
        indicator__in=indicators, measured_on__lte=lens.as_of
    )
    columns = (
        "indicator", "place", "measured_on", "value", "need", "available", "source", "place__lft", "place__rgt",
    )  # fmt: skip
    for key, *rest in rows.order_by("indicator", "place", "measured_on").values_list(*columns):
        by_indicator[key].append(tuple(rest))
    return indicators, by_indicator


def _reading(lens: Lens, indicator: Indicator, rows: Sequence[tuple]) -> Reading:
    hides = indicator.counts_people and not lens.viewer.is_secretariat
    inside = [
        row
        for row in rows
        if lens.place is None or (lens.place.lft <= row[6] and row[7] <= lens.place.rgt)
    ]
    keys = {row[0] for row in inside}

    def level(across: dict[int, Decimal], how: str) -> Level:
        if hides:
            return Level(_hidden(across, keys, how), indicator.unit)
        return Level(_together([across[key] for key in across if key in keys], how), indicator.unit)

    def told(value: Decimal | None) -> Level:
        if value is None or not hides:
            return Level(value, indicator.unit)
        return Level(_decimal(safe(int(value))), indicator.unit)

    need = available = gap = None
    now = level(_by_place(rows, 2, indicator.across_periods), indicator.across_places)
    if indicator.kind == IndicatorKind.CAPACITY:
        needs, supply = (_by_place(rows, column, indicator.across_periods) for column in (3, 4))
        gaps = {
            key: max(Decimal(0), value - supply.get(key, Decimal(0)))
            for key, value in needs.items()
        }
        need, available, gap = (level(values, Calculation.SUM) for values in (needs, supply, gaps))
    return Reading(
        indicator,
        now,
        told(indicator.baseline_value),
        told(indicator.target_value),
        max((row[1] for row in inside), default=None),
        len(keys),
        tuple(dict.fromkeys(row[5] for row in inside))[:3],
        need,
        available,
        gap,
    )


def _by_place(rows: Iterable[tuple], column: int, across_periods: str) -> dict[int, Decimal]:
    """One value per place, of its measurements in order of their days."""
    values: dict[int, list[Decimal]] = defaultdict(list)
    for row in rows:
        if row[column] is not None:
            values[row[0]].append(Decimal(row[column]))
    return {place: _together(found, across_periods) for place, found in values.items()}


def _together(values: Sequence[Decimal], how: str) -> Decimal | None:
    """Values in order of their days as one; an average to two decimals. None for none."""
    if not values:
        return None
    if how == Calculation.SUM:
        return sum(values, Decimal(0))
    if how == Calculation.MAX:
        return max(values)
    if how == Calculation.AVERAGE:
        return (sum(values, Decimal(0)) / len(values)).quantize(Decimal("0.01"))
    return values[-1]


def _hidden(across: dict[int, Decimal], keys: set[int], how: str) -> Decimal | Hidden | None:
    """A count of people as others than the secretariat see it, so that no small one can be worked out.

    The counts of all places are hidden together with their sum, whichever of them the reader looks at.
    """
    places = list(across)
    wanted = [place for place in places if place in keys]
    if not wanted:
        return None
    table = suppress([[int(across[place]) for place in places]])
    cells: dict[int, Shown] = dict(zip(places, table.cells[0], strict=True))
    if len(wanted) == 1:
        return _decimal(cells[wanted[0]])
    if how == Calculation.SUM and len(wanted) == len(places):
        return _decimal(table.total)
    if any(isinstance(cells[place], Hidden) for place in wanted):
        return Hidden.WITH_OTHERS
    value = _together([across[place] for place in wanted], how)
    return None if value is None else _decimal(safe(int(value)))


def _decimal(value: Shown) -> Decimal | Hidden | None:
    return Decimal(value) if isinstance(value, int) else value


def kind_words(indicator: Indicator) -> str:
    """Said beside the title of what is not an outcome."""
    if indicator.kind == IndicatorKind.CONTEXT:
        return _("Context: it says where to look, not how well the work went.")
    if indicator.kind == IndicatorKind.CAPACITY:
        return _("Capacity: what is needed and what there is.")
    return ""
