"""The terms of data sharing: every version is kept, and who accepted which when."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField

from portal.history.models import Tracked

from ..access import VisibleQuerySet


class TermsQuerySet(VisibleQuerySet):
    def newest(self):
        """The version that holds now; None where there are no terms."""
        return self.order_by("-number").first()


class TermsVersion(Tracked):
    """What members agree to. A version is never changed: a new one takes its place, and everybody is asked again."""

    number = models.PositiveIntegerField(_("version"), unique=True, editable=False)
    changes = models.TextField(
        _("what is new"),
        blank=True,
        max_length=500,
        help_text=_("Shown to those who accepted the version before, in one or two sentences."),
    )
    text = RichTextField(_("text"), features=["h2", "h3", "bold", "ol", "ul", "link"])
    published_at = models.DateTimeField(_("in force since"), editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("published by"),
    )

    objects = TermsQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name = _("version of the terms")
        verbose_name_plural = _("terms of data sharing")

    def __str__(self):
        return str(_("Version %(number)s") % {"number": self.number})

    def get_absolute_url(self):
        return reverse("directory:terms-version", args=[self.number])


class Acceptance(models.Model):
    """A person accepted a version of the terms."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="acceptances")
    version = models.ForeignKey(TermsVersion, models.PROTECT, related_name="acceptances")
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "version"], name="directory_acceptance_once")
        ]

    def __str__(self):
        return f"{self.user}, {self.version}"
