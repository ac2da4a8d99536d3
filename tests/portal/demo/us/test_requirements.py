from decimal import Decimal

import pytest

from portal.demo.us.places import place_iso3
from portal.demo.us.requirements import median, money_by_country, requirements
from portal.demo.us.sources import read_grants, read_tiers


@pytest.mark.parametrize(
    ("pillar", "each", "asked", "without"),
    [
        (1, "200000.00", "14200000.00", 43),
        (2, "223722.75", "15884315.25", 43),
        (3, "198774.00", "14112954.00", 44),
    ],
)
def test_what_2010_asks_for(pillar, each, asked, without):
    grants = read_grants().rows
    rows = [
        row
        for row in requirements(grants, read_tiers().rows)
        if (row.year, row.pillar) == (2010, pillar)
    ]
    given = money_by_country(grants)

    assert len(rows) == 71
    assert {row.amount for row in rows} == {Decimal(each)}
    assert sum(row.amount for row in rows) == Decimal(asked)
    assert sum(1 for row in rows if not given.get((2010, pillar, row.place))) == without


def test_requirements_cover_every_year_and_three_pillars_once():
    rows = requirements(read_grants().rows, read_tiers().rows)
    keys = [(row.year, row.pillar, row.place) for row in rows]

    assert len(rows) == 1932
    assert len(set(keys)) == len(keys)
    assert {row.year for row in rows} == set(range(2003, 2015))
    assert {row.pillar for row in rows} == {1, 2, 3}


def test_places_asked_are_those_of_the_report():
    asked = {
        row.place for row in requirements(read_grants().rows, read_tiers().rows) if row.year == 2003
    }

    assert asked == {
        place_iso3(row.iso3) for row in read_tiers().rows if row.year == 2003 and row.tier >= 3
    }


def test_median_is_the_middle_or_the_mean_of_two():
    assert median([Decimal(3), Decimal(1), Decimal(2)]) == 2
    assert median([Decimal("1.00"), Decimal("2.01")]) == Decimal("1.51")


def test_median_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no amounts"):
        median([])
