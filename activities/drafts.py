"""Drafts of activities: kept as they are typed, one per form, and never over what another device wrote."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from .exceptions import DraftMovedOn, DraftTooLong, SentBefore
from .models import Activity, ActivityDraft, SentForm

#: Characters of all that was typed: far beyond any form that a person fills in.
LONGEST = 60_000
#: Not typed by anybody.
NOT_TYPED = ("csrfmiddlewaretoken", "seen", "force", "action")


def typed(fields: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """What was typed, without what no database keeps. Raises `DraftTooLong`."""
    found = {
        name.replace("\0", ""): [value.replace("\0", "").replace("\r\n", "\n") for value in values]
        for name, values in fields.items()
        if name not in NOT_TYPED
    }
    size = sum(len(name) + sum(map(len, values)) for name, values in found.items())
    if size > LONGEST:
        raise DraftTooLong(size)
    return found


@transaction.atomic
def keep_draft(
    fields: Mapping[str, list[str]],
    *,
    token: UUID,
    activity: Activity | None,
    by,
    now: datetime,
    seen: int = 0,
    force: bool = False,
) -> ActivityDraft:
    """Keep what was typed in the form `token`; a draft of `activity`, or of a new one.

    seen: the version of the draft that the device began with, 0 where it knows of none. Raises `DraftMovedOn` when
    another device wrote since, unless `force`; `SentBefore` when the form was saved already; `DraftTooLong`.
    """
    data = typed(fields)
    sent = SentForm.objects.filter(user=by, token=token).select_related("activity").first()
    if sent is not None:
        raise SentBefore(sent.activity)
    drafts = ActivityDraft.objects.select_for_update(of=("self",)).filter(user=by)
    draft = drafts.filter(activity=activity).first() if activity else None
    draft = draft or drafts.filter(token=token).first()
    if draft is None:
        try:
            with transaction.atomic():
                return ActivityDraft.objects.create(
                    user=by, token=token, activity=activity, data=data, updated_at=now
                )
        except IntegrityError:  # made in the same moment by another device
            draft = drafts.filter(activity=activity).first() if activity else None
            draft = draft or drafts.get(token=token)
    if draft.data == data:
        return draft
    if draft.version != seen and not force:
        raise DraftMovedOn(draft)
    draft.data, draft.updated_at, draft.version = data, now, draft.version + 1
    draft.save(update_fields=["data", "updated_at", "version"])
    return draft
