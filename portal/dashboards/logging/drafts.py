"""What somebody has not finished, and what they took away lately, for “My work”."""

from datetime import timedelta

from django.utils import timezone

from activities.models import Activity, ActivityDraft

from .keys import user_key
from .views import may_log

MOST = 20
#: For how long a deleted activity is offered to be brought back.
BRING_BACK = timedelta(days=30)


def unfinished(user) -> dict:
    """Drafts on the server, newest first, and activities deleted in the last 30 days. Two queries."""
    if not may_log(user):
        return {"may_log": False}
    drafts = ActivityDraft.objects.visible_to(user).select_related("activity")
    removed = Activity.objects.removed_for(user).filter(removed_at__gte=timezone.now() - BRING_BACK)
    return {
        "may_log": True,
        "drafts": list(drafts[:MOST]),
        "removed": list(removed.order_by("-removed_at", "pk")[:MOST]),
        "user_key": user_key(user),
    }
