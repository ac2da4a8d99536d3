"""Starting jobs, and putting back to work those whose worker is gone."""

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from .choices import ACTIVE_STATES, JobState
from .identity import HOST, is_gone
from .models import Job, PeriodicJob
from .registry import PERIODIC, kind_of, load
from .tasks import run_job

logger = logging.getLogger(__name__)

#: A running job without a sign of life for so long has lost its worker. Longer than the longest transaction:
#: on SQLite nobody else can write, not even a heartbeat, while one is open.
SILENCE = timedelta(minutes=3)
#: A waiting job whose task is neither waiting nor running for so long was lost on the way to a worker.
LOST_AFTER = timedelta(minutes=1)
GIVEN_UP = gettext_noop("This was tried several times, and stopped in the middle each time.")


def start_job(
    kind: str, *, key: str = "", by=None, now: datetime | None = None, **arguments
) -> Job:
    """Ask for a job; it starts once the transaction is committed.

    Of one kind only one job with the same key is active: asked for again, the active one comes back.
    arguments: plain JSON, handed to the job's function. Raises `UnknownJob`.
    """
    kind_of(kind)
    now = now or timezone.now()
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=kind,
                key=key,
                arguments=arguments,
                started_by=by,
                created_at=now,
                queued_at=now,
            )
            enqueue(job, now=now)
    except IntegrityError:
        active = Job.objects.active().filter(kind=kind, key=key).first()
        if active is None:
            raise
        return active
    return job


def enqueue(job: Job, *, now: datetime, after: timedelta | None = None) -> None:
    """Hand a waiting job to django-tasks, in the transaction that made it wait."""
    result = run_job.using(run_after=now + after if after else None).enqueue(job.pk)
    job.task, job.queued_at = str(result.id), now
    job.save(update_fields=["task", "queued_at"])


def reap(*, now: datetime | None = None) -> int:
    """Put back to work the jobs whose worker is gone, and those that got lost; returns how many.

    A job that was tried as often as its kind allows is given up, with a sentence.
    """
    now = now or timezone.now()
    silent = Q(state=JobState.RUNNING) & (
        Q(heartbeat_at__lt=now - SILENCE) | Q(worker__startswith=f"{HOST}/")
    )
    lost = Q(state=JobState.WAITING, queued_at__lt=now - LOST_AFTER)
    found = 0
    for job in Job.objects.filter(silent | lost):
        if job.state == JobState.RUNNING:
            alive_here = job.worker.startswith(f"{HOST}/") and not is_gone(job.worker)
            if alive_here and job.heartbeat_at >= now - SILENCE:
                continue
            found += _put_back(job, now)
        elif not _has_task(job):
            found += _put_back(job, now)
    return found


def start_due(*, now: datetime | None = None) -> list[Job]:
    """Start the periodic jobs that are due. Seen for the first time, a job waits for its next moment."""
    load()
    now = now or timezone.now()
    known = {row.name: row for row in PeriodicJob.objects.all()}
    started = []
    for name, when in PERIODIC.items():
        slot = when.slot(now)
        if name not in known:
            PeriodicJob.objects.get_or_create(name=name, defaults={"last_slot": slot})
        elif known[name].last_slot < slot:
            with transaction.atomic():
                mine = PeriodicJob.objects.filter(name=name, last_slot__lt=slot)
                if mine.update(last_slot=slot):
                    started.append(start_job(name, now=now))
    return started


def prune(*, now: datetime) -> int:
    """Delete jobs that ended over 90 days ago, and what django-tasks kept of them after a week."""
    DBTaskResult.objects.finished().filter(finished_at__lt=now - timedelta(days=7)).delete()
    over = Job.objects.exclude(state__in=ACTIVE_STATES)
    return over.filter(finished_at__lt=now - timedelta(days=90)).delete()[0]


def finish(job: Job, state: str, *, now: datetime, result=None, error: str = "") -> bool:
    """Write the end of this run of a job; False when another worker has taken it over."""
    return bool(
        Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts).update(
            state=state,
            finished_at=now,
            heartbeat_at=now,
            result=result,
            error=error,
            done=job.done,
            total=job.total,
        )
    )


@transaction.atomic
def try_again(job: Job, *, now: datetime, after: timedelta) -> None:
    """Let a job of which this run failed wait for its next one."""
    mine = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)
    if mine.update(state=JobState.WAITING, worker=""):
        job.refresh_from_db()
        enqueue(job, now=now, after=after)


def _has_task(job: Job) -> bool:
    """Whether the task of a waiting job still waits itself."""
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY)
    return bool(job.task) and waiting.filter(pk=job.task).exists()


@transaction.atomic
def _put_back(job: Job, now: datetime) -> bool:
    same = Job.objects.filter(pk=job.pk, state=job.state, attempts=job.attempts, task=job.task)
    if job.attempts >= kind_of(job.kind).tries:
        return bool(same.update(state=JobState.FAILED, finished_at=now, error=GIVEN_UP))
    if not same.update(state=JobState.WAITING, worker=""):
        return False
    logger.warning("The worker of job %s (%s) is gone; it starts again.", job.pk, job)
    DBTaskResult.objects.running().filter(pk=job.task).delete()
    job.refresh_from_db()
    enqueue(job, now=now)
    return True
