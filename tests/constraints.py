"""Seeing the database refuse what must never be."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction


def constraints_of(app_label):
    """Names of all constraints of an app's models."""
    return {
        constraint.name
        for model in apps.get_app_config(app_label).get_models()
        for constraint in model._meta.constraints
    }


def assert_refused(name, write):
    """`write()` runs into the constraint called `name`, and leaves nothing behind."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        write()
    # SQLite names the columns of a unique constraint, not the constraint.
    if connection.vendor != "sqlite" or _is_check(name):
        assert name in str(refusal.value)


def again(record):
    """Store a second row that says the same as `record`."""
    record.pk = None
    record._state.adding = True
    models.Model.save_base(record, force_insert=True)


def put(record, **values):
    """Write values past all forms and methods."""
    type(record)._base_manager.filter(pk=record.pk).update(**values)


def _is_check(name):
    return any(
        constraint.name == name and isinstance(constraint, models.CheckConstraint)
        for model in apps.get_models()
        for constraint in model._meta.constraints
    )
