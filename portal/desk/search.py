"""Searching without accents and capitals, on every database alike."""

from django.db.models import Q

from portal.lib.text import fold


def search(queryset, query, *, fields=(), by_hand=()):
    """Rows in which every word of `query` stands in one of the fields.

    fields: lookups of columns; those that end in `folded` hold folded text. by_hand: text without a folded
    column, compared in Python; for tables of a few hundred rows.
    """
    words = fold(query).split()
    texts = None
    for word in words:
        found = Q()
        for field in fields:
            lookup = "contains" if field.endswith("folded") else "icontains"
            found |= Q(**{f"{field}__{lookup}": word})
        if by_hand:
            if texts is None:
                texts = _texts(queryset, by_hand)
            found |= Q(pk__in=[pk for pk, text in texts if word in text])
        queryset = queryset.filter(found)
    # A word may be found in several rows of a related table.
    return (
        queryset.distinct()
        if any(_is_many(queryset.model, field) for field in fields)
        else queryset
    )


def _texts(queryset, names):
    rows = queryset.order_by().values_list("pk", *names)
    return [(pk, fold(" ".join(str(part) for part in parts if part))) for pk, *parts in rows]


def _is_many(model, lookup):
    for name in lookup.split("__")[:-1]:
        field = model._meta.get_field(name)
        if field.one_to_many or field.many_to_many:
            return True
        model = field.related_model
    return False
