"""Filters of the desk that know places and organisations; used by the desk of every app."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy

from .choices import PlaceKind
from .models import Organisation, Place


def joined(rows):
    return "; ".join(str(row) for row in rows)


def shown_places(request):
    """Regions and countries: few enough for a list."""
    return (
        Place.objects.visible_to(request.user).exclude(kind=PlaceKind.DIVISION).order_by("folded")
    )


def shown_funders(request):
    return Organisation.objects.visible_to(request.user).funders()


def shown_members(request):
    return Organisation.objects.visible_to(request.user).members()


class PlaceFilter(django_filters.ModelChoiceFilter):
    """Rows at a place or below it."""

    def __init__(self, field_name="place", **kwargs):
        kwargs.setdefault("label", gettext_lazy("Place"))
        super().__init__(
            field_name, queryset=shown_places, empty_label=gettext_lazy("All places"), **kwargs
        )

    def filter(self, queryset, place):
        if place is None:
            return queryset
        return queryset.filter(**{f"{self.field_name}__in": Place.objects.within(place)}).distinct()


class YesNo(forms.Select):
    def __init__(self, attrs=None):
        super().__init__(
            attrs,
            choices=[
                ("", gettext_lazy("Either")),
                ("true", gettext_lazy("Yes")),
                ("false", gettext_lazy("No")),
            ],
        )


def yes_no(field_name, label):
    return django_filters.BooleanFilter(field_name, label=label, widget=YesNo)
