"""Exchange rates, as published."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.directory.access import VisibleQuerySet

from ..fields import currency_field


class ExchangeRate(models.Model):
    """How many units of a currency one euro was worth on a day. Source: the European Central Bank, or an upload."""

    currency = currency_field()
    day = models.DateField(_("day"))
    rate = models.DecimalField(_("units for one euro"), max_digits=20, decimal_places=8)
    source = models.CharField(_("source"), max_length=200)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["currency", "-day"]
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints = [
            models.UniqueConstraint(
                fields=["currency", "day"],
                name="strategy_rate_once_a_day",
                violation_error_message=_("There is a rate for this currency and day."),
            ),
            models.CheckConstraint(
                condition=Q(rate__gt=0),
                name="strategy_rate_above_zero",
                violation_error_message=_("A rate is above zero."),
            ),
        ]

    def __str__(self):
        return f"{self.currency} {self.day}"
