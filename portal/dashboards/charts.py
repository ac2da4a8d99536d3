"""Figures for Plotly as plain dictionaries, from the same findings as the still pictures.

Colours are names of tokens ("--ff-p1"), which the page resolves, so that a chart follows light and
dark. `narrow` holds what replaces parts of the layout on phones. Plotly draws in the browser.
"""

from __future__ import annotations

import textwrap

from portal.dashboards.findings import Column, Columns, Series
from portal.dashboards.stills import direct_names, ticks
from portal.lib.numbers import axis, in_units, money_short


def years(finding: Columns) -> dict:
    """Stacked columns, one per year, a note above each, what is missing named inside it."""
    count = len(finding.columns)
    wide, narrow = [], []
    for index, column in enumerate(finding.columns):
        peak = _units(max(column.height, column.required or 0), finding)
        if column.note:
            word = f" {finding.note_word}" if finding.note_word and count <= 6 else ""
            note = {"x": index, "y": peak, "showarrow": False, "font": _font("ink", 15)}
            wide.append({**note, "yshift": 14, "text": f"<b>{column.note}</b>{word}"})
            if count <= 6:
                narrow.append({**note, "yshift": 13, "text": f"<b>{column.note}</b>"})
        if count <= 8:
            wide += _missing(finding, column, index, finding.missing_word)
            narrow += _missing(finding, column, index, "") if count <= 5 else []
    shapes = [
        _line(index - 0.42, index + 0.42, _units(column.required, finding))
        for index, column in enumerate(finding.columns)
        if column.required and abs(column.required - column.height) * 100 > finding.top
    ]
    # The names stand beside the first column, as in the still picture; where they cannot, and on
    # phones, there is a key.
    room = 210
    names = direct_names(finding, room)
    for name, tone, _middle, place in names:
        height = _units(finding.top, finding) * place / room
        beside = {
            "x": -0.42,
            "y": height,
            "xanchor": "right",
            "text": str(name),
            "showarrow": False,
        }
        wide.append({**beside, "font": _font(tone, 14)})
    left = max((8 * len(name) for name, *_rest in names), default=0)
    layout = _layout(
        bargap=0.32,
        margin={"l": 8 + left, "r": 8, "t": 34, "b": 40},
        annotations=wide,
        shapes=shapes,
        **_key(finding),
    )
    layout["showlegend"] &= not names
    layout["xaxis"] |= {
        "range": [-0.5, count - 0.5],
        "tickvals": list(range(count)),
        "ticktext": [str(column.label) for column in finding.columns],
    }
    layout["yaxis"] = {
        "visible": False,
        "fixedrange": True,
        "range": [0, _units(finding.top, finding) * 1.1],
    }
    return {
        "data": [_bars(finding, index, series) for index, series in enumerate(finding.series)],
        "layout": layout,
        "narrow": {
            "annotations": narrow,
            "margin": {"l": 0, "r": 0, "t": 30, "b": 36},
            "showlegend": len(finding.series) > 1,
            "xaxis": _fewer_labels(layout["xaxis"]),
        },
    }


def quarters(finding: Columns) -> dict:
    """Narrow stacked columns on a scale, the dashed line of what is asked, the cliff named."""
    count = len(finding.columns)
    scale = ticks(finding.top)
    top = _units(finding.top, finding)
    notes, narrow, shapes = [], [], []
    if finding.callout and 0 <= finding.callout.index < count:
        at = finding.callout.index - 0.5
        shapes.append(_line(at, at, 0, top * 0.72, dash="solid"))
        left = finding.callout.index > count * 0.7
        note = {
            "x": at,
            "y": top * 0.64,
            "xanchor": "right" if left else "left",
            "xshift": -8 if left else 8,
            "align": "right" if left else "left",
            "showarrow": False,
            "bgcolor": "--ff-paper",
            "font": _font("ink", 14),
        }
        title, text = str(finding.callout.title), str(finding.callout.text)
        notes.append({**note, "text": f"<b>{title}</b><br>{text}"})
        folded = "<br>".join(textwrap.wrap(title, 18))
        lines = "<br>".join(textwrap.wrap(text, 20))
        narrow.append({**note, "text": f"<b>{folded}</b><br>{lines}"})
    if finding.today is not None:
        at = finding.today - 0.5
        shapes.append(_line(at, at, 0, top, dash="dot", width=1))
        today = {
            "x": at,
            "y": top * 0.9,
            "xanchor": "right",
            "xshift": -4,
            "text": str(finding.today_label),
            "showarrow": False,
            "bgcolor": "--ff-paper",
            "font": _font("ink-2", 13),
        }
        notes.append(today)
        narrow.append(today)
    data = [_bars(finding, index, series) for index, series in enumerate(finding.series)]
    required = [(index, column.required) for index, column in enumerate(finding.columns)]
    if any(amount for _, amount in required):
        xs, ys = [], []
        for index, amount in required:
            value = _units(amount, finding) if amount else None
            xs += [index - 0.5, index + 0.5]
            ys += [value, value]
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": str(finding.line_label),
                "x": xs,
                "y": ys,
                "line": {"color": "--ff-ink", "width": 2, "dash": "dash"},
                "hoverinfo": "skip",
            }
        )
    layout = _layout(
        bargap=0.08,
        hovermode="closest",
        margin={"l": 56, "r": 8, "t": 30, "b": 44},
        annotations=notes,
        shapes=shapes,
        **_key(finding),
    )
    places = _groups(finding.columns)
    layout["xaxis"] |= {
        "range": [-0.5, count - 0.5],
        "tickvals": [middle for middle, _ in places],
        "ticktext": [name for _, name in places],
    }
    layout["yaxis"] |= {
        "range": [0, top * 1.04],
        "tickvals": [_units(tick, finding) for tick in scale],
        "ticktext": axis(scale, finding.currency),
    }
    return {
        "data": data,
        "layout": layout,
        "narrow": {
            "annotations": narrow,
            "margin": {"l": 44, "r": 4, "t": 24, "b": 40},
            "xaxis": _fewer_labels(layout["xaxis"]),
        },
    }


def _fewer_labels(axis_x: dict) -> dict:
    """The axis with at most six labels, the last always among them."""
    every = -(-len(axis_x["tickvals"]) // 6) or 1
    return {
        **axis_x,
        "tickvals": axis_x["tickvals"][::-1][::every][::-1],
        "ticktext": axis_x["ticktext"][::-1][::every][::-1],
    }


def _units(amount: int | None, finding: Columns) -> float:
    """An amount as a coordinate. Only lengths on the screen come from it, never a text."""
    return float(in_units(max(amount or 0, 0), finding.currency))


def _font(tone: str, size: int) -> dict:
    return {"size": size, "color": f"--ff-{tone}"}


def _line(x0, x1, y0, y1=None, dash="dash", width=1.5) -> dict:
    line = {"color": "--ff-ink", "width": width, "dash": dash}
    return {
        "type": "line",
        "x0": x0,
        "x1": x1,
        "y0": y0,
        "y1": y0 if y1 is None else y1,
        "line": line,
    }


def _bars(finding: Columns, index: int, series: Series) -> dict:
    """One series as bars; each says its exact words when pointed at."""
    amounts = [column.amounts[index] for column in finding.columns]
    colour = f"--ff-{series.colour}"
    marker = {"color": colour, "line": {"color": "--ff-paper", "width": 1}}
    if series.fill == "hatch":
        marker = {
            "color": "--ff-paper",
            "line": {"color": "--ff-line-2", "width": 1},
            "pattern": {
                "shape": "/", "fgcolor": "--ff-line-2", "bgcolor": "--ff-paper",
                "size": 7, "solidity": 0.18,
            },
        }  # fmt: skip
    elif series.fill == "dots":
        marker["pattern"] = {
            "shape": ".", "fgcolor": f"--ff-{series.text_colour}", "bgcolor": colour,
            "size": 6, "solidity": 0.2,
        }  # fmt: skip
    return {
        "type": "bar",
        "name": str(series.name),
        "x": list(range(len(amounts))),
        "y": [_units(amount, finding) for amount in amounts],
        "customdata": [
            [str(column.label), money_short(amount, finding.currency)]
            for column, amount in zip(finding.columns, amounts, strict=True)
        ],
        "hovertemplate": "%{customdata[0]}<br>%{fullData.name}: %{customdata[1]}<extra></extra>",
        "marker": marker,
    }


def _missing(finding: Columns, column: Column, index: int, word: str) -> list[dict]:
    """The amount inside each hatched part that is high enough for it."""
    notes, below = [], 0
    for series, amount in zip(finding.series, column.amounts, strict=True):
        height = max(amount, 0)
        if series.fill == "hatch" and height * 12 > finding.top:
            notes.append(
                {
                    "x": index,
                    "y": _units(below + height // 2, finding),
                    "text": f"{money_short(amount, finding.currency)} {word}".strip(),
                    "showarrow": False,
                    "bgcolor": "--ff-paper",
                    "borderpad": 3,
                    "font": _font("ink", 13),
                }
            )
        below += height
    return notes


def _groups(columns: tuple[Column, ...]) -> list[tuple[float, str]]:
    """Where each group's name stands; without groups the columns' own labels."""
    if not any(column.group for column in columns):
        return [(index, column.label) for index, column in enumerate(columns)]
    groups: dict[str, list[int]] = {}
    for index, column in enumerate(columns):
        groups.setdefault(column.group, []).append(index)
    return [((places[0] + places[-1]) / 2, name) for name, places in groups.items()]


def _key(finding: Columns) -> dict:
    """A key above the picture, where there is more than one series."""
    return {
        "showlegend": len(finding.series) > 1,
        "legend": {
            "orientation": "h", "x": 0, "y": 1.08, "yanchor": "bottom", "traceorder": "normal",
            "itemclick": False, "itemdoubleclick": False, "font": {"size": 13},
        },
    }  # fmt: skip


def _layout(**more) -> dict:
    axis_style = {"fixedrange": True, "ticks": "", "tickangle": 0, "tickfont": {"size": 14}}
    return {
        "barmode": "stack",
        "hovermode": "closest",
        "xaxis": {**axis_style, "showgrid": False, "linecolor": "--ff-ink", "linewidth": 2,
                  "zeroline": False},
        "yaxis": {**axis_style, "gridcolor": "--ff-line", "zeroline": False},
        **more,
    }  # fmt: skip
