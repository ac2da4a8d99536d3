"""What became of overlaps: one row per decision, and what was agreed in numbers, each with its rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from activities.choices import DismissReason, OverlapState
from activities.models import Agreement, Overlap
from portal.dashboards.lens import Lens
from portal.directory.models import Place
from portal.lib.numbers import money, money_full
from strategy.models import Objective
from strategy.rates import Converter

from .groups import RELATED, in_reading_order, title_of
from .signs import seen_place

ICONS = {
    OverlapState.JOINT: "people",
    OverlapState.DIVIDED: "chat-left-text",
    OverlapState.LINKED: "link-45deg",
    OverlapState.DISMISSED: "check-lg",
}
#: What overlaps settled at one moment by one person have in common: they are one decision.
_DECISION = ("settled_at", "settled_by", "state")


@dataclass(frozen=True, slots=True)
class Freed:
    """Money that an agreement keeps from being spent twice: as given, and in cents of the strategy's currency."""

    amount: Decimal
    currency: str
    cents: int | None  # None without a rate
    to_currency: str

    @property
    def text(self) -> str:
        return money_full(self.amount, self.currency)

    @property
    def converted(self) -> str:
        if self.cents is None or self.currency == self.to_currency:
            return ""
        return money_full(self.cents, self.to_currency)


@dataclass(frozen=True)
class Decision:
    """What was decided about one or more overlaps at once."""

    lead: Overlap
    overlaps: Sequence[Overlap]
    place: Place | None
    is_whole: bool  # the reader sees all that the decision is about, so they read its words too
    agreement: Agreement | None
    freed: Freed | None

    @property
    def objective(self) -> Objective | None:
        return self.lead.objective

    @property
    def title(self) -> str:
        return title_of(len(in_reading_order(self.overlaps, ())), self.objective, self.place)

    @property
    def icon(self) -> str:
        return ICONS[OverlapState(self.lead.state)]

    @property
    def url(self) -> str:
        return reverse("dashboards:overlap", args=[self.lead.pk])

    @property
    def words(self) -> str:
        """`One joint activity, led by the Specialist Unit`, `Not a duplicate: different people`."""
        state = OverlapState(self.lead.state)
        if state == OverlapState.DISMISSED:
            reason = str(DismissReason(self.lead.reason).label)
            return _("Not a duplicate: %(reason)s") % {"reason": reason[0].lower() + reason[1:]}
        words = {
            OverlapState.JOINT: _("One joint activity"),
            OverlapState.DIVIDED: _("The work is divided"),
            OverlapState.LINKED: _("One project, now counted once"),
        }[state]
        who = self.agreement.organisation if self.agreement and self.is_whole else None
        return _("%(what)s, led by %(who)s") % {"what": words, "who": who.name} if who else words

    @property
    def note(self) -> str:
        return self.lead.note if self.is_whole else ""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was agreed, as a reader sees it: decisions by their state, and money in cents."""

    decisions: int
    joint: int
    divided: int
    linked: int
    freed_cents: int
    currency: str
    unconverted: int

    @property
    def freed(self) -> str:
        return money(self.freed_cents, self.currency)


def in_outcome(overlaps: QuerySet[Overlap], outcome: str) -> QuerySet[Overlap]:
    """Settled overlaps of one outcome; `money` are those whose agreement keeps money from being spent twice."""
    if outcome == "money":
        return overlaps.filter(Exists(_agreements().filter(amount__isnull=False)))
    return overlaps.filter(state=outcome) if outcome else overlaps


def _agreements() -> QuerySet[Agreement]:
    """The agreement behind an overlap: of its conversation, and of the moment it was settled."""
    return Agreement.objects.filter(
        coordination=OuterRef("coordination"), agreed_at=OuterRef("settled_at")
    )


def decisions_of(overlaps: QuerySet[Overlap]) -> QuerySet:
    """One row per decision, the latest first: settled_at, settled_by, state, and how many overlaps are seen of it."""
    return (
        overlaps.order_by()
        .values(*_DECISION)
        .annotate(seen=Count("pk"), lead=Min("pk"))
        .order_by("-settled_at", "lead")
    )


def read_decisions(lens: Lens, rows: Iterable[dict], user) -> list[Decision]:
    """These decisions with all that the list shows. The number of queries does not depend on theirs."""
    rows = list(rows)
    if not rows:
        return []
    moments = {row["settled_at"] for row in rows}
    found: dict[tuple, list[Overlap]] = {}
    seen = Overlap.objects.visible_to(user).settled().filter(settled_at__in=moments)
    for overlap in seen.select_related(*RELATED).order_by("-score", "pk"):
        found.setdefault(_key(overlap), []).append(overlap)
    whole = whole_decisions(moments, found)
    agreements = {
        (one.coordination_id, one.agreed_at): one
        for one in Agreement.objects.filter(agreed_at__in=moments).select_related("organisation")
    }
    converter = Converter(lens.currency)
    return [
        _decision(lens, found[key], key in whole, agreements, converter)
        for row in rows
        if (key := tuple(row[name] for name in _DECISION)) in found
    ]


def _key(overlap: Overlap) -> tuple:
    return overlap.settled_at, overlap.settled_by_id, overlap.state


def whole_decisions(moments: Iterable[datetime], seen: dict[tuple, Sequence]) -> set[tuple]:
    """The decisions of which the reader sees every overlap. One query."""
    rows = Overlap.objects.settled().filter(settled_at__in=list(moments)).order_by()
    counts = rows.values_list(*_DECISION).annotate(number=Count("pk"))
    return {tuple(key) for *key, number in counts if number == len(seen.get(tuple(key), ()))}


def _decision(lens: Lens, overlaps, is_whole: bool, agreements, converter: Converter) -> Decision:
    lead = overlaps[0]
    agreement = agreements.get((lead.coordination_id, lead.settled_at))
    return Decision(
        lead=lead,
        overlaps=overlaps,
        place=seen_place(lead, lens.viewer),
        is_whole=is_whole,
        agreement=agreement,
        freed=freed_by(agreement, converter, lens.currency) if is_whole else None,
    )


def freed_by(agreement: Agreement | None, converter: Converter, currency: str) -> Freed | None:
    """The money an agreement keeps from being spent twice, by the rate of the day it was agreed."""
    if agreement is None or agreement.amount is None or agreement.agreed_at is None:
        return None
    found = converter.convert(agreement.amount, agreement.currency, agreement.agreed_at.date())
    cents = None if found is None else found.amount_minor
    return Freed(agreement.amount, agreement.currency, cents, currency)


def agreed(lens: Lens, user, since: datetime | None = None) -> Agreed:
    """What the overlaps that a reader sees came to. Queries do not grow with them."""
    settled = Overlap.objects.visible_to(user).settled()
    if since is not None:
        settled = settled.filter(settled_at__gte=since)
    decisions = list(decisions_of(settled))
    by_state: dict[str, int] = {}
    for row in decisions:
        by_state[row["state"]] = by_state.get(row["state"], 0) + 1
    cents = unconverted = 0
    converter = Converter(lens.currency)
    for agreement in _freeing(settled):
        freed = freed_by(agreement, converter, lens.currency)
        if freed is None or freed.cents is None:
            unconverted += 1
        else:
            cents += freed.cents
    return Agreed(
        decisions=len(decisions),
        joint=by_state.get(OverlapState.JOINT, 0),
        divided=by_state.get(OverlapState.DIVIDED, 0),
        linked=by_state.get(OverlapState.LINKED, 0),
        freed_cents=cents,
        currency=lens.currency,
        unconverted=unconverted,
    )


def _freeing(settled: QuerySet[Overlap]) -> list[Agreement]:
    """Agreements with an amount, of decisions that the reader sees as a whole."""
    behind = Overlap.objects.settled().filter(
        coordination=OuterRef("coordination"), settled_at=OuterRef("agreed_at")
    )
    hidden = behind.exclude(pk__in=settled.order_by().values("pk"))
    rows = Agreement.objects.filter(Q(amount__isnull=False), agreed_at__isnull=False)
    return list(rows.filter(Exists(behind)).exclude(Exists(hidden)))
