"""One run of a job, in whatever process."""

import logging
import time
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop
from django_tasks_db.models import DBTaskResult

from portal.history.services import acting_as

from .choices import JobState
from .exceptions import JobRefused, JobTakenOver
from .identity import this_worker
from .models import Job
from .registry import kind_of
from .services import finish, try_again

logger = logging.getLogger(__name__)

FAILED = gettext_noop(
    "Something went wrong on our side. Please tell the secretariat; the site's log says what it was."
)
#: How long a job waits after its first, second, … failed run.
PAUSES = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5))

#: The job that this process runs now: its heart is kept beating by the worker's other thread.
current: Job | None = None


def run(job_id: int) -> None:
    """Run a job that waits; nothing when it does not, because another worker has it or it is over."""
    global current
    now = timezone.now()
    mine = Job.objects.filter(pk=job_id, state=JobState.WAITING)
    if not mine.update(
        state=JobState.RUNNING,
        attempts=F("attempts") + 1,
        started_at=now,
        heartbeat_at=now,
        worker=this_worker(),
        done=0,
        error="",
    ):
        return
    job = Job.objects.select_related("started_by").get(pk=job_id)
    kind = kind_of(job.kind)
    current = job
    started = time.monotonic()
    try:
        with acting_as(job.started_by):
            result = kind.run(job, **job.arguments)
    except JobRefused as refused:
        finish(job, JobState.FAILED, now=timezone.now(), error=str(refused))
    except JobTakenOver:
        logger.warning("Job %s (%s) was taken over by another worker.", job.pk, job)
    except Exception:
        logger.exception("Job %s (%s) failed, attempt %s.", job.pk, job, job.attempts)
        if job.attempts < kind.tries:
            pause = PAUSES[min(job.attempts, len(PAUSES)) - 1]
            try_again(job, now=timezone.now(), after=pause)
        else:
            finish(job, JobState.FAILED, now=timezone.now(), error=FAILED)
    else:
        if job.total:
            job.done = job.total
        finish(job, JobState.DONE, now=timezone.now(), result=result)
        logger.info("Job %s (%s) done in %.1f s.", job.pk, job, time.monotonic() - started)
    finally:
        current = None


def run_waiting() -> int:
    """Run, here and now, every job that waits and is due; returns how many. For tests and the command line."""
    count = 0
    while True:
        with transaction.atomic():
            found = DBTaskResult.objects.ready().select_for_update(skip_locked=True).first()
            if found is None:
                return count
            found.claim(this_worker()[:64])
        run(found.args_kwargs["args"][0])
        found.set_successful(None)
        count += 1
