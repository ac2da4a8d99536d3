"""Which jobs there are. An app says them in its `jobs.py`, which is read when they are first asked for.

    @job("imports.apply")
    def apply(job, import_id): ...          # started by services.start_job("imports.apply", import_id=7)

    @daily("overlaps.score_all", at="02:30")
    def score_all(job): ...

A job may be run twice: a worker can be killed at any moment, and the job then starts anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from .exceptions import UnknownJob


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of job: its function, and how often it is tried before it is given up."""

    name: str
    run: Callable
    tries: int = 3


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day, at a time of the site's time zone."""

    at: time

    def slot(self, now: datetime) -> datetime:
        """The last moment, up to `now`, at which it was due."""
        here = timezone.localtime(now)
        due = here.replace(hour=self.at.hour, minute=self.at.minute, second=0, microsecond=0)
        return due if due <= here else due - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Every:
    """Again and again, with so much time between."""

    step: timedelta

    def slot(self, now: datetime) -> datetime:
        """The last moment, up to `now`, at which it was due."""
        return now - timedelta(seconds=now.timestamp() % self.step.total_seconds())


KINDS: dict[str, Kind] = {}
PERIODIC: dict[str, Daily | Every] = {}


def job(name: str, *, tries: int = 3) -> Callable:
    """Say that a function is a job: it takes the `Job` row and the arguments it was started with."""

    def register(function: Callable) -> Callable:
        KINDS[name] = Kind(name, function, tries)
        return function

    return register


def daily(name: str, *, at: str = "03:00", tries: int = 3) -> Callable:
    """A job that starts by itself once a day; a day missed while no worker ran is made up for once."""

    def register(function: Callable) -> Callable:
        PERIODIC[name] = Daily(time.fromisoformat(at))
        return job(name, tries=tries)(function)

    return register


def every(name: str, *, minutes: int, tries: int = 1) -> Callable:
    """A job that starts by itself every so many minutes."""

    def register(function: Callable) -> Callable:
        PERIODIC[name] = Every(timedelta(minutes=minutes))
        return job(name, tries=tries)(function)

    return register


def kind_of(name: str) -> Kind:
    """Raises `UnknownJob`."""
    load()
    try:
        return KINDS[name]
    except KeyError:
        raise UnknownJob(name) from None


def load() -> None:
    """Read every app's `jobs.py`; again costs nothing."""
    autodiscover_modules("jobs")
