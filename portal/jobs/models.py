"""Jobs, and when the periodic ones were due last."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .choices import ACTIVE_STATES, JobState
from .exceptions import JobTakenOver


class JobQuerySet(models.QuerySet):
    def active(self):
        """Jobs that still have something to do."""
        return self.filter(state__in=ACTIVE_STATES)


class Job(models.Model):
    """A piece of work for the worker, and how far it is.

    django-tasks brings it to a worker; this row outlives a worker that is killed in the middle.
    Of one kind only one job with the same key is active.
    """

    kind = models.CharField(_("kind"), max_length=80)
    key = models.CharField(_("key"), max_length=120)
    arguments = models.JSONField(default=dict)
    state = models.CharField(
        _("state"), max_length=10, choices=JobState.choices, default=JobState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("of"), default=0)
    result = models.JSONField(null=True, blank=True)
    error = models.TextField(_("what went wrong"), blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("asked for at"))
    queued_at = models.DateTimeField(_("queued at"))
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    worker = models.CharField(max_length=200, blank=True)
    task = models.CharField(max_length=40, blank=True)

    objects = JobQuerySet.as_manager()

    #: Set by the thread that writes heartbeats, when it finds that this run is no longer the job's.
    is_taken_over = False

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [models.Index(fields=["state", "heartbeat_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=Q(state__in=ACTIVE_STATES),
                name="jobs_job_one_active_per_key",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ACTIVE_STATES, finished_at=None)
                | Q(state__in=(JobState.DONE, JobState.FAILED), finished_at__isnull=False),
                name="jobs_job_finished_when_over",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.key}".strip()

    @property
    def is_active(self):
        return self.state in ACTIVE_STATES

    @property
    def is_failed(self):
        return self.state == JobState.FAILED

    @property
    def problem(self):
        """What went wrong, as a sentence in the reader's language."""
        return gettext(self.error) if self.error else ""

    @property
    def percent(self):
        """How far it is, 0 to 100; 0 while nobody knows how much there is."""
        return min(100, 100 * self.done // self.total) if self.total else 0

    def tell(self, done, total=None):
        """Say how far the work is. Costs nothing: the worker's other thread writes it down.

        Raises `JobTakenOver` when another worker runs the job by now.
        """
        if self.is_taken_over:
            raise JobTakenOver(str(self))
        self.done = done
        if total is not None:
            self.total = total


class PeriodicJob(models.Model):
    """When a job that starts by itself was due last, so that no two workers start it twice."""

    name = models.CharField(max_length=80, unique=True)
    last_slot = models.DateTimeField()

    class Meta:
        verbose_name = _("periodic job")
        verbose_name_plural = _("periodic jobs")

    def __str__(self):
        return self.name
