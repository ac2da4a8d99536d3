from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from activities import services
from activities.models import (
    Activity,
    ActivityLinkGroup,
    Agreement,
    AgreementAnswer,
    Coordination,
    CoordinationParty,
    Message,
    Overlap,
    OverlapStatement,
    PeopleReached,
)

from .directory import OrganisationFactory, UserFactory

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


class ActivityFactory(DjangoModelFactory):
    """A public activity of 2026.

    `objectives` and `places` take {record: share}, or a list that shares 100 equally.
    """

    class Meta:
        model = Activity
        skip_postgeneration_save = True

    reporting_organisation = factory.SubFactory(OrganisationFactory)
    title = factory.Sequence(lambda n: f"Activity {n}")
    planned_start = date(2026, 1, 1)
    planned_end = date(2026, 12, 31)

    @factory.post_generation
    def objectives(self, create, shares, **kwargs):
        if shares:
            services.set_shares(self, objectives=_shares(shares))
            self.refresh_from_db()

    @factory.post_generation
    def places(self, create, shares, **kwargs):
        if shares:
            services.set_shares(self, places=_shares(shares))
            self.refresh_from_db()

    @factory.post_generation
    def working_groups(self, create, groups, **kwargs):
        self.working_groups.set(groups or ())


class PeopleReachedFactory(DjangoModelFactory):
    class Meta:
        model = PeopleReached

    activity = factory.SubFactory(ActivityFactory)
    period_start = date(2026, 1, 1)
    period_end = date(2026, 3, 31)
    count = 40


class ActivityLinkGroupFactory(DjangoModelFactory):
    """`activities`: the records of the group, in their order."""

    class Meta:
        model = ActivityLinkGroup
        skip_postgeneration_save = True

    rule = "confirmed by both"

    @factory.post_generation
    def activities(self, create, activities, **kwargs):
        for position, activity in enumerate(activities or ()):
            activity.link_group, activity.link_position = self, position
            activity.save()


class OverlapFactory(DjangoModelFactory):
    """An open overlap of two activities that exist: pass the older as `first`."""

    class Meta:
        model = Overlap

    first = factory.SubFactory(ActivityFactory)
    second = factory.SubFactory(ActivityFactory)
    kind = "overlap"
    score = 0.75
    scored_at = NOW


class OverlapStatementFactory(DjangoModelFactory):
    class Meta:
        model = OverlapStatement

    overlap = factory.SubFactory(OverlapFactory)
    activity = factory.SelfAttribute("overlap.first")
    organisation = factory.SelfAttribute("activity.reporting_organisation")
    choice = "people"
    said_by = factory.SubFactory(UserFactory)
    said_at = NOW


class CoordinationFactory(DjangoModelFactory):
    """`parties`: the organisations concerned."""

    class Meta:
        model = Coordination
        skip_postgeneration_save = True

    subject = "Two courses for the same officers"
    opened_by = factory.SubFactory(UserFactory)
    opened_at = NOW

    @factory.post_generation
    def parties(self, create, organisations, **kwargs):
        for organisation in organisations or ():
            CoordinationParty.objects.create(coordination=self, organisation=organisation)


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = Message

    coordination = factory.SubFactory(CoordinationFactory)
    author = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    text = "Shall we divide the work?"
    sent_at = NOW


class AgreementFactory(DjangoModelFactory):
    class Meta:
        model = Agreement

    coordination = factory.SubFactory(CoordinationFactory)
    kind = "divided"
    text = "One of us takes the port, the other the airport."
    organisation = factory.SubFactory(OrganisationFactory)
    proposed_by = factory.SubFactory(UserFactory)
    proposed_at = NOW


class AgreementAnswerFactory(DjangoModelFactory):
    class Meta:
        model = AgreementAnswer

    agreement = factory.SubFactory(AgreementFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    accepted = True
    answered_by = factory.SubFactory(UserFactory)
    answered_at = NOW


def _shares(given):
    if isinstance(given, dict):
        return given
    share = 100 // len(given)
    rest = 100 - share * len(given)
    return {record: share + (rest if position == 0 else 0) for position, record in enumerate(given)}
