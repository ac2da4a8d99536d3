"""Closed lists of notices."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MailSetting(TextChoices):
    """When a person wants a mail that something waits for them."""

    AT_ONCE = "at_once", _("At once, one mail per matter until I have read it")
    DAILY = "daily", _("Once a day, where something is new")
    NEVER = "never", _("Never; I look in the portal")
