"""Prepared activities as text and back: what `ActivityFeatures` keeps, so that a comparison reads one row."""

import json

from activities.models import ActivityFeatures
from strategy.analysis.overlap import Node, Work, lengths
from strategy.analysis.overlap_search import Prepared

TABLE = ActivityFeatures._meta.db_table
COLUMNS = ("activity_id", "data", "country", "place", "start", "end", "is_stale")
LONG_AGO, NEVER = 0, 9_999_999


def pack(prepared: Prepared) -> str:
    """Compact JSON of folded words and numbers: nothing in it needs escaping."""
    work = prepared.work
    return json.dumps(
        [
            work.organisation,
            [[form, weight, written] for form, (weight, written) in work.words.items()],
            [[node.path, node.share] for node in work.objectives],
            [[node.path, node.share, node.level] for node in work.places],
            work.start,
            work.end,
            sorted(work.populations),
            sorted(work.exploitations),
            work.delivery,
            sorted(work.participants),
            sorted(work.funders),
            work.phase,
            work.link_group,
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def unpack(key: int, data: str) -> Work:
    (
        organisation, words, objectives, places, start, end, populations, exploitations, delivery,
        participants, funders, phase, link_group,
    ) = json.loads(data)  # fmt: skip
    weighed = {form: (weight, written) for form, weight, written in words}
    norm, total = lengths(weighed)
    return Work(
        key=key,
        organisation=organisation,
        words=weighed,
        objectives=tuple(Node(tuple(path), share) for path, share in objectives),
        places=tuple(Node(tuple(path), share, level) for path, share, level in places),
        start=start,
        end=end,
        populations=frozenset(populations),
        exploitations=frozenset(exploitations),
        delivery=delivery,
        participants=frozenset(participants),
        funders=frozenset(funders),
        phase=phase,
        link_group=link_group,
        norm=norm,
        total=total,
    )


def row(prepared: Prepared) -> tuple:
    """The values of `COLUMNS`."""
    work = prepared.work
    return (
        work.key,
        pack(prepared),
        prepared.country or 0,
        work.places[0].path[-1] if len(work.places) == 1 else 0,
        LONG_AGO if work.start is None else work.start,
        NEVER if work.end is None else work.end,
        False,
    )
