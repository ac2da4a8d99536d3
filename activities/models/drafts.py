"""What somebody is still writing, and which filled-in form led to which activity."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.directory.access import VisibleQuerySet

from .activities import Activity


class ActivityDraftQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """One's own alone: a draft is nobody else's business, not even the secretariat's."""
        if user is None or not user.is_authenticated:
            return self.none()
        return self.filter(user=user)

    def editable_by(self, user):
        return self.visible_to(user)


class ActivityDraft(models.Model):
    """An activity's form as somebody typed it, before it is sent. No record, and no history of it is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="activity_drafts"
    )
    #: Of the form; the same on every device that continues it.
    token = models.UUIDField()
    activity = models.ForeignKey(
        Activity,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="drafts",
        help_text=_("The activity that is changed; empty for a new one."),
    )
    #: `{field: [what was typed, ...]}`
    data = models.JSONField(default=dict)
    #: Counts the savings, so that a device that was away notices what another one wrote.
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(_("last saved"))

    objects = ActivityDraftQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "pk"]
        verbose_name = _("draft of an activity")
        verbose_name_plural = _("drafts of activities")
        constraints = [
            models.UniqueConstraint(fields=["user", "token"], name="activities_draft_token_once"),
            models.UniqueConstraint(
                fields=["user", "activity"],
                condition=Q(activity__isnull=False),
                name="activities_draft_one_per_activity",
            ),
        ]

    def __str__(self):
        return self.title or str(self.token)

    @property
    def title(self):
        """What was typed as the title so far."""
        return (self.data.get("title") or [""])[0].strip()


class SentForm(models.Model):
    """A form that was saved, and the activity it led to: sent twice, it leads to the same."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    token = models.UUIDField()
    activity = models.ForeignKey(
        Activity, models.CASCADE, null=True, blank=True, related_name="sent_forms"
    )
    sent_at = models.DateTimeField()

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at"]
        verbose_name = _("sent form")
        verbose_name_plural = _("sent forms")
        constraints = [
            models.UniqueConstraint(fields=["user", "token"], name="activities_sent_form_once")
        ]

    def __str__(self):
        return str(self.token)
