"""The picture of the public page: what was found and what was settled, quarter by quarter."""

from collections.abc import Sequence
from itertools import zip_longest

from django.utils.translation import gettext as _

from portal.dashboards.drawing import WIDTH, Drawing, text_width
from portal.records.small_counts import SMALLEST, Hidden

from .public import Counted

HEIGHT = 260


def trend(
    quarters: Sequence[str],
    found: Sequence[Counted],
    settled: Sequence[Counted],
    *,
    web=False,
    title="",
) -> str:
    """Two columns per quarter, found beside settled; a dashed box where a number is hidden."""
    drawing = Drawing(WIDTH, HEIGHT, web, "overlaps", title)
    base, head = HEIGHT - 34, 44
    values = [one.value for one in (*found, *settled) if isinstance(one.value, int)]
    top = max([*values, SMALLEST])
    step = WIDTH / max(len(quarters), 1)
    width = min(step * 0.32, 40)
    x = 0.0
    for token, words in (("ink", _("Found")), ("key-mid", _("Settled"))):
        drawing.rect(x, 2, 14, 14, drawing.colour(token))
        drawing.text(x + 20, 14, words, 14)
        x += 44 + text_width(words, 14)
    for index, (quarter, first, second) in enumerate(
        zip_longest(quarters, found, settled, fillvalue=None)
    ):
        middle = index * step + step / 2
        for counted, left, token in (
            (first, middle - width - 2, "ink"),
            (second, middle + 2, "key-mid"),
        ):
            _column(drawing, counted, left, width, token, base, (base - head) / top)
        drawing.text(middle, base + 20, quarter, 13, "ink-2", text_anchor="middle")
    drawing.line(0, base, WIDTH, base, stroke_width=1.6)
    return drawing.svg()


def _column(drawing: Drawing, counted: Counted, left, width, token, base, unit) -> None:
    value = counted.value
    if isinstance(value, Hidden):
        height = unit * SMALLEST
        drawing.rect(
            left, base - height, width, height, "none",
            stroke=drawing.colour("line-2"), stroke_dasharray="4 3",
        )  # fmt: skip
        text = counted.text if value is Hidden.BELOW_TEN else "?"
    elif value:
        height = unit * value
        drawing.rect(left, base - height, width, height, drawing.colour(token))
        text = counted.text
    else:
        return
    drawing.text(left + width / 2, base - height - 5, text, 13, text_anchor="middle")
