import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Sum

from activities.models import Activity
from grants.models import Grant, LinkGroup, Split
from portal.demo.example.figures import CODES, OBJECTIVES, UNIT
from portal.demo.example.indicators import BEDS_SLUG
from portal.demo.example.money import committed_by_place
from portal.demo.example.texts import NOTICE
from portal.demo.example_loader import load_example
from portal.directory.choices import Audience
from portal.directory.models import Organisation, Place
from strategy.models import Measurement, Objective, Strategy, SummaryCell

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CENTS = UNIT * 100


@pytest.fixture(scope="module")
def example(django_db_setup, django_db_blocker):
    """The loaded example, for all tests of this module; returns the loader's report."""
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        try:
            yield load_example()
        finally:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)


def figure(column, *, code, place="001"):
    """A kept figure for the public over all years; cents."""
    cells = SummaryCell.objects.filter(
        audience=Audience.PUBLIC,
        place_key=Place.objects.get(code=place).pk,
        objective_key=Objective.objects.get(code=code).pk,
    )
    return cells.aggregate(total=Sum(column))["total"] or 0


@pytest.mark.parametrize("code", sorted(OBJECTIVES))
def test_kept_figures_are_those_of_the_example(example, code):
    figures = OBJECTIVES[code]

    assert figure("required", code=code) == figures.required * CENTS
    assert (
        abs(figure("committed", code=code) - figures.committed * CENTS) <= 2
    )  # shares have six decimals
    assert abs(figure("disbursed", code=code) - figures.disbursed * CENTS) <= CENTS


def test_committed_by_place_is_that_of_the_example(example):
    expected = committed_by_place()

    for place in CODES:
        assert (
            abs(figure("committed", code="2.1", place=place) - expected["2.1", place] * CENTS) <= 10
        )


def test_strategy_says_that_it_is_an_example(example):
    strategy = Strategy.objects.in_force()

    assert (strategy.notice, strategy.coalition_name) == (NOTICE, "Three Rivers Coalition")
    assert strategy.years == [2025, 2026, 2027, 2028]


def test_every_organisation_is_marked_example(example):
    assert Organisation.objects.filter(is_example=True).count() == 38
    assert not Organisation.objects.filter(is_example=False).exists()


def test_places_lie_in_a_country_of_their_own(example):
    country = Place.objects.get(code="XX")

    assert set(Place.objects.filter(parent=country).values_list("code", flat=True)) == set(CODES)


def test_secretariat_sees_118_activities_and_two_drafts(example):
    assert Activity.objects.counting().count() == 118
    assert Activity.objects.count() == 120


def test_second_record_of_a_grant_counts_once(example):
    first, second = LinkGroup.objects.get().grants.order_by("link_position")

    assert first.identifiers.get().identifier == "G-1042"
    assert Split.objects.filter(grant=first).exists()
    assert not Split.objects.filter(grant=second).exists()


def test_pledge_stands_beside_the_money(example):
    assert figure("pledged", code="2.3") == 60_000_000


def test_untagged_money_is_what_the_six_grants_commit(example):
    untagged = Split.objects.filter(objective=None, measure="committed", in_public=True)

    assert untagged.aggregate(total=Sum("amount"))["total"] == 130_000_000
    assert untagged.values("grant").distinct().count() == 6


def test_shelter_beds_are_298_short(example):
    sums = Measurement.objects.filter(indicator__slug=BEDS_SLUG).aggregate(
        need=Sum("need"), there=Sum("available")
    )

    assert sums["need"] - sums["there"] == 298


def test_loading_again_changes_nothing(example):
    before = Grant.objects.count()

    assert load_example().already_there
    assert Grant.objects.count() == before


def test_command_makes_accounts_in_the_example_organisations(example, settings):
    settings.DEMO = "example"

    call_command("load_example", verbosity=0)

    funder = Organisation.objects.get(slug="alder-foundation")
    member = Organisation.objects.get(slug="tidewater-legal-clinic")
    assert [row.user.email for row in funder.memberships.all()] == ["funder@example.org"]
    assert sorted(row.user.email for row in member.memberships.all()) == [
        "member@example.org",
        "viewer@example.org",
    ]
