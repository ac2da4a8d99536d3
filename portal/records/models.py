"""What activities and grants share: with whom they are shared, and how precisely."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.directory.access import VisibleQuerySet, viewer_of
from portal.history.models import Tracked

from .choices import LocationPrecision, ReviewState, Visibility


class RecordQuerySet(VisibleQuerySet):
    """Records with a visibility and one or more owning organisations (`owner_fields`)."""

    def owned_by(self, organisation_ids):
        """Records of which one of these organisations is an owner."""
        ids = list(organisation_ids)
        if not ids:
            return self.none()
        owned = Q()
        for name in self.model.owner_fields:
            owned |= Q(**{f"{name}__in": ids})
        return self.filter(owned)

    def visible_to(self, user):
        viewer = viewer_of(user)
        if viewer.is_secretariat:
            return self
        shown = Q(visibility=Visibility.PUBLIC)
        if viewer.is_member:
            shown |= Q(visibility=Visibility.COALITION)
        shown &= Q(review_state=ReviewState.ACCEPTED)
        if viewer.working_groups:
            through = self.model.working_groups.through.objects.filter(
                workinggroup__in=viewer.working_groups
            )
            owner = f"{self.model._meta.model_name}_id"
            shown |= Q(
                visibility=Visibility.WORKING_GROUP,
                review_state=ReviewState.ACCEPTED,
                pk__in=through.values(owner),
            )
        for name in self.model.owner_fields:
            if viewer.organisations:
                shown |= Q(**{f"{name}__in": viewer.organisations})
        return self.filter(shown)

    def editable_by(self, user):
        viewer = viewer_of(user)
        if viewer.is_secretariat:
            return self
        return self.owned_by(viewer.editable_organisations)

    def counting(self):
        """Accepted and not cancelled: what may stand behind a number."""
        return self.filter(review_state=ReviewState.ACCEPTED).exclude(**self.model.cancelled)


class Record(Tracked):
    """A record that organisations own and share."""

    #: Names of the foreign keys to the organisations that own the record.
    owner_fields = ()
    #: Lookup that is true of a cancelled record.
    cancelled = {}

    visibility = models.CharField(
        _("who may see it"), max_length=20, choices=Visibility.choices, default=Visibility.PUBLIC
    )
    working_groups = models.ManyToManyField(
        "directory.WorkingGroup", blank=True, verbose_name=_("working groups"), related_name="+"
    )
    location_precision = models.CharField(
        _("how precisely others see the place"),
        max_length=10,
        choices=LocationPrecision.choices,
        default=LocationPrecision.EXACT,
    )
    review_state = models.CharField(
        _("review state"), max_length=10, choices=ReviewState.choices, default=ReviewState.ACCEPTED
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    def is_owned_by(self, viewer):
        """True when one of the viewer's organisations owns the record."""
        return any(
            getattr(self, f"{name}_id") in viewer.organisations for name in self.owner_fields
        )

    def sees_exact_place(self, user):
        """True for the owner and the secretariat, and for everyone where the place is shown as recorded."""
        if self.location_precision == LocationPrecision.EXACT:
            return True
        viewer = viewer_of(user)
        return viewer.is_secretariat or self.is_owned_by(viewer)
