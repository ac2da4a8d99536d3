"""The tree of places in memory: who lies in whom, by key."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from portal.lib.prepared import Prepared

from .choices import PlaceKind
from .models import Place

#: From this many places on it is cheaper to read the whole tree than level by level.
READ_ALL_FROM = 400

_COLUMNS = ("pk", "parent_id", "kind", "code", "name", "lft", "rgt")
#: How many levels one query reads: a place and what it lies in, up to the World for all standard places.
_LEVELS = 5
_CLIMB = tuple(f"{'parent__' * level}{name}" for level in range(_LEVELS) for name in _COLUMNS)


@Prepared
def _climb(keys):
    return Place.objects.filter(pk__in=keys).order_by().values_list(*_CLIMB)


@dataclass(frozen=True, slots=True)
class Node:
    """A place without its queries."""

    pk: int
    parent: int | None
    kind: str
    code: str
    name: str
    lft: int
    rgt: int


@dataclass(slots=True)
class PlaceTree:
    """Places by key, with every place they lie in."""

    nodes: dict[int, Node] = field(default_factory=dict)
    _paths: dict[int, tuple[int, ...]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def whole(cls) -> "PlaceTree":
        """All places, in one query."""
        return cls({row[0]: Node(*row) for row in Place.objects.order_by().values_list(*_COLUMNS)})

    @classmethod
    def of(cls, keys: Iterable[int]) -> "PlaceTree":
        """These places and their ancestors, in one query (one more for each five levels of places of one's own)."""
        tree = cls()
        tree.add(keys)
        return tree

    def add(self, keys: Iterable[int]) -> None:
        """Read those of these places, and of their ancestors, that are not here yet."""
        wanted = {key for key in keys if key} - self.nodes.keys()
        if len(wanted) >= READ_ALL_FROM:
            self.nodes.update(PlaceTree.whole().nodes)
            return
        while wanted:
            tops = set()
            for row in _climb(wanted):
                levels = [row[at : at + len(_COLUMNS)] for at in range(0, len(row), len(_COLUMNS))]
                self.nodes.update((level[0], Node(*level)) for level in levels if level[0])
                tops.add(levels[-1][1])
            wanted = tops - self.nodes.keys() - {None}

    @property
    def world(self) -> int | None:
        """The key of the World, where it was read."""
        worlds = (node for node in self.nodes.values() if node.kind == PlaceKind.WORLD)
        first = min(worlds, key=lambda node: node.lft, default=None)
        return first.pk if first else None

    def path(self, key: int) -> tuple[int, ...]:
        """Keys from the World down to this place; empty for 0 and for a key that is not there."""
        if key not in self._paths:
            path: list[int] = []
            step: int | None = key
            while step and step in self.nodes:
                path.append(step)
                step = self.nodes[step].parent
            if not path:
                return ()
            self._paths[key] = tuple(reversed(path))
        return self._paths[key]

    def up_to(self, key: int, kinds: frozenset[str]) -> int | None:
        """The nearest place at or above `key` whose kind is one of `kinds`."""
        for step in reversed(self.path(key)):
            if self.nodes[step].kind in kinds:
                return step
        return None


@Prepared
def _worlds():
    return Place.objects.filter(kind=PlaceKind.WORLD).order_by("lft").values_list("pk")


def world_key() -> int | None:
    """The key of the World; None before `load_places`."""
    worlds = _worlds()
    return worlds[0][0] if worlds else None
