"""Two people changed one activity: both versions side by side, part by part, and one of each is chosen."""

import json
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.choices import (
    ActivityStatus,
    DeliveryMode,
    Exploitation,
    OrganisationRole,
    Population,
)
from activities.models import Activity
from activities.saving import ActivityData, data_of
from portal.directory.models import Organisation, Place, WorkingGroup
from portal.history.services import history_of
from portal.lib.numbers import day, money_full, percent_exact, whole
from portal.records.choices import LocationPrecision, Visibility
from strategy.models import Objective

from .typed import Typed, typed_of

MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True, slots=True)
class Part:
    """What is decided as one: parts of `ActivityData`, and the fields of the form (by how their names begin)."""

    label: str
    names: tuple[str, ...]
    fields: tuple[str, ...]


PARTS = {
    "objective": Part(
        gettext_lazy("Objectives"), ("objectives",), ("objective", "objective_share-")
    ),
    "place": Part(gettext_lazy("Places"), ("places",), ("place", "place_share-")),
    "start": Part(
        gettext_lazy("Starts"), ("planned_start",), ("start_month", "start_year", "start_day")
    ),
    "end": Part(gettext_lazy("Ends"), ("planned_end",), ("end_month", "end_year", "end_day")),
    "status": Part(gettext_lazy("Status"), ("activity_status",), ("status",)),
    "title": Part(gettext_lazy("Title"), ("title",), ("title",)),
    "description": Part(gettext_lazy("What you will do"), ("description",), ("description",)),
    "delivery": Part(gettext_lazy("Kind of work"), ("mode_of_delivery",), ("delivery",)),
    "population": Part(gettext_lazy("People"), ("populations",), ("population",)),
    "people": Part(gettext_lazy("About how many"), ("people_expected",), ("people",)),
    "exploitation": Part(
        gettext_lazy("Forms of exploitation"), ("exploitations",), ("exploitation",)
    ),
    "partner": Part(gettext_lazy("Partners"), ("participants",), ("partner", "role-")),
    "budget": Part(
        gettext_lazy("Budget"), ("budget_amount", "budget_currency"), ("budget", "currency")
    ),
    "sharing": Part(
        gettext_lazy("Who may see it"), ("visibility", "working_groups"), ("visibility", "group")
    ),
    "precision": Part(
        gettext_lazy("How precisely others see the place"), ("location_precision",), ("precision",)
    ),
    "contact": Part(gettext_lazy("Contact"), ("contact",), ("contact",)),
}


def page(activity: Activity, mine: ActivityData, typed: Typed) -> dict:
    """The parts in which the record and what was sent differ, with the one to keep proposed, and all that was typed."""
    theirs = data_of(activity)
    base = _base(typed)
    rows = [
        {
            "key": key,
            "label": part.label,
            "mine": words(key, mine),
            "theirs": words(key, theirs),
            "keep": _proposed(part, base, typed, typed_of(theirs)),
        }
        for key, part in PARTS.items()
        if _of(mine, part) != _of(theirs, part)
    ]
    last = history_of(activity).first()
    fields = [
        (name, value)
        for name, texts in typed.items()
        for value in texts
        if name not in {"csrfmiddlewaretoken", "token", "version", "base", "resolve", "action"}
        and not name.startswith("keep-")
    ]
    fields += [("version", theirs.version), ("base", json.dumps(typed_of(theirs)))]
    return {
        "activity": activity,
        "rows": rows,
        "fields": fields,
        "who": last.user_display_name if last else "",
        "by": last.user_id if last else None,
        "when": last.timestamp if last else activity.updated_at,
    }


def resolved(typed: Typed, stored: ActivityData) -> Typed:
    """What was typed, with the parts in which the other version was chosen taken from the record."""
    theirs = typed_of(stored)
    found = dict(typed)
    for key, part in PARTS.items():
        if typed.one(f"keep-{key}") == THEIRS:
            found = {name: texts for name, texts in found.items() if not _belongs(name, part)}
            found |= {name: texts for name, texts in theirs.items() if _belongs(name, part)}
    return Typed(found)


def words(key: str, data: ActivityData) -> list[str]:
    """A part of an activity as lines of text."""
    return [str(line) for line in _WORDS[key](data)] or [_("nothing")]


def _of(data: ActivityData, part: Part) -> tuple:
    return tuple(getattr(data, name) for name in part.names)


def _belongs(name: str, part: Part) -> bool:
    return any(
        name.startswith(field) if field.endswith("-") else name == field for field in part.fields
    )


def _base(typed: Typed) -> Typed | None:
    """What the record said when the writer began; None where the form does not say."""
    try:
        found = json.loads(typed.one("base"))
    except ValueError:
        return None
    return Typed(found) if isinstance(found, dict) else None


def _proposed(part: Part, base: Typed | None, mine: Typed, theirs: Typed) -> str:
    """The version of whoever changed this part; the writer's own where both did."""
    if base is None:
        return MINE

    def fields(typed):
        return {name: texts for name, texts in typed.items() if _belongs(name, part) and any(texts)}

    return THEIRS if fields(base) == fields(mine) != fields(theirs) else MINE


def _shares(model, shares):
    found = model.objects.in_bulk(shares)
    return [f"{found[key]}: {percent_exact(share)}" for key, share in shares.items()]


def _participants(data: ActivityData):
    found = Organisation.objects.in_bulk({key for key, _role in data.participants})
    rows = [(found[key].name, OrganisationRole(role).label) for key, role in data.participants]
    return [f"{name} ({role})" for name, role in sorted(rows)]


def _sharing(data: ActivityData):
    groups = WorkingGroup.objects.filter(pk__in=data.working_groups)
    return [Visibility(data.visibility).label, *groups]


def _labels(choices, chosen):
    return [label for value, label in choices.choices if value in chosen]


_WORDS = {
    "objective": lambda data: _shares(Objective, data.objectives),
    "place": lambda data: _shares(Place, data.places),
    "start": lambda data: [day(data.planned_start)],
    "end": lambda data: [day(data.planned_end)],
    "status": lambda data: [ActivityStatus(data.activity_status).label],
    "title": lambda data: [data.title],
    "description": lambda data: data.description.splitlines(),
    "delivery": lambda data: _labels(DeliveryMode, [data.mode_of_delivery]),
    "population": lambda data: _labels(Population, data.populations),
    "people": lambda data: [] if data.people_expected is None else [whole(data.people_expected)],
    "exploitation": lambda data: _labels(Exploitation, data.exploitations),
    "partner": _participants,
    "budget": lambda data: (
        [] if data.budget_amount is None else [money_full(data.budget_amount, data.budget_currency)]
    ),
    "sharing": _sharing,
    "precision": lambda data: [LocationPrecision(data.location_precision).label],
    "contact": lambda data: [data.contact] if data.contact else [],
}
