"""What the secretariat decides about an activity: whether it is accepted, and whether its text may be shown."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from activities.choices import ReviewStep
from portal.directory.access import VisibleQuerySet, viewer_of
from portal.history.models import Tracked
from strategy.models.indicators import paired

from .activities import Activity


class OfOwnActivities(VisibleQuerySet):
    """Rows that the activity's own organisation and the secretariat see, and nobody else."""

    def visible_to(self, user):
        viewer = viewer_of(user)
        if viewer.is_secretariat:
            return self
        return self.filter(activity__reporting_organisation__in=viewer.organisations)


class Review(Tracked):
    """One step of a review, with what the secretariat said. The newest tells where an activity stands."""

    activity = models.ForeignKey(
        Activity, models.CASCADE, related_name="reviews", verbose_name=_("activity")
    )
    step = models.CharField(_("step"), max_length=10, choices=ReviewStep.choices)
    comment = models.TextField(_("comment"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("on"))

    objects = OfOwnActivities.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("review step")
        verbose_name_plural = _("review steps")
        constraints = [
            models.CheckConstraint(
                condition=Q(step__in=ReviewStep.values), name="activities_review_step_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(step=ReviewStep.RETURNED, comment=""),
                name="activities_review_returned_says_why",
                violation_error_message=_("Say what is to be changed."),
            ),
        ]

    def __str__(self):
        return f"{self.activity}: {self.get_step_display()}"


class TextHold(Tracked):
    """An activity whose text looks like it holds a person's data: others see it after the secretariat has looked.

    found: `[{"field", "kind", "mark"}]`; a mark says whether two hits are the same, and nothing of what they say.
    """

    activity = models.OneToOneField(
        Activity, models.CASCADE, related_name="text_hold", verbose_name=_("activity")
    )
    found = models.JSONField(default=list)
    held_at = models.DateTimeField(_("held since"))
    released_at = models.DateTimeField(_("released on"), null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("released by"),
    )
    reason = models.CharField(_("why it may be shown"), max_length=300, blank=True)

    objects = OfOwnActivities.as_manager()

    class Meta:
        ordering = ["held_at", "pk"]
        verbose_name = _("held activity")
        verbose_name_plural = _("held activities")
        constraints = [
            paired(
                "released_at",
                "released_by",
                "activities_hold_released_by_somebody",
                _("Both or neither."),
            ),
            models.CheckConstraint(
                condition=Q(released_at=None) | ~Q(reason=""),
                name="activities_hold_released_with_reason",
                violation_error_message=_("Say why the text may be shown."),
            ),
        ]

    def __str__(self):
        return str(self.activity)


@register_setting(icon="check")
class LoggingSettings(Tracked, BaseGenericSetting):
    """How this coalition keeps its activities."""

    review = models.BooleanField(
        _("the secretariat reviews activities"),
        default=True,
        help_text=_("Switched off, what a member publishes is accepted at once."),
    )

    class Meta:
        verbose_name = _("reviewing activities")

    def __str__(self):
        return str(_("Reviewing activities"))


class DigestSetting(models.Model):
    """Somebody who wants no mail about activities to confirm; without a row, it comes."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="digest_setting"
    )
    is_on = models.BooleanField(_("mail me which activities wait for “still true?”"), default=True)

    class Meta:
        verbose_name = _("setting of the mail about activities")
        verbose_name_plural = _("settings of the mail about activities")

    def __str__(self):
        return str(self.person)


class Digest(models.Model):
    """That a person was sent the mail of a month, so that no run sends a second one."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digests")
    month = models.DateField(_("first day of the month"))
    sent_at = models.DateTimeField(_("sent on"))

    class Meta:
        ordering = ["-month", "person"]
        verbose_name = _("mail about activities")
        verbose_name_plural = _("mails about activities")
        constraints = [
            models.UniqueConstraint(fields=["person", "month"], name="activities_digest_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="activities_digest_of_a_month"),
        ]

    def __str__(self):
        return f"{self.person}, {self.month}"
