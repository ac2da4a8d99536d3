"""The tree of places in memory: who lies in whom, by key."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from .choices import PlaceKind
from .models import Place

#: From this many places on it is cheaper to read the whole tree than level by level.
READ_ALL_FROM = 400

_COLUMNS = ("pk", "parent_id", "kind", "code", "name", "lft", "rgt")


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

    @classmethod
    def whole(cls) -> "PlaceTree":
        """All places, in one query."""
        return cls({row[0]: Node(*row) for row in Place.objects.order_by().values_list(*_COLUMNS)})

    @classmethod
    def of(cls, keys: Iterable[int]) -> "PlaceTree":
        """These places and their ancestors, in one query per level (five at most)."""
        tree, wanted = cls(), {key for key in keys if key}
        if len(wanted) >= READ_ALL_FROM:
            return cls.whole()
        while wanted:
            rows = Place.objects.filter(pk__in=wanted).order_by().values_list(*_COLUMNS)
            tree.nodes.update((row[0], Node(*row)) for row in rows)
            wanted = {tree.nodes[key].parent for key in wanted if key in tree.nodes}
            wanted -= tree.nodes.keys() | {None}
        return tree

    def path(self, key: int) -> tuple[int, ...]:
        """Keys from the World down to this place; empty for 0 and for a key that is not there."""
        path: list[int] = []
        while key and key in self.nodes:
            path.append(key)
            key = self.nodes[key].parent
        return tuple(reversed(path))

    def up_to(self, key: int, kinds: frozenset[str]) -> int | None:
        """The nearest place at or above `key` whose kind is one of `kinds`."""
        for step in reversed(self.path(key)):
            if self.nodes[step].kind in kinds:
                return step
        return None


WORLD_CODE = "001"


def world_key() -> int | None:
    """The key of the World; None before `load_places`."""
    return Place.objects.filter(kind=PlaceKind.WORLD).order_by("lft").values_list("pk", flat=True).first()
