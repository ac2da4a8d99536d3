"""What the worker does for imports."""

from django.utils import timezone

from portal.jobs.registry import daily, job

from . import services
from .models import Import


@job("imports.check")
def check(row, import_id):
    return services.check(_whole(import_id), row)


@job("imports.save")
def save(row, import_id):
    return services.save(_whole(import_id), row, now=timezone.now())


@job("imports.undo")
def undo(row, import_id):
    return services.undo(_whole(import_id), row, by=row.started_by, now=timezone.now())


@daily("imports.prune", at="03:50")
def prune(row):
    return {"deleted": services.prune(now=timezone.now())}


def _whole(key):
    return Import.objects.select_related("uploaded_by", "organisation").get(pk=key)
