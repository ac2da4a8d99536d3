"""Finding activities that are alike, and keeping what was found right as records change."""

from .keeping import score_all, update_overlaps
from .reading import Draft
from .similar import Similar, SimilarActivity, similar_to
from .statements import overlap_of, record_statement
from .watching import changed_now, mark_changed, postponed
from .wording import groups, reasons, shown_place

__all__ = [
    "Draft",
    "Similar",
    "SimilarActivity",
    "changed_now",
    "groups",
    "mark_changed",
    "overlap_of",
    "postponed",
    "reasons",
    "record_statement",
    "score_all",
    "shown_place",
    "similar_to",
    "update_overlaps",
]
