"""What an activity consists of: its shares, its people, who takes part, and whom it reached."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from activities.choices import Exploitation, OrganisationRole, Population
from portal.directory.access import VisibleQuerySet, viewer_of
from portal.directory.models import Organisation, Place
from portal.history.models import Tracked
from strategy.fields import share_field, share_text
from strategy.models import Objective
from strategy.models.indicators import paired

from .activities import Activity

SHARE_MESSAGE = _("A share is above 0 and at most 100.")


class ActivityPart(models.Model):
    class Meta:
        abstract = True


class ActivityObjective(ActivityPart):
    activity = ParentalKey(
        Activity,
        on_delete=models.CASCADE,
        related_name="objective_shares",
        verbose_name=_("activity"),
    )
    objective = models.ForeignKey(
        Objective, models.PROTECT, related_name="activity_shares", verbose_name=_("objective")
    )
    share = share_field()

    class Meta:
        ordering = ["activity", "-share", "pk"]
        verbose_name = _("objective share")
        verbose_name_plural = _("objective shares")
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
    activity = ParentalKey(
        Activity,
        on_delete=models.CASCADE,
        related_name="place_shares",
        verbose_name=_("activity"),
    )
    place = models.ForeignKey(
        Place, models.PROTECT, related_name="activity_shares", verbose_name=_("place")
    )
    share = share_field()

    class Meta:
        ordering = ["activity", "-share", "pk"]
        verbose_name = _("place share")
        verbose_name_plural = _("place shares")
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
    activity = ParentalKey(
        Activity,
        on_delete=models.CASCADE,
        related_name="populations",
        verbose_name=_("activity"),
    )
    group = models.CharField(_("population group"), max_length=12, choices=Population.choices)

    class Meta:
        verbose_name = _("population group")
        verbose_name_plural = _("population groups")
        constraints = [
            models.UniqueConstraint(fields=["activity", "group"], name="activities_population_once")
        ]

    def __str__(self):
        return self.get_group_display()


class ActivityExploitation(ActivityPart):
    activity = ParentalKey(
        Activity,
        on_delete=models.CASCADE,
        related_name="exploitations",
        verbose_name=_("activity"),
    )
    form = models.CharField(_("form of exploitation"), max_length=12, choices=Exploitation.choices)

    class Meta:
        verbose_name = _("form of exploitation")
        verbose_name_plural = _("forms of exploitation")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "form"], name="activities_exploitation_once"
            )
        ]

    def __str__(self):
        return self.get_form_display()


class Participant(ActivityPart):
    """An organisation taking part, with its role. Source: IATI OrganisationRole."""

    activity = ParentalKey(
        Activity,
        on_delete=models.CASCADE,
        related_name="participants",
        verbose_name=_("activity"),
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="participations",
        verbose_name=_("organisation"),
    )
    role = models.CharField(_("role"), max_length=1, choices=OrganisationRole.choices)

    class Meta:
        verbose_name = _("participating organisation")
        verbose_name_plural = _("participating organisations")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "organisation", "role"], name="activities_participant_once"
            )
        ]

    def __str__(self):
        return f"{self.organisation} ({self.get_role_display()})"


class ActivityIdentifier(ActivityPart):
    activity = ParentalKey(
        Activity,
        on_delete=models.CASCADE,
        related_name="identifiers",
        verbose_name=_("activity"),
    )
    source = models.CharField(_("source"), max_length=120)
    identifier = models.CharField(_("identifier"), max_length=120)

    class Meta:
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
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

    activity = ParentalKey(
        Activity,
        on_delete=models.CASCADE,
        related_name="people_reached",
        verbose_name=_("activity"),
    )
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
        verbose_name=_("released by"),
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
