"""A small SVG writer: shapes, fills and colours; CSS variables on pages, light colours on paper."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

from portal.dashboards.findings import Series

WIDTH = 660
FONT = "Atkinson Next, Atkinson Hyperlegible Next, sans-serif"

# Light tokens of css/tokens.css, by their names there; a test compares them.
LIGHT = {
    "paper": "#ffffff",
    "ink": "#13222c",
    "ink-2": "#3b4e5a",
    "line": "#d2dce1",
    "line-2": "#71838e",
    "key": "#3b4e5a",
    "key-mid": "#aab6bd",
    "wash-2": "#e3eaed",
    "p1": "#c8850f",
    "p1-mid": "#e6bd70",
    "p1-tint": "#fbf1de",
    "p1-text": "#7a4d00",
    "p1-hatch": "#dcae5f",
    "p2": "#17808a",
    "p2-mid": "#7dbac0",
    "p2-tint": "#e3f1f2",
    "p2-text": "#0c5d65",
    "p2-hatch": "#86bcc1",
    "p3": "#17295f",
    "p3-mid": "#7e8cb8",
    "p3-tint": "#e8ebf4",
    "p3-text": "#17295f",
    "p3-hatch": "#9aa4c6",
    "p4": "#9a2748",
    "p4-mid": "#cd8a9d",
    "p4-tint": "#f8e8ec",
    "p4-text": "#8a1f3f",
    "p4-hatch": "#d09aaa",
}
# The colours of covers, on ink.
ON_INK = {1: "#ffd06a", 2: "#2cc0c0", 3: "#7c8edb", 4: "#dd6a82"}


def number(value: object) -> str:
    """A length for an attribute, to a tenth; anything else as it is."""
    if isinstance(value, (int, float)):
        return f"{value:.1f}".removesuffix(".0")
    return escape(str(value))


def text_width(text: str, size: float, bold: bool = False) -> float:
    """About how wide a text gets in our font; a little more than it is."""
    return len(text) * size * (0.58 if bold else 0.54)


def cut(text: str, room: float, size: float) -> str:
    """The text, shortened to fit."""
    most = int(room / text_width("n", size))
    return text if len(text) <= most else text[: max(most - 1, 1)].rstrip() + "…"


@dataclass(slots=True)
class Drawing:
    """Collects the parts of one SVG and resolves its colours."""

    width: float
    height: float
    web: bool
    prefix: str
    title: str = ""
    parts: list[str] = field(default_factory=list)
    patterns: dict[str, str] = field(default_factory=dict)

    def colour(self, token: str) -> str:
        if token.startswith("#"):
            return token
        return f"var(--ff-{token})" if self.web else LIGHT[token]

    def add(self, tag: str, content: str = "", **attributes) -> None:
        pairs = "".join(
            f' {name.rstrip("_").replace("_", "-")}="{number(value)}"'
            for name, value in attributes.items()
            if value is not None
        )
        self.parts.append(f"<{tag}{pairs}>{content}</{tag}>" if content else f"<{tag}{pairs}/>")

    def rect(self, x, y, width, height, fill, **more) -> None:
        if width > 0 and height > 0:
            self.add("rect", x=x, y=y, width=width, height=height, fill=fill, **more)

    def line(self, x1, y1, x2, y2, shade="ink", **more) -> None:
        self.add("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=self.colour(shade), **more)

    def text(self, x, y, words, size=14, shade=None, **more) -> None:
        fill = self.colour(shade) if shade else None
        self.add(
            "text", escape(str(words), quote=False), x=x, y=y, font_size=size, fill=fill, **more
        )

    def area(self, series: Series) -> str:
        """The fill of a series: a colour, or a pattern that is defined once."""
        if series.fill == "hatch":
            return self.hatch(
                "line-2" if series.tone in {"line", "key"} else f"{series.tone}-hatch"
            )
        if series.fill == "dots":
            return self.dots(series)
        return self.colour(series.colour)

    def hatch(self, token: str) -> str:
        name = f"{self.prefix}-h-{token.strip('#')}"
        self.patterns[name] = (
            f'<pattern id="{name}" width="6" height="6" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)">'
            f'<rect width="6" height="6" fill="{self.colour("paper")}"/>'
            f'<path d="M1 0v6" stroke="{self.colour(token)}" stroke-width="1.2"/></pattern>'
        )
        return f"url(#{name})"

    def dots(self, series: Series) -> str:
        name = f"{self.prefix}-d-{series.colour}"
        self.patterns[name] = (
            f'<pattern id="{name}" width="5" height="5" patternUnits="userSpaceOnUse">'
            f'<rect width="5" height="5" fill="{self.colour(series.colour)}"/>'
            f'<circle cx="2.5" cy="2.5" r="1" fill="{self.colour(series.text_colour)}"/></pattern>'
        )
        return f"url(#{name})"

    def svg(self) -> str:
        """The whole picture. On pages a table speaks for it, elsewhere its title does."""
        head = "" if self.web else f'font-family="{FONT}" '
        head += (
            'role="img"' if self.title and not self.web else 'aria-hidden="true" focusable="false"'
        )
        title = ""
        if self.title and not self.web:
            title = f"<title>{escape(self.title, quote=False)}</title>"
        defs = f"<defs>{''.join(self.patterns.values())}</defs>" if self.patterns else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {head} '
            f'viewBox="0 0 {number(self.width)} {number(self.height)}" '
            f'fill="{self.colour("ink")}">{title}{defs}{"".join(self.parts)}</svg>'
        )
