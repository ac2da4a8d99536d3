"""The strategy itself: its period, its currency, its years."""

from datetime import date, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.directory.access import VisibleQuerySet, viewer_of
from portal.history.models import Tracked

from ..choices import StrategyStatus
from ..fields import currency_field


class StrategyQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """What is in force or was; drafts only to the secretariat."""
        return self if viewer_of(user).is_secretariat else self.exclude(status=StrategyStatus.DRAFT)

    def in_force(self):
        """The strategy in force, or None."""
        return self.filter(status=StrategyStatus.IN_FORCE).first()


class Strategy(Tracked):
    """What the coalition agreed for a period. Objectives, requirements, allocations and all sums belong to one.

    A fiscal year is named by the year it ends in; `year_start_month` is the month it starts in.
    """

    title = models.CharField(_("title"), max_length=200)
    coalition_name = models.CharField(_("name of the coalition"), max_length=200)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    reporting_currency = currency_field(default="USD", verbose_name=_("reporting currency"))
    year_start_month = models.PositiveSmallIntegerField(
        _("month its year starts in"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    as_of = models.DateField(
        _("default as-of date"),
        null=True,
        blank=True,
        help_text=_("Left empty, the portal looks from today."),
    )
    status = models.CharField(
        _("status"), max_length=10, choices=StrategyStatus.choices, default=StrategyStatus.DRAFT
    )
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    notice = models.CharField(
        _("notice on every page"),
        max_length=300,
        blank=True,
        help_text=_("One line that readers must know."),
    )
    #: Raised in the transaction of every change that a figure could show: the key of all caches.
    data_version = models.PositiveBigIntegerField(default=0, editable=False)

    objects = StrategyQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on"]
        verbose_name = _("strategy")
        verbose_name_plural = _("strategies")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="strategy_strategy_ends_after_start",
                violation_error_message=_("The last day is before the first day."),
            ),
            models.CheckConstraint(
                condition=Q(year_start_month__gte=1, year_start_month__lte=12),
                name="strategy_strategy_month_of_year",
                violation_error_message=_("A year starts in a month from 1 to 12."),
            ),
            models.UniqueConstraint(
                fields=["status"],
                condition=Q(status="in_force"),
                name="strategy_strategy_one_in_force",
                violation_error_message=_("Another strategy is in force. Archive it first."),
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        """Save all but the data version, which is raised in the database alone and would go back here."""
        if not self._state.adding and kwargs.get("update_fields") is None and not args:
            kwargs["update_fields"] = [
                field.name
                for field in self._meta.concrete_fields
                if not field.primary_key and field.name != "data_version"
            ]
        super().save(*args, **kwargs)

    def year_of(self, day: date) -> int:
        """The fiscal year that `day` lies in, named by the year it ends in."""
        later = self.year_start_month > 1 and day.month >= self.year_start_month
        return day.year + 1 if later else day.year

    def year_bounds(self, year: int) -> tuple[date, date]:
        """First and last day of a fiscal year, both counted."""
        month = self.year_start_month
        first = date(year if month == 1 else year - 1, month, 1)
        return first, date(first.year + 1, month, 1) - timedelta(days=1)

    @cached_property
    def years(self) -> list[int]:
        """The fiscal years of the period, in order."""
        return list(range(self.year_of(self.starts_on), self.year_of(self.ends_on) + 1))

    def today(self) -> date:
        """The day the strategy is looked at from, unless the reader says otherwise."""
        return self.as_of or timezone.localdate()
