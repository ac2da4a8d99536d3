"""Which sentence stands at the top of a page; the page puts it into words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from strategy.analysis.coverage import Range, Totals, lowest, met_ranges, ranked


class Kind(StrEnum):
    """What the sentence says; the first that holds, in this order."""

    NOTHING_IN_VIEW = "nothing_in_view"  # nothing is asked and nothing is committed
    INCOMPLETE_YEAR = "incomplete_year"  # only incomplete years in view: no gap is stated
    NO_REQUIREMENT = "no_requirement"  # money, but nothing is asked: no gap can be stated
    NOTHING_COMMITTED = "nothing_committed"  # something is asked, and nothing is committed
    ALL_MET = "all_met"  # nothing is missing; `beyond` says what is left over
    ONE_PILLAR = "one_pillar"  # one pillar (or objective) in view, or one that asks: how far met
    UNDERFUNDED = "underfunded"  # one pillar is least met, and its range allows to say so
    OVERLAPPING_RANGES = "overlapping_ranges"  # all fall short; which most cannot be said


class Scope(StrEnum):
    """To what the reader has narrowed the view."""

    OBJECTIVE = "one_objective"
    PILLAR = "one_pillar"
    PLACE = "one_place"
    YEAR = "one_year"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader has narrowed the view to; None for everything."""

    years: tuple[int, ...]  # strategy years in view, in order
    pillar: int | None = None
    objective: str | None = None  # code
    place: str | None = None  # code

    @property
    def scope(self) -> frozenset[Scope]:
        narrowed = {
            Scope.OBJECTIVE: self.objective is not None,
            Scope.PILLAR: self.pillar is not None or self.objective is not None,
            Scope.PLACE: self.place is not None,
            Scope.YEAR: len(self.years) == 1,
        }
        return frozenset(scope for scope, holds in narrowed.items() if holds)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """How far what is asked is met: of one pillar, or (pillar None) of all in view. Cents."""

    pillar: int | None
    required: int
    met: int
    missing: int
    committed: int
    beyond: int  # committed money that fills no gap
    met_share: Decimal | None  # percent; None when no requirement is stated
    met_low: Decimal | None  # percent; the range that an assumed split leaves open
    met_high: Decimal | None
    asked_cells: int
    empty_cells: int  # cells that ask and got nothing
    since: int | None  # first year of the unbroken run of years with unmet need

    @property
    def surplus_elsewhere(self) -> bool:
        """Whether money that fills no gap is as much as what is missing: enough, but elsewhere."""
        return 0 < self.missing <= self.beyond


@dataclass(frozen=True, slots=True)
class Headline:
    """The sentence and its facts."""

    kind: Kind
    scope: frozenset[Scope]
    whole: Shortfall  # everything in view
    pillar: Shortfall | None  # of ONE_PILLAR and UNDERFUNDED: the pillar it is about
    pillars: tuple[Shortfall, ...]  # all that state a requirement, in order of pillars
    ranked: tuple[tuple[int, ...], ...]  # least met first; no order within a group
    without_requirement: tuple[int, ...]  # pillars with money but nothing asked
    incomplete_years: tuple[int, ...]  # those in view


def headline(
    totals: Totals,
    pillars: Mapping[int | None, Totals],
    filters: Filters,
    *,
    since: Mapping[int | None, int | None] | None = None,
    incomplete_years: Collection[int] = (),
) -> Headline:
    """Decide what to say of a view.

    `totals` are those of everything in view, `pillars` the same by pillar (`by_pillar`); `since`
    holds `since_when` by pillar, with None for all together. No pillar is called the least met
    unless its whole range lies below the others' (`met_ranges`).
    """
    since = since or {}
    asking = {
        pillar: found
        for pillar, found in sorted((p, t) for p, t in pillars.items() if p is not None)
        if found.required
    }
    spans = {span.pillar: span for span in met_ranges(asking)}
    whole = _shortfall(None, totals, _span(totals), since.get(None))
    shortfalls = {
        pillar: _shortfall(pillar, found, spans[pillar], since.get(pillar))
        for pillar, found in asking.items()
    }
    incomplete = tuple(year for year in filters.years if year in incomplete_years)
    kind, about = _kind(totals, shortfalls, spans, filters, incomplete)
    return Headline(
        kind=kind,
        scope=filters.scope,
        whole=whole,
        pillar=about,
        pillars=tuple(shortfalls.values()),
        ranked=tuple(ranked(spans.values())),
        without_requirement=tuple(
            sorted(
                p for p, t in pillars.items() if p is not None and t.committed and not t.required
            )
        ),
        incomplete_years=incomplete,
    )


def _kind(
    totals: Totals,
    shortfalls: Mapping[int, Shortfall],
    spans: Mapping[int, Range],
    filters: Filters,
    incomplete: tuple[int, ...],
) -> tuple[Kind, Shortfall | None]:
    if not totals.required and not totals.committed:
        return Kind.NOTHING_IN_VIEW, None
    if incomplete and incomplete == filters.years:
        return Kind.INCOMPLETE_YEAR, None
    if not totals.required:
        return Kind.NO_REQUIREMENT, None
    if totals.committed <= 0:
        return Kind.NOTHING_COMMITTED, None
    if totals.missing <= 0:
        return Kind.ALL_MET, None
    if len(shortfalls) == 1:
        return Kind.ONE_PILLAR, next(iter(shortfalls.values()))
    least = lowest(spans.values())
    if least is not None:
        return Kind.UNDERFUNDED, shortfalls[least]
    return Kind.OVERLAPPING_RANGES, None


def _span(totals: Totals) -> Range | None:
    return next(iter(met_ranges({0: totals})), None)


def _shortfall(
    pillar: int | None, totals: Totals, span: Range | None, since: int | None
) -> Shortfall:
    return Shortfall(
        pillar=pillar,
        required=totals.required,
        met=totals.met,
        missing=totals.missing,
        committed=totals.committed,
        beyond=totals.beyond,
        met_share=totals.met_share,
        met_low=Decimal(span.low) if span else None,
        met_high=Decimal(span.high) if span else None,
        asked_cells=totals.asked_cells,
        empty_cells=totals.empty_cells,
        since=since,
    )
