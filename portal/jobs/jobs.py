"""What background work does about itself."""

from django.utils import timezone

from .registry import daily
from .services import prune


@daily("jobs.prune", at="03:40")
def prune_jobs(job):
    return {"deleted": prune(now=timezone.now())}
