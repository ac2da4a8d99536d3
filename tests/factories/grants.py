from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from grants.choices import TagOrigin, TransactionKind
from grants.models import ActivityFunding, Allocation, Grant, LinkGroup, Transaction

from .activities import ActivityFactory
from .directory import OrganisationFactory
from .strategy import strategy_in_force


class GrantFactory(DjangoModelFactory):
    """A public grant of US$1,000.00 for 2026, without transactions and tags: make them beside it.

    Figures are kept by `grants.services`: call them after the last transaction and tag.
    """

    class Meta:
        model = Grant
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Grant {n}")
    funding_organisation = factory.SubFactory(OrganisationFactory, is_funder=True, is_member=False)
    recipient_organisation = factory.SubFactory(OrganisationFactory)
    currency = "USD"
    amount_awarded = Decimal("1000.00")
    award_date = date(2026, 1, 1)
    planned_start = date(2026, 1, 1)
    planned_end = date(2026, 12, 31)

    @factory.post_generation
    def working_groups(self, create, groups, **kwargs):
        self.working_groups.set(groups or ())


class TransactionFactory(DjangoModelFactory):
    """A commitment of US$1,000.00."""

    class Meta:
        model = Transaction

    grant = factory.SubFactory(GrantFactory)
    kind = TransactionKind.COMMITMENT
    amount = Decimal("1000.00")
    currency = "USD"
    value_date = date(2026, 1, 1)


class AllocationFactory(DjangoModelFactory):
    """A tag on the whole grant, given by a person: `(grant=..., objective=..., place=...)`."""

    class Meta:
        model = Allocation

    grant = factory.SubFactory(GrantFactory)
    strategy = factory.LazyAttribute(
        lambda o: o.objective.strategy if o.objective else strategy_in_force()
    )
    objective = None
    place = None
    share = Decimal("100")
    origin = TagOrigin.PERSON

    @classmethod
    def _adjust_kwargs(cls, **kwargs):
        return {**kwargs, "share": Decimal(kwargs["share"])}


class ActivityFundingFactory(DjangoModelFactory):
    class Meta:
        model = ActivityFunding

    activity = factory.SubFactory(ActivityFactory)
    grant = factory.SubFactory(GrantFactory)


class LinkGroupFactory(DjangoModelFactory):
    """Records of one grant; `grants` become its members, the first one first."""

    class Meta:
        model = LinkGroup
        skip_postgeneration_save = True

    rule = "same country, same amount"

    @factory.post_generation
    def grants(self, create, grants, **kwargs):
        for position, grant in enumerate(grants or ()):
            grant.link_group, grant.link_position = self, position
            grant.save()
