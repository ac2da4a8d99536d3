"""Activities made up from a seed, of which it is known which are the same work: to judge the search for overlaps.

Positives are one piece of work told twice, from a copy with slips of the pen to a short paraphrase coded
differently. Negatives are everything else, and among it near misses: the same words in another district or for
other people, the next phase of the same project, a parent programme and its part. Pairs about which people would
argue (the same service for people of the same group, in the same place and at the same time) are not made.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random

from portal.demo.coalition_draw import Skewed
from portal.demo.telling import AUDIENCES, SERVICES, Subject, Told, draw_name, draw_subject, tell
from strategy.analysis.overlap import Node
from strategy.analysis.overlap_search import Entry

#: Grades of positives, and how often each is made.
COPY, ORDER, PARAPHRASE, SHORT, CODED = (
    "copy",
    "word order",
    "paraphrase",
    "short",
    "coded otherwise",
)
GRADES = {COPY: 15, ORDER: 25, PARAPHRASE: 25, SHORT: 15, CODED: 20}
#: Kinds of near misses.
SIBLING, PEOPLE, PHASE, PARENT = "other district", "other people", "next phase", "parent and part"
MISSES = (SIBLING, PEOPLE, PHASE, PARENT)

POSITIVE_SHARE = 0.04  # of all activities that are told a second time
MISS_SHARE = 0.06  # of all activities that are near misses of another

FIRST, LAST = date(2023, 1, 1).toordinal(), date(2028, 6, 30).toordinal()
SLIPS = {
    "training": "trainning",
    "information": "informations",
    "workers": "worker",
    "officers": "oficers",
    "support": "suport",
}
FORMS = ("sexual", "labour", "domestic", "criminality", "any")
BRANCHES, LEAVES = 4, 3


@dataclass(slots=True)
class Labelled:
    """The entries, the pairs that are the same work by grade, and the near misses by kind; keys, smaller first."""

    seed: int
    entries: list[Entry] = field(default_factory=list)
    same: dict[tuple[int, int], str] = field(default_factory=dict)
    misses: dict[tuple[int, int], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Made:
    """An entry and what it was told from."""

    entry: Entry
    subject: Subject
    place_name: str
    leaf: tuple[int, ...]


def make(count: int, seed: int, countries: int | None = None) -> Labelled:
    """`count` activities, some of them told twice. The same seed makes the same set."""
    return _Maker(count, seed, countries or max(4, min(200, count // 100))).all()


class _Maker:
    def __init__(self, count: int, seed: int, countries: int) -> None:
        self.random = Random(seed)  # noqa: S311 draws records, not secrets
        self.count = count
        self.set = Labelled(seed)
        self.names: dict[tuple[int, ...], str] = {(1,): "World"}
        self.divisions: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
        paths = []
        for number in range(countries):
            path = (1, 10 + number % 7, 100 + number)
            self.names[path[:2]] = f"Region {number % 7}"
            self.names[path] = draw_name(self.random)
            paths.append(path)
            self.divisions[path] = [
                (*path, 1000 + 40 * number + at) for at in range(self.random.randint(6, 24))
            ]
            self.names.update(
                (division, draw_name(self.random)) for division in self.divisions[path]
            )
        self.countries = Skewed(self.random, paths, 0.6)
        self.organisations = Skewed(self.random, range(1, max(12, count // 10)), 0.8)
        self.funders = Skewed(self.random, range(1_000_000, 1_000_000 + max(6, count // 200)))
        #: What is done for whom in a country: (service, group, country) -> [(place path, start, end)].
        self.taken: dict[tuple, list[tuple]] = defaultdict(list)

    def all(self) -> Labelled:
        target = self.count
        while len(self.set.entries) < target:
            made = self._background()
            roll = self.random.random()
            if roll < POSITIVE_SHARE:
                self._told_again(made)
            elif roll < POSITIVE_SHARE + MISS_SHARE:
                self._near_miss(made)
        keys = list(range(1, len(self.set.entries) + 1))
        self.random.shuffle(keys)
        by_old = dict(zip((entry.key for entry in self.set.entries), keys, strict=True))
        self.set.entries = sorted(
            (replace(entry, key=by_old[entry.key]) for entry in self.set.entries),
            key=lambda entry: entry.key,
        )
        for name in ("same", "misses"):
            pairs = getattr(self.set, name)
            setattr(
                self.set,
                name,
                {
                    tuple(sorted((by_old[one], by_old[other]))): grade
                    for (one, other), grade in pairs.items()
                },
            )
        return self.set

    def _add(self, entry: Entry) -> Entry:
        entry = replace(entry, key=len(self.set.entries) + 1)
        self.set.entries.append(entry)
        return entry

    def _background(self) -> Made:
        """An activity unlike any before: nobody does the same for people of this group there at that time."""
        random = self.random
        while True:
            subject = draw_subject(random)
            country = self.countries.one()
            path = country if random.random() < 0.4 else random.choice(self.divisions[country])
            start = random.randint(FIRST, LAST)
            end = start + random.choice((89, 179, 364, 364, 729, 1094))
            if self._is_free(subject, path, start, end):
                break
        self._take(subject, path, start, end)
        told = tell(random, subject, self.names[path], sentences=random.choice((1, 2, 3, 3, 4)))
        pillar = SERVICES[subject.service][0]
        leaf = (pillar, 10 * pillar + random.randrange(BRANCHES), 0)
        leaf = (*leaf[:2], 10 * leaf[1] + random.randrange(LEAVES))
        entry = self._add(
            Entry(
                key=0,
                organisation=self.organisations.one(),
                title=told.title,
                description=told.description,
                objectives=(Node(leaf, 1.0),),
                places=(Node(path, 1.0, len(path) - 1),),
                country=country[-1],
                place_names=tuple(self.names[path[:at]] for at in range(1, len(path) + 1)),
                start=start,
                end=end,
                populations=frozenset({AUDIENCES[subject.audience][0]}),
                exploitations=frozenset({random.choice(FORMS)})
                if random.random() < 0.7
                else frozenset(),
                delivery=SERVICES[subject.service][1],
                participants=frozenset(),
                funders=frozenset({self.funders.one()}) if random.random() < 0.4 else frozenset(),
            )
        )
        entry = self._with_partners(entry)
        return Made(entry, subject, self.names[path], leaf)

    def _with_partners(self, entry: Entry) -> Entry:
        partners = {entry.organisation}
        if self.random.random() < 0.3:
            partners.add(self.organisations.one())
        entry = replace(entry, participants=frozenset(partners))
        self.set.entries[entry.key - 1] = entry
        return entry

    def _is_free(self, subject: Subject, path: tuple, start: int, end: int) -> bool:
        return not any(
            first <= end
            and start <= last
            and (path[: len(place)] == place or place[: len(path)] == path)
            for place, first, last in self.taken[_taken_by(subject, path)]
        )

    def _take(self, subject: Subject, path: tuple, start: int, end: int) -> None:
        self.taken[_taken_by(subject, path)].append((path, start, end))

    def _told_again(self, made: Made) -> None:
        """The same work as another organisation (or its own, or the funder) would record it."""
        random, entry = self.random, made.entry
        grade = random.choices(list(GRADES), list(GRADES.values()))[0]
        told = self._retold(made, grade)
        shift = random.choice((0, 0, 0, 30, -30, 60))
        roll = random.random()
        if roll < 0.15:
            organisation, participants = entry.organisation, entry.participants
        elif roll < 0.40:
            organisation = self.organisations.one()
            participants = frozenset({organisation, entry.organisation})
        else:
            organisation = self.organisations.one()
            participants = frozenset({organisation})
        other = replace(
            entry,
            organisation=organisation,
            participants=participants,
            title=told.title,
            description=told.description,
            start=entry.start + shift,
            end=max(entry.start + shift + 59, entry.end + random.choice((0, 0, 30, -30))),
            exploitations=random.choice((entry.exploitations, frozenset())),
            funders=random.choice((entry.funders, frozenset())),
        )
        if grade == CODED:
            other = self._coded_otherwise(other, made)
        other = self._add(other)
        self.set.same[entry.key, other.key] = grade

    def _retold(self, made: Made, grade: str) -> Told:
        random, entry, subject = self.random, made.entry, made.subject
        if grade == COPY:
            text = Told(entry.title, entry.description)
            return Told(*(_slipped(random, part) for part in (text.title, text.description)))
        if grade == ORDER:
            return tell(random, subject, made.place_name, sentences=3, original=0.9)
        if grade == PARAPHRASE:
            return tell(random, subject, made.place_name, sentences=3, original=0.35)
        if grade == SHORT:
            told = tell(random, subject, made.place_name, sentences=0, original=0.7)
            return Told(_shortened(random, told.title), "")
        return tell(random, subject, made.place_name, sentences=2, original=0.6)

    def _coded_otherwise(self, entry: Entry, made: Made) -> Entry:
        """One or two of: the objective above or beside it, the whole country, another form, no people, no mode."""
        random = self.random
        for what in random.sample(
            ("objective", "place", "people", "forms", "delivery"), random.choice((1, 2))
        ):
            if what == "objective":
                beside = (*made.leaf[:2], 10 * made.leaf[1] + random.randrange(LEAVES))
                entry = replace(
                    entry, objectives=(Node(random.choice((made.leaf[:2], beside)), 1.0),)
                )
            elif what == "place" and len(entry.places[0].path) == 4:
                path = entry.places[0].path[:3]
                entry = replace(
                    entry,
                    places=(Node(path, 1.0, 2),),
                    place_names=tuple(self.names[path[:at]] for at in range(1, 4)),
                )
            elif what == "forms":
                entry = replace(entry, exploitations=frozenset({random.choice(FORMS)}))
            elif what == "people":
                entry = replace(entry, populations=frozenset())
            else:
                entry = replace(entry, delivery="")
        return entry

    def _near_miss(self, made: Made) -> None:
        random, entry, subject = self.random, made.entry, made.subject
        kind = random.choice(MISSES)
        other = None
        if kind == SIBLING and len(entry.places[0].path) == 4:
            path = random.choice(
                [p for p in self.divisions[entry.places[0].path[:3]] if p != entry.places[0].path]
            )
            other = replace(
                entry,
                title=entry.title.replace(made.place_name, self.names[path]),
                description=entry.description.replace(made.place_name, self.names[path]),
                places=(Node(path, 1.0, 3),),
                place_names=(*entry.place_names[:3], self.names[path]),
            )
        elif kind == PEOPLE:
            group = AUDIENCES[subject.audience][0]
            audience = random.choice(
                [at for at, (name, _) in enumerate(AUDIENCES) if name != group]
            )
            told = tell(random, replace(subject, audience=audience), made.place_name, original=0.9)
            other = replace(
                entry,
                title=told.title,
                description=told.description,
                populations=frozenset({AUDIENCES[audience][0]}),
            )
            if _near_groups(group, AUDIENCES[audience][0]):
                other = None
        elif kind == PHASE:
            length = entry.end - entry.start
            overlap = random.choice((0, 0, 0, 20))
            start = entry.end + 1 - min(overlap, length // 12)
            other = replace(entry, start=start, end=start + length)
            if random.random() < 0.5:
                self.set.entries[entry.key - 1] = replace(entry, title=f"{entry.title}, phase 1")
                other = replace(other, title=f"{entry.title}, phase 2")
        elif kind == PARENT:
            other = self._parent(made)
        if other is None:
            return
        if random.random() < 0.5:
            organisation = self.organisations.one()
            other = replace(
                other, organisation=organisation, participants=frozenset({organisation})
            )
        other = self._add(other)
        if kind in (SIBLING, PHASE):
            self._take(subject, other.places[0].path, other.start, other.end)
        self.set.misses[entry.key, other.key] = kind

    def _parent(self, made: Made) -> Entry:
        """A programme of the whole country for the whole objective, of which the entry is one part among several."""
        random, entry = self.random, made.entry
        path = entry.places[0].path[:3]
        place = self.names[path]
        parts = [tell(random, draw_subject(random), place, sentences=2) for _ in range(3)]
        own = tell(random, made.subject, place, sentences=1)
        about = [part.description for part in parts] + [own.description]
        random.shuffle(about)
        name = made.subject.name or f"{draw_name(self.random)} programme"
        self.set.entries[entry.key - 1] = replace(
            entry, description=f"{entry.description} Part of the {name} programme."
        )
        return replace(
            entry,
            title=f"{name}: programme of {place} against trafficking",
            description=" ".join(about),
            objectives=(Node(made.leaf[: random.choice((1, 2))], 1.0),),
            places=(Node(path, 1.0, 2),),
            place_names=tuple(self.names[path[:at]] for at in range(1, 4)),
            start=entry.start - 180,
            end=entry.end + 540,
            populations=entry.populations | {"communities", "officials", "survivors"},
            delivery=random.choice((entry.delivery, "", "grants")),
        )


def _taken_by(subject: Subject, path: tuple) -> tuple:
    return subject.service, AUDIENCES[subject.audience][0], path[2]


def _near_groups(one: str, other: str) -> bool:
    """Groups of which one may be meant where the other is named: no clear near miss."""
    pair = {one, other}
    return pair <= {"migrants", "workers"} or pair <= {"communities", "public"}


def _slipped(random: Random, text: str) -> str:
    """A copy with slips of the pen."""
    for word, wrong in SLIPS.items():
        if random.random() < 0.5:
            text = text.replace(word, wrong)
    words = text.split()
    if len(words) > 6 and random.random() < 0.5:
        del words[random.randrange(len(words))]
    return " ".join(words)


def _shortened(random: Random, text: str) -> str:
    """Long words broken off, as in a table that leaves little room."""
    return " ".join(
        word[:5] + "." if len(word) > 8 and random.random() < 0.3 else word for word in text.split()
    )
