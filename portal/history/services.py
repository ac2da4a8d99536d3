"""Saying who acts, and writing the entries that no single `save` would write."""

from wagtail.log_actions import LogContext, log
from wagtail.models import ModelLogEntry


def acting_as(user):
    """A context in which all that is saved is logged as done by `user` (None: by the system)."""
    return LogContext(user=user)


def log_changes(instance, changes: dict):
    """One entry for parts of a record that have rows of their own: `{relation: [old texts, new texts]}`."""
    log(instance, "fourfold.edit", data={"changes": changes})


def log_import(instance, *, summary: dict):
    """One entry for a bulk load: the record it belongs to, and the report of its rows."""
    log(instance, "fourfold.import", data=summary)


def log_reading(instance, *, by):
    """One entry for an outsider's reading of what an organisation or a working group keeps to itself."""
    log(instance, "fourfold.read", user=by)


def history_of(instance):
    """The log entries of a record, newest first."""
    return (
        ModelLogEntry.objects.for_instance(instance)
        .select_related("user")
        .order_by("-timestamp", "-pk")
    )
