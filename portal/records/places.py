"""Location precision: the place that others see of a record."""

from portal.directory.choices import PlaceKind

from .choices import LocationPrecision


def shown_place(place, precision: str):
    """The place others see: `place` itself, its division, its country, or None where it is hidden.

    place: a Place or None. Needs the place's ancestors, one query at most per level.
    """
    if place is None or precision == LocationPrecision.HIDDEN:
        return None
    if precision == LocationPrecision.EXACT:
        return place
    coarsest = {
        LocationPrecision.DIVISION: (PlaceKind.DIVISION, PlaceKind.COUNTRY, PlaceKind.REGION, PlaceKind.WORLD),
        LocationPrecision.COUNTRY: (PlaceKind.COUNTRY, PlaceKind.REGION, PlaceKind.WORLD),
    }[LocationPrecision(precision)]
    while place.kind not in coarsest:
        place = place.parent
    return place
