"""What every record with a history inherits. The entries themselves are Wagtail's log entries."""

from django.db import models

from portal.lib import bulk

from .entries import log_changes
from .fields import changes_between, values_from, values_of
from .signals import about_to_change


class Tracked(models.Model):
    """A record whose every saved change is kept, for good, as `{field: [old, new]}` with who and when.

    The person comes from the request (`portal.history.middleware`) or from `acting_as`.
    Bulk loads go round `save` and write one entry of their own (`log_import`).
    """

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        about_to_change.send(type(self), instance=self)
        created = self._state.adding
        before = {} if created else self._before()
        super().save(*args, **kwargs)
        after = values_of(self)
        changes = changes_between(before, after)
        if created or changes:
            log_changes("fourfold.create" if created else "fourfold.edit", [(self, changes)])
        self._known = after

    def delete(self, *args, **kwargs):
        about_to_change.send(type(self), instance=self)
        log_changes("fourfold.delete", [(self, changes_between(values_of(self), {}))], deleted=True)
        return super().delete(*args, **kwargs)

    def _before(self):
        """The values as they were last read or saved."""
        if hasattr(self, "_known"):
            return self._known
        return values_from(self, *getattr(self, "_read", ((), ())))

    @classmethod
    def replace(cls, gone, new):
        """Delete the records `gone`, to which no other points, and save the unsaved `new`, in few statements."""
        if not gone and not new:
            return
        about_to_change.send(cls, instance=(gone or new)[0])
        if gone:
            log_changes(
                "fourfold.delete",
                [(one, changes_between(values_of(one), {})) for one in gone],
                deleted=True,
            )
            bulk.delete_keys(cls._meta.db_table, [one.pk for one in gone])
        if new:
            cls._base_manager.bulk_create(new)
            log_changes(
                "fourfold.create", [(one, changes_between({}, values_of(one))) for one in new]
            )

    @classmethod
    def from_db(cls, db, field_names, values):
        instance = super().from_db(db, field_names, values)
        instance._read = (
            field_names,
            values,
        )  # most records are read only, so nothing is made of it yet
        return instance
