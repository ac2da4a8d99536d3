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
)
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.base import ViewSetGroup

from portal.desk.columns import DayColumn, MoneyColumn, YesColumn
from portal.desk.export import Exported
from portal.desk.forms import DeskForm
from portal.desk.viewsets import RowViewSet
from portal.directory.desk import PlaceFilter
from portal.lib.numbers import period

from .choices import Pillar, StrategyStatus
from .desk import ObjectiveFilter, YearFilter, objective_column, place_column, shown_strategies
from .forms import RequirementForm, StrategyForm
from .indicator_desk import IndicatorViewSet, MeasurementViewSet
from .models import Expectation, Objective, Requirement, Strategy
from .objective_desk import ObjectiveViewSet
from .rates_desk import ExchangeRateViewSet
from .services import lock, requirements_changed
from .signals import figures_outdated


class StrategyViewSet(RowViewSet):
    model = Strategy
    name = "strategies"
    icon = "clipboard-list"
    list_display = [
        "title",
        Column(
            "period",
            label=gettext_lazy("Period"),
            accessor=lambda row: period(row.starts_on, row.ends_on),
        ),
        Column("reporting_currency", label=gettext_lazy("Currency")),
        "status",
        DayColumn("as_of", label=gettext_lazy("Looked at from")),
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
        place_column(),
        "year",
        MoneyColumn(
            "amount",
            label=gettext_lazy("Amount"),
            accessor=lambda row: (row.amount, row.currency),
            sort_key="amount_original",
        ),
        YesColumn(
            "revised",
            label=gettext_lazy("Revised"),
            accessor=lambda row: row.amount_revised is not None,
        ),
        YesColumn(
            "unconverted",
            label=gettext_lazy("No exchange rate"),
            accessor=lambda row: row.amount_minor is None,
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
    list_display = [objective_column(), place_column(), "year_from", "year_to", "source"]
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
