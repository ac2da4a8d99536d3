from datetime import date

import pytest

from grants.models import AllocationTotal, CountedGrant, GrantIdentifier
from tests.constraints import again, assert_refused, constraints_of, put
from tests.factories import (
    ActivityFundingFactory,
    AllocationFactory,
    GrantFactory,
    LinkGroupFactory,
    TransactionFactory,
    strategy_in_force,
)

pytestmark = pytest.mark.django_db


def identifier():
    return GrantIdentifier.objects.create(grant=GrantFactory(), source="IATI", identifier="1")


def total():
    return AllocationTotal.objects.create(
        grant=GrantFactory(), strategy=strategy_in_force(), total=100
    )


def counted():
    return CountedGrant.objects.create(
        grant=GrantFactory(), strategy=strategy_in_force(), year=2026, has_amount=True
    )


def same_position():
    first, second = GrantFactory(), GrantFactory()
    LinkGroupFactory(grants=[first, second])
    put(second, link_position=0)


def itself():
    grant = GrantFactory()
    put(grant, regrant_of=grant)


REFUSED = {
    "grants_grant_ends_after_start": lambda: put(GrantFactory(), planned_end=date(2000, 1, 1)),
    "grants_grant_amount_has_currency": lambda: put(GrantFactory(), currency=""),
    "grants_grant_amount_not_negative": lambda: put(GrantFactory(), amount_awarded=-1),
    "grants_grant_not_its_own_regrant": itself,
    "grants_grant_link_position_once": same_position,
    "grants_identifier_unique": lambda: again(identifier()),
    "grants_transaction_has_currency": lambda: put(TransactionFactory(), currency=""),
    "grants_allocation_share_is_percentage": lambda: put(AllocationFactory(), share=101),
    "grants_total_once": lambda: again(total()),
    "grants_total_at_most_100": lambda: put(total(), total=101),
    "grants_counted_once": lambda: again(counted()),
    "grants_funding_once": lambda: again(ActivityFundingFactory()),
    "grants_funding_amount_has_currency": lambda: put(ActivityFundingFactory(), amount=5),
}


@pytest.mark.parametrize("name", REFUSED)
def test_database_refuses(name):
    assert_refused(name, REFUSED[name])


def test_every_constraint_is_tried():
    assert set(REFUSED) == constraints_of("grants")
