"""Outlines of countries: TopoJSON decoded, projected, simplified and written as SVG paths.

Each border is one arc that both its countries share, so that it is simplified once and never gapes.
Source: the TopoJSON specification; Equal Earth projection, Šavrič, Patterson and Jenny (2018).
"""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

FILE = Path(__file__).resolve().parents[1] / "data" / "countries-50m.json"
#: Outlines that the file gives no code: drawn as ISO 3166-1 and UN M49 see them.
WITHOUT_CODE = {"Kosovo": "XK", "Somaliland": "SO", "N. Cyprus": "CY"}
#: The world is cut in the Bering Strait, so that no country is.
MERIDIAN = 11.0
#: Paths are drawn this much finer than the picture's own units, and scaled down.
FINENESS = 3

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Country:
    """A country's rings as lists of arcs; `~n` is arc n backwards, as in TopoJSON."""

    code: str  # ISO 3166-1 alpha-2; "" for none
    polygons: tuple[tuple[tuple[int, ...], ...], ...]  # outer ring first, then holes


@dataclass(frozen=True, slots=True)
class Outlines:
    """All countries, with the arcs projected for one meridian; up is less."""

    countries: dict[str, tuple[Country, ...]]
    arcs: tuple[tuple[Point, ...], ...]
    torn: frozenset[int]  # arcs that the cut opposite the meridian tears apart

    def ring(self, indices: Sequence[int]) -> list[Point]:
        """A closed ring; its last point is its first and left out."""
        points: list[Point] = []
        for index in indices:
            arc = self.arcs[index] if index >= 0 else self.arcs[~index][::-1]
            points.extend(arc[:-1])
        return points


@lru_cache(maxsize=4)
def outlines(meridian: float = MERIDIAN) -> Outlines:
    """The outlines for a meridian in the middle."""
    arcs, countries = _decoded()
    projected, torn = [], set()
    for number, arc in enumerate(arcs):
        turned = [((lon - meridian + 180) % 360 - 180, lat) for lon, lat in arc]
        if any(abs(a[0] - b[0]) > 180 for a, b in pairwise(turned)):
            torn.add(number)
        projected.append(tuple(_equal_earth(lon, lat) for lon, lat in turned))
    return Outlines(countries, tuple(projected), frozenset(torn))


@lru_cache(maxsize=1)
def _decoded() -> tuple[tuple[tuple[Point, ...], ...], dict[str, tuple[Country, ...]]]:
    """Arcs in degrees, and countries by code."""
    topology = json.loads(FILE.read_bytes())
    (scale_x, scale_y), (move_x, move_y) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )
    arcs = []
    for deltas in topology["arcs"]:
        x = y = 0
        arc = []
        for dx, dy in deltas:
            x, y = x + dx, y + dy
            arc.append((x * scale_x + move_x, y * scale_y + move_y))
        arcs.append(tuple(arc))
    countries: dict[str, tuple[Country, ...]] = {}
    numeric = _codes()
    for shape in topology["objects"]["countries"]["geometries"]:
        name = shape["properties"]["name"]
        code = numeric.get(shape.get("id", ""), WITHOUT_CODE.get(name, ""))
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        country = Country(code, tuple(tuple(map(tuple, rings)) for rings in polygons))
        countries[code] = (*countries.get(code, ()), country)
    return tuple(arcs), countries


def _codes() -> dict[str, str]:
    """ISO 3166-1 alpha-2 by numeric code."""
    import pycountry

    return {country.numeric: country.alpha_2 for country in pycountry.countries}


def _equal_earth(longitude: float, latitude: float) -> Point:
    """Degrees, from the middle meridian, in the plane: the world is 5.4 wide and 2.6 high."""
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    t2 = t * t
    t6 = t2 * t2 * t2
    bend = 1.340264 - 0.243318 * t2 + t6 * (0.006251 + 0.034164 * t2)
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(t) / (3 * bend)
    # The bend above is the derivative's series; the height has its own.
    y = t * (1.340264 - 0.081106 * t2 + t6 * (0.000893 + 0.003796 * t2))
    return x, -y


def codes_on_map() -> frozenset[str]:
    """The countries that have an outline."""
    return frozenset(code for code in _decoded()[1] if code)


def area(ring: Sequence[Point]) -> float:
    """The area of a ring, never negative."""
    total = 0.0
    for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], *ring[:1]), strict=True):
        total += x1 * y2 - x2 * y1
    return abs(total) / 2


def centre(ring: Sequence[Point]) -> Point:
    """The centre of mass of a ring."""
    total = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], *ring[:1]), strict=True):
        cross = x1 * y2 - x2 * y1
        total, x, y = total + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    if not total:
        return ring[0]
    return x / (3 * total), y / (3 * total)


def within(ring: Sequence[Point], frame: Box) -> list[Point]:
    """The part of a ring inside a frame; [] for none. Source: Sutherland and Hodgman."""
    left, top, right, bottom = frame
    points = list(ring)
    for axis, limit, sign in ((0, left, 1), (0, right, -1), (1, top, 1), (1, bottom, -1)):
        kept: list[Point] = []
        for before, now in zip((*points[-1:], *points[:-1]), points, strict=True):
            inside, was_inside = (
                sign * now[axis] >= sign * limit,
                sign * before[axis] >= sign * limit,
            )
            if inside != was_inside:
                part = (limit - before[axis]) / (now[axis] - before[axis])
                kept.append(
                    (
                        before[0] + part * (now[0] - before[0]),
                        before[1] + part * (now[1] - before[1]),
                    )
                )
            if inside:
                kept.append(now)
        points = kept
    return points


def box(points: Iterable[Point]) -> Box:
    """The smallest box around points."""
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box around boxes."""
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


def simplified(points: Sequence[Point], tolerance: float) -> list[Point]:
    """A line with fewer points, nowhere further than `tolerance` from the old one; its ends stay.

    Source: Ramer, Douglas and Peucker.
    """
    if len(points) < 3:
        return list(points)
    keep = {0, len(points) - 1}
    spans = [(0, len(points) - 1)]
    limit = tolerance * tolerance
    while spans:
        first, last = spans.pop()
        (ax, ay), (bx, by) = points[first], points[last]
        dx, dy = bx - ax, by - ay
        length = dx * dx + dy * dy
        worst, at = limit, 0
        for index in range(first + 1, last):
            px, py = points[index][0] - ax, points[index][1] - ay
            if length:
                along = min(1.0, max(0.0, (px * dx + py * dy) / length))
                px, py = px - along * dx, py - along * dy
            distance = px * px + py * py
            if distance > worst:
                worst, at = distance, index
        if at:
            keep.add(at)
            spans += [(first, at), (at, last)]
    return [points[index] for index in sorted(keep)]


def path(rings: Iterable[Sequence[tuple[int, int]]]) -> str:
    """Rings of whole numbers as the data of an SVG path, in steps from point to point."""
    parts = []
    for ring in rings:
        (x, y), *rest = ring
        steps = []
        for nx, ny in rest:
            if (nx, ny) != (x, y):
                steps.append(f"{nx - x}{ny - y}" if ny < y else f"{nx - x} {ny - y}")
                x, y = nx, ny
        if len(steps) > 1:
            line = " ".join(steps).replace(" -", "-")
            parts.append(f"M{ring[0][0]} {ring[0][1]}l{line}z")
    return "".join(parts)
