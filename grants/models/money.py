"""Money of grants: promised, moved, and what of it pays for which activity."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from activities.models import Activity
from portal.directory.access import VisibleQuerySet, viewer_of
from portal.history.models import Tracked
from strategy.fields import currency_field, money_field

from ..choices import TransactionKind
from .grants import Grant


class Transaction(Tracked):
    """Money promised or moved. Corrections are negative. Source: IATI TransactionType."""

    grant = ParentalKey(Grant, on_delete=models.CASCADE, related_name="transactions")
    kind = models.CharField(_("kind"), max_length=2, choices=TransactionKind.choices)
    amount = money_field(_("amount"))
    currency = currency_field()
    value_date = models.DateField(_("value date"))
    description = models.CharField(_("description"), max_length=300, blank=True)

    class Meta:
        ordering = ["grant", "value_date", "pk"]
        verbose_name = _("transaction")
        verbose_name_plural = _("transactions")
        constraints = [
            models.CheckConstraint(
                condition=~Q(currency=""), name="grants_transaction_has_currency"
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount} {self.currency}"


class ActivityFundingQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Both ends must be shown to this person."""
        if viewer_of(user).is_secretariat:
            return self
        return self.filter(
            activity__in=Activity.objects.visible_to(user).values("pk"),
            grant__in=Grant.objects.visible_to(user).values("pk"),
        )

    def editable_by(self, user):
        """Whoever may change the grant says what it pays for."""
        if viewer_of(user).is_secretariat:
            return self
        return self.filter(grant__in=Grant.objects.editable_by(user).values("pk"))


class ActivityFunding(Tracked):
    """Which grant pays for which activity, and how much of it."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="fundings")
    grant = models.ForeignKey(Grant, models.CASCADE, related_name="fundings")
    amount = money_field(_("amount"), null=True, blank=True)
    currency = currency_field(blank=True)

    objects = ActivityFundingQuerySet.as_manager()

    class Meta:
        ordering = ["activity", "grant"]
        verbose_name = _("activity funding")
        verbose_name_plural = _("activity funding")
        constraints = [
            models.UniqueConstraint(fields=["activity", "grant"], name="grants_funding_once"),
            models.CheckConstraint(
                condition=Q(amount=None, currency="") | (Q(amount__gte=0) & ~Q(currency="")),
                name="grants_funding_amount_has_currency",
                violation_error_message=_("Give the amount and its currency, or neither."),
            ),
        ]

    def __str__(self):
        return f"{self.grant} → {self.activity}"
