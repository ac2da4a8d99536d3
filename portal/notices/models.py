"""Notices: that something about a record waits for a person. The record itself is read when the notice is shown."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .choices import MailSetting


class NoticeQuerySet(models.QuerySet):
    def unread(self):
        return self.filter(read_at=None)

    def about(self, record):
        """Notices about one record, of all kinds."""
        content_type = ContentType.objects.get_for_model(record)
        return self.filter(content_type=content_type, object_id=record.pk)


class Notice(models.Model):
    """One person is told one thing about one record. It holds no words and no names: those come from the record.

    Told again before it is read, it stays one notice with a new `created_at`.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=60)
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    record = GenericForeignKey("content_type", "object_id")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    #: When a mail said that there is something; null while none did.
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = [
            models.Index(fields=["person", "read_at", "-created_at"]),
            models.Index(fields=["content_type", "object_id"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "content_type", "object_id"],
                condition=Q(read_at=None),
                name="notices_notice_unread_once",
            ),
            models.CheckConstraint(
                condition=Q(read_at=None) | Q(read_at__gte=F("created_at")),
                name="notices_notice_read_after_made",
            ),
        ]

    def __str__(self):
        return f"{self.person}: {self.kind}"


class NoticeSetting(models.Model):
    """When one person wants mail; without a row, at once."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_setting"
    )
    mail = models.CharField(
        _("mail"), max_length=10, choices=MailSetting.choices, default=MailSetting.AT_ONCE
    )

    class Meta:
        verbose_name = _("setting of notifications")
        verbose_name_plural = _("settings of notifications")
        constraints = [
            models.CheckConstraint(
                condition=Q(mail__in=MailSetting.values), name="notices_setting_mail_is_known"
            )
        ]

    def __str__(self):
        return f"{self.person}: {self.get_mail_display()}"
