"""The map and the table beside it, as their template takes them: every number with its rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.dashboards.who import maps
from portal.directory.choices import PlaceKind
from portal.directory.tree import Node
from portal.lib.numbers import whole
from portal.lib.tabular import Sheet
from strategy.choices import Pillar

from .filters import Selection
from .queries import Cell, Positions, Table, matrix_root, parts_of, positions, tabulate

#: How many places stand beside a region's map, and under the world's, before the rest is folded away.
BESIDE_MAP, UNDER_MAP = 12, 24


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place beside the map: activities by pillar, each once, and in all."""

    name: str
    url: str
    by_pillar: list[tuple[int, int, str]]  # pillar, count, address of its rows
    count: int
    width: int  # percent of the largest
    gaps: int
    is_country: bool


@dataclass(frozen=True)
class PlaceMap:
    """The map and its table. svg is empty where none of the places has an outline."""

    svg: str
    is_world: bool
    is_of_divisions: bool
    rows: list[PlaceRow]
    rest: list[PlaceRow]
    not_drawn: list[str]
    empty_places: list[str]  # asked for, nobody there
    top: list[PlaceRow]  # the place with most, or several with as many
    total: int
    asked: int
    sheet: Sheet = field(repr=False)

    @property
    def halves(self) -> list[list[PlaceRow]]:
        """The rows in two columns, the first not the shorter."""
        middle = (len(self.rows) + 1) // 2
        return [half for half in (self.rows[:middle], self.rows[middle:]) if half]


def place_map(selection: Selection) -> PlaceMap:
    """Countries with their activities; of one country its divisions, drawn where there are outlines of them."""
    found = positions(selection)
    lens = selection.lens
    country = _country_in_view(found)
    spot = _spots(found, country)
    nodes = lens.objectives
    table = tabulate(found, lambda objective: (nodes[objective].pillar,), spot)
    keys = {key for _pillar, key in table.cells} | table.columns.keys()
    rows = _place_rows(selection, found, table, keys)
    svg, not_drawn = _drawn(selection, found, table, keys, country)
    is_world = country is None and (lens.place is None or lens.place.kind == PlaceKind.WORLD)
    shown = UNDER_MAP if is_world and svg else BESIDE_MAP
    top = [row for row in rows if row.is_country and row.count == rows[0].count and row.count]
    return PlaceMap(
        svg=svg,
        is_world=is_world,
        is_of_divisions=country is not None and maps.divisions(country.code) is not None,
        rows=rows[:shown],
        rest=rows[shown:],
        not_drawn=not_drawn,
        empty_places=[row.name for row in rows if not row.count and row.gaps],
        top=top,
        total=table.total,
        asked=len({key for (_pillar, key), cell in table.cells.items() if cell.asked}),
        sheet=_place_sheet(selection, found, rows),
    )


def _country_in_view(found: Positions) -> Node | None:
    """The country whose divisions are compared: the one chosen, or the only one there is if its divisions are drawn."""
    place = found.lens.place
    if place is not None and place.kind not in (PlaceKind.COUNTRY, PlaceKind.DIVISION):
        return None
    node = found.tree.nodes[place.pk] if place else matrix_root(found)
    while node.kind == PlaceKind.DIVISION:
        node = found.tree.nodes[node.parent]
    if node.kind != PlaceKind.COUNTRY or (place is None and maps.divisions(node.code) is None):
        return None
    return node


def _spots(found: Positions, country: Node | None):
    """For each place the row it counts in: its division, its country, or the region it is as a whole."""
    chosen = found.lens.place.pk if found.lens.place else None
    if country is not None:
        _children, part = parts_of(found, country)

        def spot(place: int) -> int | None:
            path = found.tree.path(place)
            if chosen and chosen not in path:
                return None
            return part(place) or (place if country.pk in path else None)

        return spot
    countries = frozenset({PlaceKind.COUNTRY})

    def spot(place: int) -> int | None:
        if chosen and chosen not in found.tree.path(place):
            return None
        return found.tree.up_to(place, countries) or place

    return spot


def _place_rows(selection: Selection, found: Positions, table: Table, keys) -> list[PlaceRow]:
    largest = max(table.columns.values(), default=1)
    # A country beside its own divisions, and what is chosen itself, stand for what is said of no part of them.
    wholes = {
        found.tree.nodes[key].parent
        for key in keys
        if found.tree.nodes[key].kind == PlaceKind.DIVISION
    }
    if selection.lens.place is not None:
        wholes.add(selection.lens.place.pk)
    rows = []
    for key in keys:
        node, count = found.tree.nodes[key], table.columns.get(key, 0)
        is_part = node.kind in (PlaceKind.COUNTRY, PlaceKind.DIVISION)
        whole_of_root = node.pk in wholes
        name = node.name
        if not is_part or (whole_of_root and node.kind == PlaceKind.COUNTRY):
            name = _("%(place)s as a whole") % {"place": name}
        linked = is_part and not whole_of_root
        gaps = sum(table.cells.get((pillar, key), Cell()).gaps for pillar in Pillar.values)
        rows.append(
            PlaceRow(
                name=name,
                url=selection.address(view="list", place=node.code) if linked else "",
                by_pillar=[
                    (
                        pillar,
                        table.cells.get((pillar, key), Cell()).count,
                        selection.address(view="list", place=node.code, objective=str(int(pillar)))
                        if linked
                        else "",
                    )
                    for pillar in Pillar.values
                ],
                count=count,
                width=round(100 * count / largest),
                gaps=gaps,
                is_country=linked,
            )
        )
    return sorted(rows, key=lambda row: (-row.count, -row.gaps, row.name))


def _drawn(
    selection, found: Positions, table: Table, keys, country: Node | None
) -> tuple[str, list[str]]:
    """The map, and the names of places with something that it cannot show."""
    lens, nodes = selection.lens, found.tree.nodes

    def gaps(key: int) -> int:
        return sum(table.cells.get((pillar, key), Cell()).gaps for pillar in Pillar.values)

    if country is not None and maps.divisions(country.code):
        counts = [
            _count(selection, nodes[key], table.columns.get(key, 0), gaps(key))
            for key in keys
            if nodes[key].kind == PlaceKind.DIVISION
        ]
        picture = maps.draw_divisions(
            country.code,
            counts,
            label=_(
                "Map with the number of activities in each place. The same numbers are in the table."
            ),
            nobody=_("nobody yet"),
        )
        drawn = maps.divisions(country.code)["places"]
        return picture, sorted(row.name for row in counts if row.code not in drawn)
    if country is not None:
        missing = sum(cell.gaps for cell in table.cells.values())
        counts = [_count(selection, country, len(found.activities), missing)]
    else:
        counts = [
            _count(selection, nodes[key], table.columns.get(key, 0), gaps(key))
            for key in keys
            if nodes[key].kind == PlaceKind.COUNTRY
        ]
    drawn = maps.on_map([row.code for row in counts])
    not_drawn = sorted(row.name for row in counts if row.code not in drawn)
    if not drawn:
        return "", not_drawn
    region = None
    if country is not None:
        region = {country.code}
    elif lens.place is not None and lens.place.kind != PlaceKind.WORLD:
        region = {
            node.code
            for node in nodes.values()
            if node.kind == PlaceKind.COUNTRY
            and lens.place.lft <= node.lft
            and node.rgt <= lens.place.rgt
        }
    picture = maps.draw(
        counts,
        region,
        label=_(
            "Map with the number of activities in each country. The same numbers are in the table."
        ),
    )
    return picture, not_drawn


def _count(selection: Selection, node: Node, count: int, gaps: int) -> maps.CountryCount:
    label = ngettext("%(place)s: %(n)s activity", "%(place)s: %(n)s activities", count) % {
        "place": node.name,
        "n": whole(count),
    }
    if gaps:
        label = f"{label}. {_('The strategy asks for work here that nobody does.')}"
    url = reverse("dashboards:who") + selection.address(view="list", place=node.code)
    return maps.CountryCount(node.code, node.name, count, gaps > 0, url, label)


def _place_sheet(selection: Selection, found: Positions, rows: Sequence[PlaceRow]) -> Sheet:
    return Sheet(
        title=_("Activities by place"),
        about=selection.in_words(),
        columns=[
            _("Place"),
            *(str(label) for label in Pillar.labels),
            _("All"),
            _("Asked for, and nobody there"),
        ],
        rows=[
            (row.name, *(count for _pillar, count, _url in row.by_pillar), row.count, row.gaps)
            for row in rows
        ],
    )
