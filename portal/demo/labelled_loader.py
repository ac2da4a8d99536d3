"""A labelled set as records: places, objectives, organisations and activities of its own, in an empty database."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import transaction

from activities.choices import OrganisationRole
from activities.models import (
    Activity,
    ActivityExploitation,
    ActivityObjective,
    ActivityPlace,
    ActivityPopulation,
    Participant,
)
from portal.demo.labelled import Labelled
from portal.directory.choices import PlaceKind
from portal.directory.models import Organisation, Place
from portal.lib.text import fold
from strategy.analysis.overlap import Node
from strategy.analysis.overlap_search import Entry
from strategy.choices import Pillar, StrategyStatus
from strategy.models import Objective, Strategy

BATCH = 2000
KINDS = (PlaceKind.WORLD, PlaceKind.REGION, PlaceKind.COUNTRY, PlaceKind.DIVISION)

Path = tuple[int, ...]


@transaction.atomic
def load_labelled(labelled: Labelled) -> dict[int, int]:
    """Write a labelled set; by the key of each entry that of its activity. Overlaps are not scored."""
    entries = labelled.entries
    places = _places(_paths(entry.places for entry in entries), _names(entries))
    objectives = _objectives(_paths(entry.objectives for entry in entries))
    organisations = _organisations(entries)
    made = Activity.objects.bulk_create(
        [_activity(entry, organisations) for entry in entries], batch_size=BATCH
    )
    keys = {entry.key: row.pk for entry, row in zip(entries, made, strict=True)}
    rows: dict[type, list] = {}
    for entry in entries:
        for row in _parts(entry, keys[entry.key], places, objectives, organisations):
            rows.setdefault(type(row), []).append(row)
    for model, found in rows.items():
        model.objects.bulk_create(found, batch_size=BATCH)
    return keys


def _activity(entry: Entry, organisations: dict[int, int]) -> Activity:
    return Activity(
        reporting_organisation_id=organisations[entry.organisation],
        title=entry.title,
        description=entry.description,
        folded=fold(f"{entry.title} {entry.description}"),
        planned_start=date.fromordinal(entry.start),
        planned_end=date.fromordinal(entry.end),
        mode_of_delivery=entry.delivery,
        objective_total=100,
        place_total=100,
    )


def _parts(entry: Entry, key: int, places, objectives, organisations):
    for node in entry.objectives:
        yield ActivityObjective(
            activity_id=key, objective_id=objectives[node.path], share=_percent(node)
        )
    for node in entry.places:
        yield ActivityPlace(activity_id=key, place_id=places[node.path], share=_percent(node))
    for group in sorted(entry.populations):
        yield ActivityPopulation(activity_id=key, group=group)
    for form in sorted(entry.exploitations):
        yield ActivityExploitation(activity_id=key, form=form)
    for organisation in sorted(entry.participants - {entry.organisation}):
        yield Participant(
            activity_id=key,
            organisation_id=organisations[organisation],
            role=OrganisationRole.IMPLEMENTING,
        )
    for organisation in sorted(entry.funders):
        yield Participant(
            activity_id=key,
            organisation_id=organisations[organisation],
            role=OrganisationRole.FUNDING,
        )


def _percent(node: Node) -> Decimal:
    return Decimal(str(round(node.share * 100, 6)))


def _paths(found: Iterable[tuple[Node, ...]]) -> list[Path]:
    """Every node and all above it, parents first, each before what stands beside it."""
    return sorted(
        {
            node.path[:length]
            for nodes in found
            for node in nodes
            for length in range(1, len(node.path) + 1)
        }
    )


def _names(entries: Iterable[Entry]) -> dict[Path, str]:
    return {
        node.path[:length]: name
        for entry in entries
        for node in entry.places
        for length, name in enumerate(entry.place_names, 1)
    }


def _places(paths: list[Path], names: dict[Path, str]) -> dict[Path, int]:
    """Places with nested-set bounds; on a path of keys the parent comes first."""
    bounds: dict[Path, list[int]] = {}
    at, open_paths = 0, []

    def close_to(depth):
        nonlocal at
        while len(open_paths) > depth:
            at += 1
            bounds[open_paths.pop()][1] = at

    for path in paths:
        close_to(len(path) - 1)
        at += 1
        bounds[path] = [at, 0]
        open_paths.append(path)
    close_to(0)
    made: dict[Path, int] = {}
    for depth in range(1, len(KINDS) + 1):
        level = [path for path in paths if len(path) == depth]
        rows = Place.objects.bulk_create(
            [
                Place(
                    code=f"L{path[-1]}",
                    name=names[path],
                    folded=fold(names[path]),
                    kind=KINDS[depth - 1],
                    parent_id=made.get(path[:-1]),
                    lft=bounds[path][0],
                    rgt=bounds[path][1],
                    depth=depth - 1,
                )
                for path in level
            ],
            batch_size=BATCH,
        )
        made |= {path: row.pk for path, row in zip(level, rows, strict=True)}
    return made


def _objectives(paths: list[Path]) -> dict[Path, int]:
    strategy = Strategy.objects.create(
        title="Labelled set",
        coalition_name="Labelled set",
        starts_on=date(2023, 1, 1),
        ends_on=date(2030, 12, 31),
        reporting_currency="USD",
        status=StrategyStatus.IN_FORCE,
    )
    made: dict[Path, Objective] = {}
    for path in paths:
        parent = made.get(path[:-1])
        code = f"{parent.code}.{path[-1] % 10 + 1}" if parent else str(path[0])
        title = Pillar(path[0]).label if parent is None else f"Objective {code}"
        made[path] = Objective.objects.create(
            strategy=strategy,
            parent=parent,
            pillar=path[0],
            code=code,
            title=title,
            short_title=title,
        )
    return {path: node.pk for path, node in made.items()}


def _organisations(entries: Iterable[Entry]) -> dict[int, int]:
    found = {
        key
        for entry in entries
        for key in (entry.organisation, *entry.participants, *entry.funders)
    }
    rows = Organisation.objects.bulk_create(
        [
            Organisation(
                name=f"Example organisation {key}",
                folded=f"example organisation {key}",
                slug=f"labelled-{key}",
                is_member=key < 1_000_000,
                is_funder=key >= 1_000_000,
                is_example=True,
            )
            for key in sorted(found)
        ],
        batch_size=BATCH,
    )
    return dict(zip(sorted(found), (row.pk for row in rows), strict=True))
