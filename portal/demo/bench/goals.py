"""What speed is held to, and the tables that say so."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from portal.demo.bench import figures, overlaps, pages, saving
from portal.demo.bench.timing import Line

MOST_QUERIES = 6


@dataclass(frozen=True, slots=True)
class Goal:
    """At most so many times what `beside` takes; without `beside`, at most so many milliseconds."""

    name: str
    measured: str
    statistic: str  # of both lines
    most: float
    beside: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A goal beside what was measured; `met` is None where nothing was."""

    goal: str
    measured: float | None
    most: float
    unit: str
    met: bool | None
    note: str = ""


XL = "the goal is set for a million activities"
GOALS = (
    Goal("world's page of cells, p95", f"{figures.WORLD}, in the database", "p95", 6),
    Goal("one country's page of cells, p95", f"{figures.COUNTRY}, in the database", "p95", 6),
    Goal("whole matrix ÷ DuckDB's roll-up", figures.MATRIX, "median", 0.4, figures.DUCKDB, XL),
    Goal("figures drawn anew ÷ DuckDB's roll-up", figures.REBUILD, "median", 8, figures.DUCKDB, XL),
    Goal("saving with everything kept ÷ without", saving.KEPT, "median", 1.3, saving.WITHOUT),
    Goal("saving an activity, overlaps kept, p95", overlaps.KEPT, "p95", 50),
    Goal("gap page warm ÷ bare view, p95", pages.WARM, "p95", 3, pages.BARE),
    Goal(
        "gap page after a write ÷ bare view",
        pages.WRITTEN,
        "median",
        7,
        pages.BARE,
    ),
    Goal("gap page 304 ÷ bare view, p95", pages.UNCHANGED, "p95", 2.2, pages.BARE),
)


def verdicts(lines: Sequence[Line]) -> Iterator[Verdict]:
    """Every goal, and one on the queries of each page."""
    by_name = {line.name: line for line in lines}
    for goal in GOALS:
        yield _verdict(goal, by_name)
    for line in lines:
        if line.queries is not None:
            grown = line.queries_small is not None and line.queries > line.queries_small
            note = f"{line.queries_small} on a small coalition" if grown else ""
            met = line.queries <= MOST_QUERIES and not grown
            yield Verdict(f"queries of {line.name}", line.queries, MOST_QUERIES, "", met, note)


def _verdict(goal: Goal, by_name: Mapping[str, Line]) -> Verdict:
    unit = "×" if goal.beside else "ms"
    taken = _statistic(by_name.get(goal.measured), goal.statistic)
    beside = _statistic(by_name.get(goal.beside), goal.statistic) if goal.beside else 1.0
    if taken is None or beside is None:
        return Verdict(goal.name, None, goal.most, unit, None, goal.note)
    value = taken / beside
    return Verdict(goal.name, value, goal.most, unit, value <= goal.most, goal.note)


def _statistic(line: Line | None, name: str) -> float | None:
    return getattr(line, name) if line else None


def tables(title: str, lines: Sequence[Line]) -> Iterator[str]:
    """The report, line by line."""
    yield title
    yield ""
    yield f"  {'':<48}{'median ms':>11}{'p95 ms':>11}{'a second':>10}{'queries':>9}"
    for line in lines:
        if line.median is None:
            yield f"  {line.name:<48}  {line.note}"
            continue
        queries = "" if line.queries is None else str(line.queries)
        yield f"  {line.name:<48}{line.median:>11.2f}{line.p95:>11.2f}{1000 / line.mean:>10.1f}{queries:>9}"
    yield ""
    yield f"  {'goal':<56}{'is':>9}{'at most':>10}"
    for verdict in verdicts(lines):
        value = "–" if verdict.measured is None else _number(verdict.measured, verdict.unit)
        said = {True: "met", False: "missed", None: "not measured"}[verdict.met]
        note = f" ({verdict.note})" if verdict.note else ""
        yield f"  {verdict.goal:<56}{value:>9}{_number(verdict.most, verdict.unit):>10}  {said}{note}"


def _number(value: float, unit: str) -> str:
    return f"{value:.0f}" if not unit else f"{value:.2f} {unit}"
