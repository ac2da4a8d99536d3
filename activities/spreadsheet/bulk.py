"""Many activities at once: read with few queries, written with few statements, their history kept.

An activity's values are a dict by the keys of `columns.py`: organisations, objectives and places by key, shares as
key -> percentage. `save` and its consequences (review, held texts, summary) are the importer's matter.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from wagtail.models import ModelLogEntry

from portal.lib.bulk import insert
from portal.lib.text import fold

from ..models import (
    Activity,
    ActivityExploitation,
    ActivityIdentifier,
    ActivityObjective,
    ActivityPlace,
    ActivityPopulation,
    Participant,
)

Values = dict[str, Any]

BATCH = 500
#: Values that are fields of the record itself.
PLAIN = (
    "title",
    "description",
    "activity_status",
    "planned_start",
    "planned_end",
    "actual_start",
    "actual_end",
    "mode_of_delivery",
    "people_expected",
    "budget_amount",
    "budget_currency",
    "visibility",
    "location_precision",
    "contact",
)
#: The identifiers that an organisation gives itself have this in front of its slug.
OWN_NUMBER = "own:"


def own_source(slug: str) -> str:
    return f"{OWN_NUMBER}{slug}"[:120]


def read_values(keys: Collection[int]) -> dict[int, Values]:
    """The values of activities by key. Eight queries for each thousand."""
    found: dict[int, Values] = {}
    keys = list(keys)
    for start in range(0, len(keys), 1000):
        found.update(_read_some(keys[start : start + 1000]))
    return found


def _read_some(keys: Sequence[int]) -> dict[int, Values]:
    fields = ("pk", "reporting_organisation_id", *PLAIN)
    values = {
        row[0]: {
            "reporting_organisation": row[1],
            **dict(zip(PLAIN, row[2:], strict=True)),
            "objectives": {},
            "places": {},
            "reference": "",
        }
        for row in Activity.objects.filter(pk__in=keys).order_by().values_list(*fields)
    }
    for model, name, other in (
        (ActivityObjective, "objectives", "objective_id"),
        (ActivityPlace, "places", "place_id"),
    ):
        for key, node, share in _parts(model, keys, other, "share"):
            values[key][name][node] = share
    sets: dict[tuple[int, str], set] = defaultdict(set)
    for key, group in _parts(ActivityPopulation, keys, "group"):
        sets[key, "populations"].add(group)
    for key, form in _parts(ActivityExploitation, keys, "form"):
        sets[key, "exploitations"].add(form)
    for key, organisation, role in _parts(Participant, keys, "organisation_id", "role"):
        sets[key, "participants"].add((organisation, role))
    through = Activity.working_groups.through.objects.filter(activity_id__in=keys)
    for key, group in through.values_list("activity_id", "workinggroup_id"):
        sets[key, "working_groups"].add(group)
    for key, some in values.items():
        for name in ("populations", "exploitations", "participants", "working_groups"):
            some[name] = frozenset(sets.get((key, name), ()))
    own = ActivityIdentifier.objects.filter(activity__in=keys, source__startswith=OWN_NUMBER)
    for key, number in own.order_by("-pk").values_list("activity_id", "identifier"):
        values[key]["reference"] = number
    return values


def _parts(model, keys, *fields):
    return model.objects.filter(activity__in=keys).order_by().values_list("activity_id", *fields)


def plain(value: Any) -> Any:
    """A value as JSON, the same for equal values."""
    if isinstance(value, Mapping):
        return sorted([key, plain(part)] for key, part in value.items())
    if isinstance(value, frozenset):
        return sorted((list(part) if isinstance(part, tuple) else part) for part in value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else value


def from_plain(name: str, value: Any) -> Any:
    """The value that `plain` made JSON of."""
    if name in ("objectives", "places"):
        return {key: Decimal(share) for key, share in value}
    if name == "participants":
        return frozenset((key, role) for key, role in value)
    if name in ("populations", "exploitations", "working_groups"):
        return frozenset(value)
    if value is not None and name in ("planned_start", "planned_end", "actual_start", "actual_end"):
        return date.fromisoformat(value)
    if value is not None and name == "budget_amount":
        return Decimal(value)
    return value


def make(
    many: Sequence[Values], *, review_state: str, by, now: datetime, slugs: Mapping[int, str]
) -> list[Activity]:
    """New activities with these values, in their order, with their keys."""
    made = [
        Activity(
            reporting_organisation_id=values["reporting_organisation"],
            **{name: values[name] for name in PLAIN},
            folded=fold(f"{values['title']} {values['description']}"),
            budget_value_date=None if values["budget_amount"] is None else now.date(),
            objective_total=100 if values["objectives"] else 0,
            place_total=100 if values["places"] else 0,
            review_state=review_state,
            confirmed_at=now,
            confirmed_by=by,
        )
        for values in many
    ]
    Activity.objects.bulk_create(made, batch_size=BATCH)
    pairs = [(one.pk, values) for one, values in zip(made, many, strict=True)]
    for name in _WRITERS:
        _WRITERS[name](pairs)
    _write_references(pairs, slugs)
    return made


def change(
    many: Mapping[int, Values], before: Mapping[int, Values], *, by, now: datetime, slugs: Mapping[int, str]
) -> None:  # fmt: skip
    """Bring activities to these values. before: what they are now, as `read_values` read it under the lock."""
    rows = []
    for key, values in many.items():
        old = before[key]
        fresh = {name: values[name] for name in PLAIN if values[name] != old[name]}
        if fresh.keys() & {"title", "description"}:
            fresh["folded"] = fold(f"{values['title']} {values['description']}")
        if fresh.keys() & {"budget_amount", "budget_currency"}:
            fresh["budget_value_date"] = None if values["budget_amount"] is None else now.date()
        if fresh.keys() & {"planned_start", "planned_end"}:
            fresh["dates_assumed"] = False
        fresh["objective_total"] = 100 if values["objectives"] else 0
        fresh["place_total"] = 100 if values["places"] else 0
        if by is not None:
            fresh |= {"confirmed_at": now, "confirmed_by_id": by.pk}
        rows.append((key, fresh | {"updated_at": now}))
    _update(rows)
    for name, write in _WRITERS.items():
        pairs = [(key, values) for key, values in many.items() if values[name] != before[key][name]]
        if pairs:
            _REMOVERS[name]([key for key, _values in pairs])
            write(pairs)
    pairs = [
        (key, one) for key, one in many.items() if one["reference"] != before[key]["reference"]
    ]
    if pairs:
        ActivityIdentifier.objects.filter(
            activity__in=[key for key, _values in pairs], source__startswith=OWN_NUMBER
        ).delete()
        _write_references(pairs, slugs)


def set_fields(keys: Iterable[int], **fields: Any) -> None:
    """The same fields of many activities."""
    keys = list(keys)
    for start in range(0, len(keys), BATCH):
        Activity.objects.filter(pk__in=keys[start : start + BATCH]).update(**fields)


def _update(rows: Sequence[tuple[int, Values]]) -> None:
    """Fields by key; rows with the same fields go in one statement, many times over."""
    alike: dict[tuple[str, ...], list[tuple[int, Values]]] = defaultdict(list)
    for key, fields in rows:
        alike[tuple(sorted(fields))].append((key, fields))
    meta = Activity._meta
    by_name = {field.attname: field for field in meta.concrete_fields}
    with connection.cursor() as cursor:
        for names, group in alike.items():
            fields = [by_name[name] for name in names]
            marks = ", ".join(f'"{field.column}" = %s' for field in fields)
            cursor.executemany(
                f'UPDATE "{meta.db_table}" SET {marks} WHERE id = %s',  # noqa: S608 our own names
                [
                    [*(field.get_db_prep_save(values[field.attname], connection) for field in fields), key]
                    for key, values in group
                ],
            )  # fmt: skip


def _writer(model, rows_of):
    def write(pairs: Iterable[tuple[int, Values]]) -> None:
        insert([model(activity_id=key, **row) for key, values in pairs for row in rows_of(values)])

    return write


def _write_groups(pairs: Iterable[tuple[int, Values]]) -> None:
    through = Activity.working_groups.through
    through.objects.bulk_create(
        through(activity_id=key, workinggroup_id=group)
        for key, values in pairs
        for group in sorted(values["working_groups"])
    )


def _write_references(pairs: Iterable[tuple[int, Values]], slugs: Mapping[int, str]) -> None:
    insert(
        [
            ActivityIdentifier(
                activity_id=key,
                source=own_source(slugs[values["reporting_organisation"]]),
                identifier=values["reference"],
            )
            for key, values in pairs
            if values["reference"]
        ]
    )


_WRITERS = {
    "objectives": _writer(
        ActivityObjective,
        lambda values: (
            {"objective_id": key, "share": share} for key, share in values["objectives"].items()
        ),
    ),
    "places": _writer(
        ActivityPlace,
        lambda values: (
            {"place_id": key, "share": share} for key, share in values["places"].items()
        ),
    ),
    "populations": _writer(
        ActivityPopulation, lambda values: ({"group": one} for one in sorted(values["populations"]))
    ),
    "exploitations": _writer(
        ActivityExploitation,
        lambda values: ({"form": one} for one in sorted(values["exploitations"])),
    ),
    "participants": _writer(
        Participant,
        lambda values: (
            {"organisation_id": key, "role": role} for key, role in sorted(values["participants"])
        ),
    ),
    "working_groups": _write_groups,
}


def _remover(model):
    def remove(keys: Sequence[int]) -> None:
        for start in range(0, len(keys), BATCH):
            some = model.objects.filter(activity_id__in=keys[start : start + BATCH])
            some._raw_delete(some.db)  # no other table points to these

    return remove


_REMOVERS = {
    "objectives": _remover(ActivityObjective),
    "places": _remover(ActivityPlace),
    "populations": _remover(ActivityPopulation),
    "exploitations": _remover(ActivityExploitation),
    "participants": _remover(Participant),
    "working_groups": _remover(Activity.working_groups.through),
}


def log_rows(rows: Iterable[tuple[int, str, str, dict]], *, by, now: datetime) -> None:
    """An entry in the history of each activity: key, title, action, changes. One act: all share its number."""
    act, kind = uuid4(), ContentType.objects.get_for_model(Activity)
    insert(
        [
            ModelLogEntry(
                content_type=kind,
                object_id=str(key),
                label=title,
                action=action,
                data={"changes": changes},
                user=by,
                timestamp=now,
                uuid=act,
                content_changed=True,
                deleted=False,
            )
            for key, title, action, changes in rows
        ]
    )
