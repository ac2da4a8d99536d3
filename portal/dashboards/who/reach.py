"""People reached by an activity, as a viewer may see them: exactly, or released and made safe."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from activities.choices import Population
from activities.models import PeopleReached
from portal.lib.numbers import whole
from portal.records.small_counts import Hidden, Shown, in_words, safe, suppress


@dataclass(frozen=True, slots=True)
class Count:
    """A number of people in words; `is_small` where it stands for fewer than ten."""

    label: str
    text: str
    is_small: bool = False


@dataclass(frozen=True, slots=True)
class Reached:
    """The people of one period: in all, where that was reported, and by group."""

    period_start: date
    period_end: date
    total: Count | None
    groups: tuple[Count, ...]

    @property
    def counts(self) -> tuple[Count, ...]:
        """What a single line says: the total, else each group."""
        return (self.total,) if self.total else self.groups


def people_reached(rows: Iterable[PeopleReached], *, exact: bool) -> list[Reached]:
    """Periods, newest first. exact: for the reporting organisation and the secretariat.

    Others see released rows only, small counts hidden and the rest rounded. Groups may overlap, so
    they are never added up here.
    """
    periods: dict[tuple[date, date], dict[str, int]] = defaultdict(dict)
    for row in rows:
        if exact or row.released_at is not None:
            periods[row.period_start, row.period_end][row.group] = row.count
    return [
        _period(start, end, dict(counts), exact)
        for (start, end), counts in sorted(
            periods.items(), key=lambda item: item[0][::-1], reverse=True
        )
    ]


def _period(start: date, end: date, counts: dict[str, int], exact: bool) -> Reached:
    total = counts.pop("", None)
    groups = sorted(counts, key=list(Population.values).index)
    shown: dict[str, Shown] = {
        group: counts[group] if exact else safe(counts[group]) for group in groups
    }
    all_of_them: Shown = total if exact else safe(total)
    if not exact and total is not None and groups and sum(counts.values()) <= total:
        parts = [counts[group] for group in groups]
        table = suppress([[*parts, total - sum(parts)]])
        shown = dict(zip(groups, table.cells[0][:-1], strict=True))
        all_of_them = table.row_totals[0]
    return Reached(
        start,
        end,
        None if total is None else _count(_("people"), all_of_them),
        tuple(_count(str(Population(group).label), shown[group]) for group in groups),
    )


def _count(label: str, value: Shown) -> Count:
    if value is Hidden.BELOW_TEN:
        return Count(label, in_words(value), is_small=True)
    return Count(label, whole(value) if isinstance(value, int) else in_words(value))
