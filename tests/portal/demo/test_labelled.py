"""The labelled set that the search for overlaps is judged by."""

from portal.demo.labelled import GRADES, MISSES, make


def test_the_same_seed_makes_the_same_set():
    one, again, other = make(800, 3), make(800, 3), make(800, 4)

    assert one == again
    assert one.entries != other.entries


def test_every_grade_and_every_kind_of_near_miss_is_made():
    labelled = make(4000, 3)

    assert set(labelled.same.values()) == set(GRADES)
    assert set(labelled.misses.values()) == set(MISSES)
    assert not labelled.same.keys() & labelled.misses.keys()
    assert [entry.key for entry in labelled.entries] == list(range(1, len(labelled.entries) + 1))


def test_near_misses_are_what_they_are_called():
    labelled = make(4000, 3)
    by_key = {entry.key: entry for entry in labelled.entries}

    for (one, other), kind in labelled.misses.items():
        first, second = by_key[one], by_key[other]
        if kind == "other district":
            assert first.places[0].path[:3] == second.places[0].path[:3]
            assert first.places != second.places
        elif kind == "other people":
            assert not first.populations & second.populations
        elif kind == "next phase":
            assert first.start != second.start
            assert first.places == second.places
