"""What the public reads of overlaps: counts and trends of public records, small numbers hidden, the rest rounded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.db.models.functions import TruncQuarter
from django.utils.translation import gettext as _

from activities.choices import SETTLED_STATES, OverlapState
from activities.models import Overlap
from portal.records.small_counts import Hidden, Shown, in_words, suppress
from strategy.choices import Pillar

from .filters import alive

#: How many quarters the trend goes back.
QUARTERS = 8


@dataclass(frozen=True, slots=True)
class Counted:
    """A count under its name, as the public may see it."""

    name: str
    value: Shown

    @property
    def text(self) -> str:
        return in_words(self.value)


@dataclass(frozen=True)
class PublicCounts:
    """Each list was made safe as a whole, together with its total."""

    alive: list[Counted]  # by pillar
    alive_total: Counted
    outcomes: list[Counted]
    settled_total: Counted
    quarters: list[str]
    found: list[Counted]
    settled: list[Counted]

    @property
    def is_empty(self) -> bool:
        return not any(one.value for one in (*self.found, self.alive_total, self.settled_total))


def public_counts(today: date) -> PublicCounts:
    """Counts over overlaps of which both records are public. A hidden record changes nothing here. Four queries."""
    seen = Overlap.objects.visible_to(None)
    by_pillar = dict(
        alive(seen).order_by().values_list("objective__pillar").annotate(number=Count("pk"))
    )
    names = [(pillar.value, str(pillar.label)) for pillar in Pillar]
    open_ones = _safe([name for _key, name in names], [by_pillar.get(key, 0) for key, _n in names])
    by_state = dict(seen.settled().order_by().values_list("state").annotate(number=Count("pk")))
    outcomes = _safe(
        [str(OverlapState(state).label) for state in SETTLED_STATES],
        [by_state.get(state, 0) for state in SETTLED_STATES],
    )
    quarters = last_quarters(today, QUARTERS)
    labels = [
        _("Q%(number)s %(year)s") % {"number": (day.month + 2) // 3, "year": day.year}
        for day in quarters
    ]
    everything = seen.filter(Q(is_alike=True) | Q(state__in=SETTLED_STATES))
    found = _safe(labels, _by_quarter(everything, "found_at", quarters))
    settled = _safe(labels, _by_quarter(seen.settled(), "settled_at", quarters))
    together = outcomes[-1]
    if any(isinstance(one.value, Hidden) for one in settled):
        # The quarters may add up to the same total: what one table hides the other must not give away.
        together = Counted(together.name, Hidden.WITH_OTHERS)
    return PublicCounts(
        alive=open_ones[:-1],
        alive_total=open_ones[-1],
        outcomes=outcomes[:-1],
        settled_total=together,
        quarters=labels,
        found=found[:-1],
        settled=settled[:-1],
    )


def _safe(names: Sequence[str], counts: Sequence[int]) -> list[Counted]:
    """The counts and at the end their total, so that no small one can be worked out."""
    table = suppress([list(counts)])
    shown = [*table.cells[0], table.total]
    return [
        Counted(name, value) for name, value in zip([*names, _("Together")], shown, strict=True)
    ]


def last_quarters(today: date, number: int) -> list[date]:
    """The first days of the last quarters, the oldest first, today's included."""
    year, quarter = today.year, (today.month - 1) // 3
    found = []
    for back in range(number - 1, -1, -1):
        index = year * 4 + quarter - back
        found.append(date(index // 4, index % 4 * 3 + 1, 1))
    return found


def _by_quarter(overlaps, field: str, quarters: Iterable[date]) -> list[int]:
    rows = (
        overlaps.order_by()
        .annotate(quarter=TruncQuarter(field))
        .values_list("quarter")
        .annotate(number=Count("pk"))
    )
    counts = {quarter.date(): number for quarter, number in rows if quarter is not None}
    return [counts.get(day, 0) for day in quarters]
