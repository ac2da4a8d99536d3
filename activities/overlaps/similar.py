"""Activities like one that is being written, for the panel beside the form."""

from dataclasses import dataclass
from datetime import date

from activities.models import Activity
from strategy.analysis.overlap import Alike, Work, assess
from strategy.analysis.overlap_search import prepare, tell

from . import reading
from .keeping import near
from .reading import Draft
from .settings import weights
from .wording import reasons


@dataclass(frozen=True, slots=True)
class SimilarActivity:
    """One activity like the draft. Places and words are as recorded: show places by `location_precision`."""

    activity: Activity
    score: float
    kind: str
    parts: dict[str, float | None]
    shared_words: list[str]
    shared_from: date | None
    shared_until: date | None
    reasons: list[str]
    is_alike: bool  # enough alike to be listed as an overlap once both are saved


@dataclass(frozen=True, slots=True)
class Similar:
    """shown: what the writer may see, most alike first. hidden: keys of what only the secretariat may be told of."""

    shown: list[SimilarActivity]
    hidden: list[int]


def similar_to(draft: Draft, user, limit: int = 5) -> Similar:
    """The activities most like a draft, scored as saved ones are. A fixed number of queries."""
    in_use = weights()
    told = tell(reading.draft_entry(draft))
    row = prepare(told, reading.rarity([told]), in_use)
    found = [
        (alike, other)
        for other in near(row, in_use)
        if (alike := _assessed(row.work, other, in_use)) and alike.score >= in_use.similar
    ]
    found.sort(key=lambda pair: (-pair[0].score, pair[1].key))
    keys = [other.key for _, other in found]
    visible = set(
        Activity.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True)
    )
    wanted = [pair for pair in found if pair[1].key in visible][:limit]
    records = {
        activity.pk: activity
        for activity in Activity.objects.filter(pk__in=[other.key for _, other in wanted])
        .select_related("reporting_organisation")
        .prefetch_related("objective_shares__objective", "place_shares__place")
    }
    return Similar(
        shown=[
            _similar(alike, records[other.key], in_use.threshold)
            for alike, other in wanted
            if other.key in records
        ],
        hidden=[
            other.key
            for alike, other in found
            if other.key not in visible and alike.score >= in_use.threshold
        ],
    )


def _assessed(draft: Work, other: Work, in_use) -> Alike | None:
    first, second = (other, draft) if other.key < draft.key else (draft, other)
    return assess(first, second, in_use)


def _similar(alike: Alike, activity: Activity, threshold: float) -> SimilarActivity:
    return SimilarActivity(
        activity=activity,
        score=alike.score,
        kind=alike.kind,
        parts=alike.parts,
        shared_words=list(alike.shared_words),
        shared_from=alike.shared_from,
        shared_until=alike.shared_until,
        reasons=reasons(alike),
        is_alike=alike.score >= threshold,
    )
