"""Location precision: the place that others see of a record."""

from portal.directory.choices import PlaceKind
from portal.directory.tree import PlaceTree

from .choices import LocationPrecision

#: By precision, the kinds of places that others see.
SHOWN_KINDS = {
    LocationPrecision.EXACT: frozenset(PlaceKind.values),
    LocationPrecision.DIVISION: frozenset(PlaceKind.values),
    LocationPrecision.COUNTRY: frozenset({PlaceKind.COUNTRY, PlaceKind.REGION, PlaceKind.WORLD}),
    LocationPrecision.HIDDEN: frozenset(),
}


def shown_place(key: int | None, precision: str, tree: PlaceTree) -> int | None:
    """The key of the place that others see: itself, its country, or None where it is hidden.

    The tree of places ends at first-level divisions, so `exact` and `division` show the same today.
    """
    if key is None:
        return None
    return tree.up_to(key, SHOWN_KINDS[LocationPrecision(precision)])
