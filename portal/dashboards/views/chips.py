"""The filter chips of the funding pages: what is chosen, and what else can be."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.directory.choices import PlaceKind
from portal.directory.models import Place
from strategy.choices import Pillar

from ..gaps import GapsPage
from ..lens import Lens
from ..sentences import period_words


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


def gaps_chips(lens: Lens, page: GapsPage) -> list[Chip]:
    """Year, place, pillar, objective, as-of date, in kind."""
    params = lens.params
    return [
        Chip(
            "year", _("Years"), period_words(lens), "calendar3", "checks",
            tuple(Option(str(year), str(year), str(year) in params.get("year", ())) for year in lens.strategy.years),
            on=not lens.whole_period,
        ),
        Chip(
            "place", _("Place"), lens.place.name if lens.place else _("everywhere"), "geo-alt", "select",
            tuple(_places(lens)), on=lens.place is not None,
        ),
        Chip(
            "p", _("Pillar"), str(Pillar(lens.pillar).label) if lens.pillar else _("all four"), "grid-3x3", "radios",
            (Option("", _("All four"), not params.get("p")),)
            + tuple(Option(str(key), str(label), params.get("p") == str(key)) for key, label in Pillar.choices),
            on=bool(params.get("p")),
        ),
        Chip(
            "objective", _("Objective"), lens.objective.code if lens.objective else _("all"), "list-ul", "select",
            (Option("", _("All objectives"), lens.objective is None),)
            + tuple(
                Option(node.code, f"{node.code} {node.short_title}", params.get("objective") == node.code, node.code.count("."))
                for node in lens.objectives.values()
            ),
            on=lens.objective is not None,
        ),
        Chip("as_of", _("As of"), str(params.get("as_of") or lens.as_of.isoformat()), "clock", "date", on="as_of" in params),
        Chip(
            "in_kind", _("Goods in kind"), _("counted") if lens.in_kind else _("not counted"), "cash-coin", "radios",
            (
                Option("", _("Money only"), not lens.in_kind),
                Option("true", _("With goods and services in kind, at their stated value"), lens.in_kind),
            ),
            on=lens.in_kind,
        ),
    ]  # fmt: skip


def _places(lens: Lens):
    """Everywhere, the regions, and the countries; the divisions of the country that is open."""
    yield Option("", _("Everywhere"), lens.place is None)
    kinds = [PlaceKind.REGION, PlaceKind.COUNTRY]
    places = Place.objects.filter(kind__in=kinds)
    rows = list(places.order_by("lft").values_list("code", "name", "depth"))
    if lens.place is not None and lens.place.kind in (PlaceKind.COUNTRY, PlaceKind.DIVISION):
        country = lens.place if lens.place.kind == PlaceKind.COUNTRY else lens.place.parent
        inner = list(country.children.order_by("name").values_list("code", "name", "depth"))
        at = next((index for index, row in enumerate(rows) if row[0] == country.code), len(rows) - 1)
        rows[at + 1 : at + 1] = inner
    chosen = lens.place.code if lens.place else None
    for code, name, depth in rows:
        yield Option(code, name, code == chosen, max(depth - 1, 0))
