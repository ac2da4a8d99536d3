import re
import xml.etree.ElementTree as ET

import pytest

from portal.dashboards import stills
from portal.dashboards.drawing import LIGHT
from portal.dashboards.findings import Bar, Block, Box, Callout, Column, Columns, Series
from portal.dashboards.png import png
from portal.management.commands.build_css import CSS

SVG = "{http://www.w3.org/2000/svg}"
PILLARS = tuple(
    Series(name, f"p{number}")
    for number, name in enumerate(("Prevention", "Protection", "Prosecution", "Partnership"), 1)
)
MISSING = Series("Still missing", "line", "hatch")


def finding(count=4, amounts=(100, 500, 300, 100), missing=1000, **more):
    columns = tuple(
        Column(str(2003 + index), (*amounts, missing), required=2000, note="50%")
        for index in range(count)
    )
    return Columns((*PILLARS, MISSING), columns, missing_word="missing", **more)


def texts(svg):
    return ["".join(element.itertext()) for element in ET.fromstring(svg).iter(f"{SVG}text")]


def boxes(svg, fill):
    rects = ET.fromstring(svg).iter(f"{SVG}rect")
    return [
        {name: float(rect.get(name) or 0) for name in ("x", "y", "width", "height")}
        for rect in rects
        if rect.get("fill") == fill
    ]


def test_light_colours_are_those_of_the_tokens():
    tokens = dict(re.findall(r"--ff-([\w-]+):\s*(#\w+)", (CSS / "tokens.css").read_text()))

    assert {name: tokens[name] for name in LIGHT} == LIGHT


@pytest.mark.parametrize("count", [0, 1, 2, 12, 30])
@pytest.mark.parametrize("draw", [stills.years, stills.quarters])
def test_columns_draw_any_number_of_years(draw, count):
    root = ET.fromstring(draw(finding(count)))

    assert root.get("viewBox").startswith("0 0 660 ")


@pytest.mark.parametrize("draw", [stills.years, stills.quarters])
def test_columns_draw_nothing_but_zeros(draw):
    empty = Columns(PILLARS, (Column("2003", (0, 0, 0, 0)),))

    assert boxes(draw(empty), LIGHT["p1"]) == []


def test_years_draws_amounts_to_scale_from_zero():
    svg = stills.years(finding(1, amounts=(100, 200, 0, 400), missing=700))
    heights = [
        height
        for tone in ("p1", "p2", "p4")
        for height in {box["height"] for box in boxes(svg, LIGHT[tone]) if box["width"] > 20}
    ]
    one = heights[0] + 1  # a hair of paper parts the areas

    assert [round((height + 1) / one, 1) for height in heights] == [1.0, 2.0, 4.0]


def test_years_names_what_is_missing_and_its_note():
    svg = stills.years(finding(2, note_word="of need met"))

    assert "10 missing" in texts(svg)
    assert "50% of need met" in texts(svg)


def test_years_names_series_beside_the_first_column_where_there_is_room():
    beside = texts(stills.years(finding(4)))
    crowded = texts(stills.years(finding(4, amounts=(1, 500, 1, 2), missing=90_000)))

    assert beside[-8:-4] == ["Prevention", "Protection", "Prosecution", "Partnership"]
    assert crowded[:5] == [
        "Prevention",
        "Protection",
        "Prosecution",
        "Partnership",
        "Still missing",
    ]


def test_labels_of_many_years_do_not_touch():
    years = [text for text in texts(stills.years(finding(30))) if text.isdigit() and len(text) == 4]

    assert years[-1] == "2032"
    assert len(years) <= 15


def test_years_marks_what_is_asked_where_the_column_does_not_say_it():
    whole = stills.years(finding(1, amounts=(250, 250, 250, 250), missing=1000))
    surplus = stills.years(finding(1, amounts=(2500, 0, 0, 0), missing=1000))

    assert "stroke-dasharray" not in whole
    assert "stroke-dasharray" in surplus


def test_quarters_breaks_the_line_where_nothing_is_asked():
    columns = tuple(
        Column(f"Q{index}", (10,), required) for index, required in enumerate((20, None, 30, 30))
    )
    svg = stills.quarters(Columns(PILLARS[:1], columns, line_label="Asked"))
    path = next(ET.fromstring(svg).iter(f"{SVG}path")).get("d")

    assert path.count("M") == 2
    assert "Asked" in texts(svg)


@pytest.mark.parametrize("index", [0, 3, 7])
def test_quarters_keeps_a_remark_inside_the_picture(index):
    callout = Callout(index, "End of September 2010", "From 15.1 M to 2.3 M a quarter")
    svg = stills.quarters(finding(8, callout=callout, today=7.5, today_label="30 September 2010"))
    remark = boxes(svg, LIGHT["paper"])[-1]

    assert remark["x"] >= 0
    assert remark["x"] + remark["width"] <= 660


def test_scale_is_round_and_within_the_picture():
    assert stills.ticks(42_500_000) == [0, 10_000_000, 20_000_000, 30_000_000, 40_000_000]
    assert stills.ticks(1) == [0, 1]
    assert stills.ticks(7) == [0, 2, 4, 6]


def test_bars_fill_only_what_is_met():
    svg = stills.bars([Bar("A", "p1", 100, 40, 60), Bar("B", "p2", 0, 0)])
    asked = boxes(svg, "url(#b-h-p1-hatch)")[0]["width"]

    assert boxes(svg, LIGHT["p1-mid"])[0]["width"] == pytest.approx(asked * 0.4, abs=0.2)
    assert boxes(svg, LIGHT["p1"])[0]["width"] == pytest.approx(asked * 0.4, abs=0.2)


def test_skyline_gives_width_by_need_and_room_to_what_asks_nothing():
    blocks = [
        Block(1, "Prevention", "18%", "", (Box("1.1", 300, 15, 8, "15%"), Box("1.2", 100, 0, 0))),
        Block(4, "Partnership", "", "2.7 M committed"),
    ]
    svg = stills.skyline(blocks)
    wide, narrow = (box["width"] for box in boxes(svg, "url(#s-h-p1-hatch)"))

    assert wide == pytest.approx(3 * narrow, abs=0.3)
    assert "2.7 M committed" in texts(svg)


def test_texts_are_escaped():
    series = (Series('<b>"R&D"</b>', "p1"),)
    svg = stills.years(Columns(series, (Column("<2003>", (5,)),)), title="A & B")

    assert '<b>"R&D"</b>' in texts(svg)
    assert next(ET.fromstring(svg).iter(f"{SVG}title")).text == "A & B"


def test_pictures_on_pages_follow_the_theme_and_stay_silent():
    svg = stills.years(finding(), web=True, prefix="one", title="Said elsewhere")

    assert "#" not in re.sub(r"url\(#one-[\w-]+\)", "", svg)
    assert 'aria-hidden="true"' in svg
    assert "<title>" not in svg


def test_png_is_a_picture_of_the_width_asked_for():
    picture = png(stills.years(finding()), width=600)

    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(picture[16:20]) == 600
