import pytest

from tests.factories import ObjectiveFactory, PlaceFactory, StrategyFactory, world


@pytest.fixture
def strategy(db):
    """In force from 2024 to 2027, looked at from 30 June 2026."""
    return StrategyFactory()


@pytest.fixture
def africa(strategy):
    return PlaceFactory(code="002", name="Africa", kind="region", parent=world())


@pytest.fixture
def kenya(africa):
    return PlaceFactory(code="KE", name="Kenya", parent=africa)


@pytest.fixture
def nairobi(kenya):
    return PlaceFactory(code="KE-30", name="Nairobi City", kind="division", parent=kenya)


@pytest.fixture
def uganda(africa):
    return PlaceFactory(code="UG", name="Uganda", parent=africa)


@pytest.fixture
def awareness(strategy):
    """Objective 1.1."""
    return ObjectiveFactory(strategy=strategy, pillar=1, short_title="Awareness")


@pytest.fixture
def shelter(strategy):
    """Objective 2.1."""
    return ObjectiveFactory(strategy=strategy, pillar=2, short_title="Shelter")
