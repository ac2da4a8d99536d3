"""What runs once a day about activities."""

from django.utils import timezone

from portal.jobs.registry import daily

from .reminders import remind


@daily("overlaps.remind", at="06:30")
def remind_people(job):
    """Tell of new overlaps, what waits for an answer, and what is due; before the daily mail goes out."""
    return remind(now=timezone.now())
