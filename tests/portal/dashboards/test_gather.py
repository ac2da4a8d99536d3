"""A viewer's figures: the kept ones of their audience, and what their own rows change; never a hidden row."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grants.models import Allocation, Grant, LinkGroup
from grants.services import link_grants, save_money, set_allocations
from grants.splits import Family
from portal.dashboards import gather
from portal.dashboards.lens import Lens
from portal.dashboards.rows import rows_behind
from portal.directory.access import Viewer
from portal.records.choices import LocationPrecision, ReviewState, Visibility
from strategy import drawing, summary
from strategy.analysis.cube import GIVEN
from strategy.services import requirements_changed, stated
from tests.factories import (
    GrantFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PlaceFactory,
    RequirementFactory,
    WorkingGroupFactory,
    pillar_root,
    strategy_in_force,
)

pytestmark = pytest.mark.django_db

AMOUNTS = (
    "required",
    "unmet",
    "committed",
    "disbursed",
    "pledged",
    "surplus",
    "assumed",
    "by_rule",
    "asked_cells",
    "empty_cells",
)


def lens_for(viewer, strategy):
    return Lens(strategy, viewer, date(2026, 6, 30), tuple(strategy.years))


def live(lens):
    """The figures of the World for this viewer, computed from the grants alone: (objective key, year) -> amounts."""
    made = Family(lens.strategy, list(Grant.objects.values_list("pk", flat=True)))
    visible = set(
        Grant.objects.visible_to(lens.viewer).values_list("pk", flat=True)
    ) | made.seen_by(lens.audience)
    exact = set(Grant.objects.values_list("pk", flat=True))
    if not lens.viewer.is_secretariat:
        exact = set(Grant.objects.owned_by(lens.viewer.organisations).values_list("pk", flat=True))
    tree = gather.PlaceTree.whole()
    deltas = summary.new_deltas()
    gather._add(deltas, gather.Own._rows(made, visible, exact, tree), lens.audience, +1)
    given = [[*key, *(values.get(name, 0) for name in GIVEN)] for key, values in deltas.items()]
    rows = np.array(given, dtype=np.int64).reshape(-1, 4 + len(GIVEN))
    asked = stated(lens.strategy)
    asked = asked[asked[:, 0] == lens.audience]
    found = {}
    for row in drawing.drawn(lens.strategy, np.vstack([asked, rows])).tolist():
        cell = dict(zip((*summary.KEY, *summary.COLUMNS), row, strict=True))
        values = tuple(cell[name] for name in AMOUNTS)
        if cell["place_key"] == lens.root_key and any(values):
            found[cell["objective_key"], cell["year"]] = values
    return found


def live_grants(lens):
    """By year (grants, those without an amount), counted from the grants alone."""
    made = Family(lens.strategy, list(Grant.objects.values_list("pk", flat=True)))
    visible = set(Grant.objects.visible_to(lens.viewer).values_list("pk", flat=True))
    found = {}
    for _key, year, has_amount in made.years_of(
        made.counting(visible | made.seen_by(lens.audience))
    ):
        grants, without = found.get(year, (0, 0))
        found[year] = (grants + 1, without + (not has_amount))
    return found


def kept(lens):
    keys = {node.code: key for key, node in lens.objectives.items()} | {None: 0}
    cells = gather.cells(lens)
    return {
        (keys[cell.objective], cell.year): tuple(getattr(cell, name) for name in AMOUNTS)
        for cell in cells
        if any(getattr(cell, name) for name in AMOUNTS)
    }


grant_shape = st.fixed_dictionaries(
    {
        "visibility": st.sampled_from(Visibility.values),
        "precision": st.sampled_from(LocationPrecision.values),
        "accepted": st.booleans(),
        "funder": st.integers(0, 1),
        "objective": st.integers(0, 2),
        "place": st.integers(0, 2),
        "amount": st.integers(1, 5000),
        "link": st.booleans(),
        "regrant": st.booleans(),
    }
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(shapes=st.lists(grant_shape, min_size=1, max_size=5))
def test_kept_figures_equal_the_live_computation_for_every_viewer(shapes):
    from django.db import transaction

    with transaction.atomic():
        strategy = strategy_in_force()
        region = PlaceFactory(kind="region")
        country = PlaceFactory(parent=region, kind="country")
        places = [
            country,
            PlaceFactory(parent=country, kind="division"),
            PlaceFactory(parent=region, kind="country"),
        ]
        root = pillar_root(1)
        objectives = [root, ObjectiveFactory(parent=root), pillar_root(2)]
        ours, theirs = (
            OrganisationFactory(is_member=True),
            OrganisationFactory(is_member=True, is_funder=True),
        )
        group = WorkingGroupFactory(organisations=[theirs])
        for objective in objectives[:2]:
            RequirementFactory(
                objective=objective, place=country, year=2025, amount_original=Decimal(2000)
            )
            requirements_changed(strategy.pk, [(objective.pk, country.pk, 2025)])
        before = None
        for shape in shapes:
            grant = GrantFactory(
                funding_organisation=[ours, theirs][shape["funder"]], amount_awarded=Decimal(shape["amount"]),
                currency="USD", award_date=date(2025, 2, 1), planned_start=None, planned_end=None,
                visibility=shape["visibility"], location_precision=shape["precision"],
                review_state=ReviewState.ACCEPTED if shape["accepted"] else ReviewState.DRAFT,
                regrant_of=before if shape["regrant"] and not shape["link"] else None,
            )  # fmt: skip
            grant.working_groups.set([group])
            tags = [
                Allocation(
                    objective=objectives[shape["objective"]],
                    place=places[shape["place"]],
                    share=80,
                    origin="rule",
                )
            ]
            set_allocations(grant, strategy, tags)
            if (
                shape["link"]
                and before is not None
                and Grant.objects.get(pk=before.pk).link_group_id is None
            ):
                link_grants([before, grant], rule="test")
            before = grant
        viewers = [
            Viewer(),
            Viewer(is_member=True),
            Viewer(is_member=True, organisations=frozenset({ours.pk})),
            Viewer(
                is_member=True, is_funder=True, organisations=frozenset({theirs.pk}),
                working_groups=frozenset({group.pk}),
            ),
            Viewer(is_secretariat=True),
        ]  # fmt: skip
        for viewer in viewers:
            lens = lens_for(viewer, strategy)

            assert kept(lens) == live(lens)
            assert gather.grants_by_year(lens) == live_grants(lens)

            for figure in ("committed", "missing", "met", "by_rule", "untagged"):
                found = rows_behind(lens, figure)
                get = {"missing": "unmet", "met": "met"}.get(figure, "amount")
                assert sum(getattr(row, get) for row in found[0:500]) == found.total
            committed = sum(cell.committed for cell in gather.cells(lens) if cell.objective)
            assert rows_behind(lens, "committed").total == committed
            assert rows_behind(lens, "missing").total == sum(
                cell.unmet for cell in gather.cells(lens)
            )
        transaction.set_rollback(True)


def test_a_total_never_gives_away_a_hidden_row():
    strategy, root = strategy_in_force(), pillar_root(1)
    for visibility, amount in (("public", 10), ("coalition", 100), ("organisation", 1000)):
        grant = GrantFactory(
            amount_awarded=Decimal(amount), currency="USD", award_date=date(2025, 2, 1), planned_start=None,
            planned_end=None, visibility=visibility,
        )  # fmt: skip
        set_allocations(grant, strategy, [Allocation(objective=root, share=100, origin="person")])

    totals = [
        sum(cell.committed for cell in gather.cells(lens_for(viewer, strategy)))
        for viewer in (Viewer(), Viewer(is_member=True), Viewer(is_secretariat=True))
    ]

    assert totals == [1000, 11000, 111000]


def test_figures_take_one_query_whatever_their_size(django_assert_num_queries):
    strategy, root = strategy_in_force(), pillar_root(1)
    for _ in range(3):
        grant = GrantFactory()
        set_allocations(
            grant,
            strategy,
            [Allocation(objective=root, place=PlaceFactory(), share=100, origin="person")],
        )
    lens = lens_for(Viewer(), strategy)
    lens.objectives, lens.root_key  # noqa: B018

    with django_assert_num_queries(1):
        gather.cells(lens)


def test_save_money_is_safe_to_repeat():
    strategy, root = strategy_in_force(), pillar_root(1)
    grant = GrantFactory()
    set_allocations(grant, strategy, [Allocation(objective=root, share=100, origin="person")])
    lens = lens_for(Viewer(), strategy)
    before = kept(lens)

    save_money([grant.pk])
    save_money([grant.pk])

    assert kept(lens) == before
    assert LinkGroup.objects.count() == 0


def test_goods_in_kind_fill_gaps_only_where_the_reader_counts_them():
    strategy, root, country = strategy_in_force(), pillar_root(1), PlaceFactory(kind="country")
    RequirementFactory(objective=root, place=country, year=2025, amount_original=Decimal(100))
    requirements_changed(strategy.pk, [(root.pk, country.pk, 2025)])
    grant = GrantFactory(
        amount_awarded=Decimal(30), currency="USD", award_date=date(2025, 2, 1), planned_start=None, planned_end=None,
        in_kind=True,
    )  # fmt: skip
    set_allocations(
        grant, strategy, [Allocation(objective=root, place=country, share=100, origin="person")]
    )
    money_only = lens_for(Viewer(), strategy)
    counted = money_only.at(in_kind=True)

    figures = [
        [(cell.committed, cell.unmet, cell.in_kind) for cell in gather.cells(lens)]
        for lens in (money_only, counted)
    ]

    assert figures == [[(0, 10000, 3000)], [(3000, 7000, 3000)]]
    assert rows_behind(counted, "missing").total == 7000
    assert rows_behind(counted, "committed").total == 3000
    assert rows_behind(money_only, "committed").total == 0
