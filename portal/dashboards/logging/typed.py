"""What was typed into the form of an activity, and an activity as it would be typed."""

import re
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError

from activities.saving import ActivityData
from strategy.analysis.split import largest_remainder

from . import values


class Typed(dict):
    """What was typed: `{field: [text, ...]}`."""

    @classmethod
    def of(cls, querydict) -> "Typed":
        return cls({name: list(values_) for name, values_ in querydict.lists()})

    def one(self, name: str) -> str:
        return (self.get(name) or [""])[-1]

    def all(self, name: str) -> list[str]:
        return self.get(name) or []

    def keys_of(self, name: str) -> list[int]:
        """Keys of records, each once, in the order they were chosen; what is no key is left out."""
        found = [int(text) for text in self.all(name) if re.fullmatch(r"[0-9]{1,18}", text)]
        return list(dict.fromkeys(found))


def equal_shares(count: int) -> list[Decimal]:
    """100 in equal parts of six decimals, the first ones larger where it does not divide; none for none."""
    if not count:
        return []
    parts = largest_remainder(100_000_000, [1] * count)
    return [Decimal(part).scaleb(-6) for part in parts]


def or_zero(text: str) -> Decimal:
    """A share as typed; 0 where it is none, or none yet."""
    try:
        return values.share(text)
    except ValidationError:
        return Decimal(0)


def typed_of(data: ActivityData) -> Typed:
    """The form as it stands filled in with `data`."""
    typed = {
        "organisation": [str(data.reporting_organisation)],
        "title": [data.title],
        "description": [data.description],
        "status": [data.activity_status],
        "delivery": [data.mode_of_delivery],
        "population": sorted(data.populations),
        "exploitation": sorted(data.exploitations),
        "people": ["" if data.people_expected is None else str(data.people_expected)],
        "partner": sorted({str(key) for key, _role in data.participants}),
        "budget": ["" if data.budget_amount is None else _number(data.budget_amount)],
        "currency": [data.budget_currency],
        "visibility": [data.visibility],
        "group": sorted(map(str, data.working_groups)),
        "precision": [data.location_precision],
        "contact": [data.contact],
        **_typed_day("start", data.planned_start, last=False),
        **_typed_day("end", data.planned_end, last=True),
    }
    for name, shares in (("objective", data.objectives), ("place", data.places)):
        typed[name] = [str(key) for key in shares]
        typed |= {f"{name}_share-{key}": [_number(share)] for key, share in shares.items()}
    for key, role in sorted(data.participants):
        typed.setdefault(f"role-{key}", []).append(role)
    return Typed(typed)


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _typed_day(name: str, day: date | None, *, last: bool) -> dict[str, list[str]]:
    if day is None:
        return {}
    plain = values.day(str(day.month), str(day.year), "", last=last)
    return {
        f"{name}_month": [str(day.month)],
        f"{name}_year": [str(day.year)],
        f"{name}_day": ["" if day == plain else str(day.day)],
    }
