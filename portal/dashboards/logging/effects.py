"""How far an objective is funded in a place, and what the budget of an activity would change there.

Drawn by the same functions as the funding gaps, for the same reader: with the money, and without.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from portal.directory.choices import PlaceKind
from portal.directory.models import Place
from portal.lib.numbers import money, money_short
from strategy.analysis.coverage import Cell, Totals, total
from strategy.analysis.split import largest_remainder, spread_over_years
from strategy.models import Objective
from strategy.rates import Converter

from ..gather import cells, with_money
from ..lens import Lens
from ..present import funded, funded_text, share_of
from ..rows import GapRows, rows_url
from ..words import place_words

#: Pairs of an objective and a place that are looked at, in the order in which they were chosen.
MOST = 6
#: Other places without any money that are named.
NAMED = 2


@dataclass(frozen=True, slots=True)
class Budget:
    """What an activity costs, and when."""

    amount: Decimal
    currency: str
    start: date | None = None
    end: date | None = None
    day: date | None = (
        None  # by whose rates it is converted; the day that the lens is looked at from
    )


@dataclass(frozen=True)
class Effect:
    """One objective in one place: how it stands, and how it would stand with this budget."""

    lens: Lens  # narrowed to them
    before: Totals
    after: Totals | None  # None without a budget, or where it cannot be converted
    budget: Budget | None
    added: int  # cents of the budget that go here, within the strategy's years
    empty: tuple[str, ...] = ()  # other places that ask for this objective and have nothing yet

    @property
    def objective(self) -> Objective:
        return self.lens.objective

    @property
    def where(self) -> str:
        place = self.lens.place
        return place_words(place.code, place.name) if place else _("all places")

    @property
    def title(self) -> str:
        return _("Objective %(code)s in %(place)s") % {
            "code": self.objective.code,
            "place": self.where,
        }

    @property
    def asked(self) -> bool:
        return self.before.required > 0

    @property
    def text(self) -> str:
        """`18%`, or that no requirement is stated."""
        return funded_text(self.before)

    @property
    def url(self) -> str:
        return rows_url(self.lens, "met" if self.asked else "committed")

    @property
    def missing_url(self) -> str:
        return rows_url(self.lens, "missing")

    @property
    def says(self) -> str:
        return (
            _("%(share)s funded here.") % {"share": self.text}
            if self.asked
            else _("No requirement is stated here.")
        )

    @property
    def met(self) -> float:
        return share_of(self.before.met, self.before.required)

    @property
    def paid(self) -> float:
        return share_of(min(self.before.disbursed, self.before.met), self.before.required)

    @property
    def now(self) -> float | None:
        """How far the bar would reach with this budget; None where it would not move."""
        return (
            share_of(self.after.met, self.before.required) if self.after and self.closes else None
        )

    @property
    def over(self) -> float | None:
        return float(funded(self.before)) if self.asked and not self.before.missing else None

    @property
    def label(self) -> str:
        if not self.before.missing:
            return ""
        return _("%(amount)s missing") % {"amount": money_short(self.before.missing)}

    @property
    def required_words(self) -> str:
        return money(self.before.required, self.lens.currency)

    @property
    def committed_words(self) -> str:
        return money(self.before.committed, self.lens.currency)

    @property
    def missing_words(self) -> str:
        return money(self.before.missing, self.lens.currency)

    @property
    def beyond(self) -> str:
        """That money came to years that have enough, so that more can be committed than is met; often empty."""
        if not self.before.missing or not self.before.beyond:
            return ""
        return _(
            "%(amount)s of what is committed fills no gap: it is beyond what its year asks for, "
            "or where nothing is asked."
        ) % {"amount": money(self.before.beyond, self.lens.currency)}

    @property
    def closes(self) -> int:
        """Cents of the gap that this budget would close."""
        return self.before.missing - self.after.missing if self.after else 0

    @cached_property
    def change(self) -> str:
        """What the budget would do here, in a sentence; empty without a budget."""
        if self.budget is None:
            return ""
        if self.after is None:
            return _(
                "There is no exchange rate for %(currency)s, so its effect cannot be said."
            ) % {"currency": self.budget.currency}
        facts = {
            "amount": money(self.added, self.lens.currency),
            "before": self.text,
            "after": funded_text(self.after),
            "closes": money(self.closes, self.lens.currency),
        }
        if not self.added:
            return _("The dates lie outside the years of the strategy, so nothing changes here.")
        if not self.asked:
            return _("Your %(amount)s would go where nothing is asked for.") % facts
        if not self.closes:
            return (
                _("Your %(amount)s would fill no gap here: what is asked in those years is met.")
                % facts
            )
        if self.closes < self.added:
            return (
                _(
                    "Of your %(amount)s, %(closes)s would fill the gap: from %(before)s to %(after)s. "
                    "The rest is beyond what is asked."
                )
                % facts
            )
        if facts["before"] == facts["after"]:
            return _("Your %(amount)s would fill part of the gap; it stays at %(after)s.") % facts
        return _("Your %(amount)s would lift it to %(after)s.") % facts

    @property
    def nothing_yet(self) -> str:
        """Other places that ask for the same and have nothing, in a sentence; empty where there are none."""
        if not self.empty:
            return ""
        names = get_text_list(self.empty, _("and"))
        words = (
            _("%(places)s has nothing yet.")
            if len(self.empty) == 1
            else _("%(places)s have nothing yet.")
        )
        return words % {"places": names}


def effects(
    lens: Lens,
    objectives: Iterable[tuple[Objective, Decimal]],
    places: Iterable[tuple[Place, Decimal]],
    budget: Budget | None = None,
) -> list[Effect]:
    """How each objective stands in each place, at most `MOST` pairs; objectives and places with their shares.

    Without a place it is everywhere. The queries do not grow with the number of pairs.
    """
    nodes = list(objectives)
    spots = list(places) or [(None, Decimal(100))]
    pairs = [(node, place, share * part / 100) for node, share in nodes for place, part in spots]
    if not pairs:
        return []
    converted = _cents(lens, budget)
    parts = _parts(lens, pairs, converted, budget)
    shown = pairs[:MOST]
    keys = {_key(lens, place) for _node, place, _share in shown}
    plain = lens.at(place=None, objective=None, pillar=None, only_node=False, params={})
    before = cells(plain, keys)
    after = (
        None if converted is None else cells(with_money(plain, _added(lens, pairs, parts)), keys)
    )
    empty = _empty_places(plain, shown[0][0], [place for _node, place, _share in shown])
    return [
        Effect(
            _narrowed(lens, node, place),
            _total(before, node, _key(lens, place)),
            None if after is None else _total(after, node, _key(lens, place)),
            budget,
            sum(cents for year, cents in part.items() if year in lens.years),
            empty if number == 0 else (),
        )
        for number, ((node, place, _share), part) in enumerate(zip(shown, parts, strict=False))
    ]


def _key(lens: Lens, place: Place | None) -> int:
    return place.pk if place else lens.root_key


def _narrowed(lens: Lens, node: Objective, place: Place | None) -> Lens:
    params = {"objective": node.code}
    if place and place.kind != PlaceKind.WORLD:
        params["place"] = place.code
    else:
        place = None
    return lens.at(place=place, objective=node, pillar=node.pillar, params=params)


def _cents(lens: Lens, budget: Budget | None) -> int | None:
    """The budget in cents of the strategy's currency; None without one or without a rate."""
    if budget is None:
        return None
    day = budget.day or lens.as_of
    found = Converter(lens.currency).convert(budget.amount, budget.currency, day)
    return None if found is None else found.amount_minor


def _parts(
    lens: Lens, pairs: Sequence, cents: int | None, budget: Budget | None
) -> list[dict[int, int]]:
    """What of the budget goes to each pair, cents by year: day by day, as a grant's is; without dates now."""
    if cents is None or budget is None:
        return [{} for _pair in pairs]
    amounts = largest_remainder(cents, [share for _node, _place, share in pairs])
    start, end = budget.start or lens.as_of, budget.end or budget.start or lens.as_of
    month = lens.strategy.year_start_month
    return [spread_over_years(amount, min(start, end), end, month) for amount in amounts]


def _added(lens: Lens, pairs: Sequence, parts: Sequence[Mapping[int, int]]) -> dict:
    """The same as cells of the viewer's audience."""
    found: dict[tuple, int] = defaultdict(int)
    for (node, place, _share), part in zip(pairs, parts, strict=True):
        for year, cents in part.items():
            if cents:
                found[int(lens.audience), _key(lens, place), node.pk, year] += cents
    return found


def _total(found: Sequence[Cell], node: Objective, key: int) -> Totals:
    """The sums of an objective and all below it at a place."""
    below = f"{node.code}."
    return total(
        cell
        for cell in found
        if cell.place == key
        and cell.objective
        and (cell.objective == node.code or cell.objective.startswith(below))
    )


def _empty_places(lens: Lens, node: Objective, places: Sequence[Place | None]) -> tuple[str, ...]:
    """Places, other than these, that ask for an objective from the as-of year on and have nothing."""
    years = tuple(year for year in lens.years if year >= lens.as_of_year) or lens.years
    rows = GapRows(lens.at(objective=node, pillar=node.pillar, years=years), "empty")
    mine = {place.name for place in places if place}
    names = dict.fromkeys(row.place for row in rows[: MOST * len(years)])
    return tuple(name for name in names if name not in mine)[:NAMED]
