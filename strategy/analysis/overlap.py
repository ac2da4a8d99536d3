"""Whether two activities are the same work: a score from named parts, and what kind of sameness it is.

Source of the words duplication and overlap: GAO-15-49SP.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import log, sqrt
from typing import ClassVar, Protocol

from rapidfuzz import fuzz

from strategy.analysis.words import initials

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


#: Groups of people that another group takes in.
TAKES_IN = {
    "adults": frozenset({"women", "men"}),
    "communities": frozenset({"public"}),
    "public": frozenset({"communities"}),
    "migrants": frozenset({"workers"}),
    "workers": frozenset({"migrants"}),
}
LEAST_RARITY = 2.0  # a word that more than one activity in seven bears finds nothing
LEAST_RARITY_OF_PEOPLE = 1.0  # nor an organisation that more than one in three bears
FEW = 60  # where so few bear it that all of them can be compared, it may be common
NEAR = 88  # two words spelt this much alike (rapidfuzz, 0 to 100) are taken for one
NEAR_LENGTH = 5
SHOWN_WORDS = 12
KNOWN_BY_PEOPLE = 0.7  # where one says nothing in words, somebody must do the work of both, in one country at most
COMMON = 1.0  # rarity below which a word weighs nothing
IN_TITLE = 1.5
LESS_COVERED = 0.6  # what the text that is covered less counts for; the rest is the other's, often a title alone
ENOUGH = 24.0  # weight of shared words, both sides, from which a covered short text says all it can


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
    period = _period(first, second)
    if period is not None and period < weights.least_period:
        return None
    if first.phase is not None and second.phase is not None and first.phase != second.phase:
        return None
    place, shared_place = _place(first.places, second.places)
    if place == 0:
        return None
    population = _population(first, second)
    if population == 0:
        return None
    objective, shared_objective = _objective(first.objectives, second.objectives)
    if objective is not None and objective < weights.least_objective:
        return None
    participants = _participants(first, second)
    text, shared = _text(first, second)
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


def _period(first: Work, second: Work) -> float | None:
    """How much of the shorter period and of both together is shared; None where one has no days."""
    for one, other in ((first, second), (second, first)):
        if one.start is not None and other.end is not None and one.start > other.end:
            return 0.0
    if first.start is None or first.end is None or second.start is None or second.end is None:
        return None
    shared = min(first.end, second.end) - max(first.start, second.start) + 1
    one_days, other_days = first.end - first.start + 1, second.end - second.start + 1
    return (shared / min(one_days, other_days) + shared / (one_days + other_days - shared)) / 2


def _place(first: tuple[Node, ...], second: tuple[Node, ...]) -> tuple[float | None, int | None]:
    return _nodes(first, second, _place_relation)


def _objective(
    first: tuple[Node, ...], second: tuple[Node, ...]
) -> tuple[float | None, int | None]:
    return _nodes(first, second, _objective_relation)


def _nodes(
    first: tuple[Node, ...], second: tuple[Node, ...], relation: Callable[[Node, Node], float]
) -> tuple[float | None, int | None]:
    """How well each side's nodes are met by the other's, by their shares; and the node that both share most."""
    if not first or not second:
        return None, None
    if len(first) == 1 and len(second) == 1:
        value = relation(first[0], second[0])
        return value, _deeper(first[0], second[0]) if value > 0 else None
    best, node, met = 0.0, None, [0.0] * len(second)
    here = 0.0
    for one in first:
        most = 0.0
        for at, other in enumerate(second):
            value = relation(one, other)
            most = max(most, value)
            met[at] = max(met[at], value)
            weight = value * min(one.share, other.share)
            if weight > best:
                best, node = weight, _deeper(one, other)
        here += one.share * most
    there = sum(other.share * value for other, value in zip(second, met, strict=True))
    return (here + there) / 2, node


def _deeper(one: Node, other: Node) -> int | None:
    a, b = one.path, other.path
    shorter = min(len(a), len(b))
    if a[:shorter] != b[:shorter]:
        return None
    return (a if len(a) >= len(b) else b)[-1]


def _place_relation(one: Node, other: Node) -> float:
    """1 for the same place; less where one lies in the other, the larger the outer one; else 0."""
    a, b = one.path, other.path
    if a == b:
        return 1.0
    outer = one if len(a) < len(b) else other
    shorter = len(outer.path)
    if len(a) == len(b) or a[:shorter] != b[:shorter]:
        return 0.0
    return (0.2, 0.4, 0.7, 0.8)[min(outer.level, 3)]


def _objective_relation(one: Node, other: Node) -> float:
    """1 for the same objective; 0.75 for its parent; 0.4 for one beside it; 0.2 within the pillar; else 0."""
    a, b = one.path, other.path
    if a == b:
        return 1.0
    shared = 0
    for x, y in zip(a, b):  # noqa: B905 of different lengths
        if x != y:
            break
        shared += 1
    if shared == 0:
        return 0.0
    apart = len(a) + len(b) - 2 * shared
    if shared == min(len(a), len(b)):
        return 0.75 if apart == 1 else 0.55
    return 0.4 if apart == 2 and shared > 1 else 0.2


def _population(first: Work, second: Work) -> float | None:
    """For whom, and against which exploitation: 0 where both say and nobody is meant by both."""
    people = _sets(first.populations, second.populations, TAKES_IN)
    if people == 0:
        return 0.0
    forms = None
    if first.exploitations and second.exploitations:
        if "any" in first.exploitations or "any" in second.exploitations:
            forms = 0.8 if first.exploitations != second.exploitations else 1.0
        else:
            forms = _sets(first.exploitations, second.exploitations, {})
    if people is None:
        return forms
    return people if forms is None else 0.7 * people + 0.3 * forms


def _sets(
    first: frozenset[str], second: frozenset[str], takes_in: Mapping[str, frozenset[str]]
) -> float | None:
    if not first or not second:
        return None
    if first == second:
        return 1.0
    shared = len(first & second)
    if shared:
        return (shared / min(len(first), len(second)) + shared / len(first | second)) / 2
    near = any(
        other in takes_in.get(one, ()) or one in takes_in.get(other, ())
        for one in first
        for other in second
    )
    return 0.5 if near else 0.0


def _participants(first: Work, second: Work) -> float:
    """1 where one's organisation takes part in the other's work; less for a partner or funder in common; else 0."""
    if first.organisation is not None and first.organisation == second.organisation:
        return 1.0
    if (
        first.organisation in second.participants
        or second.organisation in first.participants
        or first.organisation in second.funders
        or second.organisation in first.funders
    ):
        return 1.0
    doing = first.participants & second.participants
    if doing:
        return 0.7
    return 0.3 if first.funders & second.funders else 0.0


def _text(first: Work, second: Work) -> tuple[float | None, tuple[str, ...]]:
    """How much of each text, weighted by rarity, the other has too; more is made of the text that is covered less."""
    if not first.words or not second.words:
        return None, ()
    small, large = (first, second) if len(first.words) <= len(second.words) else (second, first)
    product, in_small, in_large = 0.0, 0.0, 0.0
    shared: list[tuple[float, str, str]] = []  # weight, form, as the first writes it
    rest: list[tuple[float, str]] = []
    others = large.words
    for form, (weight, _) in small.words.items():
        match = others.get(form)
        if match is None:
            rest.append((weight, form))
            continue
        product += weight * match[0]
        in_small += weight
        in_large += match[0]
        shared.append((weight * match[0], form, first.words[form][1]))
    if not shared:
        return 0.0, ()
    if rest and product / (small.norm * large.norm) >= 0.05:
        for weight, form, other, closeness in _near(small, large, rest):
            value = others[other][0]
            product += closeness * weight * value
            in_small += closeness * weight
            in_large += closeness * value
            mine = form if small is first else other
            shared.append((closeness * weight * value, mine, first.words[mine][1]))
    shares = sorted((min(1.0, in_small / small.total), min(1.0, in_large / large.total)))
    enough = min(1.0, (in_small + in_large) / ENOUGH)
    shared.sort(key=lambda entry: (-entry[0], entry[1]))
    value = LESS_COVERED * shares[0] + (1 - LESS_COVERED) * shares[1] * enough
    return value, tuple(written for _, _, written in shared[:SHOWN_WORDS])


def _near(
    small: Work, large: Work, rest: list[tuple[float, str]]
) -> Iterable[tuple[float, str, str, float]]:
    """Words spelt nearly alike, and abbreviations of words on end: weight, form, the other's form, closeness."""
    rest = sorted(rest, key=lambda entry: (-entry[0], entry[1]))[:10]
    free = sorted(
        ((weight, form) for form, (weight, _) in large.words.items() if form not in small.words),
        key=lambda entry: (-entry[0], entry[1]),
    )[:14]
    taken: set[str] = set()
    for weight, form in rest:
        if len(form) < NEAR_LENGTH:
            continue
        for _, other in free:
            if (
                other[0] == form[0]
                and len(other) >= NEAR_LENGTH
                and other not in taken
                and (
                    form.startswith(other)
                    or other.startswith(form)
                    or fuzz.ratio(form, other, score_cutoff=NEAR) >= NEAR
                )
            ):
                taken.add(other)
                yield weight, form, other, 0.9
                break
    yield from _abbreviated(small, large, rest, free, taken)


def _abbreviated(
    small: Work,
    large: Work,
    rest: list[tuple[float, str]],
    free: list[tuple[float, str]],
    taken: set[str],
) -> Iterator[tuple[float, str, str, float]]:
    """A short word that is made of the first letters of words on end in the other text."""
    for words, candidates, is_small in ((large, rest, True), (small, free, False)):
        short = [(weight, form) for weight, form in candidates if 3 <= len(form) <= 5]
        if not short:
            continue
        written = [written for _, written in words.words.values()]
        known = initials(written)
        for weight, form in short:
            if form in known and form not in taken:
                long = _spelt_out(form, words)
                if long and long not in taken:
                    taken.add(long)
                    yield (
                        (weight, form, long, 0.8)
                        if is_small
                        else (small.words[long][0], long, form, 0.8)
                    )


def _spelt_out(short: str, work: Work) -> str | None:
    """The rarest of the words on end whose first letters make up `short`."""
    forms = list(work.words)
    firsts = [work.words[form][1][0] for form in forms]
    for at in range(len(forms) - len(short) + 1):
        if "".join(firsts[at : at + len(short)]) == short:
            return max(forms[at : at + len(short)], key=lambda form: (work.words[form][0], form))
    return None


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
