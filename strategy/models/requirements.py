"""What is asked: money (requirements) and presence (expectations)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.directory.access import VisibleQuerySet, viewer_of
from portal.directory.models import Place
from portal.history.models import Tracked

from ..choices import StrategyStatus
from ..fields import currency_field, money_field
from .objectives import Objective


class AskedQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """What the strategies that this person may read ask for."""
        if viewer_of(user).is_secretariat:
            return self
        return self.exclude(objective__strategy__status=StrategyStatus.DRAFT)


class Requirement(Tracked):
    """What an objective needs in a place in a fiscal year. Requirements are disjoint. Source of the term: FTS."""

    objective = models.ForeignKey(Objective, models.CASCADE, related_name="requirements")
    place = models.ForeignKey(Place, models.PROTECT, related_name="requirements")
    year = models.PositiveSmallIntegerField(_("fiscal year"))
    currency = currency_field()
    amount_original = money_field(_("original amount"))
    amount_revised = money_field(_("revised amount"), null=True, blank=True)
    basis_of_estimate = models.TextField(
        _("basis of estimate"), help_text=_("How the amount was arrived at.")
    )
    source = models.CharField(_("source"), max_length=300)
    #: Minor units of the strategy's currency; empty while no exchange rate is known.
    amount_minor = models.BigIntegerField(null=True, editable=False)

    objects = AskedQuerySet.as_manager()

    class Meta:
        ordering = ["objective", "place", "year"]
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        indexes = [models.Index(fields=["objective", "year"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_original__gte=0)
                & (Q(amount_revised=None) | Q(amount_revised__gte=0)),
                name="strategy_requirement_not_negative",
                violation_error_message=_("A requirement is not negative."),
            ),
            models.CheckConstraint(
                condition=~Q(basis_of_estimate=""),
                name="strategy_requirement_says_its_basis",
                violation_error_message=_("Say how the amount was arrived at."),
            ),
        ]

    def __str__(self):
        return f"{self.objective.code}, {self.place}, {self.year}"

    @property
    def amount(self):
        """The revised amount, else the original one."""
        return self.amount_original if self.amount_revised is None else self.amount_revised


class Expectation(Tracked):
    """Somebody should be at work here. A requirement above zero says so too."""

    objective = models.ForeignKey(Objective, models.CASCADE, related_name="expectations")
    place = models.ForeignKey(Place, models.PROTECT, related_name="expectations")
    year_from = models.PositiveSmallIntegerField(_("from year"))
    year_to = models.PositiveSmallIntegerField(_("to year"))
    source = models.CharField(_("source"), max_length=300)

    objects = AskedQuerySet.as_manager()

    class Meta:
        ordering = ["objective", "place", "year_from"]
        verbose_name = _("expectation")
        verbose_name_plural = _("expectations")
        constraints = [
            models.CheckConstraint(
                condition=Q(year_to__gte=F("year_from")),
                name="strategy_expectation_ends_after_start",
                violation_error_message=_("The last year is before the first year."),
            ),
            models.UniqueConstraint(
                fields=["objective", "place", "year_from"], name="strategy_expectation_once"
            ),
        ]

    def __str__(self):
        return f"{self.objective.code}, {self.place}, {self.year_from}–{self.year_to}"
