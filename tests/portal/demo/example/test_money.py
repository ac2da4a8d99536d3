from collections import defaultdict
from datetime import date
from fractions import Fraction

import pytest

from portal.demo.example.figures import (
    CODES,
    COMMITTED_BY_YEAR,
    OBJECTIVES,
    REQUIRED_BY_YEAR,
    YEARS,
    units,
)
from portal.demo.example.money import UNTAGGED_FUNDER, committed_by_place, grants, requirements


@pytest.fixture(scope="module")
def made():
    return grants()


def test_requirements_add_up_to_objectives_and_to_pillars_by_year():
    by_objective, by_pillar = defaultdict(int), defaultdict(int)
    for (code, _, year), amount in requirements().items():
        by_objective[code] += amount
        by_pillar[code[0], year] += amount

    assert by_objective == {code: figures.required for code, figures in OBJECTIVES.items()}
    assert by_pillar == {
        (pillar, year): units(millions)
        for pillar, row in REQUIRED_BY_YEAR.items()
        for year, millions in zip(YEARS, row, strict=True)
    }


def test_first_objective_asks_for_the_same_every_year():
    by_year = defaultdict(int)
    for (code, _, year), amount in requirements().items():
        if code == "1.1":
            by_year[year] += amount

    assert set(by_year.values()) == {units(1.7)}


def test_grants_commit_what_the_figures_say_by_objective_and_place(made):
    by_cell = defaultdict(int)
    for grant in made:
        for key, amount in grant.parts.items():
            by_cell[key] += amount

    assert by_cell == {key: amount for key, amount in committed_by_place().items() if amount}
    for code, figures in OBJECTIVES.items():
        assert sum(by_cell[code, place] for place in CODES) == figures.committed


def test_grants_spread_over_days_give_each_year_to_a_tenth_of_a_percent(made):
    for pillar, row in COMMITTED_BY_YEAR.items():
        for year, millions in zip(YEARS, row, strict=True):
            spread = sum(_in_year(grant, pillar, year) for grant in made)

            assert abs(spread - units(millions)) < units(0.003)


def test_grants_pay_out_what_the_figures_say(made):
    for code, figures in OBJECTIVES.items():
        paid = sum(
            Fraction(grant.paid * amount, grant.amount)
            for grant in made
            for (objective, _), amount in grant.parts.items()
            if objective == code
        )

        assert round(paid) == figures.disbursed
    assert all(0 <= grant.paid <= grant.amount for grant in made)


def test_alder_foundation_has_14_grants_six_of_them_untagged(made):
    alder = [grant for grant in made if grant.funder == UNTAGGED_FUNDER]

    assert len(alder) == 14
    assert sum(grant.amount for grant in alder if grant.parts) == units(4.1)
    assert sum(grant.amount for grant in alder if not grant.parts) == units(1.3)


def test_safe_migration_is_paid_by_three_grants(made):
    parts = {
        grant.number: sum(amount for (code, _), amount in grant.parts.items() if code == "1.1")
        for grant in made
        if any(code == "1.1" for code, _ in grant.parts)
    }

    assert parts == {"G-1077": units(0.36), "G-1042": units(0.42), "G-1103": units(0.24)}


def test_numbers_are_unique(made):
    assert len({grant.number for grant in made}) == len(made)


def _in_year(grant, pillar, year):
    here = sum(amount for (code, _), amount in grant.parts.items() if code[0] == pillar)
    first, last = max(grant.start, date(year, 1, 1)), min(grant.end, date(year, 12, 31))
    days = max(0, (last - first).days + 1)
    return Fraction(here * days, (grant.end - grant.start).days + 1)
