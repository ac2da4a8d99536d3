"""All cells of a strategy at once: added up over the places above, and every need filled. In whole cents, by numpy.

The same figures as `filling.fill` and plain sums give, for all audiences, places, objectives and years together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from strategy.analysis.filling import Money, Need, Path, fill

#: Sums of 64 bits stay exact below this; far more cents than there is money.
MOST = 2**62
#: What is put in: at the place itself.
GIVEN = (
    "required", "asked_cells", "pledged", "committed", "disbursed", "in_kind", "assumed", "assumed_full", "by_rule",
    "grants", "without_amount",
)  # fmt: skip
#: What follows from it, at the place itself: how its need is met.
JUDGED = ("unmet", "surplus", "empty_cells")
SUMMED = (*GIVEN, *JUDGED)
#: Of these, what stands at the place itself is kept beside the sum.
HERE = ("required", "unmet", "surplus", "empty_cells", "committed")


@dataclass(frozen=True, slots=True)
class Nodes:
    """A tree in the order of a walk through it. Position 0 stands for nothing: unplaced, or untagged."""

    keys: np.ndarray  # by position
    depth: np.ndarray  # by position; 0 at the top
    above: (
        np.ndarray
    )  # by depth and position: the position of the node above at that depth, -1 if there is none
    rank: np.ndarray  # by position: its place among all when paths are sorted as text
    positions: dict[int, int]
    paths: tuple[Path, ...]  # by position

    @classmethod
    def of(cls, paths: Mapping[int, tuple[int, ...]], first: int | None = None) -> Self:
        """paths: by key the keys from the top down to it; first: the top that the walk begins with."""
        keys = sorted(paths, key=lambda key: (paths[key][0] != first, paths[key]))
        positions = {key: position for position, key in enumerate(keys, 1)}
        depth = [len(paths[key]) - 1 for key in keys]
        above = np.full((max(depth, default=0) + 1, len(keys) + 1), -1)
        for position, key in enumerate(keys, 1):
            for level, step in enumerate(paths[key]):
                above[level, position] = positions[step]
        as_text = sorted(keys, key=lambda key: tuple(map(str, paths[key])))
        rank = np.zeros(len(keys) + 1, dtype=np.int64)
        rank[[positions[key] for key in as_text]] = np.arange(1, len(keys) + 1)
        return cls(
            np.array([0, *keys], dtype=np.int64), np.array([0, *depth], dtype=np.int64), above, rank,
            positions, ((), *(paths[key] for key in keys)),
        )  # fmt: skip

    def at(self, keys: np.ndarray) -> np.ndarray:
        """The positions of keys; `KeyError` for one that is not in the tree."""
        position = np.full(int(self.keys.max()) + 1, -1)
        position[self.keys] = np.arange(len(self.keys))
        inside = (keys >= 0) & (keys < len(position))
        found = position[np.where(inside, keys, 0)]
        outside = ~inside | (found < 0)
        if outside.any():
            raise KeyError(int(keys[outside][0]))
        return found


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells in the order of their scope (an audience's year), objective and place, each once."""

    scope: np.ndarray
    objective: np.ndarray  # position
    place: np.ndarray  # position
    values: np.ndarray  # by cell and column, of `names`
    names: tuple[str, ...]

    def column(self, name: str) -> np.ndarray:
        return self.values[:, self.names.index(name)]


def cells_of(
    scope: np.ndarray,
    objective: np.ndarray,
    place: np.ndarray,
    values: np.ndarray,
    names: Sequence[str],
) -> Cells:
    """Sum rows by cell. Raises `OverflowError` where a sum could leave 64 bits."""
    if np.abs(values).sum(axis=0, dtype=float).max(initial=0) >= MOST:
        raise OverflowError("amounts too large to be added up exactly")
    wide = int(place.max(initial=0)) + 1, int(objective.max(initial=0)) + 1
    order = np.argsort((scope * wide[1] + objective) * wide[0] + place)
    scope, objective, place = scope[order], objective[order], place[order]
    starts = _starts(scope, objective, place)
    return Cells(
        scope[starts], objective[starts], place[starts],
        np.add.reduceat(values[order], starts, axis=0) if len(starts) else values, tuple(names),
    )  # fmt: skip


def _starts(*columns: np.ndarray) -> np.ndarray:
    """Where in sorted rows a new group begins."""
    if not len(columns[0]):
        return np.zeros(0, dtype=np.int64)
    changes = np.zeros(len(columns[0]), dtype=bool)
    changes[0] = True
    for column in columns:
        changes[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(changes)


def roll_up(cells: Cells, places: Nodes, here: Sequence[str] = ()) -> Cells:
    """The cells of every place with all that lies below it; what is unplaced counts at position 0 and at the World.

    The columns `here` stand once more behind the sums, as they are at the place itself. In no order.

    In the order of a walk the cells below one place stand side by side, so each level is one pass over them.
    """
    world = next(iter(places.positions.values()), 0)
    own = cells.values[:, [cells.names.index(name) for name in here]]
    parts = []
    unplaced = cells.place == 0
    if unplaced.any():
        parts.append(
            (cells.scope[unplaced], cells.objective[unplaced], cells.place[unplaced],
             np.hstack([cells.values[unplaced], own[unplaced]]))
        )  # fmt: skip
    for level, above in enumerate(places.above):
        at = above[cells.place]
        if level == 0 and world:
            at[unplaced] = world
        used = np.flatnonzero(at >= 0)
        at = at[used]
        starts = _starts(cells.scope[used], cells.objective[used], at)
        if not len(starts):
            continue
        sums = np.add.reduceat(cells.values[used], starts, axis=0)
        group = np.zeros(len(used), dtype=np.int64)
        group[starts[1:]] = 1
        group = np.cumsum(group)
        mine = cells.place[used] == at
        stands = np.zeros((len(starts), len(here)), dtype=np.int64)
        stands[group[mine]] = own[used[mine]]
        first = used[starts]
        parts.append(
            (cells.scope[first], cells.objective[first], at[starts], np.hstack([sums, stands]))
        )
    names = (*cells.names, *(f"{name}_here" for name in here))
    if not parts:
        return Cells(
            cells.scope, cells.objective, cells.place, np.zeros((0, len(names)), np.int64), names
        )
    scope, objective, place, values = (np.concatenate(part) for part in zip(*parts, strict=True))
    some = values.any(axis=1)
    return Cells(scope[some], objective[some], place[some], values[some], names)


def judged(cells: Cells, objectives: Nodes, places: Nodes) -> Cells:
    """The same cells with the columns `JUDGED`: how what is asked in each is met, as `filling.fill` does it."""
    asked = np.flatnonzero(cells.column("required") > 0)
    needs = _Needs(cells, asked, objectives, places)
    met, surplus = needs.filled()
    result = np.zeros((len(cells.scope), len(JUDGED)), dtype=np.int64)
    required = cells.column("required")[asked]
    result[asked] = np.column_stack([required - met, surplus, met <= 0])
    return Cells(
        cells.scope, cells.objective, cells.place, np.hstack([cells.values, result]),
        (*cells.names, *JUDGED),
    )  # fmt: skip


class _Needs:
    """The needs among cells, and the money that reaches them."""

    def __init__(self, cells: Cells, asked: np.ndarray, objectives: Nodes, places: Nodes) -> None:
        self.cells, self.asked, self.objectives, self.places = cells, asked, objectives, places
        self.required = cells.column("required")[asked]
        objective, place = cells.objective[asked], cells.place[asked]
        depth = objectives.depth[objective] + places.depth[place]
        order = np.lexsort(
            (places.rank[place], objectives.rank[objective], -objectives.depth[objective], -depth)
        )
        self.rank = np.empty(len(asked), dtype=np.int64)
        self.rank[order] = np.arange(len(asked))

    def filled(self) -> tuple[np.ndarray, np.ndarray]:
        """What each need is met with, and what at or below it no need could use."""
        count = len(self.asked)
        met, surplus = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
        money = np.flatnonzero(
            (self.cells.column("committed") != 0) & (self.cells.place > 0) & (self.cells.objective > 0)
        )  # fmt: skip
        money, candidates, branches = self._reached(money)
        if not len(money):
            return met, surplus
        first = candidates[:, 0]
        pots = np.zeros(count, dtype=np.int64)  # of money whose needs stand one above the other
        np.add.at(pots, first[~branches], self.cells.column("committed")[money[~branches]])
        together = self._together(candidates)
        plain = np.ones(count, dtype=bool)  # by the first need of those that share money
        plain[together[first[branches]]] = False
        plain[together[np.flatnonzero(pots < 0)]] = False
        above, height = self._above(candidates, plain[together[first]])
        self._pour(pots, plain[together], above, height, met, surplus)
        rest = ~plain[together]
        if rest.any():
            self._fill(rest, money[rest[first]], met, surplus)
        return met, surplus

    def _reached(self, money: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of these cells those whose money reaches a need; the needs, the first to be filled first, filled up with -1;
        and whether they do not all stand one above the other.
        """
        cells, objectives, places = self.cells, self.objectives, self.places
        width = len(places.keys)

        def pair(objective: np.ndarray, place: np.ndarray) -> np.ndarray:
            code: np.ndarray = objective * width + place
            return code

        asked_pairs = np.zeros(len(objectives.keys) * width, dtype=bool)
        asked_pairs[pair(cells.objective[self.asked], cells.place[self.asked])] = True
        codes = cells.scope[self.asked] * len(asked_pairs) + pair(
            cells.objective[self.asked], cells.place[self.asked]
        )  # in order, as the cells are
        columns = sorted(
            np.ndindex(len(objectives.above), len(places.above)), key=lambda at: (-sum(at), -at[0])
        )
        found = np.full((len(money), len(columns)), -1)
        for column, (o_level, p_level) in enumerate(columns):
            objective = objectives.above[o_level, cells.objective[money]]
            place = places.above[p_level, cells.place[money]]
            there = np.flatnonzero((objective >= 0) & (place >= 0))
            node = pair(objective[there], place[there])
            hit = asked_pairs[node]
            there, node = there[hit], node[hit]
            code = cells.scope[money[there]] * len(asked_pairs) + node
            at = np.minimum(np.searchsorted(codes, code), max(len(codes) - 1, 0))
            same = codes[at] == code if len(codes) else np.zeros(0, dtype=bool)
            found[there[same], column] = at[same]
        reaches = (found >= 0).any(axis=1)
        money, found = money[reaches], found[reaches]
        branches = np.zeros(len(money), dtype=bool)
        lowest = np.full((len(money), 2), len(columns))
        for column, levels in enumerate(columns):
            hit = found[:, column] >= 0
            branches |= hit & (np.array(levels) > lowest).any(axis=1)
            lowest[hit] = levels
        # Needs to the left, in their order.
        order = np.argsort(found < 0, axis=1, kind="stable")
        found = np.take_along_axis(found, order, axis=1)
        most = int((found >= 0).sum(axis=1).max(initial=0))
        return money, found[:, :most], branches

    def _together(self, candidates: np.ndarray) -> np.ndarray:
        """For each need the one that stands for all that share money with it."""
        label = np.arange(len(self.asked))
        pairs = [
            np.unique(candidates[candidates[:, at] >= 0][:, [0, at]], axis=0)
            for at in range(1, candidates.shape[1])
        ]
        edges = np.concatenate(pairs) if pairs else np.zeros((0, 2), dtype=np.int64)
        while True:
            lower = np.minimum(label[edges[:, 0]], label[edges[:, 1]])
            before = label.copy()
            np.minimum.at(label, edges[:, 0], lower)
            np.minimum.at(label, edges[:, 1], lower)
            label = label[label]
            if (label == before).all():
                return label

    def _above(self, candidates: np.ndarray, plain: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For each need where needs stand one above the other: the next above it (-1: none), and how many there are."""
        above = np.full(len(self.asked), -1)
        height = np.zeros(len(self.asked), dtype=np.int64)
        rows = candidates[plain]
        lengths = (rows >= 0).sum(axis=1)
        for at in range(rows.shape[1]):
            there = rows[:, at] >= 0
            height[rows[there, at]] = lengths[there] - at - 1
            if at + 1 < rows.shape[1]:
                above[rows[there, at]] = rows[there, at + 1]
        return above, height

    def _pour(
        self,
        pots: np.ndarray,
        plain: np.ndarray,
        above: np.ndarray,
        height: np.ndarray,
        met: np.ndarray,
        surplus: np.ndarray,
    ) -> None:
        """Fill needs that stand one above the other, the lowest first, from the money with the fewest other uses."""
        first = np.flatnonzero(plain & (pots > 0))
        left, current = pots[first], first.copy()
        for level in range(int(height[first].max(initial=0)), -1, -1):
            active = np.flatnonzero(height[first] >= level)
            up = active[height[first[active]] > level]
            current[up] = above[current[up]]
            order = active[
                np.lexsort((self.rank[first[active]], height[first[active]], current[active]))
            ]
            need = current[order]
            starts = _starts(need)
            before = np.cumsum(left[order]) - left[order]
            before -= np.repeat(before[starts], np.diff([*starts, len(order)]))
            poured = np.clip(self.required[need] - before, 0, left[order])
            left[order] -= poured
            np.add.at(met, need, poured)
        surplus[first] += left

    def _fill(
        self, rest: np.ndarray, money: np.ndarray, met: np.ndarray, surplus: np.ndarray
    ) -> None:
        """Fill the needs of `rest` with this money, one by one."""
        numbers = np.flatnonzero(rest)
        needs = [
            Need(objective, place, year, amount)
            for (objective, place, year), amount in zip(
                self._nodes(self.asked[numbers]), self.required[numbers].tolist(), strict=True
            )
        ]
        amounts = self.cells.column("committed")[money].tolist()
        given = [
            Money(*node, amount) for node, amount in zip(self._nodes(money), amounts, strict=True)
        ]
        for number, filled in zip(numbers.tolist(), fill(needs, given), strict=True):
            met[number], surplus[number] = filled.met, filled.surplus

    def _nodes(self, at: np.ndarray) -> Iterable[tuple[Path, Path, int]]:
        for objective, place, scope in zip(
            self.cells.objective[at].tolist(), self.cells.place[at].tolist(), self.cells.scope[at].tolist(), strict=True
        ):  # fmt: skip
            yield self.objectives.paths[objective], self.places.paths[place], scope
