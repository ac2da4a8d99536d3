"""What organisations do, where they overlap, and what they settle about it."""

from .activities import Activity, ActivityLinkGroup, counted_once
from .coordination import Agreement, AgreementAnswer, Coordination, CoordinationParty, Message
from .drafts import ActivityDraft, SentForm
from .keys import ActivityFeatures, ActivityKey, WordCount
from .overlaps import Overlap, OverlapStatement
from .parts import (
    ActivityExploitation,
    ActivityIdentifier,
    ActivityObjective,
    ActivityPart,
    ActivityPlace,
    ActivityPopulation,
    Participant,
    PeopleReached,
)
from .reviews import Digest, DigestSetting, LoggingSettings, Review, TextHold

__all__ = [
    "Activity",
    "ActivityDraft",
    "ActivityExploitation",
    "ActivityFeatures",
    "ActivityIdentifier",
    "ActivityKey",
    "ActivityLinkGroup",
    "ActivityObjective",
    "ActivityPart",
    "ActivityPlace",
    "ActivityPopulation",
    "Agreement",
    "AgreementAnswer",
    "Coordination",
    "CoordinationParty",
    "Digest",
    "DigestSetting",
    "LoggingSettings",
    "Message",
    "Overlap",
    "OverlapStatement",
    "Participant",
    "PeopleReached",
    "Review",
    "SentForm",
    "TextHold",
    "WordCount",
    "counted_once",
]
