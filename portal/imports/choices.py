"""Closed lists of imports."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ImportState(TextChoices):
    COLUMNS = "columns", _("Columns to match")
    CHECKING = "checking", _("Rows are being checked")
    ROWS = "rows", _("Rows to look at")
    SAVING = "saving", _("Being saved")
    DONE = "done", _("Saved")
    UNDOING = "undoing", _("Being taken back")
    UNDONE = "undone", _("Taken back")


#: The worker is at it.
BUSY_STATES = (ImportState.CHECKING, ImportState.SAVING, ImportState.UNDOING)
#: Nothing of it is saved yet, so it can be thrown away.
OPEN_STATES = (ImportState.COLUMNS, ImportState.CHECKING, ImportState.ROWS)


class Outcome(TextChoices):
    """What becomes of a row."""

    ADDED = "added", _("New")
    CHANGED = "changed", _("Changed")
    UNCHANGED = "unchanged", _("Unchanged")
    ASKED = "asked", _("Needs you")
    REFUSED = "refused", _("Refused")
    SKIPPED = "skipped", _("Left out")


#: Outcomes that are written when the import is saved.
SAVED_OUTCOMES = (Outcome.ADDED, Outcome.CHANGED)


class DateOrder(TextChoices):
    """How 01/02/2027 is meant."""

    DAY_FIRST = "dmy", _("Day first: 31/12/2027")
    MONTH_FIRST = "mdy", _("Month first: 12/31/2027")


class Sureness(TextChoices):
    """How a column of a file was matched."""

    KEPT = "kept", _("As last time")
    EXACT = "exact", _("Recognised")
    ALIKE = "alike", _("Please look")
    NONE = "none", _("Not recognised")
    PERSONAL = "personal", _("Left out")
