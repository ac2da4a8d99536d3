"""Working groups: organisations with a written role each."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from portal.history.models import Tracked

from ..access import VisibleQuerySet, viewer_of
from ..choices import GroupRole
from .organisations import Organisation


class WorkingGroupQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Members of the coalition see that a group exists and who is in it; the public does not."""
        viewer = viewer_of(user)
        return self if viewer.is_member or viewer.is_secretariat else self.none()

    def of(self, organisation_ids):
        """Groups in which one of these organisations takes part."""
        return self.filter(
            pk__in=WorkingGroupMember.objects.filter(organisation__in=organisation_ids).values(
                "group"
            )
        )


class WorkingGroup(Tracked, ClusterableModel):
    """A task force: organisations with a written role each. Records can be shared with it alone."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    purpose = models.TextField(_("purpose"), blank=True)
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("chair"),
        related_name="+",
    )

    objects = WorkingGroupQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("working group")
        verbose_name_plural = _("working groups")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("dashboards:group", args=[self.pk])


class WorkingGroupMember(models.Model):
    group = ParentalKey(WorkingGroup, on_delete=models.CASCADE, related_name="members")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="working_groups")
    role = models.CharField(_("role"), max_length=12, choices=GroupRole.choices)
    statement = models.TextField(_("role in its own words"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "organisation"], name="directory_group_member_once"
            )
        ]

    def __str__(self):
        return f"{self.organisation}: {self.get_role_display()}"

    @cached_property
    def says(self):
        return self.statement or self.get_role_display()
