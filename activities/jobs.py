"""What runs once a day about activities."""

from django.utils import timezone

from portal.jobs.registry import daily

from .digests import send_digests
from .reminders import remind


@daily("overlaps.remind", at="06:30")
def remind_people(job):
    """Tell of new overlaps, what waits for an answer, and what is due; before the daily mail goes out."""
    return remind(now=timezone.now())


@daily("activities.digests", at="07:30")
def ask_whether_still_true(job):
    """Ask by mail whether activities are still true: everybody at most once a month."""
    return {"mails": send_digests(now=timezone.now())}
