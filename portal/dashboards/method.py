"""How the numbers are computed, and how complete the record behind them is, as one reader may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.core.cache import cache
from django.db.models import Count, Max, Min, Sum
from django.utils.translation import gettext_lazy as _

from grants.choices import UnconvertedReason
from grants.models import LinkGroup, Unconverted
from strategy.analysis.coverage import by_year
from strategy.models import ExchangeRate, Requirement

from .gaps import GapsPage, findings
from .lens import Lens
from .rows import FIGURES, FORMULAS, MoneyRows

#: How many unconverted amounts are listed; the count says how many there are.
LISTED = 50


@dataclass(frozen=True, slots=True)
class Term:
    """A number: its name, what it is in words, and how it is computed where that is more than words."""

    key: str  # its anchor on the page
    name: str
    words: str
    formula: str = ""


def _figure(key: str, formula: str = "") -> Term:
    """A figure that has rows: its words are those that stand above them."""
    return Term(key, FIGURES[key], FORMULAS[key], formula)


#: In the order in which a reader meets them. Source of the terms: FTS, IATI and 360Giving, as named in the words.
TERMS = (
    Term(
        "counts",
        _("What counts"),
        _(
            "A record counts once it is accepted and as long as it is not cancelled. Records that are linked as one "
            "grant count once: the first of them that you may see."
        ),
    ),
    _figure("required", _("required = Σ (revised amount, else original amount)")),
    _figure(
        "committed",
        _("committed = Σ commitment × share of the tag, spread over the days of the grant"),
    ),
    _figure(
        "disbursed",
        _("paid out = Σ disbursement × share of the tag, in the year of its value date"),
    ),
    _figure("pledged", _("pledged = Σ pledge × share of the tag, in the year of its value date")),
    _figure("in_kind"),
    Term(
        "new-money",
        _("New money"),
        _(
            "What merely passes from one organisation to another is no new money: of a grant that pays for another "
            "one, the part passed on counts once, under the tags of the grant that it pays for."
        ),
        _("new money = committed − what passes through a grant that counts already"),
    ),
    _figure("missing", _("missing = Σ max(0, required − committed), requirement by requirement")),
    _figure("met", _("met = required − missing")),
    Term(
        "share-met",
        _("Funded, in percent"),
        _(
            "What is met of what is asked: bars and boxes are filled to it, so that the hatched area is exactly the "
            "missing money. Where nothing is asked we say “no requirement stated”, never 0% or 100%."
        ),
        _("funded = met ÷ required"),
    ),
    Term(
        "coverage",
        _("Coverage"),
        _(
            "All that is committed beside all that is asked, wherever the money went. It may be above 100%."
        ),
        _("coverage = committed ÷ required"),
    ),
    Term(
        "surplus",
        _("Beyond what is asked"),
        _(
            "Money over what a requirement asks, and money where nothing is asked. It is named beside the gap, and "
            "fills none."
        ),
        _("beyond = committed − met"),
    ),
    _figure("empty"),
    Term(
        "share",
        _("Share of a pillar"),
        _("What is committed to one of the four Ps, of all money that is tagged to any of them."),
        _("share = committed to the pillar ÷ all tagged money"),
    ),
    Term(
        "range",
        _("Range"),
        _(
            "Many grants name several Ps without saying how much is for which; they are split equally, and marked. "
            "The range goes from what names this P alone to all that names it. Where ranges overlap, no order is "
            "claimed."
        ),
        _("from committed − assumed, to committed − assumed + all of the grants that name it"),
    ),
    _figure("assumed"),
    _figure("by_rule"),
    _figure("untagged"),
    Term(
        "not-below",
        _("As a whole, not below"),
        _(
            "Money given to a place or an objective as a whole stands on its own row when you look deeper. It is "
            "never spread by guess."
        ),
    ),
    Term(
        "capacity-gap",
        _("Capacity gap"),
        _(
            "Units that are needed, such as shelter beds, less those that are available, place by place."
        ),
        _("capacity gap = Σ max(0, needed − available)"),
    ),
    Term(
        "presence-gap",
        _("Places with nobody"),
        _(
            "Places where the strategy asks for somebody, by a requirement or an expectation, and no activity on "
            "record runs in that year at that place, or within it, for that objective."
        ),
    ),
    Term(
        "unconfirmed",
        _("Unconfirmed"),
        _(
            "An activity that goes on, and of which nobody has said for long that it is still true (120 days before "
            "the as-of date, unless the coalition sets another number). It stays in lists, marked, and is left out "
            "where the portal counts who is present. Its money counts as before."
        ),
    ),
    Term(
        "concentration",
        _("Concentration"),
        _(
            "How much hangs on one funder: the share of the largest, and the Herfindahl index, which is 1 for a "
            "single funder and falls the more funders share equally."
        ),
        _("Herfindahl index = Σ (share of a funder)²"),
    ),
    Term(
        "cliff",
        _("Cliff"),
        _(
            "The first quarter after the as-of date in which committed money falls below half of the quarter before, "
            "or below half of what is asked. Where the days of most of the money are assumed, it is judged by year."
        ),
    ),
    Term(
        "at-risk",
        _("At risk"),
        _("An activity whose last known funding ends before the activity does."),
    ),
    Term(
        "completeness",
        _("Completeness"),
        _(
            "How many grants have no amount, how much is tagged by rule and how much rests on an assumed split. A "
            "year in which more than a fifth of the grants have no amount says “incomplete” instead of a gap."
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Basis:
    """One basis of estimate, and the requirements that rest on it; cents."""

    words: str
    source: str
    requirements: int
    amount: int


@dataclass(frozen=True, slots=True)
class RateSource:
    """Where exchange rates come from."""

    source: str
    currencies: int
    first: date
    last: date


@dataclass(frozen=True)
class Method:
    """What the page says of the record behind the figures, as this reader may see it."""

    lens: Lens
    gaps: GapsPage
    dates_assumed: int  # cents of the committed, tagged money
    unplaced: int  # cents of it given to the world as a whole, or with no place
    unconverted: Sequence[Unconverted]  # the first of those without a rate or a date
    unconverted_count: int
    without_amount: int
    linked: Sequence[tuple[str, int]]  # (how they were found to be one, groups)
    bases: Sequence[Basis]
    rates: Sequence[RateSource]

    @cached_property
    def years(self):
        """(year, totals of what is tagged, untagged cents, completeness) for every year with a record."""
        untagged = by_year(cell for cell in self.gaps.parts if cell.objective is None)
        found = []
        for year, complete in self.gaps.completeness.items():
            totals = self.gaps.years.get(year)
            if totals is not None or complete.grants:
                rest = untagged[year].committed if year in untagged else 0
                found.append((year, totals, rest, complete))
        return found


def method(lens: Lens) -> Method:
    """Gather the page. A fixed number of queries."""
    money = MoneyRows(lens, "committed")
    assumed = money.queryset.filter(dates_assumed=True).aggregate(total=Sum("amount"))["total"] or 0
    assumed += sum(entry[1].amount for entry in money.own if entry[1].dates_assumed)
    unconverted = Unconverted.objects.visible_to(lens.viewer).filter(strategy=lens.strategy)
    listed = unconverted.exclude(reason=UnconvertedReason.NO_AMOUNT)
    return Method(
        lens,
        findings(lens, largest=0),
        int(assumed),
        MoneyRows(lens, "committed", exact_place=True).total,
        list(listed.select_related("grant").order_by("currency", "value_date", "pk")[:LISTED]),
        listed.count(),
        unconverted.filter(reason=UnconvertedReason.NO_AMOUNT).count(),
        _linked(lens),
        _bases(lens),
        rate_sources(),
    )


def _linked(lens: Lens) -> list[tuple[str, int]]:
    rows = LinkGroup.objects.visible_to(lens.viewer).filter(grants__isnull=False)
    counted = rows.order_by().values("rule").annotate(groups=Count("pk", distinct=True))
    return [(row["rule"], row["groups"]) for row in counted.order_by("-groups", "rule")]


def _bases(lens: Lens) -> list[Basis]:
    rows = Requirement.objects.visible_to(lens.viewer).filter(objective__strategy=lens.strategy)
    counted = rows.order_by().values("basis_of_estimate", "source")
    counted = counted.annotate(requirements=Count("pk"), amount=Sum("amount_minor", default=0))
    return [
        Basis(row["basis_of_estimate"], row["source"], row["requirements"], int(row["amount"]))
        for row in counted.order_by("-requirements", "basis_of_estimate")[:LISTED]
    ]


def rate_sources() -> list[RateSource]:
    """The sources of all rates on record. Counted once after each change of them, and kept."""
    last = ExchangeRate.objects.order_by("-pk").values_list("pk", flat=True).first()
    if last is None:
        return []
    key = f"rate-sources:{last}"
    found = cache.get(key)
    if found is None:
        rows = ExchangeRate.objects.order_by().values("source")
        rows = rows.annotate(
            currencies=Count("currency", distinct=True), first=Min("day"), last=Max("day")
        )
        found = [RateSource(**row) for row in rows.order_by("source")]
        cache.set(key, found)
    return found
