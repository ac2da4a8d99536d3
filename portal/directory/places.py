"""The tree of places: read from ISO 3166 and UN M49, kept with nested-set bounds."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from portal.history.signals import about_to_change
from portal.lib.text import fold

from .choices import PlaceKind
from .exceptions import UnknownParent
from .models import Place

DATA = Path(__file__).parent / "data"
WORLD = "001"

#: Shorter than ISO's list form. Everything else takes ISO's common name, else its name.
SHORT_NAMES = {
    "BN": "Brunei",
    "CD": "Democratic Republic of the Congo",
    "CG": "Republic of the Congo",
    "FM": "Micronesia (Federated States)",
    "PS": "Palestine",
    "RU": "Russia",
    "VA": "Holy See",
    "VG": "British Virgin Islands",
    "VI": "US Virgin Islands",
}
#: Not in ISO 3166-1: a user-assigned code in wide use.
USER_ASSIGNED = {"XK": "Kosovo"}


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place by its code, and the code of what it lies in ("" for the World)."""

    code: str
    name: str
    kind: str
    parent: str


@dataclass(frozen=True, slots=True)
class PlacesReport:
    """How many places were read, made, changed, and found here without being in the lists."""

    read: int
    created: int
    updated: int
    kept: int


def standard_places() -> list[PlaceRow]:
    """World, M49 regions, countries and first-level divisions, in any order."""
    import pycountry

    regions = _table("m49-regions.csv")
    rows = [
        PlaceRow(
            row["code"],
            row["name"],
            PlaceKind.REGION if row["parent"] else PlaceKind.WORLD,
            row["parent"],
        )
        for row in regions
    ]
    region_of = {row["country"]: row["region"] for row in _table("m49-countries.csv")}
    names = {country.alpha_2: _country_name(country) for country in pycountry.countries}
    for code, name in sorted({**names, **USER_ASSIGNED}.items()):
        rows.append(PlaceRow(code, name, PlaceKind.COUNTRY, region_of.get(code, WORLD)))
    rows.extend(
        PlaceRow(
            division.code,
            _without_brackets(division.name),
            PlaceKind.DIVISION,
            division.country_code,
        )
        for division in sorted(pycountry.subdivisions, key=lambda division: division.code)
        if not division.parent_code
    )
    return rows


def load_places() -> PlacesReport:
    """Bring all standard places up to date. Ids stay; places of one's own survive."""
    return _write(standard_places())


def add_places(rows: Iterable[PlaceRow]) -> PlacesReport:
    """Add or update places of one's own, such as districts, under places that are there.

    Raises `UnknownParent`, and changes nothing, when a parent is neither there nor among `rows`.
    """
    return _write(list(rows))


@transaction.atomic
def _write(rows: Sequence[PlaceRow]) -> PlacesReport:
    """Merge `rows` into the tree and number the whole tree anew, in one pass."""
    known = {place.code: place for place in Place.objects.all()}
    code_of = {place.pk: code for code, place in known.items()}
    tree = {
        code: PlaceRow(code, place.name, place.kind, code_of.get(place.parent_id, ""))
        for code, place in known.items()
    }
    tree.update({row.code: row for row in rows})
    missing = {row.parent for row in tree.values()} - tree.keys() - {""}
    if missing:
        raise UnknownParent(sorted(missing))
    bounds = _bounds(tree.values())
    created = 0
    renamed: list[Place] = []
    moved: list[tuple[int, int, int, int]] = []
    for depth, codes in enumerate(_by_depth(bounds)):
        new = []
        for code in codes:
            row, (lft, rgt, _depth) = tree[code], bounds[code]
            parent = known[row.parent].pk if row.parent else None
            place = known.get(code)
            if place is None:
                new.append(
                    Place(
                        code=code,
                        name=row.name,
                        folded=fold(row.name),
                        kind=row.kind,
                        parent_id=parent,
                        lft=lft,
                        rgt=rgt,
                        depth=depth,
                    )
                )
                continue
            if (place.name, place.kind, place.parent_id) != (row.name, row.kind, parent):
                place.name, place.folded, place.kind = row.name, fold(row.name), row.kind
                place.parent_id = parent
                renamed.append(place)
            if (place.lft, place.rgt, place.depth) != (lft, rgt, depth):
                moved.append((lft, rgt, depth, place.pk))
        known.update({place.code: place for place in Place.objects.bulk_create(new, 500)})
        created += len(new)
    about_to_change.send(Place, instance=None)  # pages keep places for as long as nothing changes
    Place.objects.bulk_update(renamed, ["name", "folded", "kind", "parent"], batch_size=100)
    _renumber(moved)
    others = len(tree) - len({row.code for row in rows})
    return PlacesReport(len(rows), created, len(renamed), others)


def _renumber(bounds: Sequence[tuple[int, int, int, int]]) -> None:
    """Write left bound, right bound and depth by id: one new place moves most of the tree."""
    if bounds:
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE directory_place SET lft = %s, rgt = %s, depth = %s WHERE id = %s", bounds
            )


def _bounds(rows: Iterable[PlaceRow]) -> dict[str, tuple[int, int, int]]:
    """Left bound, right bound and depth by code; children stand in the order of their names.

    Source: nested sets, after Joe Celko.
    """
    children = defaultdict(list)
    for row in rows:
        children[row.parent].append(row)
    for siblings in children.values():
        siblings.sort(key=lambda row: (fold(row.name), row.code), reverse=True)
    bounds: dict[str, tuple[int, int, int]] = {}
    count = 0
    stack = [(row, 0, False) for row in children[""]]
    while stack:
        row, depth, is_left = stack.pop()
        count += 1
        if is_left:
            bounds[row.code] = (bounds[row.code][0], count, depth)
            continue
        bounds[row.code] = (count, 0, depth)
        stack.append((row, depth, True))
        stack.extend((child, depth + 1, False) for child in children[row.code])
    return bounds


def _by_depth(bounds: dict[str, tuple[int, int, int]]) -> list[list[str]]:
    levels: list[list[str]] = []
    for code, (_lft, _rgt, depth) in sorted(bounds.items(), key=lambda item: item[1][2]):
        if depth == len(levels):
            levels.append([])
        levels[depth].append(code)
    return levels


def _country_name(country: Any) -> str:
    return SHORT_NAMES.get(country.alpha_2) or getattr(country, "common_name", None) or country.name


def _without_brackets(name: str) -> str:
    """ISO's notes taken off: "Stockholms län [SE-01]" -> "Stockholms län"."""
    return re.sub(r"\s*\[[^\]]*\]", "", name).strip()


def _table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
