"""What is measured, and what was measured."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.directory.access import VisibleQuerySet, viewer_of
from portal.directory.models import Place
from portal.history.models import Tracked

from ..choices import Accountability, Calculation, Direction, IndicatorKind, StrategyStatus
from .objectives import Objective


def paired(first, second, name, message):
    """A constraint: both fields or neither."""
    return models.CheckConstraint(
        condition=Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
        | Q(**{f"{first}__isnull": False, f"{second}__isnull": False}),
        name=name,
        violation_error_message=message,
    )


class IndicatorQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        if viewer_of(user).is_secretariat:
            return self
        return self.exclude(objective__strategy__status=StrategyStatus.DRAFT)


class Indicator(Tracked):
    """What is measured for an objective. A capacity indicator holds need and supply, and so has a gap of its own."""

    objective = models.ForeignKey(Objective, models.CASCADE, related_name="indicators")
    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    kind = models.CharField(
        _("kind"), max_length=10, choices=IndicatorKind.choices, default=IndicatorKind.OUTCOME
    )
    unit = models.CharField(_("unit"), max_length=60)
    direction = models.CharField(
        _("direction"), max_length=5, choices=Direction.choices, default=Direction.MORE
    )
    baseline_value = models.DecimalField(
        _("start"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    baseline_year = models.PositiveSmallIntegerField(_("year of the start"), null=True, blank=True)
    target_value = models.DecimalField(
        _("target"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    target_year = models.PositiveSmallIntegerField(_("year of the target"), null=True, blank=True)
    across_periods = models.CharField(
        _("across periods"), max_length=8, choices=Calculation.choices, default=Calculation.LATEST
    )
    across_places = models.CharField(
        _("across places"), max_length=8, choices=Calculation.choices, default=Calculation.SUM
    )
    accountability = models.CharField(
        _("who answers for it"),
        max_length=10,
        choices=Accountability.choices,
        default=Accountability.COALITION,
    )
    counts_people = models.BooleanField(
        _("counts people"),
        default=False,
        help_text=_("Small numbers are then hidden from everyone but the secretariat."),
    )
    description = models.TextField(_("description"), blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["objective", "title"]
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = [
            paired(
                "baseline_value",
                "baseline_year",
                "strategy_indicator_baseline_has_year",
                _("Give the start and its year."),
            ),
            paired(
                "target_value",
                "target_year",
                "strategy_indicator_target_has_year",
                _("Give the target and its year."),
            ),
        ]

    def __str__(self):
        return self.title


class MeasurementQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Counts of people are the secretariat's until they are released."""
        if viewer_of(user).is_secretariat:
            return self
        return self.exclude(indicator__objective__strategy__status=StrategyStatus.DRAFT).filter(
            Q(indicator__counts_people=False) | Q(is_released=True)
        )


class Measurement(Tracked):
    """One value of an indicator in a place on a day; of a capacity, need and supply."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="measurements")
    place = models.ForeignKey(Place, models.PROTECT, related_name="measurements")
    measured_on = models.DateField(_("as of"))
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=2, null=True, blank=True)
    need = models.PositiveIntegerField(_("needed"), null=True, blank=True)
    available = models.PositiveIntegerField(_("available"), null=True, blank=True)
    maximum = models.PositiveIntegerField(_("at most"), null=True, blank=True)
    is_dedicated = models.BooleanField(_("dedicated, not shared"), default=True)
    is_released = models.BooleanField(_("released by the secretariat"), default=False)
    source = models.CharField(_("source"), max_length=300)

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        ordering = ["indicator", "place", "measured_on"]
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "place", "measured_on"], name="strategy_measurement_once"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | Q(need__isnull=False),
                name="strategy_measurement_says_something",
                violation_error_message=_("Give a value, or the need and what is available."),
            ),
            paired(
                "need",
                "available",
                "strategy_measurement_need_and_supply",
                _("Give both need and what is available."),
            ),
        ]

    def __str__(self):
        return f"{self.indicator}, {self.place}, {self.measured_on}"

    @property
    def gap(self):
        """Units needed less units available, at least 0; None where this is no capacity."""
        return None if self.need is None else max(0, self.need - self.available)
