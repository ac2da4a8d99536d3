import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from activities.models import Activity, ActivityPlace, Participant
from grants.models import Allocation, Grant, Split, Transaction, Unconverted
from portal.demo.coalition import make_coalition
from portal.demo.exceptions import StrategyThere
from portal.directory.models import Organisation, Place
from portal.directory.places import load_places
from portal.history.services import history_of
from strategy.models import Objective, Requirement, Strategy, SummaryCell
from tests.factories import StrategyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SIZE = {"activities": 150, "grants": 120}


@pytest.fixture(scope="module", autouse=True)
def places(django_db_setup, django_db_blocker):
    """The tree of places, once for all tests of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_places()
        yield
        transaction.set_rollback(True)


def rows():
    """Everything that was drawn, without keys and moments."""
    return {
        "organisations": list(
            Organisation.objects.order_by("pk").values_list("name", "country__code")
        ),
        "objectives": list(
            Objective.objects.order_by("pk").values_list("code", "lead_organisation__name")
        ),
        "requirements": list(
            Requirement.objects.order_by("pk").values_list(
                "objective__code", "place__code", "year", "amount_minor"
            )
        ),
        "grants": list(
            Grant.objects.order_by("pk").values_list(
                "title", "funding_organisation__name", "amount_awarded", "award_date", "visibility",
                "regrant_of__title", "link_position",
            )
        ),
        "tags": list(
            Allocation.objects.order_by("pk").values_list(
                "grant__title", "objective__code", "place__code", "share"
            )
        ),
        "transactions": list(
            Transaction.objects.order_by("pk").values_list("grant__title", "kind", "amount")
        ),
        "activities": list(Activity.objects.order_by("pk").values_list("title", "planned_start")),
        "activity places": list(
            ActivityPlace.objects.order_by("pk").values_list("place__code", "share")
        ),
        "participants": list(
            Participant.objects.order_by("pk").values_list("organisation__name", "role")
        ),
        "splits": list(
            Split.objects.order_by("pk").values_list(
                "grant__title", "measure", "objective__code", "place__code", "year", "amount"
            )
        ),
    }  # fmt: skip


def drawn(seed):
    """The rows of a coalition that is taken back at once."""
    with transaction.atomic():
        make_coalition(**SIZE, seed=seed)
        made = rows()
        transaction.set_rollback(True)
    return made


def test_same_seed_makes_the_same_rows_and_another_others():
    first = drawn(seed=7)

    assert drawn(seed=7) == first
    assert drawn(seed=8)["grants"] != first["grants"]


def test_coalition_has_the_size_asked_for():
    made = make_coalition(**SIZE)

    assert (Activity.objects.count(), Grant.objects.count()) == (150, 120)
    assert (made["activities"], made["grants"], made["organisations"]) == (150, 120, 15)
    assert Objective.objects.count() == 56
    assert Objective.objects.roots().count() == 4
    assert Requirement.objects.count() == made["requirements"] > 0


def test_coalition_has_every_kind_of_record_that_figures_meet():
    make_coalition(**SIZE)

    assert Grant.objects.exclude(regrant_of=None).exists()
    assert Grant.objects.exclude(link_group=None).exists()
    assert Grant.objects.exclude(visibility="public").exists()
    assert Grant.objects.filter(in_kind=True).exists()
    assert Unconverted.objects.filter(reason="no_amount").exists()
    assert Allocation.objects.filter(is_assumed=True).exists()
    assert Allocation.objects.filter(origin="rule").exists()
    assert Split.objects.filter(objective=None).exists()
    assert Split.objects.filter(passed_on=True).exists()


def test_coalition_is_plainly_made_up():
    make_coalition(**SIZE)

    strategy = Strategy.objects.in_force()
    assert strategy.notice == "Everything here is made up by a program, to measure speed."
    assert not Organisation.objects.filter(is_example=False).exists()
    assert history_of(strategy).first().data["seed"] == 1


def test_figures_are_drawn():
    make_coalition(**SIZE)

    world = SummaryCell.objects.filter(audience=3, place_key=Place.objects.get(code="001").pk)
    committed = Split.objects.filter(in_all=True, in_kind=False, measure="committed")
    assert sum(world.values_list("committed", flat=True)) == sum(
        committed.values_list("amount", flat=True)
    )
    assert sum(world.values_list("required", flat=True)) == sum(
        Requirement.objects.exclude(amount_minor=None).values_list("amount_minor", flat=True)
    )


def test_coalition_stands_beside_no_other_strategy():
    StrategyFactory(title="Ours")

    with pytest.raises(StrategyThere):
        make_coalition(**SIZE)
    with pytest.raises(CommandError, match="“Ours” is in this database"):
        call_command("make_coalition", activities=1, grants=1)
    assert not Grant.objects.exists()
