"""The values of a record as history keeps them: plain JSON, foreign keys by their key."""

from datetime import date, datetime
from decimal import Decimal

#: Bookkeeping that says nothing about what a person changed.
UNTRACKED = frozenset({"created_at", "updated_at", "password", "last_login", "folded"})


def plain(value):
    """A JSON value for `value`: decimals and dates as text, everything else as it is."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | str | list | dict):
        return value
    return str(value)


def values_of(instance):
    """`{attname: value}` of the concrete fields that are loaded and tracked."""
    deferred = instance.get_deferred_fields()
    return {
        field.attname: plain(field.value_from_object(instance))
        for field in instance._meta.concrete_fields
        if field.name not in UNTRACKED and field.attname not in deferred
    }


def values_from(instance, attnames, values):
    """`{attname: value}` of the tracked fields among those that a database row held."""
    fields = {field.attname: field for field in instance._meta.concrete_fields}
    return {
        name: plain(value)
        for name, value in zip(attnames, values, strict=True)
        if fields[name].name not in UNTRACKED
    }


def changes_between(before, after):
    """`{field: [old, new]}` for what differs; a missing side is None."""
    names = [*after, *(name for name in before if name not in after)]
    return {
        name: [before.get(name), after.get(name)]
        for name in names
        if before.get(name) != after.get(name)
    }
