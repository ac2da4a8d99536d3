"""The one task that django-tasks knows: run a job."""

from django.conf import settings
from django_tasks import task


@task(backend=settings.JOBS_BACKEND)
def run_job(job_id: int) -> None:
    from .running import run

    run(job_id)
