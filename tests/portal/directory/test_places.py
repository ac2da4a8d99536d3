import pytest

from portal.directory.exceptions import UnknownParent
from portal.directory.models import Place
from portal.directory.places import PlaceRow, add_places, load_places, standard_places

pytestmark = pytest.mark.django_db


def path(code):
    return [place.code for place in Place.objects.above(Place.objects.get(code=code))]


def bounds_are_nested():
    """Each place lies in its parent, siblings do not touch, and no number is used twice."""
    places = {place.pk: place for place in Place.objects.all()}
    numbers = sorted(n for place in places.values() for n in (place.lft, place.rgt))
    inside = all(
        places[place.parent_id].lft < place.lft < place.rgt < places[place.parent_id].rgt
        and place.depth == places[place.parent_id].depth + 1
        for place in places.values()
        if place.parent_id
    )
    return inside and numbers == list(range(1, 2 * len(places) + 1))


def test_standard_places_hold_all_countries_once_with_their_parents():
    rows = standard_places()

    codes = {row.code for row in rows}
    assert len(codes) == len(rows)
    assert {row.parent for row in rows} - codes == {""}
    assert sum(row.kind == "country" for row in rows) == 250
    assert sum(row.kind == "region" for row in rows) == 30


def test_load_places_builds_one_tree():
    report = load_places()

    assert report.created == report.read == Place.objects.count()
    assert bounds_are_nested()
    assert path("KE-30") == ["001", "002", "202", "014", "KE", "KE-30"]
    assert path("TW") == ["001", "142", "030", "TW"]
    assert path("XK") == ["001", "150", "039", "XK"]
    assert path("AQ") == ["001", "AQ"]


def test_load_places_leaves_second_level_divisions_out():
    load_places()

    assert Place.objects.filter(code="FR-ARA").exists()  # a region
    assert not Place.objects.filter(code="FR-01").exists()  # a department in it


def test_load_places_takes_short_names_without_notes():
    load_places()

    names = dict(Place.objects.values_list("code", "name"))
    assert (names["BO"], names["KR"], names["CD"]) == (
        "Bolivia",
        "South Korea",
        "Democratic Republic of the Congo",
    )
    assert names["SE-AB"] == "Stockholms län"


def test_load_places_again_keeps_ids_mends_names_and_saves_own_places(
    django_assert_max_num_queries,
):
    load_places()
    add_places(
        [
            PlaceRow("XX", "Example country", "country", "202"),
            PlaceRow("XX-1", "Northern province", "division", "XX"),
        ]
    )
    kenya = Place.objects.get(code="KE")
    Place.objects.filter(pk=kenya.pk).update(name="Kenia")
    Place.objects.filter(code="KE-30").delete()

    with django_assert_max_num_queries(8):
        report = load_places()

    assert (report.created, report.updated, report.kept) == (1, 1, 2)
    assert Place.objects.get(code="KE").pk == kenya.pk
    assert Place.objects.get(code="KE").name == "Kenya"
    assert path("XX-1") == ["001", "002", "202", "XX", "XX-1"]
    assert bounds_are_nested()


def test_load_places_twice_changes_nothing():
    load_places()
    before = list(Place.objects.values_list())

    report = load_places()

    assert (report.created, report.updated) == (0, 0)
    assert list(Place.objects.values_list()) == before


def test_add_places_refuses_an_unknown_parent_and_changes_nothing():
    load_places()
    before = Place.objects.count()

    with pytest.raises(UnknownParent) as caught:
        add_places([PlaceRow("XX-1", "Province", "division", "XX")])

    assert caught.value.codes == ["XX"]
    assert Place.objects.count() == before
