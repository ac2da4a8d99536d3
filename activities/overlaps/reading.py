"""Activities as the search for overlaps reads them, many at a time."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from activities.choices import OrganisationRole
from activities.models import (
    Activity,
    ActivityExploitation,
    ActivityObjective,
    ActivityPlace,
    ActivityPopulation,
    Participant,
    WordCount,
)
from portal.directory.choices import PlaceKind
from portal.directory.tree import PlaceTree
from portal.records.choices import ReviewState
from strategy.analysis.overlap import Node, Rarity
from strategy.analysis.overlap_search import Entry, Told
from strategy.models import Objective

LEVELS = {PlaceKind.WORLD: 0, PlaceKind.REGION: 1, PlaceKind.COUNTRY: 2, PlaceKind.DIVISION: 3}
#: Records that nobody gave out of hand yet, or that came back, are compared with nothing.
COMPARED = (ReviewState.SUBMITTED, ReviewState.ACCEPTED)
_COLUMNS = (
    "pk", "reporting_organisation", "title", "description", "planned_start", "planned_end",
    "mode_of_delivery", "link_group",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """An activity as somebody types it. Objectives, places and organisations by key, shares as percentages."""

    title: str
    description: str = ""
    objectives: Mapping[int, Decimal] | None = None
    places: Mapping[int, Decimal] | None = None
    planned_start: date | None = None
    planned_end: date | None = None
    populations: Collection[str] = ()
    exploitations: Collection[str] = ()
    mode_of_delivery: str = ""
    organisation: int | None = None
    participants: Iterable[tuple[int, str]] | Mapping[int, str] = ()  # organisation, role
    activity: int | None = None  # the record that is being edited


def compared():
    """The activities that are compared at all."""
    return Activity.objects.filter(review_state__in=COMPARED, removed_at=None).exclude(
        **Activity.cancelled
    )


def entries(keys: Collection[int] | None = None) -> list[Entry]:
    """These activities, or all, as far as they are compared; by key."""
    rows = compared().order_by("pk").values_list(*_COLUMNS)
    of = {}
    if keys is not None:
        rows, of = rows.filter(pk__in=keys), {"activity__in": keys}
    rows = list(rows)
    if not rows:
        return []
    objectives = _grouped(ActivityObjective, of, "objective", "share")
    places = _grouped(ActivityPlace, of, "place", "share")
    people = _grouped(ActivityPopulation, of, "group")
    forms = _grouped(ActivityExploitation, of, "form")
    taking_part = _grouped(Participant, of, "organisation", "role")
    reader = _Reader.of(
        (key for found in objectives.values() for key, _ in found),
        (key for found in places.values() for key, _ in found),
    )
    return [
        reader.entry(
            key=key,
            organisation=organisation,
            title=title,
            description=description,
            objectives=objectives.get(key, ()),
            places=places.get(key, ()),
            start=start,
            end=end,
            populations=(group for (group,) in people.get(key, ())),
            exploitations=(form for (form,) in forms.get(key, ())),
            delivery=delivery,
            taking_part=taking_part.get(key, ()),
            link_group=group,
        )
        for key, organisation, title, description, start, end, delivery, group in rows
    ]


def draft_entry(draft: Draft) -> Entry:
    """An unsaved activity; its key stands behind those of all saved ones, as its own will."""
    objectives, places = draft.objectives or {}, draft.places or {}
    taking_part = draft.participants
    if isinstance(taking_part, Mapping):
        taking_part = taking_part.items()
    return _Reader.of(objectives, places).entry(
        key=draft.activity or 2**62,
        organisation=draft.organisation,
        title=draft.title,
        description=draft.description,
        objectives=tuple(objectives.items()),
        places=tuple(places.items()),
        start=draft.planned_start,
        end=draft.planned_end,
        populations=draft.populations,
        exploitations=draft.exploitations,
        delivery=draft.mode_of_delivery,
        taking_part=taking_part,
        link_group=None,
    )


def rarity(found: Collection[Told]) -> Rarity:
    """The counts of the last full pass, as far as these activities need them."""
    marks = {"", *(mark for told in found for mark in told.marks)}
    countries = {0, *(told.entry.country or 0 for told in found)}
    total, counts, totals, by_country = 0, {}, {}, {}
    rows = WordCount.objects.filter(mark__in=marks, country__in=countries)
    for mark, country, count in rows.values_list("mark", "country", "count"):
        if not mark and not country:
            total = count
        elif not mark:
            totals[country] = count
        elif not country:
            counts[mark] = count
        else:
            by_country[country, mark] = count
    return Rarity(total, counts, totals, by_country)


@dataclass(frozen=True, slots=True)
class _Reader:
    """The trees that the activities stand in."""

    objectives: Mapping[int, tuple[int, ...]]
    places: PlaceTree

    @classmethod
    def of(cls, objectives: Iterable[int], places: Iterable[int]) -> "_Reader":
        return cls(_objective_paths(set(objectives)), PlaceTree.of(set(places)))

    def entry(
        self,
        *,
        key,
        organisation,
        title,
        description,
        objectives,
        places,
        start,
        end,
        populations,
        exploitations,
        delivery,
        taking_part,
        link_group,
    ) -> Entry:
        nodes = self.places.nodes
        countries = {
            self.places.up_to(place, frozenset({PlaceKind.COUNTRY})) for place, _ in places
        }
        names = {nodes[step].name: None for place, _ in places for step in self.places.path(place)}
        doing, paying = {organisation} - {None}, set()
        for other, role in taking_part:
            (paying if role == OrganisationRole.FUNDING else doing).add(other)
        return Entry(
            key=key,
            organisation=organisation,
            title=title,
            description=description,
            objectives=tuple(
                Node(self.objectives[node], float(share) / 100)
                for node, share in sorted(objectives)
                if node in self.objectives
            ),
            places=tuple(
                Node(self.places.path(place), float(share) / 100, LEVELS[nodes[place].kind])
                for place, share in sorted(places)
            ),
            country=next(iter(countries)) if len(countries) == 1 else None,
            place_names=tuple(names),
            start=start.toordinal() if start else None,
            end=end.toordinal() if end else None,
            populations=frozenset(populations),
            exploitations=frozenset(exploitations),
            delivery=delivery,
            participants=frozenset(doing),
            funders=frozenset(paying),
            link_group=link_group,
        )


def _grouped(model, of: dict, *names: str) -> dict[int, list[tuple]]:
    found = defaultdict(list)
    rows = model.objects.filter(**of).order_by("activity", "pk")
    for key, *values in rows.values_list("activity", *names):
        found[key].append(tuple(values))
    return found


def _objective_paths(keys: set[int]) -> dict[int, tuple[int, ...]]:
    """The path of each objective of the strategies that these belong to, pillar first."""
    if not keys:
        return {}
    strategies = Objective.objects.filter(pk__in=keys).order_by().values("strategy")
    rows = Objective.objects.filter(strategy__in=strategies).order_by()
    parents = dict(rows.values_list("pk", "parent"))
    paths = {}
    for key in keys & parents.keys():
        path, step = [], key
        while step is not None:
            path.append(step)
            step = parents.get(step)
        paths[key] = tuple(reversed(path))
    return paths
