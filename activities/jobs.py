"""What runs once a day about activities."""

from django.utils import timezone

from portal.jobs.registry import daily, every

from .digests import send_digests
from .overlaps import score_all, update_overlaps
from .reminders import remind


@daily("overlaps.score_all", at="02:30")
def score_overlaps(job):
    """Count anew how rare words are, and compare all activities from nothing."""
    return {"pairs": score_all()}


@every("overlaps.catch_up", minutes=15)
def catch_up(job):
    """Compare what changed just before a process died. Nothing is left to do otherwise."""
    update_overlaps(())


@daily("overlaps.remind", at="06:30")
def remind_people(job):
    """Tell of new overlaps, what waits for an answer, and what is due; before the daily mail goes out."""
    return remind(now=timezone.now())


@daily("activities.digests", at="07:30")
def ask_whether_still_true(job):
    """Ask by mail whether activities are still true: everybody at most once a month."""
    return {"mails": send_digests(now=timezone.now())}
