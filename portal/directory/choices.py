"""Closed lists of the directory."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Audience(IntegerChoices):
    """For whom a kept figure is drawn."""

    PUBLIC = 1, _("the public")
    COALITION = 2, _("members of the coalition")
    ALL = 3, _("the secretariat")


class OrganisationType(TextChoices):
    """Source: IATI OrganisationType."""

    GOVERNMENT = "10", _("Government")
    LOCAL_GOVERNMENT = "11", _("Local government")
    OTHER_PUBLIC = "15", _("Other public sector")
    INTERNATIONAL_NGO = "21", _("International NGO")
    NATIONAL_NGO = "22", _("National NGO")
    REGIONAL_NGO = "23", _("Regional NGO")
    PARTNER_COUNTRY_NGO = "24", _("Partner country based NGO")
    PUBLIC_PRIVATE = "30", _("Public private partnership")
    MULTILATERAL = "40", _("Multilateral")
    FOUNDATION = "60", _("Foundation")
    PRIVATE_SECTOR = "70", _("Private sector")
    PRIVATE_PROVIDER = "71", _("Private sector in provider country")
    PRIVATE_RECIPIENT = "72", _("Private sector in aid recipient country")
    PRIVATE_THIRD = "73", _("Private sector in third country")
    ACADEMIC = "80", _("Academic, training and research")
    OTHER = "90", _("Other")


class OrganisationTagName(TextChoices):
    """What IATI's types do not say of an organisation."""

    SURVIVOR_LED = "survivor_led", _("Survivor-led")
    LAW_ENFORCEMENT = "law_enforcement", _("Law enforcement")
    FAITH_BASED = "faith_based", _("Faith-based")
    MEDIA = "media", _("Media")


class PlaceKind(TextChoices):
    WORLD = "world", _("World")
    REGION = "region", _("Region (UN M49)")
    COUNTRY = "country", _("Country (ISO 3166-1)")
    DIVISION = "division", _("First-level division (ISO 3166-2)")


class Role(TextChoices):
    """What a person may do for an organisation."""

    VIEWER = "viewer", _("Viewer")
    EDITOR = "editor", _("Editor")
    MANAGER = "manager", _("Manager")


class RequestState(TextChoices):
    """What became of a request to join."""

    OPEN = "open", _("Waits for an answer")
    ADMITTED = "admitted", _("Admitted")
    DECLINED = "declined", _("Declined")


class GroupRole(TextChoices):
    """What an organisation does in a working group."""

    LEAD = "lead", _("Lead")
    ACCOUNTABLE = "accountable", _("Accountable")
    IMPLEMENTING = "implementing", _("Implementing")
    SUPPORTING = "supporting", _("Supporting")
    INFORMED = "informed", _("Informed")
