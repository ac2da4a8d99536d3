from datetime import date

import factory
from factory.django import DjangoModelFactory

from activities import services
from activities.models import Activity, PeopleReached

from .directory import OrganisationFactory


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


def _shares(given):
    if isinstance(given, dict):
        return given
    share = 100 // len(given)
    rest = 100 - share * len(given)
    return {record: share + (rest if position == 0 else 0) for position, record in enumerate(given)}
