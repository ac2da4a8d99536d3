"""Committed money over time: by funder, beside what is asked, with the cliff in it and how much hangs on one funder."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import pairwise

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.directory.models import Organisation
from portal.lib.numbers import day, in_units, money, money_short, month, whole
from portal.lib.tabular import Value
from strategy.analysis import concentration, endings
from strategy.analysis.concentration import FunderShare
from strategy.analysis.split import largest_remainder, quarter_bounds

from ..findings import Callout, Column, Columns, Series
from ..lens import Lens
from .quarters import QuarterMoney, quarters

#: Funders with a series of their own; the rest stand together.
NAMED = 3
FILLS = ("solid", "mid", "dots", "tint")


@dataclass(frozen=True)
class Funding:
    """Committed money in view by period and funder; cents.

    Periods are quarters, or whole years where the days of most of the money are assumed: a quarter would then say
    what nobody knows.
    """

    lens: Lens
    rows: Sequence[QuarterMoney]
    required: Mapping[int, int]  # what is asked by year
    names: Mapping[int, str]  # of the funders with a series of their own

    @cached_property
    def total(self) -> int:
        return sum(row.amount for row in self.rows)

    @cached_property
    def by_funder(self) -> dict[int, int]:
        """Cents by funder, the largest first."""
        sums: dict[int, int] = defaultdict(int)
        for row in self.rows:
            sums[row.funder] += row.amount
        return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))

    @cached_property
    def is_by_year(self) -> bool:
        assumed = sum(row.amount for row in self.rows if row.dates_assumed)
        return endings.is_judged_by_year(self.total, assumed)

    @cached_property
    def periods(self) -> list[endings.Period]:
        """Every quarter, or year, of the years in view, in order."""
        sums: dict[tuple[int, int | None], int] = defaultdict(int)
        for row in self.rows:
            sums[row.year, None if self.is_by_year else row.quarter] += row.amount
        found = []
        for year in self.lens.years:
            asked = self.required.get(year, 0)
            if self.is_by_year:
                starts = self.lens.strategy.year_bounds(year)[0]
                found.append(endings.Period(year, None, starts, sums[year, None], asked or None))
                continue
            for quarter, part in enumerate(largest_remainder(asked, [1, 1, 1, 1]), start=1):
                starts = quarter_bounds(year, quarter, self.lens.strategy.year_start_month)[0]
                found.append(
                    endings.Period(year, quarter, starts, sums[year, quarter], part or None)
                )
        return found

    @cached_property
    def cliff(self) -> endings.Cliff | None:
        """The first fall after the as-of day; None also where the years in view do not follow one another."""
        if any(after != before + 1 for before, after in pairwise(self.lens.years)):
            return None
        find = endings.cliff_by_year if self.is_by_year else endings.cliff
        return find(self.periods, after=self.lens.as_of)

    @cached_property
    def largest(self) -> FunderShare | None:
        return concentration.largest_share(self.by_funder)

    @cached_property
    def herfindahl(self):
        """0 to 1; None where nothing is committed."""
        return concentration.herfindahl(self.by_funder)

    @cached_property
    def series(self) -> list[tuple[int | None, str]]:
        """(funder, name), bottom of the columns first; None stands for all others together."""
        named = [(key, self.names[key]) for key in self.by_funder if key in self.names]
        others = len(self.by_funder) - len(named)
        if others:
            words = ngettext("%(number)s other funder", "%(number)s other funders", others)
            named.append((None, words % {"number": whole(others)}))
        return named

    def amounts(self, period: endings.Period) -> list[int]:
        """Cents of one period, one per series."""
        return [
            self._sums.get((period.year, period.quarter, funder), 0)
            for funder, _name in self.series
        ]

    @cached_property
    def _sums(self) -> dict[tuple[int, int | None, int | None], int]:
        sums: dict[tuple[int, int | None, int | None], int] = defaultdict(int)
        for row in self.rows:
            funder = row.funder if row.funder in self.names else None
            sums[row.year, None if self.is_by_year else row.quarter, funder] += row.amount
        return dict(sums)


def funding(lens: Lens, required: Mapping[int, int]) -> Funding:
    """Gather the money of a lens over time. Three queries. required: what is asked by year, in cents."""
    rows = quarters(lens)
    bare = Funding(lens, rows, required, {})
    first = [key for key, amount in bare.by_funder.items() if amount > 0][: NAMED + 1]
    shown = first if len(bare.by_funder) <= NAMED + 1 else first[:NAMED]
    found = Organisation.objects.filter(pk__in=shown).values_list("pk", "short_name", "name")
    return Funding(lens, rows, required, {key: short or name for key, short, name in found})


# What is said of it


def label(period: endings.Period) -> str:
    """`2010`, or `2010 Q3`."""
    if period.quarter is None:
        return str(period.year)
    return _("%(year)s Q%(quarter)s") % {"year": period.year, "quarter": period.quarter}


def per(found: Funding) -> str:
    return _("a year") if found.is_by_year else _("a quarter")


def title(found: Funding) -> str:
    """The finding, as the title of the picture."""
    cliff = found.cliff
    if found.total <= 0:
        return _("Nothing is committed")
    if cliff and cliff.period.committed <= 0:
        return _("Nothing is committed after %(month)s") % {
            "month": month(cliff.period.starts_on - timedelta(days=1))
        }
    if cliff:
        return _("Committed money falls from %(before)s in %(from)s to %(after)s in %(to)s") % {
            "before": money_short(cliff.before.committed, found.lens.currency),
            "after": money_short(cliff.period.committed, found.lens.currency),
            "from": label(cliff.before),
            "to": label(cliff.period),
        }
    most = max(found.periods, key=lambda period: period.committed)
    return _("Most is committed in %(period)s: %(amount)s") % {
        "period": label(most),
        "amount": money_short(most.committed, found.lens.currency),
    }


def subtitle(found: Funding) -> str:
    words = (
        _("Committed per year by funder, %(currency)s. Most grants say no more than their year.")
        if found.is_by_year
        else _("Committed per quarter by funder, %(currency)s")
    )
    return words % {"currency": found.lens.currency}


def alt(found: Funding) -> str:
    """The picture in sentences, for those who do not see it."""
    funders = get_text_list([name for _key, name in found.series], _("and"))
    parts = [
        _("Columns from %(first)s to %(last)s, stacked by funder: %(funders)s.")
        % {
            "first": label(found.periods[0]),
            "last": label(found.periods[-1]),
            "funders": funders or _("none"),
        }
    ]
    asked = sum(found.required.get(year, 0) for year in found.lens.years)
    parts.append(
        _("A dashed line shows the %(asked)s that is asked for.")
        % {"asked": money(asked, found.lens.currency)}
        if asked
        else _("No requirement is stated here.")
    )
    return " ".join([f"{title(found)}.", *parts])


def columns(found: Funding, pillar: int) -> Columns:
    """The picture: stacked columns with the dashed line of what is asked, the cliff named, the as-of day marked."""
    series = tuple(
        Series(name, f"p{pillar}", fill)
        for (_key, name), fill in zip(found.series, FILLS, strict=False)
    )
    made = tuple(
        Column(
            label(period),
            tuple(found.amounts(period)),
            period.required,
            group="" if found.is_by_year else str(period.year),
        )
        for period in found.periods
    )
    return Columns(
        series or (Series("", f"p{pillar}"),),
        made
        if series
        else tuple(Column(one.label, (0,), one.required, group=one.group) for one in made),
        currency=found.lens.currency,
        line_label=_("asked for, each year") if found.is_by_year else _("asked for, each quarter"),
        callout=_callout(found),
        today=_today(found),
        today_label=day(found.lens.as_of),
    )


def _callout(found: Funding) -> Callout | None:
    cliff = found.cliff
    if cliff is None:
        return None
    last_day = cliff.period.starts_on - timedelta(days=1)
    if cliff.period.committed <= 0:
        text = _("Nothing is committed beyond it")
    else:
        text = _("From %(before)s to %(after)s %(per)s") % {
            "before": money_short(cliff.before.committed),
            "after": money_short(cliff.period.committed),
            "per": per(found),
        }
    return Callout(
        found.periods.index(cliff.period), _("End of %(month)s") % {"month": month(last_day)}, text
    )


def _today(found: Funding) -> float | None:
    """Where the as-of day lies on the axis, in columns from the left edge; None outside of it."""
    as_of, starts = found.lens.as_of, [period.starts_on for period in found.periods]
    last = found.lens.strategy.year_bounds(found.lens.years[-1])[1]
    if not starts[0] <= as_of <= last:
        return None
    position = sum(start <= as_of for start in starts) - 1
    end = starts[position + 1] if position + 1 < len(starts) else last + timedelta(days=1)
    return position + min(
        1.0, ((as_of - starts[position]).days + 1) / (end - starts[position]).days
    )


def table(found: Funding) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of the table beside the picture, ready texts."""
    heads = [
        _("Year") if found.is_by_year else _("Quarter"),
        *(name for _key, name in found.series),
        _("Committed"),
        _("Asked"),
    ]
    rows = [
        [
            label(period),
            *map(money_short, found.amounts(period)),
            money_short(period.committed),
            money_short(period.required) if period.required else "–",
        ]
        for period in found.periods
    ]
    return heads, rows


def sheet_rows(found: Funding) -> tuple[list[str], list[list[Value]]]:
    """The same with every cent, for files; by quarter also where the picture shows years."""
    heads = [
        _("Year"),
        _("Quarter"),
        _("First day"),
        _("Funder"),
        _("Committed"),
        _("Days are assumed"),
    ]
    keys = {row.funder for row in found.rows}
    names = dict(Organisation.objects.filter(pk__in=keys).values_list("pk", "name"))
    month_ = found.lens.strategy.year_start_month
    rows: list[list[Value]] = [
        [
            row.year,
            row.quarter,
            quarter_bounds(row.year, row.quarter, month_)[0],
            names[row.funder],
            in_units(row.amount, found.lens.currency),
            _("yes") if row.dates_assumed else _("no"),
        ]
        for row in sorted(found.rows, key=lambda row: (row.year, row.quarter, names[row.funder]))
    ]
    return heads, rows
