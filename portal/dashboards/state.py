"""The state of the data that pages are drawn from: the strategy in force, and what every page needs of it.

What is read here is right for one data version, which is raised in the transaction of every change. So it stays
right, in every process, for as long as that version is the one in force.
"""

from collections import OrderedDict
from functools import cache, cached_property
from threading import Lock

from django.db import connection
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from portal.directory.access import Viewer
from portal.directory.choices import Audience, PlaceKind
from portal.directory.models import Organisation, Place
from portal.directory.tree import Node, PlaceTree
from strategy.choices import StrategyStatus
from strategy.models import Objective, PillarTarget, Strategy, SummaryCell

KEPT_STATES = 8
KEPT_VIEWERS = 64  # of each state
STANDARD = [PlaceKind.WORLD, PlaceKind.REGION, PlaceKind.COUNTRY]


def in_force(request=None) -> Strategy | None:
    """The strategy in force, read once while a page is asked for; None where there is none."""
    if request is None or request.method not in ("GET", "HEAD"):
        return _read_in_force()
    if not hasattr(request, "_strategy_in_force"):
        request._strategy_in_force = _read_in_force()
    return request._strategy_in_force


def _read_in_force() -> Strategy | None:
    """Every page asks this, and a kept page asks nothing else: its SQL is composed once."""
    sql, names, converters = _question(connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(sql, [str(StrategyStatus.IN_FORCE)])
        row = cursor.fetchone()
    if row is None:
        return None
    values = list(row)
    for index, column, convert in converters:
        values[index] = convert(values[index], column, connection)
    return Strategy.from_db(connection.alias, names, values)


@cache
def _question(vendor: str) -> tuple[str, list[str], list[tuple]]:
    """SQL of the strategy in force, the names of its columns, and what makes Python's values of them."""
    fields = Strategy._meta.concrete_fields
    quote, table = connection.ops.quote_name, Strategy._meta.db_table
    converters = []
    for index, field in enumerate(fields):
        column = field.get_col(table)
        found = (*connection.ops.get_db_converters(column), *field.get_db_converters(connection))
        converters += [(index, column, convert) for convert in found]
    columns = ", ".join(quote(field.column) for field in fields)
    sql = f"SELECT {columns} FROM {quote(table)} WHERE status = %s LIMIT 1"  # noqa: S608 our own names
    return sql, [field.attname for field in fields], converters


_states: OrderedDict[tuple, "State"] = OrderedDict()
_lock = Lock()


def state_of(strategy: Strategy) -> "State":
    """The state that a strategy was read in.

    The newest few are kept in this process. Within a transaction nothing is kept but with the strategy itself:
    its version is in force for nobody else yet, and may never be.
    """
    state = getattr(strategy, "_state_of_data", None)
    if state is not None:
        return state
    if connection.in_atomic_block:
        state = State(strategy)
    else:
        key = (connection.settings_dict["NAME"], strategy.pk, strategy.data_version)
        with _lock:
            state = _states.setdefault(key, State(strategy))
            _states.move_to_end(key)
            while len(_states) > KEPT_STATES:
                _states.popitem(last=False)
    strategy._state_of_data = state
    return state


def forget() -> None:
    """Keep no state in this process: for measuring, and for tests that write without raising a version."""
    with _lock:
        _states.clear()


class State:
    """What the pages of one state share; each part is read when it is first asked for, and never changed."""

    def __init__(self, strategy: Strategy):
        self.strategy = strategy
        self._places: dict[int, Place] = {}
        self._has_standard = False
        self._whole: frozenset[int] = frozenset()  # the countries of which all is read
        self._known: OrderedDict[Viewer, dict] = OrderedDict()

    def known_of(self, viewer: Viewer) -> dict:
        """What was worked out for people who see the same as this one, by name."""
        with _lock:
            known = self._known.setdefault(viewer, {})
            self._known.move_to_end(viewer)
            while len(self._known) > KEPT_VIEWERS:
                self._known.popitem(last=False)
        return known

    @cached_property
    def objectives(self) -> dict[int, Objective]:
        """All objectives by key, in the order of their codes. One query.

        With each: `target`, the share that its pillar is to have; `public_required` and `public_unmet`, what the
        public sees asked and missing for it in the whole world; `members`, `funders`: how many there are.
        """
        target = PillarTarget.objects.filter(strategy=self.strategy, pillar=OuterRef("pillar"))
        members = Organisation.objects.members().order_by().values("is_member")
        funders = Organisation.objects.funders().order_by().values("is_funder")
        rows = (
            Objective.objects.filter(strategy=self.strategy)
            .in_order()
            .select_related("lead_organisation")
            .annotate(
                target=Subquery(target.order_by().values("share")[:1]),
                members=Coalesce(Subquery(members.annotate(all=Count("pk")).values("all")), 0),
                funders=Coalesce(Subquery(funders.annotate(all=Count("pk")).values("all")), 0),
                public_required=self._public("required"),
                public_unmet=self._public("unmet"),
            )
        )
        return {objective.pk: objective for objective in rows}

    def _public(self, column: str) -> Coalesce:
        """The sum of a column of the kept figures, for an objective in the whole world as the public sees it."""
        world = Place.objects.filter(kind=PlaceKind.WORLD).order_by("lft").values("pk")[:1]
        here = SummaryCell.objects.filter(
            strategy=self.strategy, audience=Audience.PUBLIC, place_key=Subquery(world),
            objective_key=OuterRef("pk"), year__in=self.strategy.years,
        )  # fmt: skip
        sums = here.order_by().values("objective_key").annotate(sum=Sum(column))
        return Coalesce(Subquery(sums.values("sum")), 0)

    @cached_property
    def by_code(self) -> dict[str, Objective]:
        return {objective.code: objective for objective in self.objectives.values()}

    @property
    def targets(self) -> dict:
        """The target shares by pillar, of pillars that have one."""
        return {
            node.pillar: node.target
            for node in self.objectives.values()
            if node.is_pillar and node.target is not None
        }

    @cached_property
    def members(self) -> int:
        """How many organisations are members."""
        for objective in self.objectives.values():
            return objective.members
        return Organisation.objects.members().count()

    @cached_property
    def funders(self) -> int:
        """How many organisations are funders."""
        for objective in self.objectives.values():
            return objective.funders
        return Organisation.objects.funders().count()

    @cached_property
    def ribbon(self) -> dict[int, tuple[int, int]]:
        """By pillar what the public sees asked and missing in the whole world; cents."""
        found: dict[int, tuple[int, int]] = {}
        for node in self.objectives.values():
            required, unmet = found.get(node.pillar, (0, 0))
            found[node.pillar] = (
                required + int(node.public_required),
                unmet + int(node.public_unmet),
            )
        return found

    @cached_property
    def places(self) -> dict[str, Place]:
        """The World, the regions and the countries by code, in the tree's order."""
        if not self._has_standard:
            self._read(Q(kind__in=STANDARD))
            self._has_standard = True
        standard = [place for place in self._places.values() if place.kind in STANDARD]
        return {place.code: place for place in sorted(standard, key=lambda place: place.lft)}

    @cached_property
    def world(self) -> Place | None:
        return next((place for place in self.places.values() if place.parent_id is None), None)

    @cached_property
    def whole_tree(self) -> PlaceTree:
        """All places. Shared by all readers of this state: nothing may be added to it."""
        return PlaceTree.whole()

    def tree(self) -> PlaceTree:
        """A tree of what was read so far, to read on in: the standard places, and some divisions."""
        places = self._places if self._has_standard else {}
        return PlaceTree(
            {
                place.pk: Node(
                    place.pk, place.parent_id, place.kind, place.code, place.name, place.lft, place.rgt
                )
                for place in places.values()
            }
        )  # fmt: skip

    def place(self, code: str) -> Place | None:
        """The place with this code, or None. What lies in its country is read along, in the one query."""
        known = next((place for place in self._places.values() if place.code == code), None)
        if known is None or self._country_of(known) not in self._whole | {None}:
            self._read_around(code)
            known = next((place for place in self._places.values() if place.code == code), None)
        return known

    def children(self, place: Place) -> list[Place]:
        """What lies right below a place, by name."""
        return sorted(
            (one for one in self.inside(place) if one.parent_id == place.pk),
            key=lambda one: (one.folded, one.name),
        )

    def inside(self, place: Place) -> list[Place]:
        """All that lies in a place; of what is larger than a country, down to the countries."""
        country = self._country_of(place)
        if country is not None and country not in self._whole:
            self._read_around(place.code)
        within = range(place.lft + 1, place.rgt)
        found = (
            self._places if country else {one.pk: one for one in self.places.values()}
        ).values()
        return sorted((one for one in found if one.lft in within), key=lambda one: one.lft)

    def _country_of(self, place: Place | None) -> int | None:
        """The key of the country that a place is or lies in; None above countries."""
        while place is not None and place.kind != PlaceKind.COUNTRY:
            place = self._places.get(place.parent_id)
        return place.pk if place else None

    def _read_around(self, code: str) -> None:
        """Read a place with all of its country; and the standard places, unless they are here."""
        asked = Place.objects.filter(code=code)
        country = Place.objects.filter(
            kind=PlaceKind.COUNTRY,
            lft__lte=Subquery(asked.values("lft")),
            rgt__gte=Subquery(asked.values("rgt")),
        )
        wanted = Q(code=code) | Q(
            lft__gt=Subquery(country.values("lft")[:1]), rgt__lt=Subquery(country.values("rgt")[:1])
        )
        if not self._has_standard:
            wanted |= Q(kind__in=STANDARD)
        self._read(wanted)
        self._has_standard = True
        read = next((place for place in self._places.values() if place.code == code), None)
        self._whole = self._whole | ({self._country_of(read)} - {None})

    def _read(self, wanted: Q) -> None:
        places = dict(self._places)
        for place in Place.objects.filter(wanted).order_by("lft"):
            if place.pk not in places:
                if place.parent_id in places:
                    place.parent = places[place.parent_id]
                places[place.pk] = place
        self._places = places
