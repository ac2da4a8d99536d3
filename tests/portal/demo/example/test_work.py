from collections import Counter

from portal.demo.example.figures import CODES, COUNTS, ORGANISATIONS_BY_OBJECTIVE
from portal.demo.example.people import FUNDERS, MEMBERS, WORKERS
from portal.demo.example.work import activities


def test_activities_are_as_many_by_objective_and_place_as_the_figures_say():
    counted = Counter((work.objective, work.place) for work in activities() if not work.is_draft)

    assert counted.total() == 118
    assert counted == {
        (code, place): count
        for code, row in COUNTS.items()
        for place, count in zip(CODES, row, strict=True)
        if count
    }


def test_as_many_organisations_work_on_an_objective_as_the_figures_say():
    for code, count in ORGANISATIONS_BY_OBJECTIVE.items():
        doers = {
            work.organisation
            for work in activities()
            if work.objective == code and not work.is_draft
        }

        assert (len(doers), len(WORKERS[code])) == (count, count)


def test_activities_have_titles_and_numbers_of_their_own():
    made = activities()

    assert (
        len({work.title for work in made})
        == len({work.number for work in made})
        == len(made)
        == 120
    )
    assert {work.visibility for work in made} == {
        "public",
        "coalition",
        "working_group",
        "organisation",
    }
    assert all(work.organisation not in work.partners for work in made)


def test_members_are_38_with_nine_funders():
    names = {member.name for member in MEMBERS}

    assert (len(names), len(FUNDERS)) == (38, 9)
    assert {name for row in WORKERS.values() for name in row} <= names
