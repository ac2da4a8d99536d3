"""Closed lists of activities, with their codes in the standards."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ActivityStatus(TextChoices):
    """Source: IATI ActivityStatus."""

    PIPELINE = "1", _("Planned")
    IMPLEMENTATION = "2", _("Under way")
    FINALISATION = "3", _("Finishing")
    CLOSED = "4", _("Closed")
    CANCELLED = "5", _("Cancelled")
    SUSPENDED = "6", _("Suspended")


class OrganisationRole(TextChoices):
    """Source: IATI OrganisationRole."""

    FUNDING = "1", _("Funding")
    ACCOUNTABLE = "2", _("Accountable")
    EXTENDING = "3", _("Extending")
    IMPLEMENTING = "4", _("Implementing")


class Population(TextChoices):
    """Groups of people an activity is for."""

    ADULTS = "adults", _("Adults")
    WOMEN = "women", _("Women")
    MEN = "men", _("Men")
    CHILDREN = "children", _("Children")
    MIGRANTS = "migrants", _("People on the move")
    WORKERS = "workers", _("Workers")
    SURVIVORS = "survivors", _("People who have been trafficked")
    COMMUNITIES = "communities", _("Communities at risk")
    OFFICIALS = "officials", _("Officials and professionals")
    PUBLIC = "public", _("The general public")


class Exploitation(TextChoices):
    """Forms of exploitation. Source: UN Palermo Protocol, article 3."""

    SEXUAL = "sexual", _("Sexual exploitation")
    LABOUR = "labour", _("Forced labour")
    DOMESTIC = "domestic", _("Domestic servitude")
    MARRIAGE = "marriage", _("Forced marriage")
    CRIMINALITY = "criminality", _("Forced criminality and begging")
    ORGANS = "organs", _("Removal of organs")
    ANY = "any", _("All forms")


class DeliveryMode(TextChoices):
    SERVICE = "service", _("Services to people")
    TRAINING = "training", _("Training")
    CAMPAIGN = "campaign", _("Campaign or information")
    ADVICE = "advice", _("Advice and technical help")
    RESEARCH = "research", _("Research and data")
    ADVOCACY = "advocacy", _("Advocacy")
    GRANTS = "grants", _("Grants to others")
