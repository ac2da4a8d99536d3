"""What waits for a person: only notices about records that they may still see."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType

from .kinds import kind_of, known_kinds
from .models import Notice, NoticeQuerySet

#: More than anybody reads; older ones stand behind them.
MOST = 500


@dataclass(frozen=True, slots=True)
class Told:
    """A notice with the record it is about, as its reader sees it."""

    pk: int
    kind: str
    record: Any
    created_at: datetime
    is_read: bool

    @property
    def sentence(self) -> str:
        return kind_of(self.kind).says(self.record)

    @property
    def icon(self) -> str:
        return kind_of(self.kind).icon

    @property
    def record_url(self) -> str:
        return kind_of(self.kind).url(self.record)


def notices_of(user) -> NoticeQuerySet:
    """The notices of a person of the kinds that are known, newest first; also those whose record they cannot see."""
    if user is None or not user.is_authenticated:
        return Notice.objects.none()
    return Notice.objects.filter(person=user, kind__in=known_kinds())


def told(user, *, unread: bool = False) -> list[Told]:
    """The notices of a person whose records they may see, newest first. A query, and one per kind of record."""
    notices = notices_of(user)
    notices = list((notices.unread() if unread else notices)[:MOST])
    records = _visible_records(notices, user)
    return [
        Told(notice.pk, notice.kind, record, notice.created_at, notice.read_at is not None)
        for notice in notices
        if (record := records.get((notice.content_type_id, notice.object_id))) is not None
    ]


def unread_count(user) -> int:
    """How many unread notices a person can read. A query, and one per kind of record among them."""
    notices = list(notices_of(user).unread()[:MOST])
    seen = _visible_keys(notices, user)
    return sum((notice.content_type_id, notice.object_id) in seen for notice in notices)


def _by_model(notices: Iterable[Notice]) -> dict[int, set[int]]:
    keys = defaultdict(set)
    for notice in notices:
        keys[notice.content_type_id].add(notice.object_id)
    return keys


def _visible_rows(content_type_id: int, keys: set[int], user):
    """The records behind the keys that a person may see; none of a model that is no more."""
    model = ContentType.objects.get_for_id(content_type_id).model_class()
    if model is None:
        return ()
    return model._default_manager.visible_to(user).filter(pk__in=keys)


def _visible_records(notices: Iterable[Notice], user) -> dict[tuple[int, int], Any]:
    return {
        (content_type_id, record.pk): record
        for content_type_id, keys in _by_model(notices).items()
        for record in _with_names(_visible_rows(content_type_id, keys, user))
    }


def _with_names(rows):
    """Records with what their names are made of, where their model says what that is."""
    return rows.for_notices() if hasattr(rows, "for_notices") else rows


def _visible_keys(notices: Iterable[Notice], user) -> set[tuple[int, int]]:
    found = set()
    for content_type_id, keys in _by_model(notices).items():
        rows = _visible_rows(content_type_id, keys, user)
        pks = rows.values_list("pk", flat=True) if keys and rows != () else ()
        found |= {(content_type_id, pk) for pk in pks}
    return found
