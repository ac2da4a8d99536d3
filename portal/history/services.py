"""Saying who acts, and writing the entries that no single `save` would write."""

import uuid
from contextlib import contextmanager

from wagtail.log_actions import LogContext, activate, deactivate, log
from wagtail.models import ModelLogEntry


@contextmanager
def acting_as(user):
    """Everything saved inside is logged as done by `user` (None: by the system)."""
    activate(LogContext(user=user, uuid=uuid.uuid4()))
    try:
        yield
    finally:
        deactivate()


def log_import(instance, *, summary: dict):
    """One entry for a bulk load: the record it belongs to, and the report of its rows."""
    log(instance, "fourfold.import", data=summary)


def history_of(instance):
    """The log entries of a record, newest first."""
    return ModelLogEntry.objects.for_instance(instance).select_related("user").order_by("-timestamp", "-pk")
