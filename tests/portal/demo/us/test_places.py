import pytest

from portal.demo.us.places import place, place_grant, place_iso3
from portal.demo.us.sources import read_grants, read_projects, read_tiers


@pytest.mark.parametrize(
    ("label", "codes"),
    [
        ("BosniaandHerz", ("BA",)),
        ("India (Tier 2)", ("IN",)),
        ("Afghanistan (Not on Report)", ("AF",)),
        ("Congo, DemRep (Zaire)", ("CD",)),
        ("Cote D\ufffdIvoire", ("CI",)),
        ("Côte d’Ivoire", ("CI",)),
        ("Kosovo", ("XK",)),
        ("Yugoslavia", ("RS", "ME")),
        ("Serbia and Montenegro, inc. Kosovo (Tier 2)", ("RS", "ME", "XK")),
        ("Colombia (Tier 1) and Dominican Republic (Tier 2)", ("CO", "DO")),
        (
            "Cambodia, Costa Rica, Thailand, Brazil and the Dominican Republic",
            ("KH", "CR", "TH", "BR", "DO"),
        ),
        ("Regional (Kazakhstan and Tajikistan)", ("KZ", "TJ")),
        (
            "Regional (West Africa Regional Program-Sierra Leone, Liberia, and Guinea)",
            ("SL", "LR", "GN"),
        ),
        (
            "Regional: Southeast and East Europe: Albania, Moldova, Romania, Ukraine",
            ("AL", "MD", "RO", "UA"),
        ),
        ("Regional: Vatican (Tier 1)", ("VA",)),
        ("Regional: Mekong Region", ("035",)),
        ("Regional: Caucasus and Central Asia (GUUAM)", ("145", "143")),
        ("Global: IOM Geneva HQ", ("001",)),
        ("Western Hemisphere", ("019",)),
        ("Atlantis", ()),
        ("Kenya, Atlantis", ()),
        ("", ()),
    ],
)
def test_label_is_placed(label, codes):
    assert place(label).codes == codes


def test_regional_label_takes_its_region():
    assert place("Regional", "South Asia").codes == ("034",)


@pytest.mark.parametrize(
    ("country", "region", "codes"),
    [
        ("Africa", "West Africa", ("011",)),
        ("Africa", "", ("002",)),
        ("Europe", "Europe/Eurasia", ("150",)),
        ("Bahamas", "Barbados, St. Lucia", ("BS", "BB", "LC")),
        ("Near East Asia", "f", ("145", "015")),
        ("Western Hemisphere", "Central America, South America, and Mexico", ("013", "005", "MX")),
    ],
)
def test_grant_is_placed_by_country_and_region(country, region, codes):
    assert place_grant(country, region).codes == codes


def test_every_label_of_the_files_is_placed():
    grants = [row for row in read_grants().rows if not place_grant(row.country, row.region).codes]
    projects = [
        row
        for year in (2002, 2003)
        for row in read_projects(year).rows
        if not place(row.country, row.region).codes
    ]

    assert (grants, projects) == ([], [])


def test_every_ranked_country_has_a_code():
    assert {len(place_iso3(row.iso3)) for row in read_tiers().rows} == {2}


def test_unknown_three_letter_code_is_refused():
    with pytest.raises(KeyError):
        place_iso3("XXX")
