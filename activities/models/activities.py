"""What organisations do, towards shared objectives, where and for whom."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel

from activities.choices import OVER, ActivityStatus, DeliveryMode
from portal.directory.access import VisibleQuerySet, viewer_of
from portal.directory.models import Organisation
from portal.history.models import Tracked
from portal.lib.text import fold
from portal.records.models import Record, RecordQuerySet
from strategy.fields import currency_field, money_field, share_field
from strategy.models.indicators import paired


class ActivityLinkGroupQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Groups of which somebody sees every record."""
        if viewer_of(user).is_secretariat:
            return self
        hidden = Activity.objects.exclude(
            pk__in=Activity.objects.visible_to(user).values("pk")
        ).exclude(link_group=None)
        return self.exclude(pk__in=hidden.values("link_group"))


class ActivityLinkGroup(Tracked):
    """Records of one and the same activity: the first that a reader may see counts, in the order of `link_position`."""

    rule = models.CharField(_("how they were found to be one"), max_length=200)
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("linked by"),
    )
    linked_at = models.DateTimeField(_("linked on"), auto_now_add=True)

    objects = ActivityLinkGroupQuerySet.as_manager()

    class Meta:
        ordering = ["-linked_at", "pk"]
        verbose_name = _("linked activities")
        verbose_name_plural = _("linked activities")

    def __str__(self):
        return self.rule


def unconfirmed(day):
    """The condition that the last word about an activity is too old on `day`.

    A word is a confirmation; until the first one, that the record was made. Nothing is asked of what is over
    by then, nor of a past day that the word came after: what is imported later tells of it.
    """
    day = min(day, timezone.localdate())
    limit = timezone.make_aware(
        datetime.combine(day - timedelta(days=settings.UNCONFIRMED_AFTER_DAYS), time.min)
    )
    too_old = Q(confirmed_at__lt=limit) | Q(confirmed_at=None, created_at__lt=limit)
    goes_on = (
        Q(actual_end__gte=day)
        | Q(actual_end=None, planned_end__gte=day)
        | Q(actual_end=None, planned_end=None)
    )
    return too_old & goes_on & ~Q(activity_status__in=OVER)


class ActivityQuerySet(RecordQuerySet):
    def visible_to(self, user):
        found = super().visible_to(user).filter(removed_at=None)
        viewer = viewer_of(user)
        if viewer.is_secretariat:
            return found
        return found.filter(Q(is_held=False) | Q(reporting_organisation__in=viewer.organisations))

    def editable_by(self, user):
        return super().editable_by(user).filter(removed_at=None)

    def counting(self):
        return super().counting().filter(removed_at=None)

    def removed_for(self, user):
        """What this person could bring back."""
        return super().editable_by(user).exclude(removed_at=None)

    def unconfirmed_on(self, day):
        """Activities about which nobody has said for too long, seen from `day`, that they are still true."""
        return self.filter(unconfirmed(day))

    def still_true_on(self, day):
        """The others: who is present is counted among these."""
        return self.filter(~unconfirmed(day))

    def running_on(self, day):
        """Activities whose planned period includes `day`, both ends counted."""
        return self.filter(planned_start__lte=day, planned_end__gte=day)

    def running_between(self, first, last):
        """Activities whose planned period touches `first` to `last`."""
        return self.filter(planned_start__lte=last, planned_end__gte=first)

    def counting_once_for(self, user):
        """What counts for a reader: of linked records only the first that counts and that the reader may see."""
        return self.filter(counted_once(user))


def counted_once(user):
    """A condition, true of an activity unless a record linked with it counts for this reader in its place.

    The first by `link_position` does, whatever else is filtered.
    """
    earlier = (
        Activity.objects.visible_to(user)
        .counting()
        .order_by()
        .filter(link_group=OuterRef("link_group"), link_position__lt=OuterRef("link_position"))
    )
    return Q(link_group=None) | ~Exists(earlier)


class Activity(Record, ClusterableModel):
    """A piece of work that one organisation reports, towards shared objectives. Source of the term: IATI."""

    owner_fields = ("reporting_organisation",)
    cancelled = {"activity_status": ActivityStatus.CANCELLED}

    reporting_organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="activities",
        verbose_name=_("reporting organisation"),
    )
    title = models.CharField(_("title"), max_length=300)
    description = models.TextField(_("description"), blank=True)
    folded = models.TextField(editable=False, default="")
    activity_status = models.CharField(
        _("status"),
        max_length=1,
        choices=ActivityStatus.choices,
        default=ActivityStatus.IMPLEMENTATION,
    )
    planned_start = models.DateField(_("planned start"), null=True, blank=True)
    planned_end = models.DateField(_("planned end"), null=True, blank=True)
    actual_start = models.DateField(_("actual start"), null=True, blank=True)
    actual_end = models.DateField(_("actual end"), null=True, blank=True)
    dates_assumed = models.BooleanField(
        _("dates assumed"), default=False, help_text=_("The source gives a year only.")
    )
    mode_of_delivery = models.CharField(
        _("mode of delivery"), max_length=10, choices=DeliveryMode.choices, blank=True
    )
    budget_amount = money_field(_("budget"), null=True, blank=True)
    budget_currency = currency_field(blank=True, verbose_name=_("currency of the budget"))
    budget_value_date = models.DateField(_("value date of the budget"), null=True, blank=True)
    people_expected = models.PositiveIntegerField(
        _("people it is meant for, about"),
        null=True,
        blank=True,
        help_text=_("Seen by the reporting organisation and the secretariat alone."),
    )
    contact = models.CharField(
        _("contact"),
        max_length=200,
        blank=True,
        help_text=_("An office or a shared mailbox, not a person."),
    )
    confirmed_at = models.DateTimeField(_("confirmed on"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    #: Its text looks like it holds a person's data: others see it once the secretariat has looked (`TextHold`).
    is_held = models.BooleanField(_("held"), default=False, editable=False)
    #: Taken away by an editor: nobody sees it and nothing counts it, until somebody brings it back.
    removed_at = models.DateTimeField(_("removed on"), null=True, blank=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("removed by"),
    )
    link_group = models.ForeignKey(
        ActivityLinkGroup,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("linked activities"),
    )
    link_position = models.PositiveSmallIntegerField(default=0, editable=False)
    #: Sum of the shares of its objectives and of its places: 100, or 0 where there are none yet.
    objective_total = share_field(default=0, editable=False)
    place_total = share_field(default=0, editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        indexes = [models.Index(fields=["planned_start", "planned_end"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(planned_end__gte=F("planned_start"))
                | Q(planned_start=None)
                | Q(planned_end=None),
                name="activities_activity_ends_after_start",
                violation_error_message=_("The end date is before the start date."),
            ),
            models.CheckConstraint(
                condition=Q(actual_end__gte=F("actual_start"))
                | Q(actual_start=None)
                | Q(actual_end=None),
                name="activities_activity_actual_ends_after_start",
                violation_error_message=_("The actual end is before the actual start."),
            ),
            models.CheckConstraint(
                condition=Q(budget_amount=None, budget_currency="")
                | (Q(budget_amount__gte=0) & ~Q(budget_currency="")),
                name="activities_activity_budget_has_currency",
                violation_error_message=_("Give the budget and its currency, or neither."),
            ),
            models.CheckConstraint(
                condition=Q(objective_total__in=(0, 100)) & Q(place_total__in=(0, 100)),
                name="activities_activity_shares_sum_to_100",
                violation_error_message=_("Shares add up to exactly 100."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=False) | Q(confirmed_by__isnull=True),
                name="activities_activity_confirmed_when",
            ),
            paired(
                "removed_at",
                "removed_by",
                "activities_activity_removed_by_somebody",
                _("Both or neither."),
            ),
            models.UniqueConstraint(
                fields=["link_group", "link_position"],
                name="activities_activity_link_position_once",
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.folded = fold(f"{self.title} {self.description}")
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("dashboards:activity", args=[self.pk])

    @property
    def word_at(self):
        """When somebody last said that it is true."""
        return self.confirmed_at or self.created_at

    def is_unconfirmed_on(self, day):
        """As `unconfirmed`, of one record that is read already."""
        day = min(day, timezone.localdate())
        ends = self.actual_end or self.planned_end
        is_over = self.activity_status in OVER or (ends is not None and ends < day)
        limit = day - timedelta(days=settings.UNCONFIRMED_AFTER_DAYS)
        return not is_over and timezone.localdate(self.word_at) < limit
