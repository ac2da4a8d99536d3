import re

import pytest

from portal.dashboards.who import maps, outlines


def row(code, count=0, *, is_asked=False):
    return maps.CountryCount(code, code, count, is_asked, f"/who/?place={code}", f"{code}: {count}")


def test_outlines_know_nearly_all_countries_and_kosovo():
    codes = outlines.codes_on_map()

    assert len(codes) == 236
    assert {"KE", "TW", "XK", "EH", "SG"} <= codes
    assert "" not in codes


def test_equal_earth_is_the_published_projection():
    # Half the width and half the height of the world, as the authors give them.
    x, _y = outlines._equal_earth(180, 0)
    _x, y = outlines._equal_earth(0, 90)

    assert round(x, 4) == 2.7066
    assert round(-y, 4) == 1.3174


def test_simplified_keeps_ends_and_what_stands_out():
    line = [(0, 0), (1, 0.1), (2, 0), (3, 5), (4, 0)]

    assert outlines.simplified(line, 0.5) == [(0, 0), (2, 0), (3, 5), (4, 0)]


def test_path_goes_in_steps_and_leaves_out_what_has_no_area():
    assert outlines.path([[(1, 1), (4, 1), (4, 5), (4, 5)], [(9, 9), (9, 9)]]) == "M1 1l3 0 0 4z"


def test_within_is_the_part_inside_the_frame():
    square = [(-5.0, -5.0), (5.0, -5.0), (5.0, 5.0), (-5.0, 5.0)]

    part = outlines.within(square, (0.0, 0.0, 10.0, 10.0))

    assert outlines.area(part) == 25
    assert outlines.within(square, (6.0, 6.0, 10.0, 10.0)) == []


def test_world_map_shows_who_is_where_and_stays_small():
    svg = maps.draw([row("KE", 5), row("BR", 2), row("IN", is_asked=True)], label="A map")

    assert len(svg) < 120_000
    assert re.search(r'<a href="/who/\?place=KE" aria-label="KE: 5"><path class="land some"', svg)
    assert re.search(r'place=IN"[^>]*><path class="land none"', svg)
    assert svg.count('class="dot"') == 2
    assert svg.count("<a ") == 3


@pytest.mark.parametrize("code", ["KE", "RU", "US", "FJ", "NZ", "GL", "AQ", "SG"])
def test_map_of_one_country_has_it_in_the_picture(code):
    svg = maps.draw([row(code, 3)], {code}, label="A map")

    if code == "AQ":  # nobody lives there
        assert "<a " not in svg
        return
    x, y = re.search(r'class="dot" cx="([\d.]+)" cy="([\d.]+)"', svg).groups()
    width, height = re.search(r'viewBox="0 0 (\d+) (\d+)"', svg).groups()
    assert 0.2 < float(x) / float(width) < 0.8
    assert 0.2 < float(y) / float(height) < 0.8


def test_map_leaves_out_what_has_no_outline():
    assert "<a " not in maps.draw([row("TV", 3)], label="A map")
    assert maps.on_map(["TV", "KE"]) == {"KE"}


def test_map_lets_no_dot_cover_another():
    svg = maps.draw(
        [row(code, 9) for code in ("BE", "NL", "LU", "DE", "FR", "CH", "ES", "PL")], label="A map"
    )

    dots = [
        tuple(map(float, dot))
        for dot in re.findall(r'cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"', svg)
    ]
    assert 2 < len(dots) < 8
    for i, (x1, y1, r1) in enumerate(dots):
        for x2, y2, r2 in dots[i + 1 :]:
            assert (x1 - x2) ** 2 + (y1 - y2) ** 2 >= (r1 + r2 - 0.2) ** 2


def test_map_of_divisions_names_those_without_anybody():
    svg = maps.draw_divisions(
        "XX", [row("XX-NB", 4), row("XX-SI", is_asked=True)], label="A map", nobody="nobody yet"
    )

    assert "XX-SI: nobody yet" in svg
    assert svg.count('class="land none"') == 1
    assert svg.count('<path class="land"') == 8


@pytest.mark.parametrize("code", ["KE", "../countries-50m", ""])
def test_divisions_of_countries_without_a_file_are_none(code):
    assert maps.divisions(code) is None


def test_labels_are_escaped():
    evil = maps.CountryCount("KE", "<b>", 1, False, "/?a=1&b=2", '"><script>')

    svg = maps.draw([evil], {"KE"}, label="A map")

    assert "<script>" not in svg
    assert "<b>" not in svg
