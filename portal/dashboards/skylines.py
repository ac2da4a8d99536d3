"""The skyline as a still picture: for pages without styles, print, mail, PDF and covers."""

from __future__ import annotations

from portal.dashboards.drawing import ON_INK, WIDTH, Drawing, text_width
from portal.dashboards.findings import Block, Box


def skyline(blocks: list[Block], *, web=False, prefix="s", title="", height=330) -> str:
    """The whole strategy: width is what an objective asks for, height how much is met."""
    drawing = Drawing(WIDTH, height, web, prefix, title)
    asked = [block for block in blocks if block.boxes]
    unasked = [block for block in blocks if not block.boxes]
    total = sum(box.need for block in asked for box in block.boxes) or 1
    boxes = sum(len(block.boxes) for block in asked)
    room = WIDTH - 12 * (len(blocks) - 1) - 2 * (boxes - len(asked)) - 96 * len(unasked)
    scale, x, base, full = max(room, 60) / total, 0.0, height - 62, height - 62 - 34
    last_label = -1.0
    for block in blocks:
        start, tone = x, f"p{block.pillar}"
        if not block.boxes:
            x += 96
            drawing.add(
                "rect",
                x=start + 0.5,
                y=base - full,
                width=95,
                height=full,
                fill="none",
                stroke=drawing.colour("line-2"),
                stroke_dasharray="3 3",
            )
        for box in block.boxes:
            width = box.need * scale
            _box(drawing, box, tone, x, width, base, full)
            x += width + 2
        x -= 2 if block.boxes else 0
        drawing.line(start, base, x, base, stroke_width=1.5)
        size = 14 if text_width(block.name, 14, bold=True) <= x - start + 8 else 11
        # Names of narrow pillars step down, so that none covers its neighbour's.
        drop = 16 if start < last_label else 0
        drawing.text(start, base + 36 + drop, block.name, size, font_weight=600)
        drawing.text(
            start,
            base + 54 + drop,
            block.share or block.text,
            15 if block.share else 11,
            f"{tone}-text",
            font_weight=600,
        )
        last_label = start + text_width(block.name, size, bold=True) + 6
        x += 12
    if any(block.boxes for block in blocks):
        drawing.line(
            0, base - full, WIDTH, base - full, "line-2", stroke_width=0.8, stroke_dasharray="3 2"
        )
    drawing.height += 18
    return drawing.svg()


def cover(blocks: list[Block], *, prefix="c") -> str:
    """The skyline as a small drawing for covers: light on ink, no words."""
    drawing = Drawing(634, 200, web=False, prefix=prefix)
    boxes = [(block.pillar, box) for block in blocks for box in block.boxes if box.need > 0]
    scale, x = 634 / (sum(box.need for _, box in boxes) or 1), 0.0
    drawing.patterns["cover"] = (
        f'<pattern id="{prefix}-cover" width="7" height="7" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path d="M0 0v7" stroke="#ffffff" stroke-opacity=".45" '
        'stroke-width="1.6"/></pattern>'
    )
    for pillar, box in boxes:
        width, met = box.need * scale, 2 * min(max(box.met, 0), 100)
        drawing.rect(x + 1, 0, width - 2, 200, f"url(#{prefix}-cover)")
        drawing.rect(x + 1, 200 - met, width - 2, met, ON_INK[pillar])
        x += width
    return drawing.svg().replace("<svg ", '<svg preserveAspectRatio="none" ', 1)


def _box(drawing, box: Box, tone: str, x, width, base, full) -> None:
    """One objective of the skyline, with its share and code where they fit."""
    met = full * min(max(box.met, 0), 100) / 100
    paid = min(full * max(box.paid, 0) / 100, met)
    drawing.rect(x, base - full, width, full, drawing.hatch(f"{tone}-hatch"))
    drawing.rect(x, base - met, width, met, drawing.colour(f"{tone}-mid"))
    drawing.rect(x, base - paid, width, paid, drawing.colour(tone))
    share = text_width(box.share, 12.5, bold=True)
    if box.share and width > share:
        y = base - met - 6
        drawing.rect(x + width / 2 - share / 2, y - 12, share, 15, drawing.colour("paper"))
        drawing.text(x + width / 2, y, box.share, 12.5, text_anchor="middle", font_weight=600)
    if width > text_width(box.code, 11):
        drawing.text(x + width / 2, base + 15, box.code, 11, "ink-2", text_anchor="middle")
