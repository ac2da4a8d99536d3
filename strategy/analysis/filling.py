"""Needs filled with money, the deepest first, each cent once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

Path = tuple[int | str, ...]  # a node of a tree: its ancestors from the root down, itself last


@dataclass(frozen=True, slots=True)
class Need:
    """What one objective is asked to have in one place in one year."""

    objective_path: Path  # pillar first, as in ("1", "1.2"); never empty
    place_path: Path  # world first, as in ("001", "202", "KE"); never empty
    year: int
    required: int  # cents, not negative; 0 asks for nothing

    @property
    def objective(self) -> int | str:
        return self.objective_path[-1]

    @property
    def place(self) -> int | str:
        return self.place_path[-1]


@dataclass(frozen=True, slots=True)
class Money:
    """Money committed to one objective in one place in one year."""

    objective_path: Path  # empty when untagged
    place_path: Path  # empty when unplaced
    year: int
    amount: int  # cents; negative when more was taken back than given


@dataclass(frozen=True, slots=True)
class FilledNeed:
    """A need and how far it is met; met + unmet = required, all in cents."""

    need: Need
    met: int  # cents; below 0 only when more was taken back here than was ever given
    unmet: int  # cents: the gap
    surplus: int  # cents at this node or below it that no need could use

    @property
    def objective(self) -> int | str:
        return self.need.objective

    @property
    def place(self) -> int | str:
        return self.need.place

    @property
    def year(self) -> int:
        return self.need.year

    @property
    def required(self) -> int:
        return self.need.required


def fill(needs: Sequence[Need], money: Iterable[Money]) -> list[FilledNeed]:
    """Fill needs with money, deepest first, each cent once; in the order of `needs`.

    Money can fill a need of its year at its own node or at any node above it, in both trees.
    Needs are filled in order of depth (nodes above them in both trees together), deepest first;
    of equally deep ones that with the deeper objective, then by path, then as given. A need gets
    all that the needs before it leave: money that could go to either of two is moved to the other
    when that fills a later one too, so neither order nor choice of money ever loses a cent.
    Untagged and unplaced money fills nothing.

    What was taken back (a negative amount) is taken first from money beside it, nearest need
    first; what then remains below zero makes the gap of the highest such need larger.

    The money adds up: the sum of amounts = met + surplus + `unasked`.

    Raises `ValueError` for a need below 0 or without a place in both trees.
    """
    met, surplus = [0] * len(needs), [0] * len(needs)
    for pots, order in _pools(needs, money):
        by_need: dict[int, list[_Pot]] = defaultdict(list)
        for pot in pots:
            for candidate in pot.candidates:
                by_need[candidate].append(pot)
        _take_back(pots, by_need, met)
        nested = all(_is_chain(pot, needs) for pot in pots)
        _pour(order, by_need, nested, needs, met)
        for pot in pots:
            surplus[pot.candidates[0]] += pot.left
    return [
        FilledNeed(need, met[position], need.required - met[position], surplus[position])
        for position, need in enumerate(needs)
    ]


def unmet_need(needs: Sequence[Need], money: Iterable[Money]) -> int:
    """The sum of the gaps in cents: a surplus in one place does not pay for a gap in another."""
    return sum(filled.unmet for filled in fill(needs, money))


def surplus(needs: Sequence[Need], money: Iterable[Money]) -> int:
    """Cents beyond what is asked, at or below the nodes where something is asked."""
    return sum(filled.surplus for filled in fill(needs, money))


def unasked(needs: Iterable[Need], money: Iterable[Money]) -> int:
    """Cents where nothing is asked at the node or above it, untagged and unplaced ones too."""
    asked = {(need.objective_path, need.place_path, need.year) for need in needs if need.required}
    return sum(
        given.amount
        for given in money
        if not any((*pair, given.year) in asked for pair in _nodes_above(given))
    )


@dataclass(slots=True)
class _Pot:
    """Money that can fill the same needs, while it is being poured."""

    candidates: tuple[int, ...]  # positions of the needs it can fill, first to be filled first
    left: int
    given: dict[int, int]  # by need: what it gave


def _nodes_above(given: Money) -> Iterator[tuple[Path, Path]]:
    """The node of the money and every node above it, in both trees, deepest first."""
    for objective_depth in range(len(given.objective_path), 0, -1):
        for place_depth in range(len(given.place_path), 0, -1):
            yield given.objective_path[:objective_depth], given.place_path[:place_depth]


def _pools(needs: Sequence[Need], money: Iterable[Money]) -> Iterator[tuple[list[_Pot], list[int]]]:
    """By year and pillar: the money that can fill something, and the needs in order of filling."""
    at_node: dict[tuple[int, Path, Path], list[int]] = defaultdict(list)
    pillar_needs: dict[tuple[int, int | str], list[int]] = defaultdict(list)
    for position, need in enumerate(needs):
        if need.required < 0 or not need.objective_path or not need.place_path:
            raise ValueError("a need below 0, or outside the trees")
        if need.required:
            at_node[need.year, need.objective_path, need.place_path].append(position)
            pillar_needs[need.year, need.objective_path[0]].append(position)
    ranks = {
        position: rank
        for rank, position in enumerate(sorted(range(len(needs)), key=lambda p: _order(needs[p])))
    }
    at_nodes: dict[tuple[int, Path, Path], int] = defaultdict(int)
    for given in money:
        at_nodes[given.year, given.objective_path, given.place_path] += given.amount
    # Money that can fill the same needs is one pot.
    pots: dict[tuple[int, int | str], dict[tuple[int, ...], int]] = defaultdict(dict)
    for (year, objective_path, place_path), amount in at_nodes.items():
        node = Money(objective_path, place_path, year, amount)
        found = [p for pair in _nodes_above(node) for p in at_node.get((year, *pair), ())]
        if found:
            candidates = tuple(sorted(found, key=ranks.__getitem__))
            sums = pots[year, objective_path[0]]
            sums[candidates] = sums.get(candidates, 0) + amount
    for key, sums in pots.items():
        # Money with the fewest other uses goes first, so that little has to be moved later.
        in_order = sorted(sums, key=lambda found: (len(found), [ranks[p] for p in found]))
        yield (
            [_Pot(candidates, sums[candidates], {}) for candidates in in_order],
            sorted(pillar_needs[key], key=ranks.__getitem__),
        )


def _order(need: Need) -> tuple[int, int, tuple[str, ...], tuple[str, ...]]:
    depth = len(need.objective_path) + len(need.place_path)
    objective, place = map(str, need.objective_path), map(str, need.place_path)
    return -depth, -len(need.objective_path), tuple(objective), tuple(place)


def _take_back(pots: list[_Pot], by_need: dict[int, list[_Pot]], met: list[int]) -> None:
    """Settle what was taken back against money beside it, nearest need first."""
    for debt in [pot for pot in pots if pot.left < 0]:
        for candidate in debt.candidates:
            for pot in by_need[candidate]:
                if debt.left < 0 < pot.left:
                    paid = min(pot.left, -debt.left)
                    pot.left -= paid
                    debt.left += paid
        met[debt.candidates[-1]] += debt.left
        debt.left = 0


def _pour(
    order: list[int],
    by_need: dict[int, list[_Pot]],
    nested: bool,
    needs: Sequence[Need],
    met: list[int],
) -> None:
    """Fill the needs in order, first from what is left, then by moving money between needs.

    `nested`: the needs of each pot stand one above the other, so there is nothing to move.
    """
    for position in order:
        for pot in by_need[position]:
            poured = min(pot.left, needs[position].required - met[position])
            if poured > 0:
                _give(pot, position, poured, met)
        while not nested and met[position] < needs[position].required:
            if not _move(position, by_need, needs, met):
                break


def _is_chain(pot: _Pot, needs: Sequence[Need]) -> bool:
    """Whether each need of this money stands above the one before it, in both trees."""
    chain = [needs[candidate] for candidate in pot.candidates]
    return all(
        lower.objective_path[: len(upper.objective_path)] == upper.objective_path
        and lower.place_path[: len(upper.place_path)] == upper.place_path
        for lower, upper in pairwise(chain)
    )


def _give(pot: _Pot, position: int, amount: int, met: list[int]) -> None:
    pot.left -= amount
    pot.given[position] = pot.given.get(position, 0) + amount
    met[position] += amount


def _move(
    position: int, by_need: dict[int, list[_Pot]], needs: Sequence[Need], met: list[int]
) -> bool:
    """Find money left elsewhere that frees money for this need; False when there is none.

    A breadth-first search for an augmenting path; no need on the way loses anything.
    """
    came_from: dict[int, tuple[_Pot, int] | None] = {position: None}
    queue = [position]
    for current in queue:
        for pot in by_need[current]:
            if pot.left > 0:
                _shift(pot, current, came_from, needs[position].required - met[position], met)
                return True
            for other, given in pot.given.items():
                if given > 0 and other not in came_from:
                    came_from[other] = (pot, current)
                    queue.append(other)
    return False


def _shift(
    free: _Pot,
    last: int,
    came_from: dict[int, tuple[_Pot, int] | None],
    wanted: int,
    met: list[int],
) -> None:
    """Move the most that every step of the way can bear."""
    amount, current = min(wanted, free.left), last
    while step := came_from[current]:
        pot, towards = step
        amount, current = min(amount, pot.given[current]), towards
    _give(free, last, amount, met)
    current = last
    while step := came_from[current]:
        pot, towards = step
        pot.given[current] -= amount
        met[current] -= amount
        pot.left += amount
        _give(pot, towards, amount, met)
        current = towards
