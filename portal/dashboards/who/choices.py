"""What the filters offer: objectives of the strategy, and places where there is something."""

from django.core.cache import cache
from django.db.models import Value
from django.utils.translation import gettext as _

from activities.choices import Population
from activities.models import Activity, ActivityPlace
from portal.dashboards.lens import Lens
from portal.dashboards.views.chips import Chip, Option
from portal.directory.choices import PlaceKind
from portal.lib.numbers import day
from portal.records.choices import LocationPrecision
from portal.records.places import shown_place
from strategy.models import Expectation, Requirement

from .filters import WHEN, Selection

#: With more places than these, divisions are offered for one country at a time.
MOST_PLACES = 300


def chips(selection: Selection, user) -> list[Chip]:
    """Objective, place, organisation, for whom, when, as of."""
    lens = selection.lens
    chosen = lens.objective.code if lens.objective else ""
    when = selection.when if selection.when_asked else ""
    return [
        Chip(
            "objective", _("Objective"), chosen or _("all"), "list-ul", "select",
            (
                Option("", _("All objectives"), not chosen),
                *(
                    Option(node.code, f"{node.code} {node.short_title}", node.code == chosen, node.code.count("."))
                    for node in lens.objectives.values()
                ),
            ),
            on=bool(chosen),
        ),
        Chip(
            "place", _("Place"), lens.place.name if lens.place else _("all"), "geo-alt", "select",
            tuple(_place_choices(selection, user)), on=lens.place is not None,
        ),
        Chip(
            "organisation", _("Organisation"), selection.organisation.name if selection.organisation else _("all"),
            "people", "name", on=selection.organisation is not None,
        ),
        Chip(
            "population", _("For whom"), Population(selection.population).label if selection.population else _("all"),
            "person-circle", "radios",
            (
                Option("", _("All groups"), not selection.population),
                *(Option(key, str(label), key == selection.population) for key, label in Population.choices),
            ),
            on=bool(selection.population),
        ),
        Chip(
            "when", _("When"), str(WHEN[selection.when]), "calendar3", "radios",
            tuple(Option(key, str(label), key == selection.when) for key, label in WHEN.items()),
            on=bool(when) and when != "current",
        ),
        Chip(
            "as_of", _("As of"), day(lens.as_of), "clock", "date", (Option(lens.as_of.isoformat(), "", True),),
            on="as_of" in selection.params,
        ),
    ]  # fmt: skip


def _place_choices(selection: Selection, user):
    chosen = selection.lens.place
    options = _without_far_divisions(place_options(selection.lens, user), chosen)
    yield Option("", _("Everywhere"), chosen is None)
    if chosen is not None and chosen.code not in {code for code, _name, _depth in options}:
        yield Option(chosen.code, chosen.name, True)
    for code, name, depth in options:
        yield Option(code, name, chosen is not None and code == chosen.code, depth)


def _without_far_divisions(options, chosen):
    """Divisions of the country chosen, or of all where there are few; those of the whole world are too many."""
    if len(options) <= MOST_PLACES:
        return options
    country = chosen.code.split("-")[0] if chosen is not None else ""
    return [
        option for option in options if "-" not in option[0] or option[0].split("-")[0] == country
    ]


def place_options(lens: Lens, user) -> list[tuple[str, str, int]]:
    """Code, name and depth of the places that have something, in the tree's order.

    That is: activities that this viewer sees, or the strategy asks for some. As precisely as everyone
    may know. Kept per state of the data.
    """
    viewer = lens.viewer
    key = f"who-places:{lens.strategy.pk}:{lens.strategy.data_version}:{hash(viewer)}"
    options = cache.get(key)
    if options is None:
        options = _place_options(lens, user)
        cache.set(key, options)
    return options


def _place_options(lens: Lens, user) -> list[tuple[str, str, int]]:
    """Two queries, one of them for all that the strategy's state shares."""
    visible = Activity.objects.visible_to(user).counting().order_by()
    vague, hidden = LocationPrecision.COUNTRY, LocationPrecision.HIDDEN

    def at_work(activities):
        shares = ActivityPlace.objects.filter(activity__in=activities.values("pk"))
        return shares.order_by()

    asked = Requirement.objects.filter(objective__strategy=lens.strategy).order_by()
    expected = Expectation.objects.filter(objective__strategy=lens.strategy).order_by()
    tree = lens.state.whole_tree
    found = (
        at_work(visible.exclude(location_precision__in=[vague, hidden])).values_list("place", Value(0))
        .union(
            at_work(visible.filter(location_precision=vague)).values_list("place", Value(1)),
            asked.values_list("place", Value(0)),
            expected.values_list("place", Value(0)),
        )
    )  # fmt: skip
    used: set[int] = set()
    for place, is_vague in found:
        shown = shown_place(place, vague if is_vague else LocationPrecision.EXACT, tree)
        used.update(tree.path(shown) if shown else ())
    nodes = sorted((tree.nodes[key] for key in used), key=lambda node: node.lft)
    return [
        (node.code, node.name, len(tree.path(node.pk)) - 2)
        for node in nodes
        if node.kind != PlaceKind.WORLD
    ]
