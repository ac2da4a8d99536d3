"""What a writer can choose from: organisations, objectives, places at hand, working groups, currencies."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Activity, ActivityPlace
from portal.directory.access import viewer_of
from portal.directory.acting import acting_organisation
from portal.directory.choices import PlaceKind
from portal.directory.models import Organisation, Place, WorkingGroup
from portal.lib.text import fold
from strategy.choices import Pillar
from strategy.models import ExchangeRate, Objective, Requirement, Strategy

#: Everywhere in use, whether or not rates are known.
USUAL_CURRENCIES = ("USD", "EUR", "GBP")
MOST_FOUND = 20
#: Of what is looked for: no name is longer, and databases refuse patterns without end.
LONGEST_WORDS = 200
MOST_AT_HAND = 9


@dataclass(frozen=True, slots=True)
class Branch:
    """A pillar with the objectives that can be chosen under it: (objective, depth below the pillar)."""

    pillar: int | None  # None: objectives of an earlier strategy
    name: str
    nodes: list[tuple[Objective, int]] = field(default_factory=list)


class Options:
    """The choices of one person, for a new activity or for `activity`. Read as they are needed."""

    def __init__(self, request, strategy: Strategy, activity: Activity | None = None):
        self.request, self.user = request, request.user
        self.strategy, self.activity = strategy, activity
        self.viewer = viewer_of(request.user)

    @property
    def today(self) -> date:
        return timezone.localdate()

    @property
    def currency(self) -> str:
        return self.strategy.reporting_currency

    @cached_property
    def organisations(self) -> list[Organisation]:
        """For which one may report: the one acted for, one's own, or any member for the secretariat."""
        if self.activity is not None:
            return [self.activity.reporting_organisation]
        acting = acting_organisation(self.request, editing=True)
        if acting is not None and not self.viewer.is_secretariat:
            return [acting]
        mine = Q(pk__in=self.viewer.editable_organisations)
        if self.viewer.is_secretariat:
            mine |= Q(is_member=True)
        return list(Organisation.objects.visible_to(self.user).filter(mine).order_by("name", "pk"))

    @cached_property
    def objectives(self) -> dict[int, Objective]:
        """By key: those of the strategy in force, and those that the activity has already."""
        wanted = Q(strategy=self.strategy)
        if self.activity is not None:
            wanted |= Q(activity_shares__activity=self.activity)
        nodes = Objective.objects.visible_to(self.user).filter(wanted).distinct()
        return {node.pk: node for node in nodes.order_by("pillar", "sort_key", "pk")}

    @cached_property
    def tree(self) -> list[Branch]:
        """The objectives under their pillars; a pillar as a whole comes last of its own."""
        branches = {number: Branch(number, Pillar(number).label) for number in Pillar.values}
        earlier = Branch(None, _("Of an earlier strategy"))
        for node in self.objectives.values():
            if node.strategy_id != self.strategy.pk:
                earlier.nodes.append((node, 0))
            elif not node.is_pillar:
                branches[node.pillar].nodes.append((node, node.code.count(".") - 1))
        for node in self.objectives.values():
            if node.is_pillar and node.strategy_id == self.strategy.pk:
                branches[node.pillar].nodes.append((node, 0))
        return [one for one in (*branches.values(), earlier) if one.nodes]

    @cached_property
    def groups(self) -> list[WorkingGroup]:
        """Groups that the activity can be shared with: one's own, and those it is shared with already."""
        groups = WorkingGroup.objects.visible_to(self.user)
        if not self.viewer.is_secretariat:
            mine = Q(pk__in=self.viewer.working_groups)
            if self.activity is not None:
                mine |= Q(pk__in=self.activity.working_groups.values("pk"))
            groups = groups.filter(mine)
        return list(groups)

    @cached_property
    def currencies(self) -> list[str]:
        known = set(ExchangeRate.objects.order_by().values_list("currency", flat=True).distinct())
        known |= {*USUAL_CURRENCIES, self.currency}
        if self.activity is not None and self.activity.budget_currency:
            known.add(self.activity.budget_currency)
        return [self.currency, *sorted(known - {self.currency})]

    @cached_property
    def places_at_hand(self) -> list[Place]:
        """Places one is likely to mean: where one's organisations work, and where the strategy asks for most."""
        own = (
            ActivityPlace.objects.filter(
                activity__in=Activity.objects.visible_to(self.user)
                .owned_by(self.viewer.organisations)
                .values("pk")
            )
            .order_by()
            .values_list("place")
            .annotate(times=Count("pk"))
            .order_by("-times", "place")[:MOST_AT_HAND]
        )
        asked = (
            Requirement.objects.visible_to(self.user)
            .filter(objective__strategy=self.strategy)
            .exclude(place__kind__in=(PlaceKind.WORLD, PlaceKind.REGION))
            .order_by()
            .values_list("place")
            .annotate(times=Count("pk"))
            .order_by("-times", "place__lft")[:MOST_AT_HAND]
        )
        keys = dict.fromkeys(key for rows in (own, asked) for key, _times in rows)
        found = places_by_key(list(keys)[:MOST_AT_HAND])
        return sorted(found, key=lambda place: fold(place.name))


def places_by_key(keys: Iterable[int]) -> list[Place]:
    """These places with what they lie in, in the order given."""
    found = {place.pk: place for place in _with_parents(Place.objects.filter(pk__in=keys))}
    return [found[key] for key in keys if key in found]


def find_places(words: str) -> list[Place]:
    """Places whose name holds `words`, or whose code it is; names that begin so come first, then larger places."""
    words = fold(words[:LONGEST_WORDS].replace("\0", ""))
    if len(words) < 2:
        return []
    begins = Case(
        When(folded=words, then=Value(0)),
        When(folded__startswith=words, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    found = Place.objects.filter(Q(folded__contains=words) | Q(code__iexact=words))
    return list(_with_parents(found.order_by(begins, "depth", "lft")[:MOST_FOUND]))


def places_inside(key: int) -> tuple[Place | None, list[Place]]:
    """A place, and what lies directly in it."""
    place = _with_parents(Place.objects.filter(pk=key)).first()
    return place, list(_with_parents(place.children.order_by("lft"))) if place else []


def _with_parents(places):
    return places.select_related("parent")


def describe(place: Place) -> str:
    """What a place lies in, to tell two of one name apart: `Kenya`."""
    return place.parent.name if place.parent and place.parent.kind != PlaceKind.WORLD else ""


def has_inside(place: Place) -> bool:
    """Whether places lie in it. In nested sets an end node has no room between its bounds."""
    return place.kind != PlaceKind.DIVISION and place.rgt - place.lft > 1


def find_partners(words: str, user) -> list[Organisation]:
    """Organisations whose name, short name or other name holds `words`."""
    words = fold(words[:LONGEST_WORDS].replace("\0", ""))
    if len(words) < 2:
        return []
    begins = Case(
        When(folded__startswith=words, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    named = Q(folded__contains=words) | Q(short_name__icontains=words)
    named |= Q(alternative_names__folded__contains=words)
    found = Organisation.objects.visible_to(user).filter(named).annotate(begins=begins)
    return list(
        found.select_related("country").order_by("begins", "name", "pk").distinct()[:MOST_FOUND]
    )
