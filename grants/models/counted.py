"""What `grants.splits` makes of grants: the rows that every figure sums, and what stands beside the figures."""

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from portal.directory.access import VisibleQuerySet, viewer_of
from portal.directory.models import Place
from strategy.fields import money_field
from strategy.models import Objective, Strategy

from ..choices import Measure, UnconvertedReason
from .grants import Grant


class SplitQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """The rows that count for this viewer's audience; `portal.dashboards.gather` adds what is their own."""
        return self.counting_for(viewer_of(user).audience)

    def counting_for(self, audience):
        return self.filter(**{("in_public", "in_coalition", "in_all")[audience - 1]: True})


class Split(models.Model):
    """A grant's money in one objective, place and year: the rows that every figure of money is the sum of.

    Written by `grants.splits`, exact by largest remainder and cumulative rounding, in minor units (cents) of the
    strategy's currency. Rows with `passed_on` are negative: what a regrant replaces of its parent's tags.
    """

    grant = models.ForeignKey(Grant, models.CASCADE, related_name="splits")
    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="+")
    measure = models.CharField(max_length=10, choices=Measure.choices)
    objective = models.ForeignKey(Objective, models.CASCADE, null=True, related_name="+")
    place = models.ForeignKey(Place, models.CASCADE, null=True, related_name="+")
    #: The place as others than its owner and the secretariat see it (location precision).
    shown_place = models.ForeignKey(Place, models.CASCADE, null=True, related_name="+")
    year = models.SmallIntegerField()
    amount = models.BigIntegerField()
    #: The whole amount of the year where the split is assumed: what would count if all of it were meant for this tag.
    full = models.BigIntegerField(default=0)
    is_assumed = models.BooleanField(default=False)
    dates_assumed = models.BooleanField(default=False)
    by_rule = models.BooleanField(default=False)
    in_kind = models.BooleanField(default=False)
    #: Negative: what counted regrants of this grant pass on under their own tags.
    passed_on = models.BooleanField(default=False)
    in_public = models.BooleanField(default=False)
    in_coalition = models.BooleanField(default=False)
    in_all = models.BooleanField(default=False)

    objects = SplitQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["strategy", "measure", "objective", "year", "place"],
                name="grants_split_by_cell",
            ),
            models.Index(
                "strategy", "measure", F("amount").desc(), "id", name="grants_split_largest"
            ),
        ]

    def __str__(self):
        return f"{self.grant_id} {self.measure} {self.year}: {self.amount}"


class CountedGrant(models.Model):
    """That a grant counts as one of a year, for whom, and whether it has an amount. Written by `grants.splits`."""

    grant = models.ForeignKey(Grant, models.CASCADE, related_name="+")
    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="+")
    year = models.SmallIntegerField()
    has_amount = models.BooleanField()
    in_public = models.BooleanField(default=False)
    in_coalition = models.BooleanField(default=False)
    in_all = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["grant", "strategy"], name="grants_counted_once")
        ]

    def __str__(self):
        return f"{self.grant_id}: {self.year}"


class UnconvertedQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Money of the grants that this person sees."""
        if viewer_of(user).is_secretariat:
            return self
        return self.filter(grant__in=Grant.objects.visible_to(user).values("pk"))


class Unconverted(models.Model):
    """Money that stands beside the figures because it could not be converted. Written by `grants.splits`."""

    grant = models.ForeignKey(Grant, models.CASCADE, related_name="unconverted")
    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="+")
    measure = models.CharField(max_length=10, choices=Measure.choices)
    amount = money_field(_("amount"), null=True)
    currency = models.CharField(max_length=3, blank=True)
    value_date = models.DateField(null=True)
    reason = models.CharField(max_length=10, choices=UnconvertedReason.choices)

    objects = UnconvertedQuerySet.as_manager()

    class Meta:
        verbose_name = _("money that could not be converted")
        verbose_name_plural = _("money that could not be converted")

    def __str__(self):
        return f"{self.amount} {self.currency} {self.value_date}"
