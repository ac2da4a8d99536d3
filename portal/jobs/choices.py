"""Closed lists of background work."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class JobState(TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


#: States of a job that still has something to do.
ACTIVE_STATES = (JobState.WAITING, JobState.RUNNING)
