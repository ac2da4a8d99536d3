"""What a chart says, without how it is drawn: the input of `stills` and `charts` alike.

Amounts are integers in minor units of one currency; names and notes are ready to be read.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Series:
    """One part of every column: money of a pillar, of a funder, or what is missing."""

    name: str
    tone: str  # "p1" to "p4", "key", or "line" for what belongs to no pillar
    fill: str = "solid"  # solid, mid, tint, dots or hatch (missing)

    @property
    def colour(self) -> str:
        """The token its area is filled with."""
        if self.tone == "line":
            return "line-2" if self.fill in {"solid", "hatch"} else "wash-2"
        if self.tone == "key":
            return "key-mid" if self.fill in {"mid", "tint", "dots"} else "key"
        return {"solid": self.tone, "dots": f"{self.tone}-hatch"}.get(
            self.fill, f"{self.tone}-{self.fill}"
        )

    @property
    def text_colour(self) -> str:
        """The token its name is written in."""
        return f"{self.tone}-text" if self.tone.startswith("p") else "ink-2"


@dataclass(frozen=True, slots=True)
class Column:
    """A year or a quarter."""

    label: str  # "2010"; of quarters: what is said when pointed at, "2010 Q3"
    amounts: tuple[int, ...]  # one per series, bottom first; below zero counts as nothing
    required: int | None = None  # what is asked, drawn as a line; None where nothing is
    note: str = ""  # above the column, "31%"
    group: str = ""  # the year a quarter belongs to, written once under its quarters

    @property
    def height(self) -> int:
        return sum(max(amount, 0) for amount in self.amounts)


@dataclass(frozen=True, slots=True)
class Callout:
    """A remark at the start of a column: a cliff."""

    index: int  # of the column it stands before
    title: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """What a picture of stacked columns says."""

    series: tuple[Series, ...]  # bottom first
    columns: tuple[Column, ...]
    currency: str = ""  # of the labels on the axis; none where the subtitle says it
    note_word: str = ""  # after a note, where there is room: "31% met"
    missing_word: str = ""  # after an amount in a hatched part, where there is room
    line_label: str = ""  # what the dashed line is
    callout: Callout | None = None
    today: float | None = None  # the as-of day on the axis, in columns from the left edge
    today_label: str = ""

    @property
    def top(self) -> int:
        """The highest value drawn; never 0, so that it can be divided by."""
        highest = [max(column.height, column.required or 0) for column in self.columns]
        return max(highest, default=0) or 1


@dataclass(frozen=True, slots=True)
class Bar:
    """One gap bar: a pillar or an objective."""

    name: str
    tone: str
    required: int
    met: int
    paid: int = 0  # of what is met
    share: str = ""  # "18%"
    text: str = ""  # "of 21.6 M"


@dataclass(frozen=True, slots=True)
class Box:
    """One objective of the skyline."""

    code: str
    need: int
    met: float  # 0 to 100
    paid: float  # 0 to 100, at most `met`
    share: str = ""  # "15%"


@dataclass(frozen=True, slots=True)
class Block:
    """One pillar of the skyline; without boxes where nothing is asked."""

    pillar: int
    name: str
    share: str = ""
    text: str = ""
    boxes: tuple[Box, ...] = ()
