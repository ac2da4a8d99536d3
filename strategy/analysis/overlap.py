"""Whether two activities are the same work: a score from named parts, and what kind of sameness it is.

Source of the words duplication and overlap: GAO-15-49SP.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import log, sqrt
from typing import ClassVar, Protocol

from strategy.analysis.overlap_parts import (
    objective_part,
    participants_part,
    period_part,
    place_part,
    population_part,
)
from strategy.analysis.overlap_text import shared_text

Path = tuple[int, ...]  # keys from the root down

OBJECTIVE, PLACE, PERIOD, POPULATION = "objective", "place", "period", "population"
DELIVERY, TEXT, PARTICIPANTS = "delivery", "text", "participants"
PARTS = (OBJECTIVE, PLACE, PERIOD, POPULATION, DELIVERY, TEXT, PARTICIPANTS)

SAME_PROJECT, DUPLICATION, OVERLAP, DOUBLE_ENTRY = "same", "duplication", "overlap", "double"


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part weighs, and how alike two activities must be. Every number is from 0 to 1 unless it says so."""

    #: Weights of the parts; only their proportions matter. That somebody takes part in both is added on top.
    objective: float = 0.14
    place: float = 0.13
    period: float = 0.15
    population: float = 0.24
    delivery: float = 0.07
    text: float = 0.25
    participants: float = 0.04
    #: What a part counts that one of the two does not state.
    unstated: float = 0.88
    #: From this score on two activities are shown as alike.
    threshold: float = 0.75
    #: From this score on an activity is shown beside a form as similar.
    similar: float = 0.62
    #: Below these, one part alone says that the two are different work, whatever the others say.
    least_objective: float = 0.2
    least_period: float = 0.12
    least_text: float = 0.1
    #: An edit that raises a settled pair's score by this much opens it again.
    reopen_rise: float = 0.1
    #: How many of its rarest words, and of its organisations and objectives, an activity is looked up by.
    keys: int = 14
    people: int = 8
    #: How many of those two activities must share to be compared.
    keys_shared: int = 2


@dataclass(frozen=True, slots=True)
class Rarity:
    """How rare words are among all activities, and among those of each country.

    A country with few activities says little of a word: it counts as `PRIOR` activities drawn from all of them;
    and all of them are taken as `UNSEEN` more than there are, so that a young coalition finds no word common.
    """

    total: int
    counts: Mapping[str, int]
    totals: Mapping[int, int] = field(default_factory=dict)  # by country
    country_counts: Mapping[tuple[int, str], int] = field(default_factory=dict)
    _known: dict[tuple[int | None, str], float] = field(
        default_factory=dict, repr=False, compare=False
    )

    PRIOR: ClassVar[int] = 50
    UNSEEN: ClassVar[int] = 200

    def of(self, word: str, country: int | None) -> float:
        """0 for a word that every activity has; the natural logarithm of one in so many."""
        known = self._known.get((country, word))
        if known is None:
            known = self._known[country, word] = self._of(word, country)
        return known

    def bearers(self, word: str, country: int | None) -> int:
        """How many activities bear it, in the country if there is one."""
        if country is None:
            return self.counts.get(word, 0)
        return self.country_counts.get((country, word), 0)

    def _of(self, word: str, country: int | None) -> float:
        everywhere = (self.counts.get(word, 0) + 0.5) / (self.total + self.UNSEEN)
        if country is None:
            return max(0.0, -log(min(1.0, everywhere)))
        total = self.totals.get(country, 0)
        here = self.country_counts.get((country, word), 0) + self.PRIOR * everywhere
        return max(0.0, -log(min(1.0, here / (total + self.PRIOR))))


@dataclass(frozen=True, slots=True)
class Node:
    """A place or an objective of an activity, by its path from the root, with its share in it, 0 to 1."""

    path: Path
    share: float
    level: int = 0  # of a place: 0 World, 1 region, 2 country, 3 below it


@dataclass(frozen=True, slots=True)
class Work:
    """An activity as it is compared with others."""

    key: int
    organisation: int | None
    words: Mapping[
        str, tuple[float, str]
    ]  # form -> weight, as it is written; in the order of the text
    objectives: tuple[Node, ...] = ()
    places: tuple[Node, ...] = ()
    start: int | None = None  # days as ordinals, both counted
    end: int | None = None
    populations: frozenset[str] = frozenset()
    exploitations: frozenset[str] = frozenset()
    delivery: str = ""
    participants: frozenset[int] = (
        frozenset()
    )  # organisations that do the work, the reporting one too
    funders: frozenset[int] = frozenset()
    phase: int | None = None
    link_group: int | None = None
    norm: float = 0.0  # of the words' weights
    total: float = 0.0  # their sum


class Marked(Protocol):
    """An activity, prepared or as it is recorded."""

    @property
    def participants(self) -> frozenset[int]: ...
    @property
    def funders(self) -> frozenset[int]: ...
    @property
    def objectives(self) -> tuple[Node, ...]: ...


@dataclass(frozen=True, slots=True)
class Alike:
    """How alike two activities are. `parts`: 0 to 1, None where one of the two does not say."""

    score: float
    kind: str
    parts: dict[str, float | None]
    shared_words: tuple[str, ...]  # as the first writes them, the most telling first
    shared_from: date | None
    shared_until: date | None
    objective: int | None  # the node both work for, the deeper one where one lies in the other
    place: int | None


LEAST_RARITY = 2.0  # a word that more than one activity in seven bears finds nothing
LEAST_RARITY_OF_PEOPLE = 1.0  # nor an organisation that more than one in three bears
FEW = 60  # where so few bear it that all of them can be compared, it may be common
KNOWN_BY_PEOPLE = 0.7  # where one says nothing in words, somebody must do the work of both, in one country at most
COMMON = 1.0  # rarity below which a word weighs nothing
IN_TITLE = 1.5


def weigh(
    title: Mapping[str, str],
    description: Mapping[str, str],
    rarity: Rarity,
    country: int | None,
    leave_out: Collection[str] = (),
) -> dict[str, tuple[float, str]]:
    """The words of an activity with their weights: rarity above that of common words, more in the title.

    leave_out: the names of its own places, which the place says already.
    """
    found: dict[str, tuple[float, str]] = {}
    for words, factor in ((title, IN_TITLE), (description, 1.0)):
        for form, written in words.items():
            if form not in found and form not in leave_out:
                weight = round(factor * (rarity.of(form, country) - COMMON), 3)
                if weight > 0:
                    found[form] = (weight, written)
    return found


def lengths(words: Mapping[str, tuple[float, str]]) -> tuple[float, float]:
    """Norm and sum of the weights: `Work.norm` and `Work.total`."""
    weights = [weight for weight, _ in words.values()]
    return sqrt(sum(weight * weight for weight in weights)), sum(weights)


def marks(work: Work, rarity: Rarity, country: int | None, weights: Weights) -> list[str]:
    """The rarest marks of an activity: what candidates are found by, rarest first, ties by text.

    Its words, and the organisations taking part with what they work for, so that records without words are found.
    """
    return [
        *_rarest(work.words, LEAST_RARITY, weights.keys, rarity, country),
        *_rarest(structural_marks(work), LEAST_RARITY_OF_PEOPLE, weights.people, rarity, country),
    ]


def _rarest(
    found: Iterable[str], least: float, most: int, rarity: Rarity, country: int | None
) -> list[str]:
    rare = {mark: rarity.of(mark, country) for mark in found}
    telling = [
        mark
        for mark, value in rare.items()
        if value >= least or rarity.bearers(mark, country) <= FEW
    ]
    return sorted(telling, key=lambda mark: (-rare[mark], mark))[:most]


def structural_marks(work: Marked) -> list[str]:
    """What besides its words an activity, prepared or as it is recorded, may be found by."""
    taking_part = sorted(work.participants | work.funders)
    pillars = sorted({node.path[0] for node in work.objectives if node.path})
    return [
        *(f"#o{key}" for key in taking_part),
        *(f"#o{key}.{pillar}" for key in taking_part for pillar in pillars),
        *(f"#g{node.path[-1]}" for node in work.objectives if node.path),
    ]


def compare(first: Work, second: Work, weights: Weights) -> Alike | None:
    """How alike two activities are; None where they cannot be the same work or stay below the threshold."""
    found = assess(first, second, weights)
    return found if found and found.score >= weights.threshold else None


def assess(first: Work, second: Work, weights: Weights) -> Alike | None:
    """The same whatever the score; None where the two cannot be the same work."""
    if first.link_group is not None and first.link_group == second.link_group:
        return None  # somebody said already that they are one
    period = period_part(first, second)
    if period is not None and period < weights.least_period:
        return None
    if first.phase is not None and second.phase is not None and first.phase != second.phase:
        return None
    place, shared_place = place_part(first.places, second.places)
    if place == 0:
        return None
    population = population_part(first, second)
    if population == 0:
        return None
    objective, shared_objective = objective_part(first.objectives, second.objectives)
    if objective is not None and objective < weights.least_objective:
        return None
    participants = participants_part(first, second)
    text, shared = shared_text(first, second)
    if text is None and (participants < KNOWN_BY_PEOPLE or (place or 0.0) < KNOWN_BY_PEOPLE):
        return None  # nothing but time and purpose in common
    if text is not None and text < weights.least_text:
        return None
    delivery = None
    if first.delivery and second.delivery:
        delivery = 1.0 if first.delivery == second.delivery else 0.0
    parts = {
        OBJECTIVE: objective,
        PLACE: place,
        PERIOD: period,
        POPULATION: population,
        DELIVERY: delivery,
        TEXT: text,
        PARTICIPANTS: participants,
    }
    parts = {name: None if value is None else round(value, 3) for name, value in parts.items()}
    score = _score(parts, weights)
    return Alike(
        score=score,
        kind=_kind(first, second, parts),
        parts=parts,
        shared_words=shared,
        shared_from=_day(max, first.start, second.start, period),
        shared_until=_day(min, first.end, second.end, period),
        objective=shared_objective,
        place=shared_place,
    )


def _score(parts: Mapping[str, float | None], weights: Weights) -> float:
    """The weighted mean of the parts, and what a common participant adds, at most 1. Nobody in common takes nothing."""
    total = gained = 0.0
    for name in PARTS[:-1]:
        value, weight = parts[name], float(getattr(weights, name))
        total += weight
        gained += weight * (weights.unstated if value is None else value)
    score = (gained + weights.participants * (parts[PARTICIPANTS] or 0.0)) / total
    return round(min(1.0, score), 4)


def _kind(first: Work, second: Work, parts: Mapping[str, float | None]) -> str:
    if first.organisation is not None and first.organisation == second.organisation:
        return DOUBLE_ENTRY
    taking_part = (
        first.organisation in second.participants | second.funders
        or second.organisation in first.participants | first.funders
    )
    text = parts[TEXT] or 0.0
    if text >= (0.25 if taking_part else 0.4) and (parts[PARTICIPANTS] or 0) >= 0.5:
        return SAME_PROJECT
    people = parts[POPULATION]
    same_people = people is None or people >= 0.6
    same_way = parts[DELIVERY] != 0
    same_cell = (parts[PLACE] or 0) >= 0.7 and (parts[OBJECTIVE] or 0) >= 0.7
    return DUPLICATION if same_cell and same_people and same_way and text >= 0.35 else OVERLAP


def _day(
    choose: Callable[[int, int], int], one: int | None, other: int | None, period: float | None
) -> date | None:
    if period is None or one is None or other is None:
        return None
    return date.fromordinal(choose(one, other))


def groups(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Connected pairs as groups of keys, each in order, the groups by their first key."""
    parent: dict[int, int] = {}

    def root(key: int) -> int:
        parent.setdefault(key, key)
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for one, other in pairs:
        a, b = root(one), root(other)
        if a != b:
            parent[max(a, b)] = min(a, b)
    found: dict[int, list[int]] = {}
    for key in sorted(parent):
        found.setdefault(root(key), []).append(key)
    return list(found.values())
