from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum

from activities.models import Activity, Participant
from grants.choices import Measure, TagOrigin
from grants.models import (
    ActivityFunding,
    Allocation,
    AllocationTotal,
    Grant,
    LinkGroup,
    Split,
    Unconverted,
)
from portal.demo.loader import NOTICE, load_demo
from portal.demo.us.plan import GRANTS_FILE, PROJECT_LISTS
from portal.demo.us.requirements import BASIS_OF_ESTIMATE
from portal.directory.choices import Audience
from portal.directory.models import Organisation, Place
from portal.history.services import history_of
from strategy.models import Indicator, Measurement, Objective, Requirement, Strategy, SummaryCell

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def world(column, *, pillar, year):
    """A kept figure of the whole world for the public; cents."""
    objectives = Objective.objects.filter(pillar=pillar).values("pk")
    cells = SummaryCell.objects.filter(
        audience=Audience.PUBLIC,
        place_key=Place.objects.get(code="001").pk,
        year=year,
        objective_key__in=objectives,
    )
    return cells.aggregate(total=Sum(column))["total"] or 0


def test_report_says_what_was_made(demo):
    assert demo.made == {
        "objectives": 20,
        "requirements": 1932,
        "measurements": 2251,
        "organisations": 732,
        "linked grants": 217,
        "grants": 2643,
        "tags": 5224,
        "activities": 425,
        "activity funding": 403,
    }
    assert sum(demo.linked.values()) == 217
    assert demo.unplaced == {}


def test_strategy_is_in_force_with_its_fiscal_years_and_notice(demo):
    strategy = Strategy.objects.in_force()

    assert strategy.years == list(range(2003, 2015))
    assert strategy.year_bounds(2003) == (date(2002, 10, 1), date(2003, 9, 30))
    assert (strategy.as_of, strategy.notice) == (date(2010, 9, 30), NOTICE)


@pytest.mark.parametrize(
    ("pillar", "asked", "without"),
    [(1, 1420000000, 43), (2, 1588431525, 43), (3, 1411295400, 44), (4, 0, 0)],
)
def test_kept_figures_of_2010_are_those_of_the_rule(demo, pillar, asked, without):
    assert world("required", pillar=pillar, year=2010) == asked
    assert world("asked_cells", pillar=pillar, year=2010) == (71 if asked else 0)
    assert world("empty_cells", pillar=pillar, year=2010) == without


def test_every_requirement_says_its_basis(demo):
    assert set(Requirement.objects.values_list("basis_of_estimate", flat=True)) == {
        BASIS_OF_ESTIMATE
    }


def test_money_falls_off_a_cliff_after_the_as_of_date(demo):
    committed = [
        sum(world("committed", pillar=pillar, year=year) for pillar in (1, 2, 3, 4))
        for year in (2010, 2011)
    ]

    assert committed[1] < committed[0] / 3


def test_rows_of_both_sources_stay_and_a_linked_pair_counts_once(demo):
    from_file = Grant.objects.filter(identifiers__source=GRANTS_FILE)
    from_list = Grant.objects.filter(identifiers__source=PROJECT_LISTS[2003])

    assert (from_file.count(), from_list.count()) == (2420, 223)
    assert from_file.aggregate(total=Sum("amount_awarded"))["total"] == Decimal("862285184.00")
    for group in LinkGroup.objects.prefetch_related("grants")[:50]:
        first, second = sorted(group.grants.all(), key=lambda grant: grant.link_position)
        counted = set(
            Split.objects.filter(grant__in=[first, second]).values_list("grant", flat=True)
        )
        assert counted <= {first.pk}


def test_file_counts_unless_amount_or_year_differ(demo):
    bangladesh = Grant.objects.get(identifiers__source=GRANTS_FILE, identifiers__identifier="269")
    cambodia = Grant.objects.get(identifiers__source=GRANTS_FILE, identifiers__identifier="587")

    assert (bangladesh.link_position, cambodia.link_position) == (1, 0)


def test_tags_add_up_to_100_and_assumed_splits_are_those_of_several_pillars(demo):
    assert set(AllocationTotal.objects.values_list("total", flat=True)) == {Decimal(100)}
    several = Grant.objects.filter(
        identifiers__source=GRANTS_FILE, allocations__is_assumed=True
    ).distinct()
    assert several.count() == 1528
    assert several.aggregate(total=Sum("amount_awarded"))["total"] is not None
    assert sum(grant.amount_awarded or 0 for grant in several) == Decimal("636726639.00")


def test_tags_by_rule_say_their_words_and_stay_in_the_coded_pillar(demo):
    by_rule = Allocation.objects.filter(origin=TagOrigin.RULE)

    assert by_rule.exists()
    assert not by_rule.filter(evidence="").exists()
    assert not by_rule.filter(objective__parent=None).exists()


def test_dates_are_said_to_be_assumed(demo):
    assert not Grant.objects.filter(dates_assumed=False).exists()
    assert not Activity.objects.filter(dates_assumed=False).exists()


def test_grants_without_amount_stand_beside_the_figures(demo):
    reasons = set(Unconverted.objects.values_list("reason", flat=True))

    assert reasons == {"no_amount"}


def test_splits_add_up_to_the_grants_that_count(demo):
    counted = Grant.objects.filter(pk__in=Split.objects.values("grant"))
    split = Split.objects.filter(measure=Measure.COMMITTED, in_public=True).aggregate(
        total=Sum("amount")
    )

    assert split["total"] == int(counted.aggregate(total=Sum("amount_awarded"))["total"] * 100)


def test_activities_name_who_takes_part_and_what_pays(demo):
    activity = Activity.objects.get(
        identifiers__source=PROJECT_LISTS[2003],
        title="Public Awareness Campaign",
        place_shares__place__code="MM",
    )

    assert activity.reporting_organisation.name == "World Vision"
    assert sorted(
        Participant.objects.filter(activity=activity).values_list(
            "role", "organisation__short_name"
        )
    ) == [
        ("1", "State/G-TIP"),
        ("4", ""),
    ]
    assert ActivityFunding.objects.get(activity=activity).amount == Decimal("100135.00")


def test_organisations_carry_only_what_the_record_says(demo):
    assert not Organisation.objects.filter(is_example=True).exists()
    assert not Organisation.objects.exclude(country=None, website="", description="").exists()
    assert not Organisation.objects.filter(name__icontains="Fulbright").exists()


def test_tiers_are_a_context_indicator(demo):
    indicator = Indicator.objects.get(slug="tip-tier")

    assert indicator.kind == "context"
    assert (
        Measurement.objects.filter(
            indicator=indicator, measured_on__year=2010, value__gte=3
        ).count()
        == 71
    )


def test_loading_is_one_entry_of_the_history(demo):
    entry = history_of(Strategy.objects.get()).filter(action="fourfold.import").get()

    assert entry.data["made"]["grants"] == 2643


def test_loading_again_changes_nothing(demo):
    before = (Grant.objects.count(), Strategy.objects.get().data_version)

    report = load_demo()

    assert report.already_there
    assert (Grant.objects.count(), Strategy.objects.get().data_version) == before
