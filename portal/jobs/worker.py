"""The worker's process: one thread runs jobs, the other keeps their hearts beating and the clock."""

import logging
import os
import signal
import threading
import time

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker
from django_tasks_db.models import DBTaskResult

from . import running
from .choices import JobState
from .identity import this_worker
from .models import Job
from .services import reap, start_due

logger = logging.getLogger(__name__)

BEAT = 1.0  # seconds
LOOK_ROUND = 30.0  # seconds between two looks at lost and due jobs


class Pulse(threading.Thread):
    """Writes heartbeats and progress, puts lost jobs back, starts due ones, and watches the parent."""

    def __init__(self, stop, *, parent: int | None = None):
        super().__init__(name="pulse", daemon=True)
        self.stop, self.parent = stop, parent
        self.over = threading.Event()

    def run(self):
        looked = 0.0
        while not self.over.wait(BEAT):
            if self.parent is not None and os.getppid() != self.parent:
                logger.info("The server has stopped; so does its worker.")
                self.stop()
                return
            try:
                beat()
                if time.monotonic() - looked >= LOOK_ROUND:
                    looked = time.monotonic()
                    look_round()
            except DatabaseError:  # locked, or away for a moment: the next beat tries again
                logger.warning("The worker's pulse could not reach the database.", exc_info=True)
            finally:
                close_old_connections()
        connection.close()


def beat() -> None:
    """Write that the job of this process lives, and how far it is."""
    job = running.current
    if job is None:
        return
    mine = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)
    if not mine.update(heartbeat_at=timezone.now(), done=job.done, total=job.total):
        job.is_taken_over = running.current is job


def look_round() -> None:
    now = timezone.now()
    reap(now=now)
    start_due(now=now)


class Worker(TaskWorker):
    """Looks for tasks without taking the database's lock while there are none."""

    def run(self):
        if self.batch:
            super().run()
            return
        while self.running:
            close_old_connections()
            waiting = DBTaskResult.objects.ready().filter(backend_name=self.backend_name)
            if waiting.exists():
                self.batch = True
                super().run()
                self.batch = False
            if self.running:
                time.sleep(self.interval)


def work(*, once: bool = False, interval: float = 1.0, with_parent: bool = False) -> None:
    """Run jobs until told to stop; once: only those that wait now."""
    worker = Worker(
        queue_names=["*"],
        interval=interval,
        batch=once,
        backend_name=settings.JOBS_BACKEND,
        startup_delay=False,
        max_tasks=None,
        worker_id=this_worker()[:64],
        excluded_queue_names=[],
    )
    worker.configure_signals()
    look_round()
    pulse = Pulse(
        lambda: os.kill(os.getpid(), signal.SIGTERM), parent=os.getppid() if with_parent else None
    )
    pulse.start()
    try:
        worker.run()
    finally:
        pulse.over.set()
        pulse.join(timeout=5)
