"""Counts of people, so that nobody can be found in them. Money is no matter of this.

Below 10 (and above 0) a count is hidden; the rest are rounded to 5. In a table with sums, cells
from which a hidden one could be worked out are hidden too. Zero is shown: it is about nobody.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import count as counter

from django.utils.translation import gettext as _

from portal.lib.numbers import no_data, whole

SMALLEST = 10
STEP = 5


class Hidden(Enum):
    """Why a count is not shown."""

    BELOW_TEN = "below_ten"
    WITH_OTHERS = "with_others"  # ten or more, or unknown which: a small one could be worked out


Shown = int | Hidden | None  # rounded; hidden; nobody gave a count


@dataclass(frozen=True, slots=True)
class SafeTable:
    """A table of counts as others than the owner see it."""

    cells: tuple[tuple[Shown, ...], ...]
    row_totals: tuple[Shown, ...]
    column_totals: tuple[Shown, ...]
    total: Shown


def shown(count: int | None, viewer_is_owner: bool) -> str:
    """One count alone: `<10`, `125`; exact for the owner and the secretariat."""
    return whole(count) if viewer_is_owner else in_words(safe(count))


def safe(count: int | None) -> Shown:
    """One count alone, as others than the owner see it."""
    if count is None or count == 0:
        return count
    if count < SMALLEST:
        return Hidden.BELOW_TEN
    return (count + STEP // 2) // STEP * STEP


def in_words(value: Shown) -> str:
    """`<10`, `hidden`, `125`, `no data`."""
    if value is Hidden.BELOW_TEN:
        return f"<{whole(SMALLEST)}"
    if value is Hidden.WITH_OTHERS:
        return _("hidden")
    return no_data() if value is None else whole(value)


def suppress(rows: Sequence[Sequence[int | None]]) -> SafeTable:
    """A table of counts with its sums, so hidden that no hidden one can be worked out.

    Rows of equal length; None where nobody gave a count, which adds nothing. Even a reader who
    knows every shown count exactly, and this rule, is left with more than one possible value for
    each hidden one. A table of one row has sums of its columns that are its cells again.
    """
    table = _Table(rows)
    hidden = {arc for arc, value in table.values.items() if 0 < value < SMALLEST}
    small = frozenset(hidden)
    for arc in sorted(small):
        if not table.can_vary(arc, hidden):
            others = table.cheapest_cover(arc, hidden)
            if others is None:
                return table.all_hidden()
            hidden |= others
    return table.shown(hidden, small)


Arc = tuple[int, int]  # row and column; the sums stand behind the last row and column


class _Table:
    """The counts and sums as a network: each a flow along an arc, each row and column a node.

    What leaves a node comes back to it, so a hidden count can have another value exactly where it
    lies on a circle of hidden counts that can all move by one. Source: network flows for cell
    suppression, after Cox (1995).
    """

    def __init__(self, rows: Sequence[Sequence[int | None]]) -> None:
        self.rows = rows
        self.height, self.width = len(rows), len(rows[0]) if rows else 0
        self.values: dict[Arc, int] = {}
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                if value:
                    for arc in {
                        (i, j),
                        (i, self.width),
                        (self.height, j),
                        (self.height, self.width),
                    }:
                        self.values[arc] = self.values.get(arc, 0) + value
        if self.height == 1:  # sums of columns would say nothing new
            self.values = {arc: value for arc, value in self.values.items() if arc[0] == 0}
        self.ends = {arc: self._ends(arc) for arc in self.values}

    def can_vary(self, arc: Arc, hidden: set[Arc]) -> bool:
        return self._circle(arc, hidden, hidden) is not None

    def cheapest_cover(self, arc: Arc, hidden: set[Arc]) -> set[Arc] | None:
        """What else to hide so that `arc` can have another value, small counts first."""
        return self._circle(arc, hidden, set(self.values))

    def all_hidden(self) -> SafeTable:
        def hide(value: int | None) -> Shown:
            return Hidden.WITH_OTHERS if value else value

        return self._build(lambda arc: hide(self.values.get(arc, 0)))

    def shown(self, hidden: set[Arc], small: frozenset[Arc]) -> SafeTable:
        def show(arc: Arc) -> Shown:
            if arc in small:
                return Hidden.BELOW_TEN
            return Hidden.WITH_OTHERS if arc in hidden else safe(self.values.get(arc, 0))

        return self._build(show)

    def _build(self, show: Callable[[Arc], Shown]) -> SafeTable:
        above = 0 if self.height == 1 else self.height
        return SafeTable(
            cells=tuple(
                tuple(None if value is None else show((i, j)) for j, value in enumerate(row))
                for i, row in enumerate(self.rows)
            ),
            row_totals=tuple(show((i, self.width)) for i in range(self.height)),
            column_totals=tuple(show((above, j)) for j in range(self.width)),
            total=show((above, self.width)),
        )

    def _ends(self, arc: Arc) -> tuple[str, str]:
        """Where the arc of a count starts and ends, so that every sum is one node in balance."""
        i, j = arc
        row = f"row {i}"
        column = "others" if self.height == 1 else f"column {j}"
        if self.height == 1:
            return (column, row) if j == self.width else (row, column)
        # A sum runs the other way than what it sums; the sum of the sums the same way.
        return (row, column) if (i == self.height) == (j == self.width) else (column, row)

    def _circle(self, arc: Arc, hidden: set[Arc], usable: set[Arc]) -> set[Arc] | None:
        """The other counts of the cheapest circle in which `arc` moves by one, up or down."""
        found = []
        start, end = self.ends[arc]
        if self._may_move(arc, 1):
            found.append(self._path(end, start, arc, hidden, usable))
        if self._may_move(arc, -1):
            found.append(self._path(start, end, arc, hidden, usable))
        paths = [path for path in found if path is not None]
        return min(paths, default=(0, None), key=lambda path: path[0])[1]

    def _may_move(self, arc: Arc, step: int) -> bool:
        """Whether the count stays on its side of ten, which its reader knows."""
        value = self.values[arc] + step
        return 1 <= value < SMALLEST if self.values[arc] < SMALLEST else value >= SMALLEST

    def _path(
        self, source: str, target: str, arc: Arc, hidden: set[Arc], usable: set[Arc]
    ) -> tuple[int, set[Arc]] | None:
        """The cheapest way from `source` to `target` without `arc`; hidden counts cost nothing."""
        steps = defaultdict(list)
        for node, follow, other in self._steps(usable - {arc}):
            steps[node].append((follow, other))
        order = counter()
        queue: list[tuple[int, int, str, tuple[Arc, ...]]] = [(0, next(order), source, ())]
        done = set()
        while queue:
            cost, _number, node, path = heapq.heappop(queue)
            if node == target:
                return cost, set(path)
            if node in done:
                continue
            done.add(node)
            for follow, other in steps[node]:
                price = 0 if other in hidden else 1_000 + self.values[other]
                heapq.heappush(queue, (cost + price, next(order), follow, (*path, other)))
        return None

    def _steps(self, arcs: set[Arc]) -> Iterator[tuple[str, str, Arc]]:
        for other in sorted(arcs):
            start, end = self.ends[other]
            if self._may_move(other, 1):
                yield start, end, other
            if self._may_move(other, -1):
                yield end, start, other
