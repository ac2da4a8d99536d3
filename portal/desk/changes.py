"""What changed, in words: the parts of a record before and after, and the entries of its history."""

from django.core.exceptions import FieldDoesNotExist
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from modelcluster.models import get_all_child_relations
from wagtail.log_actions import log

from .policy import visible


def parts_of(instance):
    """`{relation: [text, ...]}` of what belongs to a saved record: its inlines and its many-to-many fields."""
    if instance.pk is None:
        return {}
    stored = type(instance)._base_manager.filter(pk=instance.pk).first()
    if stored is None:
        return {}
    names = [relation.get_accessor_name() for relation in get_all_child_relations(type(instance))]
    names += [field.name for field in instance._meta.many_to_many]
    return {name: sorted(str(part) for part in _rows(stored, name)) for name in names}


def _rows(stored, name):
    model = type(stored)
    field = model._meta.get_field(name)
    if field.many_to_many:
        return getattr(stored, name).all()
    queryset = field.related_model._base_manager.filter(**{field.field.name: stored.pk})
    related = [
        part.name
        for part in field.related_model._meta.concrete_fields
        if part.is_relation and part is not field.field
    ]
    return queryset.select_related(*related)


def log_parts(instance, before):
    """One entry where the parts of `instance` differ from `before`."""
    after = parts_of(instance)
    changes = {
        name: [before.get(name, []), texts]
        for name, texts in after.items()
        if before.get(name, []) != texts
    }
    if changes:
        log(instance, "fourfold.edit", data={"changes": changes})


def describe(entries, model, user):
    """`{entry key: [(label, old, new), ...]}`, with names for keys, as far as `user` may see them."""
    changes = {entry.pk: (entry.data or {}).get("changes") or {} for entry in entries}
    names = _names(changes.values(), model, user)
    return {
        pk: [
            (
                _label(model, attname),
                _words(model, attname, old, names),
                _words(model, attname, new, names),
            )
            for attname, (old, new) in fields.items()
            if attname != "id"
            and old != new
            and not (old in (None, "") and new in (None, "", False))
        ]
        for pk, fields in changes.items()
    }


def _field(model, attname):
    for field in model._meta.concrete_fields:
        if field.attname == attname:
            return field
    try:
        return model._meta.get_field(attname)
    except FieldDoesNotExist:
        return None


def _label(model, attname):
    field = _field(model, attname)
    if field is None:
        return attname
    if field.concrete:
        return capfirst(str(field.verbose_name))
    return capfirst(str(field.related_model._meta.verbose_name_plural))


def _names(changes, model, user):
    """`{attname: {key: name}}` of the related records in all these changes, one query per field."""
    keys = {}
    for fields in changes:
        for attname, pair in fields.items():
            field = _field(model, attname)
            if (
                field is not None
                and field.concrete
                and field.is_relation
                and not field.many_to_many
            ):
                keys.setdefault(attname, set()).update(key for key in pair if key is not None)
    names = {}
    for attname, wanted in keys.items():
        related = _field(model, attname).related_model
        has_rows = hasattr(related._default_manager.none(), "visible_to")
        rows = visible(related, user) if has_rows else related._default_manager.all()
        names[attname] = {row.pk: str(row) for row in rows.filter(pk__in=wanted)}
    return names


def _words(model, attname, value, names):
    if value in (None, ""):
        return _("nothing")
    if isinstance(value, list):
        return "; ".join(value) or _("nothing")
    if attname in names:
        return names[attname].get(value, _("a record that is gone, or not shown to you"))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    field = _field(model, attname)
    if field is not None and getattr(field, "flatchoices", None):
        return str(dict(field.flatchoices).get(value, value))
    return str(value) if isinstance(value, str) else localize(value, use_l10n=False)
