"""Who takes part and where: organisations, their people, working groups and places."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from portal.history.models import Tracked
from portal.lib.text import fold

from .access import VisibleQuerySet, viewer_of
from .choices import GroupRole, OrganisationTagName, OrganisationType, PlaceKind, Role


class PlaceQuerySet(VisibleQuerySet):
    def within(self, place):
        """`place` and everything below it."""
        return self.filter(lft__gte=place.lft, rgt__lte=place.rgt)

    def above(self, place):
        """`place` and everything it lies in, World first."""
        return self.filter(lft__lte=place.lft, rgt__gte=place.rgt).order_by("depth")


class Place(models.Model):
    """A node of the one tree of places: World > UN M49 region > country > first-level division.

    The code is the identity (`001`, `202`, `KE`, `KE-30`); the name is a translation of it.
    `lft` and `rgt` are nested-set bounds, written by `load_places`. Source: UN M49; ISO 3166-1 and 3166-2.
    """

    code = models.CharField(_("code"), max_length=10, unique=True)
    name = models.CharField(_("name"), max_length=200)
    folded = models.CharField(max_length=200, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=PlaceKind.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    lft = models.PositiveIntegerField(editable=False)
    rgt = models.PositiveIntegerField(editable=False)
    depth = models.PositiveSmallIntegerField(editable=False)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["lft"]
        verbose_name = _("place")
        verbose_name_plural = _("places")
        indexes = [models.Index(fields=["lft", "rgt"]), models.Index(fields=["folded"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(rgt__gt=F("lft")), name="directory_place_bounds_in_order"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=False) | Q(kind=PlaceKind.WORLD),
                name="directory_place_only_world_is_root",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.folded = fold(self.name)
        super().save(*args, **kwargs)


class OrganisationQuerySet(VisibleQuerySet):
    def editable_by(self, user):
        """The secretariat all of them; a manager their own."""
        viewer = viewer_of(user)
        if viewer.is_secretariat:
            return self
        return self.filter(
            memberships__in=Membership.objects.filter(
                user_id=getattr(user, "pk", None), role=Role.MANAGER
            )
        )

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


class WorkingGroupQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Members of the coalition see that a group exists and who is in it; the public does not."""
        viewer = viewer_of(user)
        return self if viewer.is_member or viewer.is_secretariat else self.none()


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
