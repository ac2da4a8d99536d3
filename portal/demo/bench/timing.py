"""Measuring a call: how long it takes, how often it asks the database."""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
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
    p95 = milliseconds[0]
    if len(milliseconds) > 1:
        p95 = quantiles(milliseconds, n=20, method="inclusive")[-1]
    return Line(name, median(milliseconds), p95, fmean(milliseconds), len(milliseconds), **more)


def in_turn(calls: Mapping[str, Callable[[], object]], times: int) -> Iterator[Line]:
    """Lines of calls that are measured in turn, so that a busy moment of the machine meets all of them alike."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(times + 2):
        for name, call in calls.items():
            milliseconds = timed(call)
            if turn > 1:  # the first two are for warming up
                taken[name].append(milliseconds)
    for name, milliseconds in taken.items():
        yield line(name, milliseconds)


def timed(call: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    gc.collect(0)
    gc.disable()  # Python's collector runs between measurements, never within one
    try:
        start = perf_counter()
        call()
        return (perf_counter() - start) * 1000
    finally:
        gc.enable()


def measure(
    call: Callable[[], object], times: int, before: Callable[[], object] | None = None
) -> list[float]:
    """Milliseconds of so many calls, two unmeasured ones first; `before` runs ahead of each and does not count."""
    taken = []
    for _turn in range(times + 2):
        if before:
            before()
        taken.append(timed(call))
    return taken[2:]


def queries_of(call: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)
