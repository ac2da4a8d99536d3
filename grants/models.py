"""What funders pay for: grants, their transactions, their tags, and the split money that every figure sums."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from activities.models import Activity
from portal.directory.access import VisibleQuerySet, viewer_of
from portal.directory.models import Organisation, Place
from portal.history.models import Tracked
from portal.lib.text import fold
from portal.records.models import Record, RecordQuerySet
from strategy.fields import currency_field, money_field, share_field, share_text
from strategy.models import Objective, Strategy

from .choices import (
    GrantStatus,
    Measure,
    RegrantType,
    TagOrigin,
    TransactionKind,
    UnconvertedReason,
)


class LinkGroupQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Groups of which somebody sees every record."""
        if viewer_of(user).is_secretariat:
            return self
        hidden = Grant.objects.exclude(pk__in=Grant.objects.visible_to(user).values("pk")).exclude(
            link_group=None
        )
        return self.exclude(pk__in=hidden.values("link_group"))


class LinkGroup(Tracked):
    """Records of one and the same grant: the first that a reader may see counts, in the order of `link_position`."""

    rule = models.CharField(_("how they were found to be one"), max_length=200)
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    linked_at = models.DateTimeField(auto_now_add=True)

    objects = LinkGroupQuerySet.as_manager()

    def __str__(self):
        return self.rule


class GrantQuerySet(RecordQuerySet):
    pass


class Grant(Record, ClusterableModel):
    """An award of money or goods from one organisation to another. Source of the term: 360Giving."""

    owner_fields = ("funding_organisation", "recipient_organisation")
    cancelled = {"status": GrantStatus.CANCELLED}

    title = models.CharField(_("title"), max_length=300)
    description = models.TextField(_("description"), blank=True)
    folded = models.TextField(editable=False, default="")
    funding_organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="grants_given",
        verbose_name=_("funding organisation"),
    )
    recipient_organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="grants_received",
        verbose_name=_("recipient organisation"),
        help_text=_("Left empty where the source names none. Never a person's name."),
    )
    currency = currency_field(blank=True)
    amount_awarded = money_field(_("amount awarded"), null=True, blank=True)
    award_date = models.DateField(_("award date"), null=True, blank=True)
    planned_start = models.DateField(_("planned start"), null=True, blank=True)
    planned_end = models.DateField(_("planned end"), null=True, blank=True)
    dates_assumed = models.BooleanField(
        _("dates assumed"),
        default=False,
        help_text=_("The source gives a year only; the grant is spread over it."),
    )
    status = models.CharField(
        _("status"), max_length=1, choices=GrantStatus.choices, default=GrantStatus.ACTIVE
    )
    regrant_type = models.CharField(
        _("kind of regrant"), max_length=6, choices=RegrantType.choices, blank=True
    )
    regrant_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="regrants",
        verbose_name=_("passes on money of"),
    )
    in_kind = models.BooleanField(_("in kind"), default=False)
    link_group = models.ForeignKey(
        LinkGroup, models.SET_NULL, null=True, blank=True, related_name="grants"
    )
    link_position = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = ["-award_date", "pk"]
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints = [
            models.CheckConstraint(
                condition=Q(planned_end__gte=F("planned_start"))
                | Q(planned_start=None)
                | Q(planned_end=None),
                name="grants_grant_ends_after_start",
                violation_error_message=_("The end date is before the start date."),
            ),
            models.CheckConstraint(
                condition=Q(amount_awarded=None) | ~Q(currency=""),
                name="grants_grant_amount_has_currency",
                violation_error_message=_("An amount needs its currency."),
            ),
            models.CheckConstraint(
                condition=Q(amount_awarded=None) | Q(amount_awarded__gte=0),
                name="grants_grant_amount_not_negative",
                violation_error_message=_(
                    "An amount awarded is not negative. Corrections are transactions."
                ),
            ),
            models.CheckConstraint(
                condition=Q(regrant_of=None) | ~Q(regrant_of=F("id")),
                name="grants_grant_not_its_own_regrant",
            ),
            models.UniqueConstraint(
                fields=["link_group", "link_position"], name="grants_grant_link_position_once"
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.folded = fold(f"{self.title} {self.description}")
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("dashboards:grant", args=[self.pk])

    def clean(self):
        if self.regrant_of_id and self.pk:
            step = self.regrant_of
            while step is not None:
                if step.pk == self.pk:
                    raise ValidationError(
                        {
                            "regrant_of": _(
                                "Money would go round in a circle: that grant passes on money of this one."
                            )
                        }
                    )
                step = step.regrant_of

    @property
    def recipient_name(self):
        """The recipient's name, or words for a source that names none."""
        return (
            self.recipient_organisation.name
            if self.recipient_organisation_id
            else _("recipient not named")
        )


class GrantIdentifier(models.Model):
    grant = ParentalKey(Grant, on_delete=models.CASCADE, related_name="identifiers")
    source = models.CharField(_("source"), max_length=120)
    identifier = models.CharField(_("identifier"), max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "identifier"],
                name="grants_identifier_unique",
                violation_error_message=_("Another grant has this identifier."),
            )
        ]

    def __str__(self):
        return f"{self.source}: {self.identifier}"


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
        ]

    def __str__(self):
        return f"{self.grant_id} {self.measure} {self.year}: {self.amount}"


class UnconvertedQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Money of the grants that this person sees."""
        if viewer_of(user).is_secretariat:
            return self
        return self.filter(grant__in=Grant.objects.visible_to(user).values("pk"))


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

    def __str__(self):
        return f"{self.amount} {self.currency} {self.value_date}"
