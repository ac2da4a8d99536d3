"""Grants, how each source names them, and which records are one and the same grant."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from portal.directory.access import VisibleQuerySet, viewer_of
from portal.directory.models import Organisation
from portal.history.models import Tracked
from portal.lib.text import fold
from portal.records.models import Record, RecordQuerySet
from strategy.fields import currency_field, money_field

from ..choices import GrantStatus, RegrantType


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

    class Meta:
        verbose_name = _("linked grants")
        verbose_name_plural = _("linked grants")

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
