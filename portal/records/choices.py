"""Closed lists that all records share."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Visibility(TextChoices):
    """With whom a record is shared, besides its own organisation and the secretariat."""

    PUBLIC = "public", _("Public")
    COALITION = "coalition", _("Members only")
    WORKING_GROUP = "working_group", _("Named working groups only")
    ORGANISATION = "organisation", _("Own organisation only")


class LocationPrecision(TextChoices):
    """How precisely others may see where a record is. Binds everyone but its owner and the secretariat."""

    EXACT = "exact", _("As recorded")
    DIVISION = "division", _("Division or province only")
    COUNTRY = "country", _("Country only")
    HIDDEN = "hidden", _("Not at all")


class ReviewState(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    ACCEPTED = "accepted", _("Accepted")
    RETURNED = "returned", _("Returned")
