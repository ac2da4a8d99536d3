"""The filter chips of the funding pages: what is chosen, and what else can be."""

from dataclasses import dataclass

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from portal.directory.choices import PlaceKind
from portal.lib.numbers import day
from strategy.choices import Pillar

from ..lens import Lens
from ..sentences import period_words

SELECTED = mark_safe(" selected")


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a chip; depth indents it."""

    value: str
    label: str
    chosen: bool
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter: its field, what it is called, what is chosen; kind: `checks`, `radios`, `select` or `date`."""

    name: str
    label: str
    value: str
    icon: str
    kind: str
    options: tuple[Option, ...] = ()
    on: bool = False

    @property
    def as_options(self) -> SafeString:
        """The choices of a select, indented by depth; hundreds of places, so written without a tag for each."""
        return format_html_join(
            "",
            '<option value="{}"{}>{}{}</option>',
            (
                (one.value, SELECTED if one.chosen else "", "\u2002" * one.depth, one.label)
                for one in self.options
            ),
        )


def gaps_chips(lens: Lens) -> list[Chip]:
    """Year, place, pillar, objective, as-of date, in kind."""
    return [
        _years(lens),
        place_chip(lens),
        _pillar(lens),
        objective_chip(lens),
        _as_of(lens),
        _in_kind(lens),
    ]


def _years(lens: Lens) -> Chip:
    chosen = lens.params.get("year", ())
    options = tuple(
        Option(str(year), str(year), str(year) in chosen) for year in lens.strategy.years
    )
    return Chip(
        "year",
        _("Years"),
        period_words(lens),
        "calendar3",
        "checks",
        options,
        on=not lens.whole_period,
    )


def place_chip(lens: Lens) -> Chip:
    name = lens.place.name if lens.place else _("everywhere")
    return Chip(
        "place",
        _("Place"),
        name,
        "geo-alt",
        "select",
        tuple(_places(lens)),
        on=lens.place is not None,
    )


def _pillar(lens: Lens) -> Chip:
    chosen = lens.params.get("p")
    name = str(Pillar(lens.pillar).label) if lens.pillar else _("all four")
    options = [Option("", _("All four"), not chosen)]
    options += [Option(str(key), str(label), chosen == str(key)) for key, label in Pillar.choices]
    return Chip("p", _("Pillar"), name, "grid-3x3", "radios", tuple(options), on=bool(chosen))


def objective_chip(lens: Lens) -> Chip:
    chosen = lens.objective.code if lens.objective else ""
    options = [Option("", _("All objectives"), not chosen)]
    options += [
        Option(node.code, str(node), chosen == node.code, node.code.count("."))
        for node in lens.objectives.values()
    ]
    return Chip(
        "objective",
        _("Objective"),
        chosen or _("all"),
        "list-ul",
        "select",
        tuple(options),
        on=bool(chosen),
    )


def _as_of(lens: Lens) -> Chip:
    chosen = Option(lens.as_of.isoformat(), day(lens.as_of), chosen=True)
    return Chip(
        "as_of", _("As of"), day(lens.as_of), "clock", "date", (chosen,), on="as_of" in lens.params
    )


def _in_kind(lens: Lens) -> Chip:
    options = (
        Option("", _("Money only"), not lens.in_kind),
        Option("true", _("With goods and services in kind, at their stated value"), lens.in_kind),
    )
    words = _("counted") if lens.in_kind else _("not counted")
    return Chip(
        "in_kind", _("Goods in kind"), words, "cash-coin", "radios", options, on=lens.in_kind
    )


def _places(lens: Lens):
    """Everywhere, the regions, and the countries; the divisions of the country that is open."""
    yield Option("", _("Everywhere"), lens.place is None)
    state, chosen = lens.state, lens.place
    places = [place for place in state.places.values() if place.kind != PlaceKind.WORLD]
    if chosen is not None and chosen.kind in (PlaceKind.COUNTRY, PlaceKind.DIVISION):
        country = chosen if chosen.kind == PlaceKind.COUNTRY else chosen.parent
        codes = [place.code for place in places]
        at = codes.index(country.code) if country.code in codes else len(places) - 1
        places[at + 1 : at + 1] = state.children(country)
    code = chosen.code if chosen else None
    for place in places:
        yield Option(place.code, place.name, place.code == code, max(place.depth - 1, 0))
