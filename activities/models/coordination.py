"""Conversations between organisations whose activities are alike, and what they agreed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activities.choices import AgreementKind, CoordinationState
from portal.directory.access import VisibleQuerySet, viewer_of
from portal.directory.models import Organisation
from portal.history.models import Tracked
from strategy.fields import currency_field, money_field
from strategy.models.indicators import paired


class CoordinationQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """The organisations concerned, and the secretariat."""
        viewer = viewer_of(user)
        if viewer.is_secretariat:
            return self
        return self._with_party(viewer.organisations)

    def editable_by(self, user):
        """Whoever may write for one of the organisations concerned."""
        viewer = viewer_of(user)
        if viewer.is_secretariat:
            return self
        return self._with_party(viewer.editable_organisations)

    def _with_party(self, organisations):
        if not organisations:
            return self.none()
        parties = CoordinationParty.objects.filter(organisation__in=organisations)
        return self.filter(pk__in=parties.order_by().values("coordination"))


class Coordination(Tracked):
    """A conversation opened from a group of overlaps, between the organisations concerned."""

    subject = models.CharField(_("subject"), max_length=300)
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=CoordinationState.choices,
        default=CoordinationState.OPEN,
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("opened by"),
    )
    opened_for = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("opened for"),
        help_text=_("Empty where the secretariat opened it."),
    )
    opened_at = models.DateTimeField(_("opened on"))
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closed by"),
    )
    closed_at = models.DateTimeField(_("closed on"), null=True, blank=True)

    objects = CoordinationQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = _("coordination")
        verbose_name_plural = _("coordinations")
        constraints = [
            paired(
                "closed_at",
                "closed_by",
                "activities_coordination_closed_by_somebody",
                _("Both or neither."),
            ),
            models.CheckConstraint(
                condition=Q(state=CoordinationState.CLOSED, closed_at__isnull=False)
                | (~Q(state=CoordinationState.CLOSED) & Q(closed_at__isnull=True)),
                name="activities_coordination_closed_when",
            ),
        ]

    def __str__(self):
        return self.subject

    def get_absolute_url(self):
        return reverse("dashboards:coordination", args=[self.pk])


class OfCoordinationQuerySet(VisibleQuerySet):
    """Rows of a conversation: seen and written by whoever may see and write in it."""

    def visible_to(self, user):
        if viewer_of(user).is_secretariat:
            return self
        shown = Coordination.objects.visible_to(user).order_by().values("pk")
        return self.filter(coordination__in=shown)

    def editable_by(self, user):
        if viewer_of(user).is_secretariat:
            return self
        own = Coordination.objects.editable_by(user).order_by().values("pk")
        return self.filter(coordination__in=own)


class CoordinationParty(Tracked):
    """An organisation taking part in a conversation."""

    coordination = models.ForeignKey(
        Coordination, models.CASCADE, related_name="parties", verbose_name=_("coordination")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="coordinations",
        verbose_name=_("organisation"),
    )
    #: When somebody of the organisation last opened it, and when it was last reminded. Set by `update`, not history.
    seen_at = models.DateTimeField(_("last opened on"), null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField(_("reminded on"), null=True, blank=True, editable=False)

    objects = OfCoordinationQuerySet.as_manager()

    class Meta:
        ordering = ["coordination", "pk"]
        verbose_name = _("organisation concerned")
        verbose_name_plural = _("organisations concerned")
        constraints = [
            models.UniqueConstraint(
                fields=["coordination", "organisation"],
                name="activities_party_once",
                violation_error_message=_("This organisation takes part already."),
            )
        ]

    def __str__(self):
        return str(self.organisation)


class Message(Tracked):
    """What somebody wrote in a conversation. Never changed afterwards."""

    coordination = models.ForeignKey(
        Coordination, models.CASCADE, related_name="messages", verbose_name=_("coordination")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("written by"),
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisation"),
        help_text=_("Empty where the secretariat writes."),
    )
    text = models.TextField(_("message"))
    sent_at = models.DateTimeField(_("sent on"))

    objects = OfCoordinationQuerySet.as_manager()

    class Meta:
        ordering = ["coordination", "sent_at", "pk"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="activities_message_says_something",
                violation_error_message=_("Write something first."),
            )
        ]

    def __str__(self):
        return self.text[:80]


class Agreement(Tracked):
    """What was agreed in a conversation: what, who does it, by when. It holds once every party said yes."""

    coordination = models.ForeignKey(
        Coordination, models.CASCADE, related_name="agreements", verbose_name=_("coordination")
    )
    kind = models.CharField(_("what was agreed"), max_length=12, choices=AgreementKind.choices)
    text = models.TextField(_("in words"))
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who does it"),
    )
    due_on = models.DateField(_("by when"), null=True, blank=True)
    amount = money_field(_("no longer spent twice"), null=True, blank=True)
    currency = currency_field(blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    proposed_at = models.DateTimeField(_("proposed on"))
    agreed_at = models.DateTimeField(_("agreed on"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("said to be done by"),
    )
    done_at = models.DateTimeField(_("done on"), null=True, blank=True)

    objects = OfCoordinationQuerySet.as_manager()

    class Meta:
        ordering = ["coordination", "proposed_at", "pk"]
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            paired(
                "done_at", "done_by", "activities_agreement_done_by_somebody", _("Both or neither.")
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(agreed_at__isnull=False),
                name="activities_agreement_done_after_agreed",
                violation_error_message=_("Nothing is done before it is agreed."),
            ),
            models.CheckConstraint(
                condition=Q(amount=None, currency="") | (Q(amount__gt=0) & ~Q(currency="")),
                name="activities_agreement_amount_has_currency",
                violation_error_message=_("Give the amount and its currency, or neither."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.text[:80]}"


class AgreementAnswerQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        if viewer_of(user).is_secretariat:
            return self
        shown = Agreement.objects.visible_to(user).order_by().values("pk")
        return self.filter(agreement__in=shown)


class AgreementAnswer(Tracked):
    """Whether an organisation concerned says yes to what was proposed."""

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="answers", verbose_name=_("agreement")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    accepted = models.BooleanField(_("says yes"))
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered on"))

    objects = AgreementAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["agreement", "answered_at", "pk"]
        verbose_name = _("answer to an agreement")
        verbose_name_plural = _("answers to agreements")
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "organisation"],
                name="activities_answer_once",
                violation_error_message=_("This organisation has answered already."),
            )
        ]

    def __str__(self):
        return f"{self.organisation}: {self.accepted}"
