from datetime import UTC, date, datetime

import pytest

from activities.models import Overlap
from grants.services import rebuild_figures
from portal.records.choices import Visibility
from tests.factories import (
    ActivityFactory,
    ObjectiveFactory,
    OrganisationFactory,
    OverlapFactory,
    PlaceFactory,
    RequirementFactory,
    StrategyFactory,
    pillar_root,
)
from tests.people import organisation_of

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
PARTS = {
    "objective": 1.0, "place": 1.0, "period": 0.8, "population": None, "delivery": 1.0,
    "text": 0.4, "participants": 0.0,
}  # fmt: skip


@pytest.fixture
def ground(db):
    """A strategy with one objective that asks for something in Kenya."""
    StrategyFactory()
    pillar_root(2)
    objective = ObjectiveFactory(pillar=2, title="Shelter and care", short_title="Shelter")
    place = PlaceFactory(code="KE", name="Kenya")
    RequirementFactory(objective=objective, place=place, year=2026)
    rebuild_figures(objective.strategy_id)
    return {"objective": objective, "place": place}


@pytest.fixture
def activity(ground):
    """Makes an activity on that ground."""

    def make(organisation=None, **more):
        values = {
            "objectives": [ground["objective"]], "places": [ground["place"]],
            "budget_amount": 1000, "budget_currency": "USD", "budget_value_date": date(2026, 1, 1),
        } | more  # fmt: skip
        return ActivityFactory(
            reporting_organisation=organisation or OrganisationFactory(), **values
        )

    return make


@pytest.fixture
def alike(ground):
    """Makes an overlap of two activities, as the search would keep it."""

    def make(one, other, **more):
        first, second = sorted((one, other), key=lambda found: found.pk)
        values = {
            "objective": ground["objective"], "place": ground["place"], "parts": PARTS,
            "shared_words": ["officers", "screening"],
            "shared_from": date(2026, 2, 1), "shared_until": date(2026, 3, 31),
        } | more  # fmt: skip
        # Saving the activities compared them: what the search found of them gives way to this.
        Overlap.objects.filter(first=first, second=second).delete()
        return OverlapFactory(first=first, second=second, **values)

    return make


@pytest.fixture
def pair(activity, alike, editor_a, editor_b):
    """Course of Organisation A, Training of Organisation B."""
    return alike(
        activity(
            organisation_of(editor_a), title="Course", description="Course for officers: screening."
        ),
        activity(
            organisation_of(editor_b),
            title="Training",
            description="Training of an officer in screening <b>",
        ),
    )


@pytest.fixture
def hidden_pair(activity, alike, editor_a):
    """Course of Organisation A, and a record that its owner keeps to itself."""
    return alike(
        activity(organisation_of(editor_a), title="Second course"),
        activity(
            OrganisationFactory(name="Keeper", slug="keeper"),
            title="Sealed house",
            visibility=Visibility.ORGANISATION,
        ),
    )
