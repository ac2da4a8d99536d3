"""The desk's screens for the strategy: objectives, what is asked, what is measured."""

from contextlib import contextmanager

import django_filters
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.viewsets.base import ViewSetGroup

from portal.desk.export import Exported
from portal.desk.forms import DeskForm
from portal.desk.viewsets import RowViewSet
from portal.directory.desk import PlaceFilter, yes_no

from .choices import Pillar, StrategyStatus
from .desk import MoneyColumn, NumberColumn, ObjectiveFilter, YearFilter, shown_strategies
from .forms import RequirementForm, StrategyForm
from .models import Expectation, Indicator, Measurement, Objective, Requirement, Strategy
from .objective_desk import ObjectiveViewSet
from .rates_desk import ExchangeRateViewSet
from .services import lock, requirements_changed
from .signals import figures_outdated

PILLAR_FILTER = {
    "choices": Pillar.choices,
    "label": gettext_lazy("Pillar"),
    "empty_label": gettext_lazy("All pillars"),
}


def _objective_column():
    return Column("objective", label=gettext_lazy("Objective"), sort_key="objective__sort_key")


def _place_column():
    return Column("place", label=gettext_lazy("Place"), sort_key="place__folded")


class StrategyViewSet(RowViewSet):
    model = Strategy
    name = "strategies"
    icon = "clipboard-list"
    list_display = [
        "title",
        Column(
            "period",
            label=gettext_lazy("Period"),
            accessor=lambda row: f"{row.starts_on} – {row.ends_on}",
        ),
        Column("reporting_currency", label=gettext_lazy("Currency")),
        "status",
        "as_of",
    ]
    list_filter = ["status"]
    folded_by_hand = ("title", "coalition_name")
    ordering = "-starts_on"
    export_filename = "strategies"
    goes_along = ("pillar_targets", "objectives")
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("title"),
                    FieldPanel("coalition_name"),
                    FieldRowPanel(
                        [FieldPanel("starts_on"), FieldPanel("ends_on")],
                        heading=gettext_lazy("Period"),
                    ),
                    FieldRowPanel(
                        [FieldPanel("reporting_currency"), FieldPanel("year_start_month")]
                    ),
                    FieldRowPanel([FieldPanel("status"), FieldPanel("adopted_on")]),
                    FieldRowPanel([FieldPanel("as_of"), FieldPanel("notice")]),
                ],
                heading=gettext_lazy("Strategy"),
            ),
            ObjectList(
                [
                    HelpPanel(
                        gettext_lazy(
                            "The share of all tagged money that the strategy wants for each pillar, in %."
                        ),
                    ),
                    FieldRowPanel([FieldPanel("target_1"), FieldPanel("target_2")]),
                    FieldRowPanel([FieldPanel("target_3"), FieldPanel("target_4")]),
                ],
                heading=gettext_lazy("Target shares"),
            ),
        ],
        base_form_class=StrategyForm,
    )

    @contextmanager
    def changing(self, instance, *, by, deleting=False):
        """A new strategy gets its four pillars; another period, currency or year draws its figures anew."""
        stored = Strategy.objects.filter(pk=instance.pk).first()
        yield
        if deleting:
            return
        if stored is None:
            for pillar in Pillar:
                name = {"title": pillar.label, "short_title": pillar.label}
                Objective.objects.create(
                    strategy=instance, pillar=pillar, code=str(int(pillar)), **name
                )
        elif _frame(stored) != _frame(instance):
            figures_outdated.send(Strategy, strategy_id=instance.pk)

    def in_the_way(self, instance):
        if instance.status == StrategyStatus.IN_FORCE:
            return [_("The strategy is in force. Archive it first.")]
        below = instance.objectives.exclude(parent=None).count()
        found = (
            [_("Objectives: %(count)s") % {"count": below}]
            if below
            else super().in_the_way(instance)
        )
        for root in instance.objectives.filter(parent=None):
            found += [] if below else ObjectiveViewSet.uses_of(root)
        return found


def _frame(strategy):
    return (
        strategy.starts_on, strategy.ends_on, strategy.reporting_currency, strategy.year_start_month, strategy.status
    )  # fmt: skip


# What is asked


class RequirementFilters(WagtailFilterSet):
    strategy = django_filters.ModelChoiceFilter(
        "objective__strategy", queryset=shown_strategies, label=gettext_lazy("Strategy")
    )
    objective = ObjectiveFilter()
    place = PlaceFilter()
    year = YearFilter()
    currency = django_filters.CharFilter(label=gettext_lazy("Currency"), lookup_expr="iexact")
    unconverted = django_filters.BooleanFilter(
        "amount_minor", lookup_expr="isnull", label=gettext_lazy("Without an exchange rate")
    )

    class Meta:
        model = Requirement
        fields = []


class RequirementViewSet(RowViewSet):
    model = Requirement
    name = "requirements"
    icon = "decimal"
    list_display = [
        Column("objective", label=gettext_lazy("Objective"), sort_key="objective__sort_key"),
        _place_column(),
        "year",
        MoneyColumn(
            "amount",
            label=gettext_lazy("Amount"),
            accessor=lambda row: (row.amount, row.currency),
            sort_key="amount_original",
        ),
        BooleanColumn(
            "revised",
            label=gettext_lazy("Revised"),
            accessor=lambda row: row.amount_revised is not None,
        ),
        BooleanColumn(
            "converted",
            label=gettext_lazy("Counted"),
            accessor=lambda row: row.amount_minor is not None,
        ),
        "source",
    ]
    list_select_related = ("objective", "place")
    filterset_class = RequirementFilters
    search_fields = [
        "place__folded",
        "source",
        "basis_of_estimate",
        "objective__title",
        "objective__code",
    ]
    ordering = ("objective__sort_key", "place__folded", "year")
    export_filename = "requirements"
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("objective"),
                    FieldRowPanel([FieldPanel("place"), FieldPanel("year")]),
                ],
                heading=gettext_lazy("For what, where and when"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("currency"),
                    FieldRowPanel([FieldPanel("amount_original"), FieldPanel("amount_revised")]),
                ],
                heading=gettext_lazy("How much"),
                help_text=gettext_lazy(
                    "The revised amount counts where there is one, else the original one."
                ),
            ),
            MultiFieldPanel(
                [FieldPanel("basis_of_estimate"), FieldPanel("source")],
                heading=gettext_lazy("Where this comes from"),
            ),
        ],
        base_form_class=RequirementForm,
    )

    @contextmanager
    def changing(self, instance, *, by, deleting=False):
        """Figures follow the requirements of the cell it stood in and of the one it stands in."""
        cells = _cells(instance.pk)
        for strategy_id in sorted({cell[0] for cell in cells} | {instance.objective.strategy_id}):
            lock(strategy_id)
        yield
        cells |= set() if deleting else _cells(instance.pk)
        for strategy_id in sorted({cell[0] for cell in cells}):
            requirements_changed(
                strategy_id, {cell[1:] for cell in cells if cell[0] == strategy_id}
            )

    def get_exported(self, user):
        return [
            Exported("code", _("Code"), lambda row: row.objective.code),
            *super().get_exported(user),
            Exported("place_code", _("Code of the place"), lambda row: row.place.code),
        ]


def _cells(pk):
    rows = Requirement.objects.filter(pk=pk)
    return set(rows.values_list("objective__strategy_id", "objective_id", "place_id", "year"))


class ExpectationFilters(WagtailFilterSet):
    objective = ObjectiveFilter()
    place = PlaceFilter()

    class Meta:
        model = Expectation
        fields = []


class ExpectationViewSet(RowViewSet):
    model = Expectation
    name = "expectations"
    icon = "calendar-check"
    list_display = [_objective_column(), _place_column(), "year_from", "year_to", "source"]
    list_select_related = ("objective", "place")
    filterset_class = ExpectationFilters
    search_fields = ["place__folded", "source", "objective__title", "objective__code"]
    ordering = ("objective__sort_key", "place__folded", "year_from")
    export_filename = "expectations"
    edit_handler = ObjectList(
        [
            HelpPanel(
                gettext_lazy(
                    "Somebody should be at work here. A requirement above zero says so too."
                )
            ),
            FieldPanel("objective"),
            FieldPanel("place"),
            FieldRowPanel([FieldPanel("year_from"), FieldPanel("year_to")]),
            FieldPanel("source"),
        ],
        base_form_class=DeskForm,
    )


# What is measured


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
        _objective_column(),
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
        _place_column(),
        "measured_on",
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


class StrategyGroup(ViewSetGroup):
    menu_label = gettext_lazy("Strategy")
    menu_icon = "clipboard-list"
    menu_order = 100
    items = (
        StrategyViewSet,
        ObjectiveViewSet,
        RequirementViewSet,
        ExpectationViewSet,
        IndicatorViewSet,
        MeasurementViewSet,
        ExchangeRateViewSet,
    )
