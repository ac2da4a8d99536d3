"""Activities found alike, and what people said of it."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from activities.choices import (
    SETTLED_STATES,
    DismissReason,
    OverlapKind,
    OverlapState,
    WriterChoice,
)
from portal.directory.access import VisibleQuerySet, viewer_of
from portal.directory.models import Organisation, Place
from portal.history.models import Tracked
from strategy.models import Objective
from strategy.models.indicators import paired

from .activities import Activity


class OverlapQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Both ends must be shown to this person."""
        if viewer_of(user).is_secretariat:
            return self
        # Looked up row by row: of two lists of keys SQLite tries every combination.
        shown = Activity.objects.visible_to(user).order_by()
        return self.filter(
            Exists(shown.filter(pk=OuterRef("first"))), Exists(shown.filter(pk=OuterRef("second")))
        )

    def editable_by(self, user):
        """Whoever may change one of the two records, and sees the other."""
        if viewer_of(user).is_secretariat:
            return self
        own = Activity.objects.editable_by(user).order_by().values("pk")
        return self.visible_to(user).filter(Q(first__in=own) | Q(second__in=own))

    def of(self, activities):
        """Overlaps of which one of these activities is an end."""
        return self.filter(Q(first__in=activities) | Q(second__in=activities))

    def of_organisations(self, organisation_ids):
        """Overlaps of records that one of these organisations reports."""
        ids = list(organisation_ids)
        return self.filter(
            Q(first__reporting_organisation__in=ids) | Q(second__reporting_organisation__in=ids)
        )

    def open(self):
        """What somebody should look at: alike as the records stand now, and nobody decided yet."""
        return self.filter(state=OverlapState.OPEN, is_alike=True)

    def settled(self):
        return self.filter(state__in=SETTLED_STATES)


class Overlap(Tracked):
    """Two activities found alike: how much, in what, and what became of it. A decision survives re-scoring.

    `first` is the record with the smaller key. What the search found (`score` to `shared_until`) is
    written by `activities.overlaps` alone and is no part of the history; decisions are.
    """

    first = models.ForeignKey(
        Activity, models.CASCADE, related_name="overlaps_as_first", verbose_name=_("activity")
    )
    second = models.ForeignKey(
        Activity,
        models.CASCADE,
        related_name="overlaps_as_second",
        verbose_name=_("the other activity"),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=OverlapKind.choices)
    score = models.FloatField(_("score"))
    #: `{part: 0 to 1, or null where one of the two does not say}`; the parts of `strategy.analysis.overlap.PARTS`.
    parts = models.JSONField(_("parts of the score"), default=dict)
    #: Words of both texts, the most telling first, as they stand in the first activity.
    shared_words = models.JSONField(_("shared words"), default=list)
    shared_from = models.DateField(_("both run from"), null=True, blank=True)
    shared_until = models.DateField(_("both run until"), null=True, blank=True)
    #: The cell that both work in, as recorded: show places through `location_precision` of both.
    objective = models.ForeignKey(
        Objective,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("shared objective"),
    )
    place = models.ForeignKey(
        Place,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("shared place"),
    )
    #: False where only a decision or a statement keeps a pair that is no longer alike.
    is_alike = models.BooleanField(_("alike as the records stand"), default=True)
    found_at = models.DateTimeField(_("found on"), auto_now_add=True)
    scored_at = models.DateTimeField(_("compared on"))

    state = models.CharField(
        _("state"), max_length=12, choices=OverlapState.choices, default=OverlapState.OPEN
    )
    reason = models.CharField(_("reason"), max_length=12, choices=DismissReason.choices, blank=True)
    note = models.TextField(_("in their words"), blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("settled by"),
    )
    settled_at = models.DateTimeField(_("settled on"), null=True, blank=True)
    #: The score when it was settled: an edit that makes the two clearly more alike opens it again.
    settled_score = models.FloatField(null=True, blank=True, editable=False)
    reopened_at = models.DateTimeField(_("opened again on"), null=True, blank=True)
    coordination = models.ForeignKey(
        "activities.Coordination",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="overlaps",
        verbose_name=_("coordination"),
    )

    objects = OverlapQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "pk"]
        verbose_name = _("overlap")
        verbose_name_plural = _("overlaps")
        indexes = [models.Index(fields=["state", "is_alike", "-score"])]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="activities_overlap_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="activities_overlap_in_order"
            ),
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=1), name="activities_overlap_score_is_ratio"
            ),
            paired(
                "settled_at",
                "settled_by",
                "activities_overlap_settled_by_somebody",
                _("Both or neither."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=SETTLED_STATES, settled_at__isnull=False)
                | (~Q(state__in=SETTLED_STATES) & Q(settled_at__isnull=True)),
                name="activities_overlap_settled_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=OverlapState.DISMISSED) | ~Q(reason=""),
                name="activities_overlap_dismissed_with_reason",
                violation_error_message=_("Say why the two are not the same."),
            ),
        ]

    def __str__(self):
        return f"{self.first} / {self.second}"

    @property
    def is_settled(self):
        return self.state in SETTLED_STATES


class OverlapStatementQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Whoever sees both records sees what was said of them."""
        if viewer_of(user).is_secretariat:
            return self
        return self.filter(overlap__in=Overlap.objects.visible_to(user).order_by().values("pk"))


class OverlapStatement(Tracked):
    """What somebody said of a pair while logging or editing one of the two. The latest of each person holds."""

    overlap = models.ForeignKey(
        Overlap, models.CASCADE, related_name="statements", verbose_name=_("overlap")
    )
    #: The record that was being written.
    activity = models.ForeignKey(
        Activity, models.CASCADE, related_name="+", verbose_name=_("activity")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="+",
        verbose_name=_("organisation"),
    )
    choice = models.CharField(_("what to do"), max_length=12, choices=WriterChoice.choices)
    reason = models.TextField(_("reason"), blank=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("said by"),
    )
    said_at = models.DateTimeField(_("said on"))

    objects = OverlapStatementQuerySet.as_manager()

    class Meta:
        ordering = ["overlap", "-said_at", "-pk"]
        verbose_name = _("statement on an overlap")
        verbose_name_plural = _("statements on overlaps")

    def __str__(self):
        return f"{self.overlap_id}: {self.get_choice_display()}"
