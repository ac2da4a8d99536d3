"""Closed lists of grants, with their codes in the standards."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class GrantStatus(TextChoices):
    """Source: IATI ActivityStatus."""

    PIPELINE = "1", _("Planned")
    ACTIVE = "2", _("Running")
    FINALISATION = "3", _("Finishing")
    CLOSED = "4", _("Closed")
    CANCELLED = "5", _("Cancelled")
    SUSPENDED = "6", _("Suspended")


class TransactionKind(TextChoices):
    """Source: IATI TransactionType, as far as funders report it. Corrections are negative."""

    COMMITMENT = "2", _("Commitment")
    DISBURSEMENT = "3", _("Disbursement")
    EXPENDITURE = "4", _("Expenditure")
    PLEDGE = "12", _("Pledge")


class RegrantType(TextChoices):
    """Source: 360Giving regrantType."""

    COMMON = "FRG010", _("Common regrant")
    ENDOWMENT = "FRG020", _("Endowment")
    MATCH = "FRG030", _("Match funding")
    CONSORTIUM = "FRG040", _("Consortium or collaborative")
    DEVOLVED = "FRG050", _("Devolved")
    INTERNAL = "FRG060", _("Internal transfer")
    OTHER = "FRG070", _("Other")


class TagOrigin(TextChoices):
    """Where a tag comes from."""

    SOURCE = "source", _("the source's own words")
    RULE = "rule", _("a rule")
    PERSON = "person", _("a person")


class Measure(TextChoices):
    PLEDGED = "pledged", _("Pledged")
    COMMITTED = "committed", _("Committed")
    DISBURSED = "disbursed", _("Paid out")


class UnconvertedReason(TextChoices):
    """Why money is not in the figures."""

    NO_RATE = "no_rate", _("No exchange rate within 7 days")
    NO_DATE = "no_date", _("No value date")
    NO_AMOUNT = "no_amount", _("No amount")
