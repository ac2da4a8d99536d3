"""What organisations do, towards shared objectives, where and for whom."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from portal.directory.access import VisibleQuerySet, viewer_of
from portal.directory.models import Organisation, Place
from portal.history.models import Tracked
from portal.lib.text import fold
from portal.records.models import Record, RecordQuerySet
from strategy.fields import currency_field, money_field, share_field, share_text
from strategy.models import Objective
from strategy.models.indicators import paired

from .choices import ActivityStatus, DeliveryMode, Exploitation, OrganisationRole, Population

SHARE_MESSAGE = _("A share is above 0 and at most 100.")


class ActivityQuerySet(RecordQuerySet):
    def running_on(self, day):
        """Activities whose planned period includes `day`, both ends counted."""
        return self.filter(planned_start__lte=day, planned_end__gte=day)

    def running_between(self, first, last):
        """Activities whose planned period touches `first` to `last`."""
        return self.filter(planned_start__lte=last, planned_end__gte=first)


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
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.folded = fold(f"{self.title} {self.description}")
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("dashboards:activity", args=[self.pk])


class ActivityPart(models.Model):
    class Meta:
        abstract = True


class ActivityObjective(ActivityPart):
    activity = ParentalKey(Activity, on_delete=models.CASCADE, related_name="objective_shares")
    objective = models.ForeignKey(Objective, models.PROTECT, related_name="activity_shares")
    share = share_field()

    class Meta:
        ordering = ["activity", "-share", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "objective"], name="activities_objective_once"
            ),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=100),
                name="activities_objective_share_is_percentage",
                violation_error_message=SHARE_MESSAGE,
            ),
        ]

    def __str__(self):
        return f"{self.objective}: {share_text(self.share)}"


class ActivityPlace(ActivityPart):
    activity = ParentalKey(Activity, on_delete=models.CASCADE, related_name="place_shares")
    place = models.ForeignKey(Place, models.PROTECT, related_name="activity_shares")
    share = share_field()

    class Meta:
        ordering = ["activity", "-share", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "place"], name="activities_place_once"),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=100),
                name="activities_place_share_is_percentage",
                violation_error_message=SHARE_MESSAGE,
            ),
        ]

    def __str__(self):
        return f"{self.place}: {share_text(self.share)}"


class ActivityPopulation(ActivityPart):
    activity = ParentalKey(Activity, on_delete=models.CASCADE, related_name="populations")
    group = models.CharField(_("population group"), max_length=12, choices=Population.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "group"], name="activities_population_once")
        ]

    def __str__(self):
        return self.get_group_display()


class ActivityExploitation(ActivityPart):
    activity = ParentalKey(Activity, on_delete=models.CASCADE, related_name="exploitations")
    form = models.CharField(_("form of exploitation"), max_length=12, choices=Exploitation.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "form"], name="activities_exploitation_once"
            )
        ]

    def __str__(self):
        return self.get_form_display()


class Participant(ActivityPart):
    """An organisation taking part, with its role. Source: IATI OrganisationRole."""

    activity = ParentalKey(Activity, on_delete=models.CASCADE, related_name="participants")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="participations")
    role = models.CharField(_("role"), max_length=1, choices=OrganisationRole.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "organisation", "role"], name="activities_participant_once"
            )
        ]

    def __str__(self):
        return f"{self.organisation} ({self.get_role_display()})"


class ActivityIdentifier(ActivityPart):
    activity = ParentalKey(Activity, on_delete=models.CASCADE, related_name="identifiers")
    source = models.CharField(_("source"), max_length=120)
    identifier = models.CharField(_("identifier"), max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "identifier"],
                name="activities_identifier_unique",
                violation_error_message=_("Another activity has this identifier."),
            )
        ]

    def __str__(self):
        return f"{self.source}: {self.identifier}"


class PeopleReachedQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Exact counts: the reporting organisation and the secretariat alone."""
        viewer = viewer_of(user)
        if viewer.is_secretariat:
            return self
        return self.filter(activity__reporting_organisation__in=viewer.organisations)


class PeopleReached(Tracked):
    """How many people of a group an activity reached in a period. Never shown to others as it is.

    Others see a period once the secretariat releases it, rounded and with small counts hidden.
    """

    activity = ParentalKey(Activity, on_delete=models.CASCADE, related_name="people_reached")
    period_start = models.DateField(_("from"))
    period_end = models.DateField(_("to"))
    group = models.CharField(
        _("population group"), max_length=12, choices=Population.choices, blank=True
    )
    count = models.PositiveIntegerField(_("people"))
    released_at = models.DateTimeField(_("released at"), null=True, blank=True, editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )

    objects = PeopleReachedQuerySet.as_manager()

    class Meta:
        ordering = ["activity", "period_start"]
        verbose_name = _("people reached")
        verbose_name_plural = _("people reached")
        constraints = [
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")),
                name="activities_reached_ends_after_start",
                violation_error_message=_("The period ends before it starts."),
            ),
            models.UniqueConstraint(
                fields=["activity", "period_start", "period_end", "group"],
                name="activities_reached_once",
                violation_error_message=_("This period and group has a count already."),
            ),
            paired(
                "released_at",
                "released_by",
                "activities_reached_released_by_somebody",
                _("Both or neither."),
            ),
        ]

    def __str__(self):
        return f"{self.activity}, {self.period_start}"
