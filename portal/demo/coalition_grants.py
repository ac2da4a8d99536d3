"""The grants of a synthetic coalition: their money, their tags, their links and regrants."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from grants.choices import GrantStatus, RegrantType, TagOrigin, TransactionKind
from grants.models import (
    Allocation,
    AllocationTotal,
    Grant,
    GrantIdentifier,
    LinkGroup,
    Transaction,
)
from portal.demo.coalition_draw import (
    Skewed,
    amount,
    day_between,
    equal_shares,
    one_of,
    uneven_shares,
)
from portal.lib.text import fold
from portal.records.choices import LocationPrecision, ReviewState, Visibility

if TYPE_CHECKING:
    from portal.demo.coalition import Coalition, Places

CHUNK = 4000
SOURCE = "Synthetic coalition"
DESCRIPTION = (
    "Made up by a program. It pays for work of the organisation named, in the places named."
)

#: How many of a hundred.
VISIBILITY = {
    Visibility.PUBLIC: 84, Visibility.COALITION: 9, Visibility.ORGANISATION: 4, Visibility.WORKING_GROUP: 3,
}  # fmt: skip
PRECISION = {
    LocationPrecision.EXACT: 88, LocationPrecision.DIVISION: 5, LocationPrecision.COUNTRY: 5,
    LocationPrecision.HIDDEN: 2,
}  # fmt: skip
REVIEW = {ReviewState.ACCEPTED: 96, ReviewState.SUBMITTED: 2, ReviewState.DRAFT: 2}
STATUS = {
    GrantStatus.ACTIVE: 60, GrantStatus.CLOSED: 30, GrantStatus.PIPELINE: 5, GrantStatus.FINALISATION: 3,
    GrantStatus.CANCELLED: 2,
}  # fmt: skip
ORIGIN = {TagOrigin.RULE: 40, TagOrigin.PERSON: 45, TagOrigin.SOURCE: 15}
CURRENCY = {"USD": 85, "EUR": 9, "GBP": 5, "KES": 1}  # the last has no rate from the Central Bank
REGRANTS, LINKED, IN_KIND, NO_AMOUNT, UNTAGGED = 0.05, 0.04, 0.04, 0.03, 0.05


def make_grants(coalition: Coalition, count: int) -> list[tuple[int, int]]:
    """Make grants; the key of each with that of its recipient, in the order they were made."""
    draw = _Draw(coalition)
    made: list[Grant] = []
    while len(made) < count:
        rows = []
        for number in range(len(made), min(len(made) + CHUNK, count)):
            rows.append(draw.grant(number, rows or made))
        rows = coalition.keep(Grant, rows)
        coalition.keep(
            GrantIdentifier, [draw.identifier(row, len(made) + n) for n, row in enumerate(rows)]
        )
        coalition.keep(Transaction, [entry for row in rows for entry in draw.transactions(row)])
        tags = {row: draw.tags(row) for row in rows}
        coalition.keep(Allocation, [tag for some in tags.values() for tag in some])
        coalition.keep(
            AllocationTotal, [_total(coalition, row, some) for row, some in tags.items() if some]
        )
        share_with_groups(coalition, Grant, rows)
        made += rows
    _tie(draw.regrants)
    _link(coalition, made)
    return [(row.pk, row.recipient_organisation_id) for row in made]


class _Draw:
    """Draws the parts of one grant after another."""

    def __init__(self, coalition: Coalition) -> None:
        self.coalition, self.random = coalition, coalition.random
        self.places: Places = coalition.places()
        self.funders = Skewed(self.random, coalition.funders)
        self.recipients = Skewed(self.random, coalition.members, 0.8)
        self.objectives = Skewed(self.random, list(coalition.objectives), 0.8)
        self.pillars = list(coalition.objectives)[:4]
        strategy = coalition.strategy
        self.first = strategy.starts_on - timedelta(days=180)
        self.last = strategy.today()
        #: Grants that pass on money of another, to be tied to it once both have keys.
        self.regrants: list[tuple[Grant, Grant]] = []

    def grant(self, number: int, earlier: list[Grant]) -> Grant:
        random = self.random
        parent = random.choice(earlier) if earlier and random.random() < REGRANTS else None
        award = day_between(random, parent.award_date if parent else self.first, self.last)
        starts = award + timedelta(days=random.randrange(90)) if random.random() < 0.9 else None
        ends = (
            starts + timedelta(days=random.choice([180, 365, 365, 730, 1095, 1460]))
            if starts
            else None
        )
        currency = parent.currency if parent and parent.currency else one_of(random, CURRENCY)
        awarded = None if random.random() < NO_AMOUNT else amount(random, 90_000)
        if parent and awarded and parent.amount_awarded:
            awarded = min(awarded, (parent.amount_awarded / 3).quantize(Decimal("0.01")))
        title = f"Example grant {number + 1}"
        grant = Grant(
            title=title,
            description=DESCRIPTION,
            folded=fold(f"{title} {DESCRIPTION}"),
            funding_organisation_id=parent.recipient_organisation_id
            if parent
            else self.funders.one(),
            recipient_organisation_id=self.recipients.one(),
            currency=currency,
            amount_awarded=awarded,
            award_date=award,
            planned_start=starts,
            planned_end=ends,
            dates_assumed=bool(starts) and random.random() < 0.05,
            status=one_of(random, STATUS),
            in_kind=random.random() < IN_KIND,
            visibility=one_of(random, VISIBILITY),
            location_precision=one_of(random, PRECISION),
            review_state=one_of(random, REVIEW),
        )
        if parent:
            self.regrants.append((grant, parent))
        return grant

    @staticmethod
    def identifier(grant: Grant, number: int) -> GrantIdentifier:
        return GrantIdentifier(grant=grant, source=SOURCE, identifier=f"G-{number + 1:07}")

    def transactions(self, grant: Grant) -> list[Transaction]:
        """A commitment and what was paid of it so far, for half of the grants; now and then a pledge before."""
        random, awarded = self.random, grant.amount_awarded
        if awarded is None or random.random() < 0.45:
            return []

        def entry(kind, part, days):
            return Transaction(
                grant=grant,
                kind=kind,
                amount=(awarded * part / 100).quantize(Decimal("0.01")),
                currency=grant.currency,
                value_date=grant.award_date + timedelta(days=days),
            )

        rows = [entry(TransactionKind.COMMITMENT, 100, 0)]
        if random.random() < 0.1:
            rows.insert(0, entry(TransactionKind.PLEDGE, 100, -60))
        if random.random() < 0.05:
            rows.append(entry(TransactionKind.COMMITMENT, -10, 200))
        days = 30
        for part in random.choice([(40, 40, 20), (50, 50), (25, 25, 25), (100,), (30,)]):
            if grant.award_date + timedelta(days=days) > self.last:
                break
            rows.append(entry(TransactionKind.DISBURSEMENT, part, days))
            days += random.choice([90, 180, 365])
        return rows

    def tags(self, grant: Grant) -> list[Allocation]:
        """One to three tags. One grant in seven names pillars alone, and is split over them equally by assumption."""
        random = self.random
        if random.random() < UNTAGGED:
            return []
        assumed = random.random() < 0.15
        if assumed:
            objectives = random.sample(self.pillars, random.randint(2, 3))
            shares = equal_shares(len(objectives))
            place = self.places.one()
            places = [place] * len(objectives)
        else:
            objectives = self.objectives.some(one_of(random, {1: 55, 2: 30, 3: 15}))
            shares = uneven_shares(random, len(objectives))
            places = [self.places.one() for _ in objectives]
            if random.random() < 0.1:  # a part of the grant says no objective
                shares[-1] = (shares[-1] / 2).quantize(Decimal("0.000001"))
        origin = (
            TagOrigin.SOURCE
            if assumed
            else one_of(random, {TagOrigin.RULE: 40, TagOrigin.PERSON: 45, TagOrigin.SOURCE: 15})
        )
        unplaced = random.random() < 0.04
        return [
            Allocation(
                grant=grant,
                strategy=self.coalition.strategy,
                objective_id=objective,
                place_id=None if unplaced else place,
                share=share,
                origin=origin,
                is_assumed=assumed,
                evidence="made up" if origin == TagOrigin.RULE else "",
            )
            for objective, place, share in zip(objectives, places, shares, strict=True)
        ]


def _total(coalition: Coalition, grant: Grant, tags: list[Allocation]) -> AllocationTotal:
    total = sum((tag.share for tag in tags), Decimal(0))
    return AllocationTotal(grant=grant, strategy=coalition.strategy, total=total)


def share_with_groups(coalition: Coalition, model, rows) -> None:
    """Let a working group see what is shared with working groups."""
    through, key = model.working_groups.through, f"{model._meta.model_name}_id"
    through.objects.bulk_create(
        through(
            **{key: row.pk, "workinggroup_id": coalition.random.choice(coalition.working_groups)}
        )
        for row in rows
        if row.visibility == Visibility.WORKING_GROUP
    )


def _tie(regrants: list[tuple[Grant, Grant]]) -> None:
    for grant, parent in regrants:
        grant.regrant_of, grant.regrant_type = parent, RegrantType.COMMON
    changed = [grant for grant, _parent in regrants]
    Grant.objects.bulk_update(changed, ["regrant_of", "regrant_type"], batch_size=200)


def _link(coalition: Coalition, grants: list[Grant]) -> None:
    """Say of some pairs of grants that follow each other that they are one."""
    pairs, taken = [], False
    for first, second in pairwise(grants):
        taken = not taken and coalition.random.random() < LINKED
        if taken:
            pairs.append((first, second))
    groups = coalition.keep(LinkGroup, [LinkGroup(rule="made up by a program") for _ in pairs])
    changed = []
    for group, pair in zip(groups, pairs, strict=True):
        for position, grant in enumerate(pair):
            grant.link_group, grant.link_position = group, position
            changed.append(grant)
    Grant.objects.bulk_update(changed, ["link_group", "link_position"], batch_size=200)
