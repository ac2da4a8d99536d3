from decimal import Decimal

import pytest

from grants.models import Grant
from portal.directory.models import Place
from portal.lib.prepared import MOST_KEYS, Prepared
from tests.factories import GrantFactory, PlaceFactory

pytestmark = pytest.mark.django_db


def test_rows_are_those_of_the_queryset():
    grants = [GrantFactory(amount_awarded=Decimal(f"{n}.10"), currency="USD") for n in range(5)]
    reading = Prepared(
        lambda keys: (
            Grant.objects.filter(pk__in=keys)
            .order_by("pk")
            .values_list("pk", "amount_awarded", "award_date")
        )
    )

    for count in (1, 2, 3, 5):
        keys = [grant.pk for grant in grants[:count]]
        assert reading(keys) == list(
            Grant.objects.filter(pk__in=keys)
            .order_by("pk")
            .values_list("pk", "amount_awarded", "award_date")
        )


def test_sql_is_made_once_for_collections_of_about_the_same_length():
    made = []

    def make(keys, parent):
        made.append(len(keys))
        return Place.objects.filter(pk__in=keys, parent=parent).order_by("pk").values_list("pk")

    region = PlaceFactory(kind="region")
    places = [PlaceFactory(parent=region).pk for _ in range(4)]
    reading = Prepared(make)

    found = [reading(places[:3], region.pk), reading(places, region.pk)]

    assert found == [[(key,) for key in places[:3]], [(key,) for key in places]]
    assert made == [4]


def test_nothing_is_found_for_no_keys_and_all_for_many():
    place = PlaceFactory(kind="region")
    reading = Prepared(lambda keys: Place.objects.filter(pk__in=keys).values_list("pk"))

    assert reading([]) == []
    assert reading([*range(10**6, 10**6 + MOST_KEYS), place.pk]) == [(place.pk,)]


def test_value_that_is_no_key_of_the_query_is_refused():
    reading = Prepared(lambda keys: Place.objects.values_list("pk"))

    with pytest.raises(ValueError, match="no key"):
        reading([1])
