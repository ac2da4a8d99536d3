"""Indicators and their measurements at the desk."""

import django_filters
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.admin.ui.tables import Column

from portal.desk.columns import DayColumn, NumberColumn
from portal.desk.forms import DeskForm
from portal.desk.viewsets import RowViewSet
from portal.directory.desk import PlaceFilter, yes_no

from .desk import ObjectiveFilter, objective_column, place_column
from .models import Indicator, Measurement


class IndicatorFilters(WagtailFilterSet):
    objective = ObjectiveFilter()
    counts_people = yes_no("counts_people", gettext_lazy("Counts people"))

    class Meta:
        model = Indicator
        fields = ["kind", "accountability"]


class IndicatorViewSet(RowViewSet):
    model = Indicator
    name = "indicators"
    icon = "crosshairs"
    list_display = [
        "title",
        objective_column(),
        "kind",
        "unit",
        NumberColumn(
            "target",
            label=gettext_lazy("Target"),
            accessor=lambda row: _at(row.target_value, row.target_year),
        ),
    ]
    list_select_related = ("objective",)
    filterset_class = IndicatorFilters
    folded_by_hand = ("title", "unit", "objective__code", "objective__title")
    ordering = ("objective__sort_key", "title")
    export_filename = "indicators"
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("objective"),
                    TitleFieldPanel("title", targets=["slug"]),
                    FieldPanel("slug"),
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("accountability")]),
                    FieldPanel("description"),
                    FieldPanel("source"),
                ],
                heading=gettext_lazy("Indicator"),
            ),
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("unit"), FieldPanel("direction")]),
                    FieldRowPanel([FieldPanel("baseline_value"), FieldPanel("baseline_year")]),
                    FieldRowPanel([FieldPanel("target_value"), FieldPanel("target_year")]),
                    FieldRowPanel([FieldPanel("across_periods"), FieldPanel("across_places")]),
                    FieldPanel("counts_people"),
                ],
                heading=gettext_lazy("How it is measured"),
            ),
        ],
        base_form_class=DeskForm,
    )


def _at(value, year):
    return "" if value is None else f"{value.normalize():f} ({year})"


class MeasurementFilters(WagtailFilterSet):
    indicator = django_filters.ModelChoiceFilter(
        queryset=lambda request: Indicator.objects.visible_to(request.user).order_by("title"),
        label=gettext_lazy("Indicator"),
    )
    place = PlaceFilter()
    measured_on = django_filters.NumberFilter(lookup_expr="year", label=gettext_lazy("Year"))
    is_released = yes_no("is_released", gettext_lazy("Released"))

    class Meta:
        model = Measurement
        fields = []


class MeasurementViewSet(RowViewSet):
    model = Measurement
    name = "measurements"
    icon = "table"
    list_display = [
        Column("indicator", label=gettext_lazy("Indicator"), sort_key="indicator__title"),
        place_column(),
        DayColumn("measured_on", label=gettext_lazy("As of"), sort_key="measured_on"),
        NumberColumn(
            "value",
            label=gettext_lazy("Value"),
            accessor=lambda row: _plain(row.value),
            sort_key="value",
        ),
        NumberColumn("need", label=gettext_lazy("Needed"), sort_key="need"),
        NumberColumn("available", label=gettext_lazy("Available"), sort_key="available"),
        NumberColumn("gap", label=gettext_lazy("Gap")),
    ]
    list_select_related = ("indicator", "place")
    filterset_class = MeasurementFilters
    search_fields = ["place__folded", "indicator__title", "source"]
    ordering = ("indicator__title", "place__folded", "-measured_on")
    export_filename = "measurements"
    edit_handler = ObjectList(
        [
            FieldPanel("indicator"),
            FieldRowPanel([FieldPanel("place"), FieldPanel("measured_on")]),
            FieldPanel("value"),
            MultiFieldPanel(
                [
                    FieldRowPanel(
                        [FieldPanel("need"), FieldPanel("available"), FieldPanel("maximum")]
                    ),
                    FieldPanel("is_dedicated"),
                ],
                heading=gettext_lazy("Of a capacity: need and supply"),
            ),
            FieldPanel("source"),
            FieldPanel(
                "is_released",
                help_text=gettext_lazy(
                    "Counts of people are shown to others once they are released, rounded and without small numbers."
                ),
            ),
        ],
        base_form_class=DeskForm,
    )


def _plain(value):
    return "" if value is None else f"{value.normalize():f}"
