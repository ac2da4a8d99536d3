"""What waits for one person: their organisations' records, what is due, tags to look at, dates, and their objectives.

Confirmations are judged by the real day, because people confirm in real time; what ends soon by the as-of date.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property

from django.db.models import Count, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from activities.choices import OVER, ReviewStep
from activities.models import Activity, ActivityObjective, PeopleReached, Review
from grants.choices import GrantStatus, TagOrigin, UnconvertedReason
from grants.models import ActivityFunding, Allocation, AllocationTotal, Grant, Unconverted
from portal.directory.access import viewer_of
from portal.directory.models import JoinRequest, Organisation
from portal.records.choices import ReviewState
from strategy.analysis import endings
from strategy.analysis.coverage import Totals, total
from strategy.models import Objective

from .gather import cells
from .lens import Lens
from .rows import MoneyRows

#: How many rows of a list are named; the count says how many there are.
SHOWN = 8
ENDS_SOON = timedelta(days=90)
UNFINISHED = (ReviewState.DRAFT, ReviewState.RETURNED, ReviewState.SUBMITTED)


@dataclass(frozen=True, slots=True)
class Due:
    """An activity that nobody has confirmed for too long."""

    activity: Activity
    since: date  # last confirmed, or made where it never was
    days: int

    @property
    def was_confirmed(self) -> bool:
        return self.activity.confirmed_at is not None


@dataclass(frozen=True, slots=True)
class TagsWaiting:
    """A grant whose tags a person should look at."""

    grant: Grant
    by_rule: int  # tags that a rule proposed and nobody has confirmed
    untagged: Decimal  # percent of the grant without a tag


@dataclass(frozen=True, slots=True)
class Ending:
    """An activity or a grant that ends within 90 days of the as-of date."""

    record: Activity | Grant
    ends_on: date
    days: int

    @property
    def is_grant(self) -> bool:
        return isinstance(self.record, Grant)


@dataclass(frozen=True, slots=True)
class Risk:
    """An activity whose funding ends before it does."""

    activity: Activity
    funded_until: date
    ends_on: date
    days: int


@dataclass(frozen=True)
class Work:
    """What one person finds on their page. Lists are cut to `SHOWN`; counts are not."""

    lens: Lens
    organisations: Sequence[Organisation]
    may_edit: bool
    activities: int
    grants: int
    due: Sequence[Due]
    due_count: int
    unfinished: Sequence[Activity | Grant]
    tags: Sequence[TagsWaiting]
    tags_count: int
    endings: Sequence[Ending]
    risks: Sequence[Risk]
    objectives: Sequence[tuple[Objective, Totals]]

    @property
    def is_empty(self) -> bool:
        return not (self.activities or self.grants or self.unfinished)


class _Mine:
    """The records of a person's organisations, as querysets."""

    def __init__(self, user, lens: Lens, organisations: frozenset[int] | None = None):
        self.viewer, self.lens = viewer_of(user), lens
        owned, editable = self.viewer.organisations, self.viewer.editable_organisations
        if organisations is not None:
            owned, editable = owned & organisations, editable & organisations
        self.organisations, self.editable = owned, editable
        self.activities = Activity.objects.visible_to(user).owned_by(owned)
        self.grants = Grant.objects.visible_to(user).owned_by(owned)
        self.editable_activities = Activity.objects.editable_by(user).owned_by(editable)
        #: Grants that the person's organisations give: their tags are theirs to set.
        self.given = Grant.objects.editable_by(user).filter(funding_organisation__in=editable)

    # What is due

    def due(self, now: datetime):
        return (
            self.editable_activities.counting()
            .unconfirmed_on(timezone.localdate(now))
            .annotate(since=Coalesce("confirmed_at", "created_at"))
            .order_by("since", "pk")
        )

    def unfinished(self) -> list[Activity | Grant]:
        """What others do not see yet, returned ones first; activities with `comments`, the newest first."""
        returned = Review.objects.filter(step=ReviewStep.RETURNED)
        waits = Q(review_state__in=UNFINISHED)
        activities = self.activities.filter(waits | Q(is_held=True)).prefetch_related(
            Prefetch("reviews", returned, to_attr="comments")
        )
        found: list[Activity | Grant] = []
        for rows in (activities, self.grants.filter(waits)):
            found += rows.order_by("-updated_at", "pk")[:SHOWN]
        return sorted(found, key=lambda one: one.review_state != ReviewState.RETURNED)

    # Tags

    def tags(self):
        strategy = self.lens.strategy
        total_ = AllocationTotal.objects.filter(grant=OuterRef("pk"), strategy=strategy).values(
            "total"
        )
        waiting = Q(
            allocations__strategy=strategy,
            allocations__origin=TagOrigin.RULE,
            allocations__confirmed_by=None,
        )
        return (
            self.given.counting()
            .annotate(
                tagged=Coalesce(Subquery(total_), Decimal(0)),
                rule_tags=Count("allocations", filter=waiting),
            )
            .filter(Q(rule_tags__gt=0) | Q(tagged__lt=100))
            .order_by("tagged", "-rule_tags", "title", "pk")
        )

    # Dates

    def endings(self) -> list[Ending]:
        first = self.lens.as_of
        soon = Q(planned_end__gte=first, planned_end__lte=first + ENDS_SOON)
        running = (
            self.activities.counting().exclude(activity_status__in=OVER),
            self.grants.counting().exclude(status=GrantStatus.CLOSED),
        )
        found = [
            Ending(record, record.planned_end, (record.planned_end - first).days)
            for rows in running
            for record in rows.filter(soon).order_by("planned_end", "pk")[:SHOWN]
        ]
        return sorted(found, key=lambda ending: ending.ends_on)[:SHOWN]

    def risks(self) -> list[Risk]:
        """Of the activities that are not over on the as-of date, those whose last grant ends before they do."""
        as_of = self.lens.as_of
        running = self.activities.counting().exclude(activity_status__in=OVER)
        running = running.filter(planned_end__gte=as_of, fundings__isnull=False).distinct()
        works = {activity.pk: activity for activity in running}
        fundings = ActivityFunding.objects.visible_to(self.viewer).filter(activity__in=works)
        rows = fundings.values_list("activity", "grant", "grant__planned_end")
        found = endings.at_risk(
            [endings.Work(key, one.planned_start, one.planned_end) for key, one in works.items()],
            [endings.Funding(*row) for row in rows],
            as_of,
        )
        return [
            Risk(works[risk.activity], risk.funded_until, risk.ends_on, risk.days)
            for risk in found[:SHOWN]
        ]

    # Objectives

    def objectives(self) -> list[tuple[Objective, Totals]]:
        """The objectives of these records with all that is asked of and given to them, in the order of codes."""
        strategy = self.lens.strategy
        shares = ActivityObjective.objects.filter(
            activity__in=self.activities.counting().values("pk")
        )
        tags = Allocation.objects.filter(
            strategy=strategy, grant__in=self.grants.counting().values("pk")
        )
        keys = {
            key
            for rows in (shares, tags)
            for key in rows.order_by().values_list("objective", flat=True).distinct()
        }
        mine = [node for key, node in self.lens.objectives.items() if key in keys][:SHOWN]
        if not mine:
            return []
        found = cells(self.lens)
        return [
            (
                node,
                total(
                    cell
                    for cell in found
                    if cell.objective
                    and (cell.objective == node.code or cell.objective.startswith(f"{node.code}."))
                ),
            )
            for node in mine
        ]


def work(user, lens: Lens, now: datetime, organisations: frozenset[int] | None = None) -> Work:
    """Gather a person's page. The queries do not grow with the records.

    organisations: of the person's own, only these.
    """
    mine = _Mine(user, lens, organisations)
    if not mine.organisations:
        return Work(lens, (), False, 0, 0, (), 0, (), (), 0, (), (), ())
    due, tags = mine.due(now), mine.tags()
    waiting = [TagsWaiting(grant, grant.rule_tags, 100 - grant.tagged) for grant in tags[:SHOWN]]
    return Work(
        lens,
        list(Organisation.objects.filter(pk__in=mine.organisations)),
        bool(mine.editable),
        mine.activities.count(),
        mine.grants.count(),
        [
            Due(activity, timezone.localdate(activity.since), (now - activity.since).days)
            for activity in due[:SHOWN]
        ],
        due.count(),
        mine.unfinished(),
        waiting,
        tags.count(),
        mine.endings(),
        mine.risks(),
        mine.objectives(),
    )


class MyActivities(Sequence):
    """The activities of a person's organisations, the last changed first; a slice reads one page."""

    def __init__(self, user, lens: Lens, organisations: frozenset[int] | None = None):
        self._rows = _Mine(user, lens, organisations).activities.select_related(
            "reporting_organisation"
        )
        self._rows = self._rows.order_by("-updated_at", "pk")

    def __len__(self):
        return self._count

    @cached_property
    def _count(self) -> int:
        return self._rows.order_by().count()

    def __getitem__(self, index):
        return list(self._rows[index]) if isinstance(index, slice) else self._rows[index]


class MyGrants(MyActivities):
    """The grants that a person's organisations give or get."""

    def __init__(self, user, lens: Lens, organisations: frozenset[int] | None = None):
        totals = AllocationTotal.objects.filter(grant=OuterRef("pk"), strategy=lens.strategy)
        rows = _Mine(user, lens, organisations).grants.select_related(
            "funding_organisation", "recipient_organisation"
        )
        self._rows = rows.annotate(
            tagged=Coalesce(Subquery(totals.values("total")), Decimal(0))
        ).order_by(F("planned_end").desc(nulls_last=True), "pk")


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits for the secretariat; money in cents."""

    join_requests: int
    submitted_activities: int
    submitted_grants: int
    grants_by_rule: int
    unconverted: int  # amounts without a rate or a date
    without_amount: int
    counts_to_release: int
    unconfirmed: int
    held: int  # texts to look at, before others see their activities
    unplaced: int
    untagged: int


def desk(user, lens: Lens, now: datetime) -> Desk:
    """Count what waits for the secretariat."""
    strategy = lens.strategy
    submitted = {"review_state": ReviewState.SUBMITTED}
    reasons = Unconverted.objects.visible_to(user).filter(strategy=strategy)
    without = Count("pk", filter=Q(reason=UnconvertedReason.NO_AMOUNT))
    unconverted = reasons.aggregate(every=Count("pk"), without=without)
    by_rule = Allocation.objects.filter(strategy=strategy, origin=TagOrigin.RULE, confirmed_by=None)
    stale = Activity.objects.visible_to(user).counting().unconfirmed_on(timezone.localdate(now))
    held = Activity.objects.visible_to(user).filter(is_held=True)
    return Desk(
        JoinRequest.objects.visible_to(user).open().count(),
        Activity.objects.visible_to(user).filter(**submitted).count(),
        Grant.objects.visible_to(user).filter(**submitted).count(),
        by_rule.aggregate(n=Count("grant", distinct=True))["n"],
        unconverted["every"] - unconverted["without"],
        unconverted["without"],
        PeopleReached.objects.visible_to(user).filter(released_at=None).count(),
        stale.count(),
        held.count(),
        MoneyRows(lens, "committed", exact_place=True).total,
        MoneyRows(lens, "untagged").total,
    )
