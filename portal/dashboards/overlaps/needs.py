"""Whether both activities of an overlap are needed: what their objective still lacks in their place."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from portal.dashboards.gather import cells
from portal.dashboards.lens import Lens
from portal.dashboards.objectives.indicators import readings_at
from portal.directory.models import Place
from portal.lib.numbers import money, percent_of, whole
from strategy.models import Objective

#: World, region, country, division: a requirement stands at one of them.
DEPTH = 4


@dataclass(frozen=True, slots=True)
class Need:
    """What an objective asks for at a place over the years that are left, and what it lacks; cents.

    place: where the requirement is stated: the place itself, or the nearest that it lies in.
    short_units: how many units of a capacity are missing there, and what they are; None where none is measured.
    """

    place: Place | None
    required: int
    unmet: int
    currency: str
    short_units: Decimal | None = None
    unit: str = ""

    @property
    def is_short(self) -> bool:
        return self.unmet > 0 or bool(self.short_units)

    @property
    def words(self) -> str:
        """One sentence: “Both may be needed: 298 beds short.”"""
        where = self.place.name if self.place else _("this place")
        if self.short_units:
            return _("Both may be needed: %(number)s %(unit)s short in %(place)s.") % {
                "number": whole(self.short_units),
                "unit": self.unit,
                "place": where,
            }
        if self.unmet > 0:
            return _("Both may be needed: %(place)s is still short of %(amount)s.") % {
                "place": where,
                "amount": money(self.unmet, self.currency),
            }
        if self.required > 0:
            return _("What is asked for %(place)s is met.") % {"place": where}
        return _("No requirement is stated here.")

    @property
    def share(self) -> str | None:
        """How much of what is asked is met, as a percentage."""
        return percent_of(self.required - self.unmet, self.required)


def needs(
    lens: Lens, wanted: Iterable[tuple[Objective | None, Place | None]]
) -> dict[tuple[int, int], Need]:
    """By keys of objective and place, the need there. The places come with their parents read. Five queries at most."""
    pairs = {(o.pk, p.pk): (o, p) for o, p in wanted if o is not None and p is not None}
    if not pairs:
        return {}
    chains = {place.pk: _chain(place) for _objective, place in pairs.values()}
    keys = {one.pk for chain in chains.values() for one in chain}
    years = tuple(year for year in lens.years if year >= lens.as_of_year) or lens.years
    found: dict[tuple[str, int], list[int]] = {}
    for cell in cells(lens, keys, years=years):
        if cell.objective is not None and (cell.required or cell.unmet):
            sums = found.setdefault((cell.objective, cell.place), [0, 0])
            sums[0] += cell.required
            sums[1] += cell.unmet
    measured = readings_at(lens, [chain[0] for chain in chains.values()])
    return {
        key: _need(lens, objective, chains[place.pk], found, measured.get(place.pk, ()))
        for key, (objective, place) in pairs.items()
    }


def _chain(place: Place) -> list[Place]:
    chain = [place]
    while chain[-1].parent_id is not None and len(chain) < DEPTH:
        chain.append(chain[-1].parent)
    return chain


def _need(lens: Lens, objective: Objective, chain, found, measured) -> Need:
    units, unit = None, ""
    for reading in measured:
        if not _within(objective.code, lens.objectives[reading.indicator.objective_id].code):
            continue
        gap = reading.gap.value if reading.gap else None
        if reading.places and isinstance(gap, Decimal) and gap > 0:
            units, unit = gap, reading.indicator.unit
            break
    for place in chain:
        sums = [
            numbers
            for (code, key), numbers in found.items()
            if key == place.pk and _within(objective.code, code)
        ]
        required, unmet = (sum(numbers[i] for numbers in sums) for i in (0, 1))
        if required:
            return Need(chain[0] if units else place, required, unmet, lens.currency, units, unit)
    return Need(chain[0], 0, 0, lens.currency, units, unit)


def _within(above: str, code: str) -> bool:
    return code == above or code.startswith(f"{above}.")
