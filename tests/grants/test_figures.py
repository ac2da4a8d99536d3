"""The kept figures equal a recomputation from the rows, whatever is changed in whatever order."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grants.choices import GrantStatus, TransactionKind
from grants.exceptions import MoneyGoesRound
from grants.models import Allocation, Grant, LinkGroup, Split
from grants.services import (
    figures_from_rows,
    forget_money,
    link_grants,
    rebuild_figures,
    save_money,
    set_allocations,
    unlink_grant,
)
from portal.history.services import history_of
from portal.lib.prepared import MOST_KEYS
from portal.records.choices import LocationPrecision, Visibility
from strategy.analysis.cube import GIVEN
from strategy.models import SummaryCell
from strategy.services import requirements_changed
from tests.factories import (
    AllocationFactory,
    GrantFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PlaceFactory,
    RequirementFactory,
    TransactionFactory,
    pillar_root,
    strategy_in_force,
)

pytestmark = pytest.mark.django_db

COLUMNS = [
    field.attname
    for field in SummaryCell._meta.concrete_fields
    if field.attname not in ("id", "strategy_id")
]


def kept(strategy):
    """Every kept figure that is not all zero."""
    rows = SummaryCell.objects.filter(strategy=strategy).order_by(
        "audience", "place_key", "objective_key", "year"
    )
    return [row for row in rows.values_list(*COLUMNS) if any(row[4:])]


def assert_kept_equals_recomputed(strategy):
    before = kept(strategy)
    rebuild_figures(strategy.pk)
    assert before == kept(strategy)


@pytest.fixture
def world():
    strategy = strategy_in_force()
    region = PlaceFactory(kind="region")
    countries = [PlaceFactory(parent=region, kind="country") for _ in range(2)]
    division = PlaceFactory(parent=countries[0], kind="division")
    roots = [pillar_root(1), pillar_root(2)]
    objectives = [*roots, ObjectiveFactory(parent=roots[0]), ObjectiveFactory(parent=roots[1])]
    return strategy, [None, region, *countries, division], objectives


def test_commitment_is_split_over_years_and_shown_to_those_who_may_see_it(world):
    strategy, (_none, _region, kenya, *_), (prevention, *_) = world
    grant = GrantFactory(
        amount_awarded=Decimal("100.00"), currency="USD", award_date=date(2025, 7, 1), planned_start=date(2025, 7, 1),
        planned_end=date(2026, 6, 30), visibility=Visibility.COALITION,
    )  # fmt: skip

    set_allocations(
        grant,
        strategy,
        [Allocation(objective=prevention, place=kenya, share=Decimal(60), origin="person")],
    )

    rows = SummaryCell.objects.filter(place_key=kenya.pk, objective_key=prevention.pk).order_by(
        "audience", "year"
    )
    assert list(rows.values_list("audience", "year", "committed")) == [
        (2, 2025, 3025), (2, 2026, 2975), (3, 2025, 3025), (3, 2026, 2975),
    ]  # fmt: skip
    assert sum(Split.objects.values_list("amount", flat=True)) == 10000


def test_many_grants_are_counted_and_forgotten_at_once(world):
    strategy, (_none, _region, kenya, *_), (prevention, *_) = world
    organisation = OrganisationFactory()
    grants = GrantFactory.create_batch(
        MOST_KEYS + 1, funding_organisation=organisation, recipient_organisation=organisation
    )
    for grant in grants:
        AllocationFactory(grant=grant, objective=prevention, place=kenya)
    keys = [grant.pk for grant in grants]
    cells = SummaryCell.objects.filter(
        audience=1, place_key=kenya.pk, objective_key=prevention.pk, committed__gt=0
    )

    save_money(keys)

    assert sum(cells.values_list("committed", flat=True)) == len(grants) * 100000
    assert_kept_equals_recomputed(strategy)

    forget_money(keys)

    assert not cells.exists()


def test_gap_is_judged_where_it_is_asked(world):
    strategy, (_none, region, kenya, tanzania, division), (prevention, _, informed, _) = world
    for place, amount in ((kenya, 1000), (tanzania, 500)):
        requirement = RequirementFactory(
            objective=prevention, place=place, year=2025, amount_original=Decimal(amount)
        )
        requirements_changed(strategy.pk, [(prevention.pk, place.pk, 2025)])
    grant = GrantFactory(
        amount_awarded=Decimal("1200.00"), currency="USD", award_date=date(2025, 1, 1),
        planned_start=date(2025, 1, 1), planned_end=date(2025, 12, 31),
    )  # fmt: skip

    set_allocations(
        grant,
        strategy,
        [Allocation(objective=informed, place=division, share=Decimal(100), origin="rule")],
    )

    cell = SummaryCell.objects.get(
        audience=1, place_key=region.pk, objective_key=prevention.pk, year=2025
    )
    assert (cell.required, cell.unmet, cell.surplus, cell.asked_cells, cell.empty_cells) == (
        150000,
        50000,
        20000,
        2,
        1,
    )
    assert requirement.place == tanzania
    assert_kept_equals_recomputed(strategy)


def test_linked_records_count_once_and_again_when_unlinked(world):
    strategy, (_none, _region, kenya, *_), (prevention, *_) = world
    grants = [
        GrantFactory(
            amount_awarded=Decimal(50),
            currency="USD",
            award_date=date(2025, 3, 1),
            planned_start=None,
            planned_end=None,
        )
        for _ in range(2)
    ]
    for grant in grants:
        set_allocations(
            grant,
            strategy,
            [Allocation(objective=prevention, place=kenya, share=100, origin="source")],
        )

    def committed():
        return SummaryCell.objects.get(
            audience=1, place_key=kenya.pk, objective_key=prevention.pk, year=2025
        ).committed

    assert committed() == 10000
    link_grants(grants, rule="same amount and place")
    assert committed() == 5000
    unlink_grant(Grant.objects.get(pk=grants[1].pk))
    assert committed() == 10000
    assert_kept_equals_recomputed(strategy)


def test_regrant_replaces_its_part_of_the_parent(world):
    strategy, (_none, _region, kenya, tanzania, _), (prevention, protection, *_) = world
    day = date(2025, 3, 1)
    parent = GrantFactory(
        amount_awarded=Decimal(100),
        currency="USD",
        award_date=day,
        planned_start=None,
        planned_end=None,
    )
    child = GrantFactory(
        amount_awarded=Decimal(30),
        currency="USD",
        award_date=day,
        planned_start=None,
        planned_end=None,
        regrant_of=parent,
    )
    set_allocations(
        parent,
        strategy,
        [Allocation(objective=prevention, place=kenya, share=100, origin="person")],
    )
    set_allocations(
        child,
        strategy,
        [Allocation(objective=protection, place=tanzania, share=100, origin="person")],
    )

    rows = SummaryCell.objects.filter(audience=1, committed_here__gt=0).order_by("objective_key")
    assert list(rows.values_list("objective_key", "place_key", "committed_here")) == [
        (prevention.pk, kenya.pk, 7000), (protection.pk, tanzania.pk, 3000),
    ]  # fmt: skip
    assert_kept_equals_recomputed(strategy)


def test_regrant_is_not_linked_with_the_grant_whose_money_it_passes_on(world):
    first = GrantFactory()
    second = GrantFactory(regrant_of=first)
    third = GrantFactory(regrant_of=second)

    with pytest.raises(MoneyGoesRound):
        link_grants([first, third], rule="test")

    assert not Grant.objects.exclude(link_group=None).exists()
    assert not LinkGroup.objects.exists()


def test_money_without_a_rate_stands_beside_the_figures(world):
    strategy, (_none, _region, kenya, *_), (prevention, *_) = world
    grant = GrantFactory(
        amount_awarded=Decimal(10),
        currency="XTS",
        award_date=date(2025, 3, 1),
        planned_start=None,
        planned_end=None,
    )

    set_allocations(
        grant, strategy, [Allocation(objective=prevention, place=kenya, share=100, origin="person")]
    )

    assert list(grant.unconverted.values_list("amount", "currency", "value_date", "reason")) == [
        (Decimal("10.00"), "XTS", date(2025, 3, 1), "no_rate")
    ]
    assert not Split.objects.exists()


change = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(
            [
                "tag",
                "requirement",
                "transaction",
                "link",
                "unlink",
                "hide",
                "cancel",
                "regrant",
                "delete",
            ]
        ),
        "grant": st.integers(0, 3),
        "other": st.integers(0, 3),
        "objective": st.integers(0, 3),
        "place": st.integers(0, 4),
        "year": st.integers(2024, 2027),
        "amount": st.integers(0, 99999),
        "share": st.integers(1, 50),
        "visibility": st.sampled_from(Visibility.values),
        "precision": st.sampled_from(LocationPrecision.values),
    }
)


def carry_out(one, strategy, places, objectives, grants):
    """One change of the kind a person or an import would make."""
    grant = Grant.objects.filter(pk=grants[one["grant"]].pk).first()
    other = Grant.objects.filter(pk=grants[one["other"]].pk).first()
    place, objective = places[one["place"]], objectives[one["objective"]]
    if one["kind"] == "requirement":
        if place is not None:
            RequirementFactory(
                objective=objective,
                place=place,
                year=one["year"],
                amount_original=Decimal(one["amount"]) / 100,
            )
            requirements_changed(strategy.pk, [(objective.pk, place.pk, one["year"])])
    elif grant is None:
        return
    elif one["kind"] == "tag":
        half = [
            Allocation(
                objective=objective, place=place, share=one["share"], origin="rule", is_assumed=True
            )
        ]
        rest = [
            Allocation(
                objective=objectives[0], place=places[2], share=one["share"], origin="person"
            )
        ]
        set_allocations(grant, strategy, half + rest)
    elif one["kind"] == "transaction":
        kind = TransactionKind.values[one["amount"] % 4]
        TransactionFactory(
            grant=grant, kind=kind, amount=Decimal(one["amount"] - 20000) / 100, currency="USD",
            value_date=date(one["year"], 5, 5),
        )  # fmt: skip
        save_money([grant.pk])
    elif (
        one["kind"] == "link"
        and other
        and other != grant
        and not (grant.link_group_id or other.link_group_id)
    ):
        try:
            link_grants([grant, other], rule="test")
        except MoneyGoesRound:
            assert {grant.regrant_of_id, other.regrant_of_id} != {None}
    elif one["kind"] == "unlink" and grant.link_group_id:
        unlink_grant(grant)
    elif one["kind"] == "hide":
        grant.visibility, grant.location_precision = one["visibility"], one["precision"]
        grant.save()
        save_money([grant.pk])
    elif one["kind"] == "cancel":
        grant.status = GrantStatus.CANCELLED
        grant.save()
        save_money([grant.pk])
    elif (
        one["kind"] == "regrant"
        and other
        and other.pk < grant.pk
        and not (grant.link_group_id or other.link_group_id)
    ):
        grant.regrant_of = other
        grant.save()
        save_money([grant.pk])
    elif one["kind"] == "delete" and not (
        grant.link_group_id or grant.regrant_of_id or grant.regrants.exists()
    ):
        forget_money([grant.pk])
        grant.delete()


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(changes=st.lists(change, min_size=1, max_size=8))
def test_kept_figures_equal_a_recomputation_after_any_changes(changes, django_db_blocker):
    from django.db import transaction

    with transaction.atomic():
        strategy = strategy_in_force()
        region = PlaceFactory(kind="region")
        countries = [PlaceFactory(parent=region, kind="country") for _ in range(2)]
        places = [None, region, *countries, PlaceFactory(parent=countries[0], kind="division")]
        roots = [pillar_root(1), pillar_root(2)]
        objectives = [*roots, ObjectiveFactory(parent=roots[0]), ObjectiveFactory(parent=roots[1])]
        grants = [
            GrantFactory(
                amount_awarded=Decimal(1000 + n), currency="USD", award_date=date(2025, 1 + n, 1),
                planned_start=date(2025, 1, 1 + n), planned_end=date(2026, 3, 1),
            )
            for n in range(4)
        ]  # fmt: skip

        save_money([grant.pk for grant in grants])

        for one in changes:
            carry_out(one, strategy, places, objectives, grants)

        assert_kept_equals_recomputed(strategy)
        total = figures_from_rows(strategy)[:, 4 + GIVEN.index("committed")].sum()
        assert total == sum(
            row.committed
            for row in SummaryCell.objects.filter(strategy=strategy, place_key=region.parent_id)
        )
        transaction.set_rollback(True)


def test_tags_that_stay_are_left_alone_and_the_others_leave_a_trace(world):
    strategy, (_none, _region, kenya, tanzania, _), (prevention, *_) = world
    grant = GrantFactory()

    def tag(place, share):
        return Allocation(objective=prevention, place=place, share=Decimal(share), origin="person")

    set_allocations(grant, strategy, [tag(kenya, 40), tag(tanzania, 30)])
    stays, goes = grant.allocations.order_by("pk")
    set_allocations(grant, strategy, [tag(tanzania, 50), tag(kenya, 40)])

    assert [one.share for one in grant.allocations.order_by("pk")] == [40, 50]
    assert grant.allocations.order_by("pk").first() == stays
    assert [entry.action for entry in history_of(stays)] == ["fourfold.create"]
    assert [entry.action for entry in history_of(goes)] == ["fourfold.delete", "fourfold.create"]
    assert history_of(goes).first().data["changes"]["share"] == ["30.000000", None]
    assert grant.allocation_totals.get().total == 90


def test_change_of_the_title_writes_no_split(world):
    strategy, (_none, _region, kenya, *_), (prevention, *_) = world
    grant = GrantFactory(amount_awarded=Decimal(50), currency="USD", award_date=date(2025, 3, 1))
    tags = [Allocation(objective=prevention, place=kenya, share=100, origin="person")]
    set_allocations(grant, strategy, tags)
    before = list(Split.objects.order_by("pk").values_list("pk"))
    figures = kept(strategy)

    grant.title = "Another title"
    grant.save()
    with CaptureQueriesContext(connection) as asked:
        save_money([grant.pk])

    written = [
        query["sql"]
        for query in asked
        if not query["sql"].startswith(("SELECT", "(SELECT", "SAVEPOINT", "REL"))
    ]
    assert len(written) == 1  # the data version
    assert "data_version" in written[0]
    assert list(Split.objects.order_by("pk").values_list("pk")) == before
    assert kept(strategy) == figures


def test_drawing_figures_anew_puts_right_what_is_wrong_and_leaves_the_rest(world):
    strategy, (_none, _region, kenya, tanzania, _), (prevention, *_) = world
    for place in (kenya, tanzania):
        grant = GrantFactory(
            amount_awarded=Decimal(50), currency="USD", award_date=date(2025, 3, 1)
        )
        set_allocations(
            grant,
            strategy,
            [Allocation(objective=prevention, place=place, share=100, origin="person")],
        )
    right = kept(strategy)
    splits = set(Split.objects.values_list("pk", flat=True))
    wrong = SummaryCell.objects.filter(place_key=kenya.pk, committed__gt=0)
    wrong.update(committed=1)
    SummaryCell.objects.filter(place_key=tanzania.pk).delete()
    Split.objects.filter(place=tanzania).update(amount=1)

    rebuild_figures(strategy.pk)

    assert kept(strategy) == right
    again = set(Split.objects.values_list("pk", flat=True))
    assert (len(splits - again), len(again - splits)) == (1, 1)
