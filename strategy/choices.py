"""Closed lists of the strategy."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Pillar(IntegerChoices):
    """The four Ps."""

    PREVENTION = 1, _("Prevention")
    PROTECTION = 2, _("Protection")
    PROSECUTION = 3, _("Prosecution")
    PARTNERSHIP = 4, _("Partnership")


class StrategyStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    IN_FORCE = "in_force", _("In force")
    ARCHIVED = "archived", _("Archived")


class IndicatorKind(TextChoices):
    OUTCOME = "outcome", _("Outcome")
    CAPACITY = "capacity", _("Capacity: need and supply")
    CONTEXT = "context", _("Context")


class Direction(TextChoices):
    MORE = "more", _("More is better")
    FEWER = "fewer", _("Fewer is better")


class Calculation(TextChoices):
    """How measurements are put together across periods or places."""

    SUM = "sum", _("Sum")
    MAX = "max", _("Largest")
    AVERAGE = "average", _("Average")
    LATEST = "latest", _("Latest")


class Accountability(TextChoices):
    COALITION = "coalition", _("The coalition")
    MEMBER = "member", _("A member")
