"""The daily mail."""

from django.utils import timezone

from portal.jobs.registry import daily

from .services import send_daily


@daily("notices.send", at="07:00")
def send(job):
    """Say by mail that something waits, to those who want it once a day or could not be told at once."""
    return {"mails": send_daily(now=timezone.now())}
