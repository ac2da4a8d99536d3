"""One page about an activity as a picture: what it is, the gap it helps to close, and who else is there."""

from collections.abc import Sequence
from textwrap import wrap

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from portal.lib.numbers import day

from ..drawing import WIDTH, Drawing, text_width
from ..present import funded_text
from .effects import Effect

HEIGHT = 934  # A4 at this width
EDGE = 44
#: Characters in a line of the size that is used there.
WIDE, TITLE = 74, 38


def sheet(
    *,
    title: str,
    organisation: str,
    place: str,
    period: str,
    effect: Effect | None,
    near: Sequence[str],
    funders: Sequence[str],
    is_public: bool,
) -> str:
    """The page as SVG, with the figures that everybody may see."""
    drawing = Drawing(WIDTH, HEIGHT, False, "sheet", title)
    pillar = effect.objective.pillar if effect else None
    drawing.rect(0, 0, WIDTH, 14, drawing.colour(f"p{pillar}" if pillar else "ink"))
    y = _paragraph(drawing, organisation, 62, 15, "ink-2")
    y = _paragraph(drawing, title, y + 18, 30, None, TITLE, 38, bold=True)
    y = _paragraph(drawing, " · ".join(filter(None, (place, period))), y + 8, 16, "ink-2")
    if not is_public:
        y = _paragraph(drawing, _("This activity is not public."), y + 4, 14, "ink-2")
    if effect:
        y = _gap(drawing, effect, y + 40)
    y = _names(
        drawing, _("Who else works on it there"), near, _("Nobody else is on record."), y + 42
    )
    y = _names(drawing, _("Who pays for it there"), funders, _("No funder is on record."), y + 34)
    if effect:
        lens = effect.lens
        foot = _("Figures for everybody, as of %(day)s. %(coalition)s.") % {
            "day": day(lens.as_of),
            "coalition": lens.strategy.coalition_name,
        }
        drawing.text(EDGE, HEIGHT - 34, foot, 13, "ink-2")
    return drawing.svg()


def _gap(drawing: Drawing, effect: Effect, y: float) -> float:
    """The objective with its bar: paid, committed, what this budget would add, missing."""
    pillar = f"p{effect.objective.pillar}"
    y = _paragraph(drawing, effect.title, y, 15, "ink-2")
    y = _paragraph(drawing, effect.objective.title, y + 4, 18, None, 60, 24, bold=True)
    if not effect.asked:
        return _paragraph(drawing, effect.says, y + 8, 16, None)
    words = _("%(share)s funded here") % {"share": effect.text}
    y = _paragraph(drawing, words, y + 20, 28, None, TITLE, 36, bold=True)
    room = WIDTH - 2 * EDGE
    top, tall = y - 6, 34
    drawing.rect(EDGE, top, room, tall, drawing.hatch(f"{pillar}-hatch"))
    drawing.rect(
        EDGE, top, room * min(effect.met, 100) / 100, tall, drawing.colour(f"{pillar}-mid")
    )
    drawing.rect(EDGE, top, room * min(effect.paid, 100) / 100, tall, drawing.colour(pillar))
    if effect.now is not None:
        start = room * effect.met / 100
        drawing.rect(
            EDGE + start,
            top,
            room * min(effect.now, 100) / 100 - start,
            tall,
            drawing.colour("ink"),
        )
    drawing.rect(EDGE, top, room, tall, "none", stroke=drawing.colour(pillar), stroke_width=1.5)
    facts = {
        "asked": effect.required_words,
        "committed": effect.committed_words,
        "missing": effect.missing_words,
    }
    y = _key(drawing, effect, pillar, top + tall + 22) + 26
    words = _("%(asked)s asked, %(missing)s missing, %(committed)s committed.") % facts
    y = _paragraph(drawing, words, y, 16, None)
    if effect.beyond:
        y = _paragraph(drawing, effect.beyond, y + 2, 16, None)
    if effect.now is None or effect.budget is None:
        return y
    words = _("With the budget of this activity it would be %(share)s.") % {
        "share": funded_text(effect.after)
    }
    return _paragraph(drawing, words, y + 2, 16, None)


def _key(drawing: Drawing, effect: Effect, pillar: str, y: float) -> float:
    """What the parts of the bar stand for."""
    parts = [
        (_("Paid out"), drawing.colour(pillar)),
        (_("Committed"), drawing.colour(f"{pillar}-mid")),
        (_("This activity"), drawing.colour("ink") if effect.now is not None else None),
        (_("Missing"), drawing.hatch(f"{pillar}-hatch")),
    ]
    x = float(EDGE)
    for words, fill in parts:
        if fill is None:
            continue
        drawing.rect(x, y - 11, 13, 13, fill, stroke=drawing.colour(pillar), stroke_width=0.75)
        drawing.text(x + 19, y, words, 14, "ink-2")
        x += 19 + text_width(words, 14) + 18
    return y


def _names(drawing: Drawing, heading: str, names: Sequence[str], nobody: str, y: float) -> float:
    y = _paragraph(drawing, heading, y, 18, None, 60, 24, bold=True)
    text = get_text_list(list(dict.fromkeys(names)), _("and")) if names else nobody
    return _paragraph(drawing, text, y + 2, 16, None)


def _paragraph(
    drawing: Drawing, text: str, y: float, size: int, shade, wide=WIDE, step=23, bold=False
) -> float:
    """Lines of text from `y` down; where the next line would stand. At most five lines."""
    lines = wrap(text, wide)
    if len(lines) > 5:
        lines = [*lines[:4], f"{lines[4]}…"]
    for line in lines:
        drawing.text(EDGE, y, line, size, shade, font_weight=600 if bold else None)
        y += step
    return y
