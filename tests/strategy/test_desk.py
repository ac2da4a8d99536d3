"""The strategy at the desk: the tree of objectives, requirements and their figures, rates."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from strategy.choices import Pillar
from strategy.models import (
    ExchangeRate,
    Objective,
    PillarTarget,
    Requirement,
    Strategy,
    SummaryCell,
)
from tests.factories import (
    ActivityFactory,
    AllocationFactory,
    ExpectationFactory,
    GrantFactory,
    IndicatorFactory,
    ObjectiveFactory,
    PlaceFactory,
    RequirementFactory,
    StrategyFactory,
    pillar_root,
    strategy_in_force,
    world,
)
from tests.form_data import data_of, errors_of

pytestmark = pytest.mark.usefixtures("wagtail_root")


@pytest.fixture
def desk(client, secretariat):
    client.force_login(secretariat)
    return client


def shown(desk, url):
    return data_of(desk.get(url).context["form"])


def edit_url(name, record):
    return reverse(f"desk_{name}:edit", args=[record.pk])


def required(objective, place):
    cell = SummaryCell.objects.filter(audience=3, place_key=place.pk, objective_key=objective.pk)
    return sum(cell.values_list("required", flat=True))


# Strategies


def test_new_strategy_comes_with_its_four_pillars(desk):
    url = reverse("desk_strategies:add")
    data = shown(desk, url) | {
        "title": "Next",
        "coalition_name": "Coalition",
        "starts_on": "2028-01-01",
        "ends_on": "2030-12-31",
        "target_1": "40",
    }

    response = desk.post(url, data)

    assert response.status_code == 302, errors_of(response)
    roots = Objective.objects.filter(strategy=Strategy.objects.get(title="Next"), parent=None)
    assert list(roots.values_list("code", "pillar")) == [("1", 1), ("2", 2), ("3", 3), ("4", 4)]
    assert PillarTarget.objects.get().share == 40


def test_second_strategy_in_force_is_refused_with_a_sentence(desk):
    strategy_in_force()
    draft = StrategyFactory(status="draft")

    response = desk.post(
        edit_url("strategies", draft),
        shown(desk, edit_url("strategies", draft)) | {"status": "in_force"},
    )

    assert "Another strategy is in force. Archive it first." in errors_of(response)


def test_target_shares_make_100(desk):
    strategy = strategy_in_force()
    data = shown(desk, edit_url("strategies", strategy)) | {
        f"target_{pillar}": "30" for pillar in Pillar
    }

    response = desk.post(edit_url("strategies", strategy), data)

    assert "The target shares add up to 120. They make 100." in errors_of(response)


def test_another_year_draws_the_figures_anew(desk):
    strategy = strategy_in_force()
    requirement = RequirementFactory(currency="USD")
    data = shown(desk, edit_url("strategies", strategy)) | {"year_start_month": "10"}

    response = desk.post(edit_url("strategies", strategy), data)

    assert response.status_code == 302, errors_of(response)
    assert required(requirement.objective, requirement.place) == 100_000


def test_strategy_with_objectives_is_not_deleted(desk):
    draft = StrategyFactory(status="draft")
    ObjectiveFactory(strategy=draft)

    response = desk.post(reverse("desk_strategies:delete", args=[draft.pk]))

    assert response.status_code == 200
    assert Strategy.objects.filter(pk=draft.pk).exists()


def test_empty_draft_is_deleted_with_its_pillars(desk):
    draft = StrategyFactory(status="draft")
    pillar_root(1, draft)

    response = desk.post(reverse("desk_strategies:delete", args=[draft.pk]))

    assert response.status_code == 302
    assert not Strategy.objects.filter(pk=draft.pk).exists()


# Objectives


def test_tree_is_listed_in_the_order_of_codes(desk):
    first = ObjectiveFactory()
    for _turn in range(9):
        ObjectiveFactory()
    ObjectiveFactory(parent=first)
    ObjectiveFactory(pillar=2)

    rows = desk.get(reverse("desk_objectives:index")).context["object_list"]

    assert [row.code for row in rows] == [
        "1", "1.1", "1.1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8", "1.9", "1.10", "2", "2.1",
    ]  # fmt: skip


def test_new_objective_takes_the_next_code_below_its_parent(desk):
    parent = ObjectiveFactory(pillar=3)
    ObjectiveFactory(parent=parent)
    url = reverse("desk_objectives:add") + f"?parent={parent.pk}"
    data = shown(desk, url) | {"title": "Courts", "short_title": "Courts"}

    response = desk.post(reverse("desk_objectives:add"), data)

    assert response.status_code == 302, errors_of(response)
    made = Objective.objects.get(title="Courts")
    assert (made.code, made.pillar, made.strategy, made.parent) == (
        "3.1.2",
        3,
        parent.strategy,
        parent,
    )


def test_objective_that_moves_takes_its_branch_along(desk):
    moving = ObjectiveFactory(pillar=1)
    child = ObjectiveFactory(parent=moving)
    grandchild = ObjectiveFactory(parent=child)
    target = ObjectiveFactory(pillar=2)
    requirement = RequirementFactory(objective=grandchild)
    data = shown(desk, edit_url("objectives", moving)) | {"parent": target.pk}

    response = desk.post(edit_url("objectives", moving), data)

    assert response.status_code == 302, errors_of(response)
    codes = [Objective.objects.get(pk=each.pk).code for each in (moving, child, grandchild)]
    assert codes == ["2.1.1", "2.1.1.1", "2.1.1.1.1"]
    assert Objective.objects.get(pk=grandchild.pk).pillar == 2
    assert required(grandchild, requirement.place) == 100_000


def test_objective_does_not_move_below_itself(desk):
    objective = ObjectiveFactory()
    child = ObjectiveFactory(parent=objective)
    data = shown(desk, edit_url("objectives", objective)) | {"parent": child.pk}

    response = desk.post(edit_url("objectives", objective), data)

    assert response.status_code == 200
    assert errors_of(response)


def test_taken_code_is_refused_and_the_next_one_named(desk):
    ObjectiveFactory(title="Schools")
    objective = ObjectiveFactory()
    data = shown(desk, edit_url("objectives", objective)) | {"code": "1.1"}

    response = desk.post(edit_url("objectives", objective), data)

    assert "“Schools” has this code. The next free one is 1.3." in errors_of(response)


@pytest.mark.parametrize("code", ["2.1", "1", "1.2.3", "1.x"])
def test_code_follows_its_parent(desk, code):
    objective = ObjectiveFactory()
    data = shown(desk, edit_url("objectives", objective)) | {"code": code}

    response = desk.post(edit_url("objectives", objective), data)

    assert response.status_code == 200
    assert errors_of(response)


@pytest.mark.parametrize(
    "pointing",
    [
        lambda objective: ObjectiveFactory(parent=objective),
        lambda objective: RequirementFactory(objective=objective),
        lambda objective: ExpectationFactory(objective=objective),
        lambda objective: IndicatorFactory(objective=objective),
        lambda objective: AllocationFactory(objective=objective),
        lambda objective: ActivityFactory(objectives=[objective]),
    ],
    ids=["child", "requirement", "expectation", "indicator", "tag", "activity"],
)
def test_objective_is_not_deleted_while_something_points_at_it(desk, pointing):
    objective = ObjectiveFactory()
    pointing(objective)

    response = desk.post(reverse("desk_objectives:delete", args=[objective.pk]))

    assert response.status_code == 200
    assert "Change or delete them first." in response.content.decode()
    assert Objective.objects.filter(pk=objective.pk).exists()


def test_objective_at_which_nothing_points_is_deleted(desk):
    objective = ObjectiveFactory()

    response = desk.post(reverse("desk_objectives:delete", args=[objective.pk]))

    assert response.status_code == 302
    assert not Objective.objects.filter(pk=objective.pk).exists()


def test_pillar_is_not_deleted(desk):
    root = pillar_root(1)

    response = desk.post(reverse("desk_objectives:delete", args=[root.pk]))

    assert "one of the four pillars" in response.content.decode()
    assert Objective.objects.filter(pk=root.pk).exists()


# Requirements


def test_requirement_reaches_the_figures_when_it_is_saved_moved_and_deleted(desk):
    objective, other = ObjectiveFactory(), ObjectiveFactory()
    place = PlaceFactory()
    url = reverse("desk_requirements:add")
    data = shown(desk, url) | {
        "objective": objective.pk,
        "place": place.pk,
        "year": "2026",
        "currency": "USD",
        "amount_original": "500.00",
        "basis_of_estimate": "Counted.",
        "source": "Costing",
    }

    response = desk.post(url, data)
    assert response.status_code == 302, errors_of(response)
    requirement = Requirement.objects.get()
    assert requirement.amount_minor == 50_000
    assert (required(objective, place), required(objective, world())) == (50_000, 50_000)

    moved = edit_url("requirements", requirement)
    desk.post(moved, shown(desk, moved) | {"objective": other.pk, "amount_revised": "800.00"})
    assert (required(objective, place), required(other, place)) == (0, 80_000)

    desk.post(reverse("desk_requirements:delete", args=[requirement.pk]))
    assert required(other, place) == 0


def test_requirement_outside_the_strategy_is_refused(desk):
    requirement = RequirementFactory()
    data = shown(desk, edit_url("requirements", requirement)) | {"year": "2031"}

    response = desk.post(edit_url("requirements", requirement), data)

    assert "The strategy runs from 2024 to 2027." in errors_of(response)


# Exchange rates

RATES = "currency,day,rate,source\nKES,2025-12-30,{rate},Central Bank of Kenya\nUSD,2025-12-30,1.10,ECB\n"


def upload(desk, text):
    file = SimpleUploadedFile("rates.csv", text.encode())
    return desk.post(reverse("desk_exchange_rates:upload"), {"file": file})


def test_uploaded_rates_convert_what_waited_for_them(desk):
    from grants import services

    strategy_in_force()
    grant = GrantFactory(currency="KES", amount_awarded=1500)
    services.save_money([grant.pk])
    assert grant.unconverted.count() == 1

    response = upload(desk, RATES.format(rate="150"))

    assert response.status_code == 302
    assert ExchangeRate.objects.count() == 2
    assert grant.unconverted.count() == 0
    assert sum(grant.splits.filter(measure="committed").values_list("amount", flat=True)) == 1100


def test_faulty_file_is_refused_as_a_whole_row_by_row(desk):
    response = upload(desk, RATES.format(rate="-1"))

    assert response.status_code == 200
    page = response.content.decode()
    assert "Nothing was taken: 1 row is wrong." in page
    assert "A rate is above zero." in page
    assert not ExchangeRate.objects.exists()


def test_empty_file_of_rates_has_the_columns(desk):
    response = desk.get(reverse("desk_exchange_rates:template"))

    assert response.content.decode().strip() == "currency,day,rate,source"


def test_rates_and_places_are_not_typed_at_the_desk(desk):
    page = desk.get(reverse("desk_places:index")).content.decode()

    assert "/cms/places/new/" not in page
    assert desk.get("/cms/places/new/").status_code == 404
    assert desk.get("/cms/exchange_rates/new/").status_code == 404
