"""A file on its way in, its rows, and how its columns were matched."""

from datetime import timedelta
from secrets import token_hex

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.directory.access import VisibleQuerySet, viewer_of
from portal.directory.models import Organisation
from portal.jobs.models import Job

from .choices import BUSY_STATES, OPEN_STATES, DateOrder, ImportState, Outcome

UNDO_FOR = timedelta(days=7)
FILE_KEPT_FOR = timedelta(days=30)


def private_storage():
    """Where uploaded files are kept: no address leads there."""
    return storages["private"]


def file_path(whole, name):
    """Nothing of the name that a person gave reaches the disk."""
    return f"imports/{token_hex(16)}"


class ImportQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Whoever sent the file, while they may write for its organisation; and the secretariat."""
        viewer = viewer_of(user)
        if viewer.is_secretariat:
            return self
        if not getattr(user, "pk", None):
            return self.none()
        theirs = Q(organisation=None) | Q(organisation__in=viewer.editable_organisations)
        return self.filter(theirs, uploaded_by=user)

    def editable_by(self, user):
        return self.visible_to(user)

    def for_notices(self):
        return self


class Import(models.Model):
    """A file on its way in. Nothing of it is saved before its sender has seen what would change."""

    kind = models.CharField(_("what is in it"), max_length=40)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("for"),
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    uploaded_at = models.DateTimeField(_("uploaded on"))
    language = models.CharField(max_length=10)
    file = models.FileField(storage=private_storage, upload_to=file_path, blank=True)
    file_name = models.CharField(_("file"), max_length=200)
    sheet = models.CharField(max_length=200, blank=True)
    header_line = models.PositiveIntegerField(default=1)
    row_count = models.PositiveIntegerField(default=0)
    #: Per column: header, samples, target ("" for none), sure, percent, why.
    columns = models.JSONField(default=list)
    date_order = models.CharField(max_length=3, choices=DateOrder.choices, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ImportState.choices, default=ImportState.COLUMNS
    )
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    counts = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    applied_at = models.DateTimeField(_("saved on"), null=True, blank=True)
    undone_at = models.DateTimeField(_("taken back on"), null=True, blank=True)
    undo_result = models.JSONField(default=dict)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("done", "undoing", "undone"), applied_at__isnull=False)
                | (~Q(state__in=("done", "undoing", "undone")) & Q(applied_at=None)),
                name="imports_import_saved_when_done",
            ),
            models.CheckConstraint(
                condition=Q(state="undone", undone_at__isnull=False)
                | (~Q(state="undone") & Q(undone_at=None)),
                name="imports_import_undone_when_taken_back",
            ),
        ]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        steps = {ImportState.COLUMNS: "columns", ImportState.ROWS: "rows"}
        step = "progress" if self.is_busy else steps.get(self.state, "result")
        return reverse(f"imports:{step}", args=[self.pk])

    @property
    def is_busy(self):
        return self.state in BUSY_STATES

    @property
    def is_open(self):
        return self.state in OPEN_STATES

    @property
    def undo_until(self):
        """The moment up to which it can be taken back; None while nothing is saved."""
        return self.applied_at + UNDO_FOR if self.applied_at else None

    def count(self, outcome):
        return self.counts.get(outcome, 0)


class ImportRow(models.Model):
    """A row of the file: what it says, what a person corrected, and what becomes of it."""

    whole = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField(_("line"))
    cells = models.JSONField(default=dict)  # column -> text, as in the file
    fixes = models.JSONField(default=dict)  # column -> text, as a person corrected it
    choices = models.JSONField(default=dict)  # what a person decided: like, mine, texts
    left_out = models.BooleanField(default=False)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    label = models.CharField(max_length=300, blank=True)
    problems = models.JSONField(default=list)  # column, sentence, suggestion
    changes = models.JSONField(default=dict)  # column -> [old text, new text]
    record_id = models.BigIntegerField(null=True, blank=True)
    like = models.JSONField(default=dict)  # record that it may be: id, label
    undo = models.JSONField(default=dict)  # what was there before, and after

    class Meta:
        ordering = ["whole", "line"]
        constraints = [
            models.UniqueConstraint(fields=["whole", "line"], name="imports_row_line_once")
        ]
        indexes = [models.Index(fields=["whole", "outcome", "line"])]

    def __str__(self):
        return f"{self.line}: {self.label}"

    @property
    def said(self):
        """What the row says by now: the file's cells, corrected."""
        return {**self.cells, **self.fixes}


class KeptMatch(models.Model):
    """Where an organisation's column of this name goes, remembered for its next file."""

    kind = models.CharField(max_length=40)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    header = models.CharField(max_length=200)
    target = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "organisation", "header"],
                condition=Q(organisation__isnull=False),
                name="imports_kept_once_per_organisation",
            ),
            models.UniqueConstraint(
                fields=["kind", "person", "header"],
                condition=Q(organisation=None),
                name="imports_kept_once_per_person",
            ),
        ]

    def __str__(self):
        return f"{self.header}: {self.target}"
