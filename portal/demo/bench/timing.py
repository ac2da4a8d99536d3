"""Measuring a call: how long it takes, how often it asks the database."""

import gc
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from statistics import fmean, median, quantiles
from time import perf_counter

from django.db import connection
from django.test.utils import CaptureQueriesContext


@dataclass(frozen=True, slots=True)
class Line:
    """One thing measured; milliseconds. Without figures, `note` says why it was skipped."""

    name: str
    median: float | None = None
    p95: float | None = None
    mean: float | None = None
    times: int = 0
    queries: int | None = None  # of one page, with nothing kept
    queries_small: int | None = None  # of the same page on a coalition a twentieth of the size
    note: str = ""

    def as_dict(self) -> dict:
        return asdict(self)


def line(name: str, milliseconds: Sequence[float], **more) -> Line:
    """The line of so many measurements."""
    p95 = (
        quantiles(milliseconds, n=20, method="inclusive")[-1]
        if len(milliseconds) > 1
        else milliseconds[0]
    )
    return Line(name, median(milliseconds), p95, fmean(milliseconds), len(milliseconds), **more)


def measure(
    call: Callable[[], object], times: int, before: Callable[[], object] | None = None
) -> list[float]:
    """Milliseconds of so many calls, two unmeasured ones first; `before` runs ahead of each and does not count."""
    taken = []
    for turn in range(times + 2):
        if before:
            before()
        with _without_collection():
            start = perf_counter()
            call()
            end = perf_counter()
        if turn > 1:
            taken.append((end - start) * 1000)
    return taken


def queries_of(call: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


@contextmanager
def _without_collection():
    """Python's collector runs between measurements, never within one."""
    gc.collect(0)
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
