"""Four writers at once: no figure is ever the product of two half-finished changes, and nobody waits for ever."""

from datetime import date
from decimal import Decimal
from random import Random
from threading import Barrier, Thread

import pytest
from django.db import connection, connections, transaction

from grants.models import Allocation, Grant
from grants.services import link_grants, rebuild_figures, save_money, set_allocations, unlink_grant
from grants.splits import family
from strategy.models import Requirement, Strategy, SummaryCell
from strategy.services import lock, requirements_changed
from tests.factories import (
    GrantFactory,
    ObjectiveFactory,
    PlaceFactory,
    RequirementFactory,
    pillar_root,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite has one writer at a time."
    ),
]

WRITERS, CHANGES = 4, 8
COLUMNS = [
    field.attname
    for field in SummaryCell._meta.concrete_fields
    if field.attname not in ("id", "strategy_id")
]


def kept():
    """Every kept figure that is not all zero."""
    rows = SummaryCell.objects.order_by(
        "audience", "place_key", "objective_key", "year"
    ).values_list(*COLUMNS)
    return [row for row in rows if any(row[4:])]


@pytest.fixture
def world():
    """Two objectives and two countries, something asked of each pair, and three grants on one of them."""
    objectives = [pillar_root(1), ObjectiveFactory(pillar=1)]
    region = PlaceFactory(kind="region")
    places = [PlaceFactory(parent=region) for _ in range(2)]
    for objective in objectives:
        for place in places:
            RequirementFactory(
                objective=objective, place=place, year=2026, amount_original=Decimal(700)
            )
    grants = [GrantFactory(award_date=date(2026, 1, day)) for day in (1, 2, 3)]
    strategy = Strategy.objects.in_force()
    for grant in grants:
        set_allocations(grant, strategy, [tag(objectives[0], places[0], 100)])
    rebuild_figures(strategy.pk)
    return strategy, objectives, places, grants


def tag(objective, place, share):
    return Allocation(objective=objective, place=place, share=Decimal(share), origin="person")


def at_once(write):
    """Run `write(random)` so many times in each of four threads that begin together; what went wrong."""
    start, errors = Barrier(WRITERS), []

    def work(seed):
        random = Random(seed)
        start.wait()
        try:
            for _ in range(CHANGES):
                write(random)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=work, args=(seed,)) for seed in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not any(thread.is_alive() for thread in threads)
    return errors


def assert_figures_are_right(strategy):
    before = kept()
    rebuild_figures(strategy.pk)
    assert before == kept()


def test_writers_of_one_grant_follow_each_other(world):
    strategy, objectives, places, grants = world

    def write(random):
        with transaction.atomic():
            grant = Grant.objects.get(pk=grants[0].pk)
            grant.amount_awarded = Decimal(random.randrange(1, 200_000)) / 100
            grant.save()
            share = random.randrange(10, 90)
            tags = [
                tag(objectives[0], random.choice(places), share),
                tag(objectives[1], places[0], 100 - share),
            ]
            set_allocations(grant, strategy, tags)

    assert at_once(write) == []
    assert_figures_are_right(strategy)
    assert Allocation.objects.filter(grant=grants[0]).count() == 2


def test_writers_of_one_cell_follow_each_other(world):
    strategy, objectives, places, grants = world
    asked = Requirement.objects.get(objective=objectives[0], place=places[0])

    def write(random):
        kind = random.randrange(4)
        if kind == 0:
            with transaction.atomic():
                requirement = Requirement.objects.get(pk=asked.pk)
                requirement.amount_revised = random.randrange(1, 2000)
                requirement.save()
                requirements_changed(strategy.pk, [(objectives[0].pk, places[0].pk, 2026)])
            return
        grant = Grant.objects.get(pk=random.choice(grants).pk)
        if kind == 1:
            set_allocations(
                grant, strategy, [tag(objectives[0], places[0], random.randrange(1, 100))]
            )
            return
        with transaction.atomic():
            lock(strategy.pk)
            before = family([grant.pk])
            grant.amount_awarded = Decimal(random.randrange(1, 200_000)) / 100
            grant.regrant_of = grants[0] if grant.pk != grants[0].pk and kind == 2 else None
            grant.save()
            save_money(before | {grant.pk})

    assert at_once(write) == []
    assert_figures_are_right(strategy)


def test_linking_and_saving_do_not_wait_for_each_other(world):
    strategy, objectives, places, grants = world

    def write(random):
        pair = random.sample(grants, 2)
        with transaction.atomic():
            Strategy.objects.select_for_update().get(pk=strategy.pk)
            first, second = (Grant.objects.get(pk=grant.pk) for grant in pair)
            if first.link_group_id:
                unlink_grant(first)
            elif not second.link_group_id:
                link_grants([first, second], rule="test")
        set_allocations(second, strategy, [tag(objectives[1], places[1], random.randrange(1, 100))])

    assert at_once(write) == []
    assert_figures_are_right(strategy)
