"""Where: one tree of places."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.lib.text import fold

from ..access import VisibleQuerySet
from ..choices import PlaceKind


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
