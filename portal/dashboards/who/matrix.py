"""The matrix as its template takes it: objectives by places, every number with its rows."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.directory.tree import Node
from portal.lib.numbers import whole
from portal.lib.tabular import Sheet

from .filters import Selection
from .queries import Cell, Table, matrix_root, parts_of, positions, tabulate


@dataclass(frozen=True)
class Matrix:
    """Objectives by places. heat: for the component; the rest: sentences around it."""

    heat: dict
    root: Node
    columns: list[tuple[str, str]]  # code and name
    asked: int
    gaps: int
    has_partial_gaps: bool
    steps: tuple[int, int]  # up to the first: light; up to the second: darker; above: darkest
    left_out: int
    sheet: Sheet
    is_empty: bool


def matrix(selection: Selection) -> Matrix:
    """The matrix of a selection, with the places right below the one chosen as columns."""
    found = positions(selection)
    root = matrix_root(found)
    children, part = parts_of(found, root)

    def column(place: int) -> int | None:
        return root.pk if place == root.pk else part(place)

    table = tabulate(found, found.objective_path, column)
    used = {spot for (_row, spot), _cell in table.cells.items()} | table.columns.keys()
    shown = [child for child in children if child.pk in used]
    columns = [(child.pk, child.code, child.name, True) for child in shown]
    if root.pk in used:
        columns.append(
            (root.pk, root.code, _("%(place)s as a whole") % {"place": root.name}, False)
        )
    steps = _steps(table)
    rows = list(selection.lens.in_view.values())
    heat = _heat(selection, table, columns, rows, steps)
    drawn = [cell for (_row, spot), cell in table.cells.items() if spot in used]
    return Matrix(
        heat=heat,
        root=root,
        columns=[(code, name) for _key, code, name, _below in columns],
        asked=len(found.asked),
        gaps=len(found.gaps),
        has_partial_gaps=any(cell.count and cell.gaps for cell in drawn),
        steps=steps,
        left_out=len(children) - len(shown),
        sheet=_matrix_sheet(selection, table, columns, rows),
        is_empty=not columns,
    )


def _steps(table: Table) -> tuple[int, int]:
    """Where the shades of the matrix change, so that large and small counts can both be told apart."""
    largest = max((cell.count for cell in table.cells.values()), default=0)
    return (1, 3) if largest <= 12 else (max(2, largest // 10), max(5, largest // 3))


def _heat(selection, table, columns, rows, steps) -> dict:
    groups: list[dict] = []
    for node in rows:
        if not groups or groups[-1]["pillar"] != node.pillar:
            groups.append({"pillar": node.pillar, "rows": []})
        title = node.short_title or node.title
        if node.parent_id is None:
            title = _("all of %(pillar)s") % {"pillar": title}
        cells = [_cell(selection, table, node, column, steps) for column in columns]
        total = table.rows.get(node.pk, 0)
        cells.append(
            (
                "all",
                selection.address(view="list", objective=node.code),
                whole(total),
                _all_of(total, node),
            )
            if total
            else None
        )
        groups[-1]["rows"].append(
            {
                "code": node.code,
                "title": title,
                "url": selection.address(objective=node.code),
                "cells": cells,
            }
        )
    totals = [
        _link(selection.address(view="list", place=code), table.columns.get(key, 0)) if below
        else whole(table.columns.get(key, 0))
        for key, code, _name, below in columns
    ]  # fmt: skip
    return {
        "matrix": True,
        "caption": _("Number of activities by objective and place"),
        "region": _("Activities by objective and place, scroll sideways"),
        "columns": [
            *(
                format_html('<a href="{}">{}</a>', selection.address(place=code), name)
                if below
                else name
                for _key, code, name, below in columns
            ),
            _("All"),
        ],
        "groups": groups,
        "totals_label": _("All"),
        "totals": [*totals, _link(selection.address(view="list"), table.total)],
        "none": _("nothing asked for, nobody there"),
    }


def _cell(selection, table: Table, node, column, steps) -> tuple[str, str, str, str] | None:
    key, code, name, below = column
    cell = table.cells.get((node.pk, key), Cell())
    if not cell.count and not cell.gaps:
        return None
    url = selection.address(view="list", objective=node.code, place=code if below else None)
    label = _activities(cell.count, node.code, name)
    if not cell.count:
        label = f"{label}. {_('The strategy asks for work here.')}"
        viewer = selection.lens.viewer
        if viewer.editable_organisations or viewer.is_secretariat:
            query = urlencode({"objective": node.code, "place": code})
            url = f"{reverse('dashboards:activity-new')}?{query}"
            label = f"{label} {_('Log an activity here.')}"
        return "m0", url, "0", label
    kind = "m1" if cell.count <= steps[0] else "m2" if cell.count <= steps[1] else "m3"
    if cell.gaps:
        kind += " mg"
        missing = ngettext(
            "In %(n)s place or objective below it the strategy asks for work and nobody is there.",
            "In %(n)s places or objectives below it the strategy asks for work and nobody is there.",
            cell.gaps,
        ) % {"n": whole(cell.gaps)}
        label = f"{label}. {missing}"
    return kind, url, whole(cell.count), label


def _activities(count: int, code: str, place: str) -> str:
    return ngettext(
        "%(n)s activity on %(code)s in %(place)s",
        "%(n)s activities on %(code)s in %(place)s",
        count,
    ) % {"n": whole(count), "code": code, "place": place}


def _all_of(count: int, node) -> str:
    return ngettext("%(n)s activity on %(code)s", "%(n)s activities on %(code)s", count) % {
        "n": whole(count),
        "code": node.code,
    }


def _link(url: str, count: int):
    return format_html('<a href="{}">{}</a>', url, whole(count))


def _matrix_sheet(selection: Selection, table: Table, columns, rows) -> Sheet:
    """One line per objective and place: activities, and how many cells at or below it are asked for and empty."""
    return Sheet(
        title=_("Activities by objective and place"),
        about=selection.in_words(),
        columns=[
            _("Objective"),
            _("Title"),
            _("Place"),
            _("Name of the place"),
            _("Activities"),
            _("Objectives and places asked for"),
            _("Of these, nobody there"),
        ],
        rows=[
            (node.code, node.title, code, name, cell.count, cell.asked, cell.gaps)
            for node in rows
            for key, code, name, _below in columns
            if (cell := table.cells.get((node.pk, key)))
        ],
    )
