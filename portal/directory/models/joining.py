"""How people come in: invited by a manager or the secretariat, or on their own request."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.history.models import Tracked

from ..access import VisibleQuerySet, viewer_of
from ..choices import RequestState, Role
from .organisations import Organisation


class InvitationQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Managers see those of their organisations; the secretariat sees all."""
        return self.editable_by(user)

    def editable_by(self, user):
        viewer = viewer_of(user)
        if viewer.is_secretariat:
            return self
        return self.filter(organisation__in=viewer.managed_organisations)

    def waiting(self):
        """Neither taken up nor taken back; their link may have run out."""
        return self.filter(accepted_at=None, revoked_at=None)


class Invitation(Tracked):
    """An offer to join an organisation, sent to one address. The link in the mail is signed and works once.

    `sent_at` is part of the link: sending again makes the link before it worthless.
    """

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, verbose_name=_("organisation"), related_name="invitations"
    )
    email = models.EmailField(_("email address"))
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.EDITOR)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    sent_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField(editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="directory_invitation_one_waiting",
                violation_error_message=_("This person is invited already."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None),
                name="directory_invitation_taken_up_or_taken_back",
            ),
        ]

    def __str__(self):
        return f"{self.email}, {self.organisation}"

    def is_open(self, now):
        return self.accepted_at is None and self.revoked_at is None and now < self.expires_at


class JoinRequestQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """The secretariat alone."""
        return self.editable_by(user)

    def open(self):
        return self.filter(state=RequestState.OPEN)


class JoinRequest(Tracked):
    """Somebody from outside asks to take part; the secretariat admits or declines."""

    name = models.CharField(_("your name"), max_length=150)
    email = models.EmailField(_("work email"))
    organisation_name = models.CharField(_("organisation"), max_length=255)
    why = models.TextField(_("why you would like to join"), max_length=1000)
    asked_at = models.DateTimeField(_("asked"), editable=False)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=RequestState.choices,
        default=RequestState.OPEN,
        editable=False,
    )
    answer = models.TextField(_("answer"), blank=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    invitation = models.ForeignKey(
        Invitation, models.SET_NULL, null=True, related_name="+", editable=False
    )

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("request to join")
        verbose_name_plural = _("requests to join")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=RequestState.OPEN, answered_at=None)
                | (~Q(state=RequestState.OPEN) & Q(answered_at__isnull=False)),
                name="directory_join_request_answered_or_open",
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.organisation_name}"
