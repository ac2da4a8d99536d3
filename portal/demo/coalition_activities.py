"""The activities of a synthetic coalition: who does what, where, for whom and with whom."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from activities.choices import (
    ActivityStatus,
    DeliveryMode,
    Exploitation,
    OrganisationRole,
    Population,
)
from activities.models import (
    Activity,
    ActivityExploitation,
    ActivityIdentifier,
    ActivityObjective,
    ActivityPlace,
    ActivityPopulation,
    Participant,
)
from grants.models import ActivityFunding
from portal.demo.coalition_draw import Skewed, amount, day_between, one_of, uneven_shares
from portal.demo.coalition_grants import (
    CHUNK,
    PRECISION,
    REVIEW,
    SOURCE,
    VISIBILITY,
    share_with_groups,
)
from portal.demo.telling import draw_subject, tell
from portal.lib.text import fold

if TYPE_CHECKING:
    from portal.demo.coalition import Coalition

STATUS = {
    ActivityStatus.IMPLEMENTATION: 55, ActivityStatus.CLOSED: 25, ActivityStatus.PIPELINE: 12,
    ActivityStatus.FINALISATION: 6, ActivityStatus.CANCELLED: 2,
}  # fmt: skip


def make_activities(coalition: Coalition, count: int, grants: list[tuple[int, int]]) -> None:
    """Make activities; two in five are paid for by a grant of their organisation, where it has one."""
    draw = _Draw(coalition)
    by_recipient = defaultdict(list)
    for grant, recipient in grants:
        by_recipient[recipient].append(grant)
    for start in range(0, count, CHUNK):
        numbers = range(start, min(start + CHUNK, count))
        rows = coalition.keep(Activity, [draw.activity(number) for number in numbers])
        coalition.keep(
            ActivityIdentifier, [draw.identifier(*pair) for pair in zip(rows, numbers, strict=True)]
        )
        for model, parts in (
            (ActivityObjective, draw.objectives),
            (ActivityPlace, draw.places),
            (ActivityPopulation, draw.populations),
            (ActivityExploitation, draw.exploitations),
            (Participant, draw.participants),
        ):
            coalition.keep(model, [part for row in rows for part in parts(row)])
        coalition.keep(
            ActivityFunding,
            [
                ActivityFunding(activity=row, grant_id=coalition.random.choice(theirs))
                for row in rows
                if coalition.random.random() < 0.4
                and (theirs := by_recipient[row.reporting_organisation_id])
            ],
        )
        share_with_groups(coalition, Activity, rows)


class _Draw:
    """Draws the parts of one activity after another."""

    def __init__(self, coalition: Coalition) -> None:
        self.random, strategy = coalition.random, coalition.strategy
        self.first, self.last = (
            strategy.starts_on - timedelta(days=180),
            strategy.ends_on - timedelta(days=900),
        )
        self._places = coalition.places()
        self._members = Skewed(self.random, coalition.members, 0.8)
        self._objectives = Skewed(self.random, list(coalition.objectives)[4:], 0.8)

    def activity(self, number: int) -> Activity:
        random = self.random
        told = tell(random, draw_subject(random), "the district")
        title = told.title
        description = f"{told.description} Example activity {number + 1}. Made up by a program."
        starts = day_between(random, self.first, self.last)
        has_budget = random.random() < 0.6
        return Activity(
            reporting_organisation_id=self._members.one(),
            title=title,
            description=description,
            folded=fold(f"{title} {description}"),
            activity_status=one_of(random, STATUS),
            planned_start=starts,
            planned_end=starts + timedelta(days=random.choice([90, 180, 365, 365, 730, 1095])),
            mode_of_delivery=random.choice(DeliveryMode.values),
            budget_amount=amount(random, 60_000) if has_budget else None,
            budget_currency="USD" if has_budget else "",
            budget_value_date=starts if has_budget else None,
            objective_total=Decimal(100),
            place_total=Decimal(100),
            visibility=one_of(random, VISIBILITY),
            location_precision=one_of(random, PRECISION),
            review_state=one_of(random, REVIEW),
        )

    @staticmethod
    def identifier(activity: Activity, number: int) -> ActivityIdentifier:
        return ActivityIdentifier(activity=activity, source=SOURCE, identifier=f"A-{number + 1:07}")

    def objectives(self, activity: Activity) -> list[ActivityObjective]:
        found = self._objectives.some(one_of(self.random, {1: 60, 2: 30, 3: 10}))
        shares = uneven_shares(self.random, len(found))
        return [
            ActivityObjective(activity=activity, objective_id=key, share=share)
            for key, share in zip(found, shares, strict=True)
        ]

    def places(self, activity: Activity) -> list[ActivityPlace]:
        found = self._places.some(one_of(self.random, {1: 65, 2: 20, 3: 15}))
        shares = uneven_shares(self.random, len(found))
        return [
            ActivityPlace(activity=activity, place_id=key, share=share)
            for key, share in zip(found, shares, strict=True)
        ]

    def populations(self, activity: Activity) -> list[ActivityPopulation]:
        groups = self.random.sample(Population.values, one_of(self.random, {0: 10, 1: 50, 2: 40}))
        return [ActivityPopulation(activity=activity, group=group) for group in groups]

    def exploitations(self, activity: Activity) -> list[ActivityExploitation]:
        forms = self.random.sample(Exploitation.values, one_of(self.random, {0: 30, 1: 60, 2: 10}))
        return [ActivityExploitation(activity=activity, form=form) for form in forms]

    def participants(self, activity: Activity) -> list[Participant]:
        """Whoever reports it carries it out, with up to three others."""
        pairs = {(activity.reporting_organisation_id, OrganisationRole.IMPLEMENTING): None}
        for member in self._members.some(self.random.randrange(4)):
            pairs[member, self.random.choice(OrganisationRole.values)] = None
        return [
            Participant(activity=activity, organisation_id=organisation, role=role)
            for organisation, role in pairs
        ]
