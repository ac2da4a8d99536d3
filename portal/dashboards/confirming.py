"""Confirmations that were just made, so that the page they were made on can take them back."""

from dataclasses import asdict
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from activities import services
from activities.exceptions import ConfirmedSince
from activities.models import Activity
from activities.services import Confirmation

KEPT = "confirmations"
#: For how long, and how many, can be taken back.
LASTS = timedelta(hours=1)
MOST = 20


def confirm(request, activity: Activity, *, by) -> None:
    """Confirm an activity, and remember what that replaced."""
    found = services.confirm(activity, by=by, now=timezone.now())
    rows = [row for row in request.session.get(KEPT, []) if row["activity"] != activity.pk]
    request.session[KEPT] = [_row(found), *rows][:MOST]


def just_confirmed(request) -> list[Confirmation]:
    """Those of the last hour, newest first."""
    now = timezone.now()
    found = [_confirmation(row) for row in request.session.get(KEPT, [])]
    return [one for one in found if now - one.at < LASTS]


def take_back(request, activity: Activity) -> bool:
    """Take the confirmation of this visit back; False where there is none, or a later one stands."""
    mine = [one for one in just_confirmed(request) if one.activity == activity.pk]
    rows = request.session.get(KEPT, [])
    request.session[KEPT] = [row for row in rows if row["activity"] != activity.pk]
    if not mine:
        return False
    try:
        services.take_back_confirmation(mine[0])
    except ConfirmedSince:
        return False
    return True


def _row(found: Confirmation) -> dict:
    row = asdict(found)
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in row.items()
    }


def _confirmation(row: dict) -> Confirmation:
    before = row["before_at"]
    return Confirmation(
        row["activity"],
        parse_datetime(row["at"]),
        parse_datetime(before) if before else None,
        row["before_by"],
    )
