"""Tags: which share of a grant serves which objective, and where."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from portal.directory.models import Place
from portal.history.models import Tracked
from strategy.fields import share_field, share_text
from strategy.models import Objective, Strategy

from ..choices import TagOrigin
from .grants import Grant


class Allocation(Tracked):
    """A tag: which share of a grant serves which objective, and where. Per grant and strategy at most 100 in sum."""

    grant = ParentalKey(Grant, on_delete=models.CASCADE, related_name="allocations")
    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="allocations")
    objective = models.ForeignKey(
        Objective, models.PROTECT, null=True, blank=True, related_name="allocations"
    )
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="allocations"
    )
    share = share_field()
    origin = models.CharField(
        _("where the tag comes from"), max_length=6, choices=TagOrigin.choices
    )
    is_assumed = models.BooleanField(
        _("assumed split"),
        default=False,
        help_text=_("The grant names several pillars; the source gives no shares."),
    )
    evidence = models.CharField(_("words that led to it"), max_length=300, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )

    class Meta:
        ordering = ["grant", "strategy", "pk"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=100),
                name="grants_allocation_share_is_percentage",
                violation_error_message=_("A share is above 0 and at most 100."),
            ),
        ]

    def __str__(self):
        return f"{self.objective or '–'}, {self.place or '–'}: {share_text(self.share)}"


class AllocationTotal(models.Model):
    """The sum of a grant's shares in a strategy, kept so that the database can refuse more than 100."""

    grant = models.ForeignKey(Grant, models.CASCADE, related_name="allocation_totals")
    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="+")
    total = share_field()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["grant", "strategy"], name="grants_total_once"),
            models.CheckConstraint(
                condition=Q(total__gte=0, total__lte=100),
                name="grants_total_at_most_100",
                violation_error_message=_("The shares of a grant add up to more than 100."),
            ),
        ]

    def __str__(self):
        return f"{self.grant_id}: {self.total}"
