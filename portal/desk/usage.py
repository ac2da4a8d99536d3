"""What points at a record, so that nothing is deleted from under it."""

from django.db.models import PROTECT, RESTRICT
from django.utils.translation import gettext as _
from modelcluster.fields import ParentalKey


def what_points_at(instance, *, goes_along=()):
    """What stands in the way of deleting `instance`, a sentence each; empty when it may go.

    Its own parts (inlines) go with it, and so does what stands in `goes_along` (accessor names).
    """
    found = []
    for relation in instance._meta.related_objects:
        field = relation.field
        protects = relation.on_delete in (PROTECT, RESTRICT)
        hidden = relation.hidden and not protects
        if hidden or isinstance(field, ParentalKey) or relation.get_accessor_name() in goes_along:
            continue
        count = field.model._base_manager.filter(**{field.name: instance.pk}).count()
        if count:
            meta = field.model._meta
            words = {"what": meta.verbose_name_plural, "count": count}
            found.append(
                _("Other records point at it: %(what)s, %(count)s. Change or delete them first.")
                % words
            )
    return found
