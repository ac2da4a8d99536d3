"""The search for overlaps: what it finds on labelled sets, beside texts compared alone, and how long it takes."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from random import Random
from time import perf_counter
from unittest.mock import patch

from django.db import transaction

from activities.models import Activity
from activities.overlaps import changed_now, keeping, score_all
from portal.demo.bench.timing import Line, line, timed
from portal.demo.labelled import Labelled, make
from strategy.analysis.overlap import Weights
from strategy.analysis.overlap_search import Prepared, candidates, count, find_all, prepare, tell

#: Sets that the weights were chosen on, and sets that nothing was chosen on.
CHOSEN_ON, HELD_OUT = (1, 2), (11, 12, 13, 14)
SAVES = 200
KEPT, WITHOUT = "saving an activity, overlaps kept", "saving an activity, nothing compared"
ALL = "overlaps of all activities, from nothing"

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Judged:
    """Pairs proposed against pairs that are the same; shares from 0 to 1."""

    precision: float
    recall: float
    near_misses: float  # share of the near misses that are proposed
    seconds: float

    @classmethod
    def of(cls, found: Collection[Pair], labelled: Labelled, seconds: float) -> "Judged":
        hits = sum(pair in labelled.same for pair in found)
        missed = sum(pair in labelled.misses for pair in found)
        return cls(
            hits / len(found) if found else 1.0,
            hits / len(labelled.same) if labelled.same else 1.0,
            missed / len(labelled.misses) if labelled.misses else 0.0,
            seconds,
        )


@dataclass(frozen=True, slots=True)
class Quality:
    """One labelled set: the search, and rapidfuzz over the same candidates at the threshold that serves it best."""

    seed: int
    activities: int
    is_held_out: bool
    search: Judged
    plain: Judged
    plain_threshold: int
    recall_by_grade: dict[str, float]

    def as_dict(self) -> dict:
        return asdict(self)


def quality_lines(activities: int) -> Iterator[Quality]:
    """Every set in turn."""
    for seed in (*CHOSEN_ON, *HELD_OUT):
        yield quality(activities, seed)


def quality(activities: int, seed: int) -> Quality:
    """Make a labelled set, search it from nothing, and search it by the texts alone."""
    labelled, weights = make(activities, seed), Weights()
    start = perf_counter()
    told = [tell(entry) for entry in labelled.entries]
    rarity = count(told)
    prepared = [prepare(one, rarity, weights) for one in told]
    found = find_all(prepared, weights)
    taken = perf_counter() - start
    grades: dict[str, list[bool]] = {}
    for pair, grade in labelled.same.items():
        grades.setdefault(grade, []).append(pair in found)
    plain, threshold = _by_text_alone(labelled, prepared, weights)
    return Quality(
        seed=seed,
        activities=len(labelled.entries),
        is_held_out=seed in HELD_OUT,
        search=Judged.of(found, labelled, taken),
        plain=plain,
        plain_threshold=threshold,
        recall_by_grade={grade: sum(hits) / len(hits) for grade, hits in sorted(grades.items())},
    )


def _by_text_alone(
    labelled: Labelled, prepared: list[Prepared], weights: Weights
) -> tuple[Judged, int]:
    """rapidfuzz's token_set_ratio of the candidates' texts, at the whole threshold with the best F1."""
    from rapidfuzz import fuzz, process

    start = perf_counter()
    by_key = {entry.key: f"{entry.title} {entry.description}" for entry in labelled.entries}
    pairs = [
        tuple(sorted((prepared[one].work.key, prepared[other].work.key)))
        for one, other in candidates(prepared, weights)
    ]
    ratios = process.cpdist(
        [by_key[one] for one, _ in pairs],
        [by_key[other] for _, other in pairs],
        scorer=fuzz.token_set_ratio,
    )
    taken = perf_counter() - start
    best, at = Judged(1.0, 0.0, 0.0, taken), 100
    for threshold in range(40, 101):
        proposed = [pair for pair, ratio in zip(pairs, ratios, strict=True) if ratio >= threshold]
        judged = Judged.of(proposed, labelled, taken)
        if _f1(judged) > _f1(best):
            best, at = judged, threshold
    return best, at


def _f1(judged: Judged) -> float:
    total = judged.precision + judged.recall
    return 2 * judged.precision * judged.recall / total if total else 0.0


def tables(qualities: Collection[Quality]) -> Iterator[str]:
    """The report, line by line."""
    yield "Overlaps on labelled sets"
    yield ""
    yield (
        f"  {'':<24}{'precision':>10}{'recall':>9}{'near misses':>13}{'seconds':>9}"
        f"{'texts alone: precision':>25}{'recall':>9}{'near misses':>13}{'seconds':>9}"
    )
    for one in qualities:
        kind = "held out" if one.is_held_out else "chosen on"
        search, plain = one.search, one.plain
        yield (
            f"  {f'seed {one.seed}, {kind}':<24}{search.precision:>10.3f}{search.recall:>9.3f}"
            f"{search.near_misses:>12.2%} {search.seconds:>9.1f}"
            f"{plain.precision:>25.3f}{plain.recall:>9.3f}{plain.near_misses:>12.2%} {plain.seconds:>9.1f}"
        )
    yield ""
    for one in qualities:
        shares = ", ".join(f"{grade} {share:.2f}" for grade, share in one.recall_by_grade.items())
        yield f"  recall of seed {one.seed}, {one.activities:,} activities: {shares}"
    yield ""


def overlap_lines() -> Iterator[Line]:
    """Titles change to another activity's and back; then everything is scored from nothing."""
    random = Random(1)  # noqa: S311 draws records, not secrets
    keys = list(Activity.objects.order_by("pk").values_list("pk", flat=True))
    titles = list(Activity.objects.order_by("pk").values_list("title", flat=True))
    score_all()
    taken: dict[str, list[float]] = {KEPT: [], WITHOUT: []}
    for key in random.sample(keys, min(SAVES, len(keys))):
        title = random.choice(titles)
        for name, way in ((KEPT, _compared), (WITHOUT, _not_compared)):
            with way():
                taken[name].append(timed(lambda key=key, title=title: _save(key, title)))
    for name, milliseconds in taken.items():
        yield line(name, milliseconds)
    yield line(ALL, [timed(score_all)])


def _save(key: int, title: str) -> None:
    with transaction.atomic():
        activity = Activity.objects.get(pk=key)
        activity.title = title if activity.title != title else f"{title}, once more"
        activity.save()
        changed_now(key)


@contextmanager
def _compared():
    yield


@contextmanager
def _not_compared():
    with patch.object(keeping, "update_overlaps", lambda *args, **kwargs: None):
        yield
