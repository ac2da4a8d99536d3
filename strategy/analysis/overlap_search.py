"""All pairs of alike activities, from nothing: words are counted, candidates found by rare marks, each compared."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from strategy.analysis.overlap import (
    Alike,
    Node,
    Rarity,
    Weights,
    Work,
    compare,
    lengths,
    marks,
    structural_marks,
    weigh,
)
from strategy.analysis.words import phase, words

Pair = tuple[int, int]
Rows = tuple[list[int], list[int]]  # columns one row after another, and where each begins

CHUNK = 20_000  # rows whose candidates are counted at once


@dataclass(frozen=True, slots=True)
class Entry:
    """An activity as it is recorded, before its words are weighed."""

    key: int
    organisation: int | None
    title: str
    description: str = ""
    objectives: tuple[Node, ...] = ()
    places: tuple[Node, ...] = ()
    country: int | None = None  # of all its places; None where they lie in several, or in none
    place_names: tuple[str, ...] = ()  # of its places and all they lie in
    start: int | None = None
    end: int | None = None
    populations: frozenset[str] = frozenset()
    exploitations: frozenset[str] = frozenset()
    delivery: str = ""
    participants: frozenset[int] = frozenset()
    funders: frozenset[int] = frozenset()
    link_group: int | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """An activity with its words weighed, and the marks that candidates are found by."""

    work: Work
    marks: tuple[str, ...]
    country: int | None


@dataclass(frozen=True, slots=True)
class Told:
    """The words of an activity in the form that stands for each, with the way they are written."""

    entry: Entry
    title: Mapping[str, str]
    description: Mapping[str, str]
    place_words: frozenset[str]  # names of its own places, which the place says already

    @property
    def marks(self) -> list[str]:
        """All that it may be found by, each once: what `Rarity` counts."""
        found = dict.fromkeys((*self.title, *self.description))
        own = self.place_words
        return [*(form for form in found if form not in own), *structural_marks(self.entry)]


def tell(entry: Entry) -> Told:
    """Read the words of an activity."""
    return Told(
        entry, words(entry.title), words(entry.description), _words_of_names(entry.place_names)
    )


def count(told: Iterable[Told]) -> Rarity:
    """How many activities bear each mark, in all and by country."""
    total, counts = 0, Counter[str]()
    totals, by_country = Counter[int](), Counter[tuple[int, str]]()
    for one in told:
        total += 1
        found, country = one.marks, one.entry.country
        counts.update(found)
        if country is not None:
            totals[country] += 1
            by_country.update((country, mark) for mark in found)
    return Rarity(total, counts, totals, by_country)


def prepare(told: Told, rarity: Rarity, weights: Weights) -> Prepared:
    """Weigh the words of an activity and choose its marks."""
    entry = told.entry
    found = weigh(told.title, told.description, rarity, entry.country, told.place_words)
    work = _work(entry, found)
    chosen = marks(work, rarity, entry.country, weights)
    return Prepared(work, tuple(chosen), entry.country)


def find_all(prepared: Sequence[Prepared], weights: Weights) -> dict[tuple[int, int], Alike]:
    """Every pair that is alike, by the keys of both, the smaller one first."""
    prepared = sorted(prepared, key=lambda row: row.work.key)
    found = {}
    for one, other in candidates(prepared, weights):
        first, second = prepared[one].work, prepared[other].work
        if alike := compare(first, second, weights):
            found[first.key, second.key] = alike
    return found


def candidates(prepared: Sequence[Prepared], weights: Weights) -> Iterator[Pair]:
    """Positions of pairs that share enough marks: within a country, or where one lies in no single country."""
    import numpy as np
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

    narrow = [at for at, row in enumerate(prepared) if row.country is not None]
    wide = [at for at, row in enumerate(prepared) if row.country is None]
    columns: dict[object, int] = {}

    def matrix(rows: Iterable[int], key_of: Callable[[Prepared, str], object]) -> Rows:
        indices: list[int] = []
        starts = [0]
        for at in rows:
            row = prepared[at]
            indices.extend(
                columns.setdefault(key_of(row, mark), len(columns)) for mark in row.marks
            )
            starts.append(len(indices))
        return indices, starts

    def shared(left: Rows, right: Rows, width: int) -> Iterator[Pair]:
        def sparse(found: Rows) -> Any:
            indices, starts = found
            ones = np.ones(len(indices), dtype=np.int8)
            return csr_matrix((ones, indices, starts), shape=(len(starts) - 1, width))

        one, other = sparse(left), sparse(right).T.tocsr()
        for start in range(0, one.shape[0], CHUNK):
            product = (one[start : start + CHUNK] @ other).tocoo()
            enough = product.data >= weights.keys_shared
            yield from zip(
                (product.row[enough] + start).tolist(), product.col[enough].tolist(), strict=True
            )

    within = matrix(narrow, lambda row, mark: (row.country, mark))
    for one, other in shared(within, within, len(columns)):
        if one < other:
            yield narrow[one], narrow[other]
    if wide:
        columns.clear()
        left = matrix(wide, lambda _row, mark: mark)
        right = matrix(range(len(prepared)), lambda _row, mark: mark)
        for one, other in shared(left, right, len(columns)):
            at = wide[one]
            if prepared[other].country is not None or at < other:
                yield (at, other) if at < other else (other, at)


@lru_cache(maxsize=20_000)
def _words_of_names(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(form for name in names for form in words(name))


def _work(entry: Entry, found: Mapping[str, tuple[float, str]]) -> Work:
    norm, total = lengths(found)
    return Work(
        key=entry.key,
        organisation=entry.organisation,
        words=found,
        objectives=entry.objectives,
        places=entry.places,
        start=entry.start,
        end=entry.end,
        populations=entry.populations,
        exploitations=entry.exploitations,
        delivery=entry.delivery,
        participants=entry.participants,
        funders=entry.funders,
        phase=phase(entry.title),
        link_group=entry.link_group,
        norm=norm,
        total=total,
    )
