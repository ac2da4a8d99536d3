"""Still pictures: one SVG renderer per chart, for pages, print, mail and PDF.

A page gets colours as CSS variables (`web=True`), so that they follow light and dark; everything
else gets the light ones. `prefix` keeps the ids of two pictures on one page apart; `title` is the
text in place of the picture.
"""

from __future__ import annotations

from html import escape
from math import ceil, floor, log10

from portal.dashboards.drawing import WIDTH, Drawing, cut, number, text_width
from portal.dashboards.findings import Bar, Column, Columns, Series
from portal.dashboards.skylines import cover, skyline
from portal.lib.numbers import axis, money_short

__all__ = ["bars", "cover", "direct_names", "quarters", "skyline", "ticks", "years"]


def years(finding: Columns, *, web=False, prefix="y", title="", height=290) -> str:
    """Stacked columns, one per year, a note above each, what is missing named inside it."""
    drawing = Drawing(WIDTH, height, web, prefix, title)
    names = direct_names(finding, height - 80)
    rows = 0 if names else _key(drawing, finding, 12)
    head = 46 + 22 * rows
    drawing.height += 22 * rows
    base, room = drawing.height - 34, drawing.height - 34 - head
    left = 8 + max((text_width(name, 13) + 10 for name, *_ in names), default=0)
    step = (WIDTH - left - 8) / max(len(finding.columns), 1)
    bar = min(step * 0.7, 96)
    places = []

    for index, column in enumerate(finding.columns):
        x = left + index * step + (step - bar) / 2
        parts = _stack(drawing, finding, column, x, bar, base, room)
        _missing_label(drawing, finding, column, parts, x, bar)
        required = column.required or 0
        if required and abs(required - column.height) * 100 > finding.top:
            y = base - room * required / finding.top
            drawing.line(x - 4, y, x + bar + 4, y, stroke_width=2, stroke_dasharray="5 3")
        peak = base - room * max(column.height, required) / finding.top
        places.append((x + bar / 2, peak - 9))
    _notes(drawing, finding, places, step)
    edge = left + (step - bar) / 2
    for name, token, middle, place in names:
        drawing.text(edge - 10, base - place + 4, name, 13, token, text_anchor="end")
        if abs(middle - place) > 5:
            drawing.line(edge - 8, base - place, edge - 1, base - middle, "line-2", stroke_width=1)
    _labels(drawing, [column.label for column in finding.columns], left + step / 2, step, base + 20)
    drawing.line(left, base, WIDTH - 8, base, stroke_width=1.6)
    return drawing.svg()


def quarters(finding: Columns, *, web=False, prefix="q", title="", height=300) -> str:
    """Narrow stacked columns on a scale, the dashed line of what is asked, the cliff named."""
    drawing = Drawing(WIDTH, height, web, prefix, title)
    count = max(len(finding.columns), 1)
    rows = _key(drawing, finding, 12)
    head = 40 + 22 * rows
    drawing.height += 22 * (rows - 1)
    base, room = drawing.height - 34, drawing.height - 34 - head
    scale = ticks(finding.top)
    labels = axis(scale, finding.currency)
    left = max(text_width(label, 14) for label in labels) + 10
    top = finding.top
    step = (WIDTH - left - 2) / count

    for tick, label in zip(scale, labels, strict=True):
        y = base - room * tick / top
        drawing.line(left, y, WIDTH, y, "line")
        drawing.text(left - 6, y + 5, label, 14, "ink-2", text_anchor="end")
    for index, column in enumerate(finding.columns):
        x, y = left + index * step, base
        for series, amount in zip(finding.series, column.amounts, strict=True):
            share = room * max(amount, 0) / top
            y -= share
            drawing.rect(
                x + step * 0.06,
                y,
                step * 0.88,
                max(share - 0.7, 0.4) if share else 0,
                drawing.area(series),
            )
    _required_line(drawing, finding, left, step, base, room, top)
    if finding.callout and 0 <= finding.callout.index < count:
        _callout(drawing, finding, left, step, base, head, top)
    if finding.today is not None and 0 <= finding.today <= count:
        x = left + finding.today * step
        drawing.line(x, base, x, base + 8, stroke_width=2)
        drawing.line(x, base, x, head - 4, "line-2", stroke_width=1, stroke_dasharray="1 3")
        anchor = "end" if x > WIDTH * 0.8 else "start"
        drawing.text(
            x + (4 if anchor == "start" else -4),
            head - 8,
            finding.today_label,
            13,
            "ink-2",
            text_anchor=anchor,
        )
    _group_labels(drawing, finding, left, step, base + 21)
    drawing.line(left, base, WIDTH, base, stroke_width=2)
    return drawing.svg()


def bars(rows: list[Bar], *, web=False, prefix="b", title="") -> str:
    """Gap bars below each other, each as long as what is asked."""
    drawing = Drawing(WIDTH, max(36 * len(rows), 1), web, prefix, title)
    longest = max((row.required for row in rows), default=0) or 1
    left = min(max((text_width(row.name, 14, bold=True) for row in rows), default=0) + 14, 260)
    right = max((text_width(f"{row.share} {row.text}", 14) for row in rows), default=0) + 14
    room = max(WIDTH - left - right, 120)
    for index, row in enumerate(rows):
        y, length = index * 36, room * row.required / longest
        met = room * min(row.met, row.required) / longest
        paid = room * min(row.paid, row.met, row.required) / longest
        drawing.text(0, y + 18, cut(row.name, left - 14, 14), 14, font_weight=600)
        hatch = drawing.hatch(f"{row.tone}-hatch" if row.tone.startswith("p") else "line-2")
        edge = drawing.colour(f"{row.tone}-hatch" if row.tone.startswith("p") else "line-2")
        drawing.rect(left, y + 3, length, 22, hatch, stroke=edge, stroke_width=0.8)
        drawing.rect(left, y + 3, met, 22, drawing.colour(Series("", row.tone, "mid").colour))
        drawing.rect(left, y + 3, paid, 22, drawing.colour(Series("", row.tone).colour))
        share = f'<tspan font-weight="600">{escape(row.share, quote=False)}</tspan> '
        drawing.add(
            "text",
            share + escape(row.text, quote=False),
            x=left + length + 8,
            y=y + 19,
            font_size=14,
        )
    return drawing.svg()


def ticks(top: int) -> list[int]:
    """Round values from 0 to at most `top`, three to six of them; few where `top` is small."""
    rough = top / 5
    unit = 10 ** floor(log10(rough)) if rough >= 1 else 1
    step = next(unit * factor for factor in (1, 2, 2.5, 5, 10) if unit * factor >= rough)
    step = max(int(step), 1)
    return list(range(0, top + 1, step))


def _stack(drawing, finding: Columns, column: Column, x, width, base, room) -> list[tuple]:
    """Draws one column; returns y and height of each of its parts, bottom first."""
    y, parts = base, []
    for series, amount in zip(finding.series, column.amounts, strict=True):
        height = room * max(amount, 0) / finding.top
        y -= height
        parts.append((y, height))
        if not height:
            continue
        edge = {}
        if series.fill == "hatch":
            edge = {"stroke": drawing.colour("line-2"), "stroke_width": 0.8}
        drawing.rect(x, y, width, max(height - 1, 0.5), drawing.area(series), **edge)
    return parts


def _missing_label(drawing, finding: Columns, column: Column, parts, x, width) -> None:
    """Names the hatched part inside it, as far as there is room."""
    for series, amount, (y, height) in zip(finding.series, column.amounts, parts, strict=True):
        if series.fill != "hatch" or height < 24:
            continue
        short = money_short(amount, finding.currency)
        for words in (f"{short} {finding.missing_word}".strip(), short):
            room = text_width(words, 13) + 8
            if room <= width:
                middle = y + height / 2
                drawing.rect(
                    x + (width - room) / 2, middle - 10, room, 19, drawing.colour("paper"), rx=3
                )
                drawing.text(x + width / 2, middle + 4.5, words, 13, text_anchor="middle")
                break


def _notes(drawing, finding: Columns, places: list[tuple[float, float]], step) -> None:
    """What stands above the columns: one that would touch its neighbour is left out.

    The word after it stands only where there is room for all.
    """
    notes = [column.note for column in finding.columns]
    widest = max((text_width(note, 14, bold=True) for note in notes), default=0)
    size = 14 if widest <= step else 12
    longest = max((text_width(f"{note} {finding.note_word}", 14) for note in notes), default=0)
    word = finding.note_word if longest <= step else ""
    end = 0.0  # of the note before
    for note, (x, y) in zip(notes, places, strict=True):
        half = text_width(f"{note} {word}".strip(), size, bold=not word) / 2
        x = min(x, WIDTH - half)
        if not note or x - half < end + 3:
            continue
        content = f'<tspan font-weight="600">{escape(note, quote=False)}</tspan>'
        content += f" {escape(word, quote=False)}" if word else ""
        drawing.add("text", content, x=x, y=y, text_anchor="middle", font_size=size)
        end = x + half


def _labels(drawing, labels: list[str], first, step, y) -> None:
    """Labels under columns; every second or third where they would touch, the last always."""
    widest = max((text_width(label, 14) for label in labels), default=0) + 8
    every = max(ceil(widest / step), 1) if step else 1
    for index, label in enumerate(labels):
        if (len(labels) - 1 - index) % every == 0:
            drawing.text(first + index * step, y, label, 14, text_anchor="middle")


def direct_names(finding: Columns, room) -> list[tuple]:
    """Name, colour, middle and place of each part of the first column, measured from the base.

    Nothing where they cannot stand beside it: then there is a key.
    """
    if not finding.columns:
        return []
    first, names, below = finding.columns[0], [], 0.0
    for index, (series, amount) in enumerate(zip(finding.series, first.amounts, strict=True)):
        height = room * max(amount, 0) / finding.top
        used = any(column.amounts[index] > 0 for column in finding.columns)
        if series.fill != "hatch" and used:
            if height < 2 or text_width(series.name, 13) > 190:
                return []
            names.append((series.name, series.text_colour, below + height / 2))
        below += height
    places = _apart([middle for *_, middle in names], 15)
    far = any(
        abs(place - middle) > 30 or place < 0
        for place, (*_, middle) in zip(places, names, strict=True)
    )
    if far:
        return []
    return [
        (name, token, middle, place)
        for (name, token, middle), place in zip(names, places, strict=True)
    ]


def _apart(values: list[float], distance: float) -> list[float]:
    """Rising values moved as little as needed to stand `distance` apart."""
    groups: list[list[float]] = []  # sum of what each would be at, count
    for index, value in enumerate(values):
        groups.append([value - index * distance, 1])
        while len(groups) > 1 and groups[-2][0] / groups[-2][1] > groups[-1][0] / groups[-1][1]:
            total, count = groups.pop()
            groups[-1][0] += total
            groups[-1][1] += count
    flat = [total / count for total, count in groups for _ in range(int(count))]
    return [value + index * distance for index, value in enumerate(flat)]


def _key(drawing, finding: Columns, y) -> int:
    """A key above the picture; returns how many rows it takes."""
    x, rows = 0.0, 1
    for index, series in enumerate(finding.series):
        if not any(column.amounts[index] > 0 for column in finding.columns):
            continue
        name = cut(series.name, 280, 13)
        width = 24 + text_width(name, 13) + 18
        if x and x + width > WIDTH:
            x, rows, y = 0.0, rows + 1, y + 22
        hatched = {"stroke": drawing.colour("line-2"), "stroke_width": 0.8}
        edge = hatched if series.fill == "hatch" else {}
        drawing.rect(x + 1, y - 10, 17, 11, drawing.area(series), **edge)
        drawing.text(x + 24, y, name, 13, "ink-2")
        x += width
    if finding.line_label and any(column.required for column in finding.columns):
        if x and x + 32 + text_width(finding.line_label, 13) > WIDTH:
            x, rows, y = 0.0, rows + 1, y + 22
        drawing.line(x, y - 4, x + 25, y - 4, stroke_width=2, stroke_dasharray="8 5")
        drawing.text(x + 32, y, finding.line_label, 13, "ink-2")
    return rows


def _required_line(drawing, finding: Columns, left, step, base, room, top) -> None:
    """The dashed line of what is asked, in steps; broken where nothing is."""
    path, previous = "", None
    for index, column in enumerate(finding.columns):
        if not column.required:
            previous = None
            continue
        y = base - room * column.required / top
        x = left + index * step
        path += f"M{number(x)} {number(y)}" if previous is None else f"V{number(y)}"
        path += f"H{number(x + step)}"
        previous = y
    if not path:
        return
    drawing.add(
        "path",
        d=path,
        fill="none",
        stroke=drawing.colour("ink"),
        stroke_width=2,
        stroke_dasharray="8 6",
    )


def _callout(drawing, finding: Columns, left, step, base, head, top) -> None:
    """A line where something ends, and what it is: on the side and height that cover least."""
    callout = finding.callout
    x = left + callout.index * step
    room = base - head
    widest = max(text_width(callout.title, 14, bold=True), text_width(callout.text, 14)) + 8
    height = 42 if callout.text else 24
    right = x + 10 + widest <= WIDTH or x < WIDTH / 2
    start = x + 6 if right else x - 6 - widest
    under = [
        column
        for index, column in enumerate(finding.columns)
        if start < left + (index + 1) * step and left + index * step < start + widest
    ]

    def covered(y: float) -> int:
        lines = [base - room * (column.required or 0) / top for column in under]
        columns = [base - room * column.height / top for column in under]
        return sum(y - 6 < line < y + height + 6 for line in lines) + sum(
            peak < y + height for peak in columns
        )

    y = min((head + room * share for share in (0.2, 0.08, 0.34, 0.48, 0.6)), key=covered)
    drawing.line(x, base, x, y, stroke_width=1.6)
    drawing.rect(start, y, widest, height, drawing.colour("paper"), fill_opacity=0.88)
    anchor, at = ("start", start + 4) if right else ("end", start + widest - 4)
    drawing.text(at, y + 15, callout.title, 14, text_anchor=anchor, font_weight=600)
    if callout.text:
        drawing.text(at, y + 33, callout.text, 14, text_anchor=anchor)


def _group_labels(drawing, finding: Columns, left, step, y) -> None:
    """Each group's name once, under the middle of its columns; else the columns' own labels."""
    if not any(column.group for column in finding.columns):
        _labels(drawing, [column.label for column in finding.columns], left + step / 2, step, y)
        return
    groups: dict[str, list[int]] = {}
    for index, column in enumerate(finding.columns):
        groups.setdefault(column.group, []).append(index)
    size = max((len(indexes) for indexes in groups.values()), default=1)
    widest = max(text_width(name, 14) for name in groups) + 8
    every = max(ceil(widest / (step * size)), 1)
    for place, (name, indexes) in enumerate(groups.items()):
        drawing.line(left + indexes[0] * step, y - 21, left + indexes[0] * step, y - 15)
        if (len(groups) - 1 - place) % every == 0:
            middle = left + (indexes[0] + indexes[-1] + 1) / 2 * step
            middle = min(middle, WIDTH - text_width(name, 14) / 2)
            drawing.text(middle, y, name, 14, text_anchor="middle")
