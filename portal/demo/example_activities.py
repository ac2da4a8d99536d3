"""What the members of the invented coalition do, from its figures to the database."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from activities.choices import ActivityStatus, OrganisationRole
from activities.models import (
    Activity,
    ActivityIdentifier,
    ActivityObjective,
    ActivityPlace,
    ActivityPopulation,
    Participant,
    PeopleReached,
)
from grants.models import ActivityFunding
from portal.accounts.models import User
from portal.demo.example.money import AS_OF
from portal.demo.example.texts import CURRENCY, IDENTIFIERS, INVESTIGATION, RELEASED_BY
from portal.demo.example.work import Work, activities
from portal.lib.text import fold
from portal.records.choices import ReviewState


@dataclass
class ActivityWriter:
    """Writes the activities; knows what was written before by name, code and number."""

    keep: object  # (model, rows) -> rows with keys
    places: dict  # code -> key
    organisations: dict  # name -> key
    objectives: dict  # code -> Objective
    groups: dict  # name -> WorkingGroup
    grants: dict  # number -> Grant

    def write(self) -> None:
        """Activities with shares, partners, people reached, and the grants that pay for them."""
        works = activities()
        rows = self.keep(Activity, [self._activity(work) for work in works])
        pairs = list(zip(works, rows, strict=True))
        ActivityIdentifier.objects.bulk_create(
            [
                ActivityIdentifier(activity=row, source=IDENTIFIERS, identifier=work.number)
                for work, row in pairs
            ]
        )
        ActivityObjective.objects.bulk_create(
            [
                ActivityObjective(
                    activity=row, objective=self.objectives[work.objective], share=100
                )
                for work, row in pairs
            ]
        )
        ActivityPlace.objects.bulk_create(
            [
                ActivityPlace(activity=row, place_id=self.places[work.place], share=100)
                for work, row in pairs
            ]
        )
        ActivityPopulation.objects.bulk_create(
            [
                ActivityPopulation(activity=row, group=work.population)
                for work, row in pairs
                if work.population
            ]
        )
        Participant.objects.bulk_create(
            [
                Participant(
                    activity=row,
                    organisation_id=self.organisations[name],
                    role=OrganisationRole.IMPLEMENTING,
                )
                for work, row in pairs
                for name in (work.organisation, *work.partners)
            ]
        )
        groups = Activity.working_groups.through
        groups.objects.bulk_create(
            [
                groups(activity_id=row.pk, workinggroup_id=self.groups[INVESTIGATION].pk)
                for work, row in pairs
                if work.visibility == "working_group"
            ]
        )
        self._people_reached(pairs)
        self._fundings(pairs)

    def _activity(self, work: Work) -> Activity:
        return Activity(
            reporting_organisation_id=self.organisations[work.organisation],
            title=work.title,
            description=work.description,
            folded=fold(f"{work.title} {work.description}"),
            activity_status=_activity_status(work.start, work.end),
            planned_start=work.start,
            planned_end=work.end,
            actual_start=work.start if work.start <= AS_OF else None,
            mode_of_delivery=work.mode,
            budget_amount=work.budget,
            budget_currency="" if work.budget is None else CURRENCY,
            budget_value_date=None if work.budget is None else work.start,
            confirmed_at=None
            if work.is_draft
            else _moment(AS_OF - timedelta(days=110 if work.is_stale else 25)),
            visibility=work.visibility,
            location_precision=work.precision,
            review_state=ReviewState.DRAFT if work.is_draft else ReviewState.ACCEPTED,
            objective_total=100,
            place_total=100,
        )

    def _people_reached(self, pairs) -> None:
        """Counts of the first nine months of 2026, released by the secretariat in October."""
        released_by = User(email=RELEASED_BY, name="Secretariat (example)", is_active=False)
        released_by.set_unusable_password()
        released_by.save()
        self.keep(
            PeopleReached,
            [
                PeopleReached(
                    activity=row,
                    period_start=max(work.start, date(2026, 1, 1)),
                    period_end=date(2026, 9, 30),
                    group=work.population,
                    count=work.reach,
                    released_at=_moment(date(2026, 10, 15)),
                    released_by=released_by,
                )
                for work, row in pairs
                if work.reach and work.start <= date(2026, 9, 30)
            ],
        )

    def _fundings(self, pairs) -> None:
        """Each grant pays for one activity of its grantee for the same objective, if there is one that runs with it."""
        paying = []
        for number, row in self.grants.items():
            codes = {allocation.objective.code for allocation in row.allocations.all()}
            fitting = [
                (work, activity)
                for work, activity in pairs
                if activity.reporting_organisation_id == row.recipient_organisation_id
                and work.objective in codes
                and not work.is_draft
                and activity.planned_start <= row.planned_end
                and activity.planned_end >= row.planned_start
            ]
            if fitting:
                place = sum(map(ord, number)) % len(fitting)
                paying.append(ActivityFunding(activity=fitting[place][1], grant=row))
        self.keep(ActivityFunding, paying)


def _activity_status(start: date, end: date) -> str:
    if end < AS_OF:
        return ActivityStatus.FINALISATION
    return ActivityStatus.PIPELINE if start > AS_OF else ActivityStatus.IMPLEMENTATION


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)
