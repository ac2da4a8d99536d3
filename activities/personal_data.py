"""Personal data in the texts of an activity: said to the writer, and held back from others until it is looked at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.crypto import salted_hmac

from portal.lib.personal_data import Hit, Kind, find
from portal.notices.services import notify, notify_organisations

from . import told
from .exceptions import NotHeld
from .models import Activity, TextHold
from .reviewing import secretariat_people

#: Which texts of an activity are looked at, and what is welcome in each: a contact is an office or a shared mailbox.
CHECKED: Mapping[str, tuple[Kind, ...]] = {
    "title": (),
    "description": (),
    "contact": (Kind.EMAIL, Kind.PHONE, Kind.ADDRESS),
}


@dataclass(frozen=True, slots=True)
class FieldHit:
    """A hit in one of the texts of an activity."""

    field: str
    hit: Hit

    @property
    def label(self) -> str:
        return str(Activity._meta.get_field(self.field).verbose_name)


def hits_in(texts: Mapping[str, str]) -> list[FieldHit]:
    """The hits in these texts, by the names of their fields; texts that are not looked at have none."""
    return [
        FieldHit(field, hit)
        for field, skip in CHECKED.items()
        for hit in find(texts.get(field) or "", skip=skip)
    ]


def hits_of(activity: Activity) -> list[FieldHit]:
    return hits_in({field: getattr(activity, field) for field in CHECKED})


@transaction.atomic
def look_at(activity: Activity, *, now: datetime) -> list[FieldHit]:
    """Hold an activity back while its texts have hits that nobody released; let it go when they have none.

    What was released once is not held again, however often it is saved. Returns all hits.
    """
    hits = hits_of(activity)
    found = _found(hits)
    hold = TextHold.objects.select_for_update().filter(activity=activity).first()
    known = {row["mark"] for row in hold.found} if hold and hold.released_at else set()
    fresh = [row for row in found if row["mark"] not in known]
    if fresh:
        _hold(activity, hold, found, now)
    if activity.is_held != bool(fresh):
        activity.is_held = bool(fresh)
        activity.save(update_fields=["is_held", "updated_at"])
        if fresh:
            notify(secretariat_people(), told.HELD, activity, now=now)
    return hits


def _hold(activity: Activity, hold: TextHold | None, found: list[dict], now: datetime) -> None:
    if hold is None:
        TextHold.objects.create(activity=activity, found=found, held_at=now)
        return
    if hold.released_at is None and activity.is_held:
        now = hold.held_at
    hold.found, hold.held_at = found, now
    hold.released_at = hold.released_by = None
    hold.reason = ""
    hold.save()


@transaction.atomic
def release_hold(activity: Activity, reason: str, *, by, now: datetime) -> None:
    """Let others see a held activity as it is. reason: why its text is about nobody. Raises `NotHeld`."""
    hold = (
        TextHold.objects.select_for_update()
        .filter(activity=activity, released_at=None, activity__is_held=True)
        .first()
    )
    if hold is None:
        raise NotHeld(activity)
    hold.found = _found(hits_of(activity))
    hold.released_at, hold.released_by, hold.reason = now, by, reason
    hold.save()
    activity.is_held = False
    activity.save(update_fields=["is_held", "updated_at"])
    notify_organisations(
        [activity.reporting_organisation_id], told.RELEASED, activity, now=now, but=by
    )


def _found(hits: Iterable[FieldHit]) -> list[dict]:
    return [
        {"field": one.field, "kind": one.hit.kind.value, "mark": _mark(one.hit.text)}
        for one in hits
    ]


def _mark(text: str) -> str:
    """The same for the same words. Keyed, so that nobody can try numbers against what is stored."""
    return salted_hmac("activities.personal_data", text.casefold()).hexdigest()[:20]
