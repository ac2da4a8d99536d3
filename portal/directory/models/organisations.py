"""Who takes part: organisations, their numbers and names, and the people who work for them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from portal.history.models import Tracked
from portal.lib.text import fold

from ..access import VisibleQuerySet, viewer_of
from ..choices import OrganisationTagName, OrganisationType, Role
from .places import Place


class OrganisationQuerySet(VisibleQuerySet):
    def editable_by(self, user):
        """The secretariat all of them; a manager their own."""
        viewer = viewer_of(user)
        if viewer.is_secretariat:
            return self
        return self.filter(pk__in=viewer.managed_organisations)

    def members(self):
        return self.filter(is_member=True)

    def funders(self):
        return self.filter(is_funder=True)


class Organisation(Tracked, ClusterableModel):
    """Anybody who works, pays or is paid. Identifiers by org-id.guide; one of them is primary."""

    name = models.CharField(_("name"), max_length=255)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    folded = models.CharField(max_length=255, editable=False, db_index=True)
    slug = models.SlugField(
        _("address"),
        max_length=120,
        unique=True,
        help_text=_("The last part of its page's address."),
    )
    organisation_type = models.CharField(
        _("type"), max_length=2, choices=OrganisationType.choices, blank=True
    )
    country = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("country"),
        related_name="organisations",
    )
    website = models.URLField(_("website"), blank=True)
    description = models.TextField(_("what it does"), blank=True)
    is_member = models.BooleanField(_("member of the coalition"), default=False)
    is_funder = models.BooleanField(_("funder"), default=False)
    is_example = models.BooleanField(
        _("example"),
        default=False,
        help_text=_("Made up, for trying the portal. Every page says so."),
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.folded = fold(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("dashboards:organisation", args=[self.slug])


class OrganisationTag(models.Model):
    organisation = ParentalKey(Organisation, on_delete=models.CASCADE, related_name="tags")
    tag = models.CharField(_("tag"), max_length=20, choices=OrganisationTagName.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "tag"], name="directory_tag_once")
        ]

    def __str__(self):
        return self.get_tag_display()


class OrganisationIdentifier(models.Model):
    """A number in a register. Source: org-id.guide, which lists the schemes (`GB-CHC`)."""

    organisation = ParentalKey(Organisation, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(
        _("register"), max_length=30, help_text=_("As on org-id.guide, for example GB-CHC.")
    )
    number = models.CharField(_("number"), max_length=80)
    is_primary = models.BooleanField(_("primary"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "number"],
                name="directory_identifier_unique",
                violation_error_message=_("Another organisation has this number already."),
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(is_primary=True),
                name="directory_identifier_one_primary",
                violation_error_message=_("An organisation has one primary number."),
            ),
        ]

    def __str__(self):
        return f"{self.scheme}-{self.number}"


class AlternativeName(models.Model):
    """Another way the organisation is written, so that imports find it."""

    organisation = ParentalKey(
        Organisation, on_delete=models.CASCADE, related_name="alternative_names"
    )
    name = models.CharField(_("name"), max_length=255)
    folded = models.CharField(max_length=255, editable=False, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "folded"], name="directory_alternative_name_once"
            )
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.folded = fold(self.name)
        super().save(*args, **kwargs)


class MembershipQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """People of one's own organisations; the secretariat sees all."""
        viewer = viewer_of(user)
        return self if viewer.is_secretariat else self.filter(organisation__in=viewer.organisations)


class Membership(Tracked):
    """A person's role in an organisation."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.VIEWER)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                name="directory_membership_once",
                violation_error_message=_("This person belongs to the organisation already."),
            )
        ]

    def __str__(self):
        return f"{self.user}, {self.organisation}"
