"""The map of who is where: outlines, a count for each country, and hatching where nobody is."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from pathlib import Path

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from portal.dashboards.who import outlines

DIVISIONS = Path(__file__).resolve().parents[1] / "data" / "divisions"
#: The width of the picture of a region, and of the world, in their own units; texts and dots are sized in them.
REGION_WIDTH, WORLD_WIDTH = 640, 1000
TALLEST = 560
#: Latitudes beyond these hold nobody: Antarctica, and the ice north of Greenland.
WORLD_BOX = (-2.56, -1.285, 2.66, 0.985)
#: Nobody lives there: no reason to make a region's picture wider.
EMPTY = frozenset({"AQ", "BV", "GS", "HM", "IO", "TF", "UM"})
#: Outlines smaller than this many square units are left out, but for a country's largest.
SMALLEST = 0.35
#: How far a simplified border may lie from the true one, in units.
TOLERANCE = 0.3


@dataclass(frozen=True, slots=True)
class CountryCount:
    """What the map says of one country."""

    code: str  # ISO 3166-1 alpha-2
    name: str
    count: int  # activities
    is_asked: bool  # the strategy asks for work here, and some of it nobody does
    url: str
    label: str  # read aloud: "Kenya: 5 activities"


@dataclass(frozen=True, slots=True)
class _View:
    """What the picture shows: its meridian, its box in the plane, its size and drawn countries."""

    paths: dict[str, str]  # by code, in finer units
    centres: dict[str, outlines.Point]  # in the picture's units
    width: int
    height: int


def on_map(codes: Collection[str]) -> frozenset[str]:
    """Those of `codes` that have an outline."""
    return outlines.codes_on_map() & frozenset(codes)


def draw(
    counts: Sequence[CountryCount], region: Collection[str] | None = None, *, label: str
) -> SafeString:
    """The map as SVG; `label` says what it shows to those who do not see it.

    region: codes of the countries to zoom in on, None for the world. Countries without an outline
    are left out: the table beside the map has them.
    """
    view = _view(frozenset(region) if region is not None else None)
    drawn = [row for row in counts if row.code in view.paths]
    linked = {row.code for row in drawn}
    rest = "".join(data for code, data in view.paths.items() if code not in linked)
    lands = [format_html('<path class="land rest" d="{}"/>', rest)]
    for row in sorted(drawn, key=lambda row: row.count):
        kind = "land some" if row.count else "land none" if row.is_asked else "land"
        lands.append(
            format_html(
                '<a href="{}" aria-label="{}"><path class="{}" d="{}"><title>{}</title></path></a>',
                row.url,
                row.label,
                kind,
                view.paths[row.code],
                row.label,
            )
        )
    close = region is not None
    return format_html(
        '<svg class="ff-map ff-map--{}" viewBox="0 0 {} {}" role="group" aria-label="{}">'
        '{}<g transform="scale({})">{}</g><g pointer-events="none">{}</g></svg>',
        "region" if close else "world",
        view.width,
        view.height,
        label,
        _HATCH,
        1 / outlines.FINENESS,
        SafeString("".join(lands)),
        SafeString("".join(_dots(drawn, view, named=close and len(view.centres) <= 30))),
    )


@lru_cache(maxsize=16)
def divisions(country: str) -> dict | None:
    """The outlines of a country's divisions, where there is a file of them; its form is in `data/SOURCES.md`."""
    file = DIVISIONS / f"{country}.json"
    return json.loads(file.read_bytes()) if country.isalnum() and file.exists() else None


def draw_divisions(
    country: str, counts: Sequence[CountryCount], *, label: str, nobody: str
) -> SafeString:
    """The map of a country's divisions; `nobody` is said of those where somebody is asked for in vain."""
    found = divisions(country)
    rows = {row.code: row for row in counts}
    largest = max((row.count for row in counts), default=0) or 1
    lands, marks = [], []
    for code, place in found["places"].items():
        row = rows.get(code)
        if row is None:
            lands.append(format_html('<path class="land" d="{}"/>', place["path"]))
            continue
        kind = "" if row.count or not row.is_asked else " none"
        lands.append(
            format_html(
                '<a href="{}" aria-label="{}"><path class="land{}" d="{}"><title>{}</title></path></a>',
                row.url,
                row.label,
                kind,
                place["path"],
                row.label,
            )
        )
        x, y = place["x"], place["y"]
        if row.count:
            radius = max(28 * sqrt(row.count / largest), 10)
            marks.append(
                f'<circle class="dot" cx="{x}" cy="{y}" r="{radius:.1f}"/>'
                f'<text class="ct" x="{x}" y="{y + 5}" text-anchor="middle">{row.count}</text>'
                f'<text class="nm" x="{x}" y="{y + radius + 16:.1f}" text-anchor="middle">{escape(row.name)}</text>'
            )
        else:
            words = f": {nobody}" if row.is_asked else ""
            marks.append(
                f'<text class="nm nm--away" x="{x}" y="{y - 38}" text-anchor="middle">{escape(row.name + words)}</text>'
            )
    water = [
        format_html('<path class="river" d="{}"/>', river) for river in found.get("rivers", ())
    ]
    if found.get("lake"):
        water.append(format_html('<path class="lake" d="{}"/>', found["lake"]))
    return format_html(
        '<svg class="ff-map ff-map--divisions" viewBox="{}" role="group" aria-label="{}">{}{}{}'
        '<g pointer-events="none">{}</g></svg>',
        " ".join(str(number) for number in found["view"]),
        label,
        _HATCH_FINE,
        SafeString("".join(lands)),
        SafeString("".join(water)),
        SafeString("".join(marks)),
    )


_HATCH_FINE = mark_safe(
    '<defs><pattern id="hx" width="8" height="8" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect class="paper" width="8" height="8"/>'
    '<path class="line line--fine" d="M0 0v8"/></pattern></defs>'
)
_HATCH = mark_safe(
    '<defs><pattern id="hx" width="16" height="16" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect class="paper" width="16" height="16"/>'
    '<path class="line" d="M0 0v16"/></pattern></defs>'
)


def _dots(rows: Sequence[CountryCount], view: _View, *, named: bool) -> list[str]:
    """A dot with its number for each country, largest first; none covers another."""
    placed: list[tuple[float, float, float]] = []
    made = []
    # Where all counts are small, so are all dots.
    largest = max([row.count for row in rows] + [20])
    widest = 20 if named else 15
    for row in sorted(rows, key=lambda row: (-row.count, row.name)):
        if not row.count:
            continue
        if row.code not in view.centres:
            continue
        x, y = view.centres[row.code]
        digits = len(str(row.count))
        radius = max(widest * sqrt(row.count / largest), 5.5 + 1.6 * digits)
        x = min(max(x, radius + 1), view.width - radius - 1)
        y = min(max(y, radius + 1), view.height - radius - 1)
        if any((x - px) ** 2 + (y - py) ** 2 < (radius + pr) ** 2 for px, py, pr in placed):
            continue
        placed.append((x, y, radius))
        size = 13 if radius > 13 else 10
        made.append(
            f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>'
            f'<text class="ct" x="{x:.1f}" y="{y + size * 0.36:.1f}" style="--size:{size}px" '
            f'text-anchor="middle">{row.count}</text>'
        )
        if named:
            made.append(
                f'<text class="nm" x="{x:.1f}" y="{y + radius + 12:.1f}" text-anchor="middle">'
                f"{escape(row.name)}</text>"
            )
    return made


@lru_cache(maxsize=64)
def _view(region: frozenset[str] | None) -> _View:
    """The countries of a region, or of the world, fitted into the picture; kept for the next reader."""
    meridian = outlines.MERIDIAN if region is None else _meridian(region)
    world = outlines.outlines(meridian)
    left, top, right, bottom = WORLD_BOX if region is None else _box(world, region)
    width = WORLD_WIDTH if region is None else REGION_WIDTH
    scale = min(width / (right - left), TALLEST / (bottom - top))
    height = round((bottom - top) * scale)
    aside = (width - (right - left) * scale) / 2
    fitted = _Fitted(world, (left - aside / scale, top), scale, (width, height))
    return _View(*fitted.draw(), width, height)


def _meridian(region: frozenset[str]) -> float:
    """The middle of the region, in whole tens of degrees, so that few worlds are projected."""
    world = outlines.outlines()
    boxes = [_main_box(world, code) for code in region if code in world.countries]
    if not boxes:
        return outlines.MERIDIAN
    longitudes = sorted((left + right) / 2 for left, _top, right, _bottom in boxes)
    # Projected eastings run from -2.7 to 2.7; the widest gap between countries is where to cut.
    whole = 5.4
    gaps = [
        (after - before, after)
        for before, after in zip(longitudes, (*longitudes[1:], longitudes[0] + whole), strict=True)
    ]
    _gap, start = max(gaps)
    turned = sorted((x - start) % whole for x in longitudes)
    middle = start + (turned[0] + turned[-1]) / 2
    degrees = outlines.MERIDIAN + middle / 2.7 * 180
    return round(((degrees + 180) % 360 - 180) / 10) * 10


def _main_box(world: outlines.Outlines, code: str) -> outlines.Box:
    """The box around a country's largest outline and those near it, without its far islands."""
    rings = [
        world.ring(polygon[0]) for country in world.countries[code] for polygon in country.polygons
    ]
    main = max(rings, key=outlines.area)
    left, top, right, bottom = outlines.box(main)
    reach = max(right - left, bottom - top) / 2
    near = [outlines.box(main)]
    for ring in rings:
        x1, y1, x2, y2 = outlines.box(ring)
        if x1 > left - reach and x2 < right + reach and y1 > top - reach and y2 < bottom + reach:
            near.append((x1, y1, x2, y2))
    return outlines.around(near)


def _box(world: outlines.Outlines, region: frozenset[str]) -> outlines.Box:
    """The box around a region with some air; the whole world where none of it is on the map."""
    boxes = [
        _main_box(world, code)
        for code in region
        if code in world.countries and (code not in EMPTY or len(region) == 1)
    ]
    if not boxes:
        return WORLD_BOX
    if len(boxes) >= 5:  # a country as wide as all others (Russia in Europe) would make them tiny
        boxes.sort(key=lambda found: found[2] - found[0])
        rest = outlines.around(boxes[:-1])
        if boxes[-1][2] - boxes[-1][0] > 1.2 * (rest[2] - rest[0]):
            boxes.pop()
    left, top, right, bottom = outlines.around(boxes)
    air = max(0.03, (right - left) * 0.05, (bottom - top) * 0.05)
    left, top, right, bottom = left - air, top - air, right + air, bottom + air
    wanted = (bottom - top) * REGION_WIDTH / TALLEST * 0.9
    if right - left < wanted:  # tall regions get their neighbours beside them, not white paper
        middle = (left + right) / 2
        left, right = middle - wanted / 2, middle + wanted / 2
    return left, top, right, bottom


class _Fitted:
    """The arcs in the picture's finer units, each simplified once, and countries drawn from them."""

    def __init__(
        self, world: outlines.Outlines, origin: outlines.Point, scale: float, size: tuple[int, int]
    ) -> None:
        self.world, self.origin, self.scale = world, origin, scale
        self.width, self.height = size
        self.arcs: dict[int, list[outlines.Point]] = {}

    def draw(self) -> tuple[dict[str, str], dict[str, outlines.Point]]:
        """Path data and centres by code; countries outside the picture are left out."""
        paths, centres = {}, {}
        for code, shapes in self.world.countries.items():
            if code == "AQ":
                continue
            rings, main = [], (0.0, None)
            for shape in shapes:
                for polygon in shape.polygons:
                    if any(max(arc, ~arc) in self.world.torn for arc in polygon[0]):
                        continue
                    outer = self._ring(polygon[0])
                    size = outlines.area(outer)
                    if size > main[0]:
                        main = (size, outer)
                    if self._is_inside(outer):
                        rings.append((size, outer))
                        rings += [(size, self._ring(hole)) for hole in polygon[1:]]
            if not rings or main[1] is None:
                continue
            fine = [
                [(round(x * outlines.FINENESS), round(y * outlines.FINENESS)) for x, y in ring]
                for size, ring in rings
                if size >= SMALLEST or size == main[0]
            ]
            data = outlines.path(fine)
            if data:
                paths[code] = data
            frame = (0.0, 0.0, float(self.width), float(self.height))
            if seen := outlines.within(main[1], frame):
                centres[code] = outlines.centre(seen)
        return paths, centres

    def _ring(self, indices: Sequence[int]) -> list[outlines.Point]:
        points: list[outlines.Point] = []
        for index in indices:
            arc = self._arc(index if index >= 0 else ~index)
            points.extend((arc if index >= 0 else arc[::-1])[:-1])
        return points

    def _arc(self, index: int) -> list[outlines.Point]:
        if index not in self.arcs:
            (left, top), scale = self.origin, self.scale
            moved = [((x - left) * scale, (y - top) * scale) for x, y in self.world.arcs[index]]
            self.arcs[index] = outlines.simplified(moved, TOLERANCE)
        return self.arcs[index]

    def _is_inside(self, ring: Sequence[outlines.Point]) -> bool:
        """Whether any of a ring can be seen."""
        left, top, right, bottom = outlines.box(ring)
        return right > 0 and left < self.width and bottom > 0 and top < self.height
