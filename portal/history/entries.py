"""Entries of the history, written in one statement."""

from collections.abc import Iterable, Mapping

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils import timezone
from wagtail.log_actions import get_active_log_context
from wagtail.models import ModelLogEntry

from portal.lib import bulk


def log_changes(
    action: str, changed: Iterable[tuple[Model, Mapping[str, list]]], *, deleted: bool = False
) -> None:
    """An entry for each of these records of one kind, with its `{field: [old, new]}`, by whoever acts now.

    As Wagtail's `log` does, without checking entry by entry what the code itself says.
    """
    context, now = get_active_log_context(), timezone.now()
    bulk.insert(
        [
            ModelLogEntry(
                content_type=ContentType.objects.get_for_model(instance, for_concrete_model=False),
                object_id=str(instance.pk),
                label=str(instance) or f"{type(instance).__name__} {instance.pk}",
                action=action,
                data={"changes": dict(changes)},
                timestamp=now,
                user_id=context.user.pk if context.user else None,
                uuid=context.uuid,
                deleted=deleted,
            )
            for instance, changes in changed
        ]
    )
