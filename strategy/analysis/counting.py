"""Which grants count for a viewer, and which of them pass on the money of another."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter


class RegrantCycleError(ValueError):
    """Grants that pass money on in a circle; `ids` from parent to child."""

    def __init__(self, ids: tuple[Hashable, ...]) -> None:
        super().__init__("grants pass money on in a circle")
        self.ids = ids


@dataclass(frozen=True, slots=True)
class GrantRow:
    """What decides whether a grant counts for one viewer."""

    id: Hashable
    link_group: Hashable | None = None  # records of one grant share it
    link_position: int = 0  # the stored order within the group
    regrant_of: Hashable | None = None  # id of the grant whose money this one passes on
    visible: bool = True  # it counts, and this viewer may see it


def counting(rows: Iterable[GrantRow]) -> frozenset[Hashable]:
    """The ids that count for this viewer: every visible grant, and of a linked group the first.

    First by the stored order, then by the order of the rows.
    """
    counted: set[Hashable] = set()
    first: dict[Hashable, GrantRow] = {}
    for row in rows:
        if not row.visible:
            continue
        if row.link_group is None:
            counted.add(row.id)
            continue
        best = first.get(row.link_group)
        if best is None or row.link_position < best.link_position:
            first[row.link_group] = row
    return frozenset(counted | {row.id for row in first.values()})


def offsets(rows: Iterable[GrantRow], counted: frozenset[Hashable]) -> dict[Hashable, Hashable]:
    """For each counted regrant, the counted grant whose money it passes on; in order of the rows.

    A regrant is new money unless its parent counts for this viewer. A parent in a linked group
    counts as the group's counting member; a counting member that says nothing of a parent takes
    it from the first visible record of its own group that does. Each step of a chain of regrants
    stands by itself: where the middle one does not count, the last one is new money.

    Raises `RegrantCycleError` when money goes round; `regrant_cycle` finds that before it is saved.
    """
    rows = list(rows)
    known = {row.id: row for row in rows}
    stands_for = {
        row.link_group: row.id for row in rows if row.id in counted and row.link_group is not None
    }
    parents: dict[Hashable, Hashable] = {}
    for row in sorted(rows, key=lambda row: row.link_position):
        child = row.id if row.link_group is None else stands_for.get(row.link_group)
        if row.regrant_of is None or not row.visible or child not in counted:
            continue
        parent = known.get(row.regrant_of)
        if parent is not None and parent.id not in counted:
            parent = known.get(stands_for.get(parent.link_group))
        if parent is not None:
            parents.setdefault(child, parent.id)
    found = _cycle({child: [parent] for child, parent in parents.items()})
    if found:
        raise RegrantCycleError(found)
    return {row.id: parents[row.id] for row in rows if row.id in parents}


def regrant_cycle(rows: Iterable[GrantRow]) -> tuple[Hashable, ...]:
    """The ids of grants that pass money on in a circle, for whoever may see all; () when none.

    Records of one grant are taken as one, so that a graph without a circle here has none for any
    viewer. A grant that regrants itself, or another record of itself, is a circle of one.
    """
    rows = list(rows)
    node = {
        row.id: ("grant", row.id) if row.link_group is None else ("group", row.link_group)
        for row in rows
    }
    edges: dict[Hashable, list[Hashable]] = defaultdict(list)
    stated: dict[Hashable, Hashable] = {}
    for row in rows:
        if row.regrant_of in node:
            edges[node[row.id]].append(node[row.regrant_of])
            stated.setdefault(node[row.id], row.id)
    return tuple(stated[name] for name in _cycle(edges))


def _cycle(edges: Mapping[Hashable, Sequence[Hashable]]) -> tuple[Hashable, ...]:
    """The nodes of one circle, from parent to child; () when there is none."""
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        return tuple(error.args[1][:-1])
    return ()
