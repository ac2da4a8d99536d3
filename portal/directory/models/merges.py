"""Two organisations found to be one."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..access import VisibleQuerySet
from .organisations import Organisation


class MergeQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """The secretariat alone."""
        return self.editable_by(user)

    def standing(self):
        """Merges that were not undone."""
        return self.filter(undone_at=None)


class OrganisationMerge(models.Model):
    """What one organisation brought to another, kept in full: undoing puts everything back.

    moved: [{"model": "app.model", "field": name, "keys": [...]}], rows that now point at `into`.
    dropped: rows that `into` had already, as [{"model": ..., "values": {...}}].
    changed: values of `into` and its rows that took something over, [{"model", "key", "field", "before", "after"}].
    gone: the values of the merged organisation itself.
    """

    into = models.ForeignKey(Organisation, models.CASCADE, related_name="merged_organisations")
    name = models.CharField(_("merged organisation"), max_length=255)
    slug = models.SlugField(_("its address"), max_length=120, db_index=True)
    gone = models.JSONField(encoder=DjangoJSONEncoder)
    moved = models.JSONField(encoder=DjangoJSONEncoder)
    dropped = models.JSONField(encoder=DjangoJSONEncoder)
    changed = models.JSONField(encoder=DjangoJSONEncoder)
    merged_at = models.DateTimeField(_("merged"))
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("merged by"),
    )
    undone_at = models.DateTimeField(_("undone"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    objects = MergeQuerySet.as_manager()

    class Meta:
        ordering = ["-merged_at", "-pk"]
        verbose_name = _("merge")
        verbose_name_plural = _("merged organisations")

    def __str__(self):
        return f"{self.name} → {self.into}"
