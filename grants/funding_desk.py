"""What grants pay for, and money that stands beside the figures, at the desk."""

import django_filters
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column

from portal.desk.columns import DayColumn, MoneyColumn
from portal.desk.viewsets import RowViewSet
from portal.directory.desk import shown_funders

from .forms import FundingForm
from .models import ActivityFunding, Unconverted


class FundingFilters(WagtailFilterSet):
    funder = django_filters.ModelChoiceFilter(
        "grant__funding_organisation",
        queryset=shown_funders,
        label=gettext_lazy("Funding organisation"),
        empty_label=gettext_lazy("All funders"),
    )

    class Meta:
        model = ActivityFunding
        fields = []


class ActivityFundingViewSet(RowViewSet):
    model = ActivityFunding
    name = "activity_funding"
    icon = "link"
    menu_label = gettext_lazy("Activity funding")
    list_display = [
        Column("activity", label=gettext_lazy("Activity"), sort_key="activity__title"),
        Column("grant", label=gettext_lazy("Grant"), sort_key="grant__title"),
        Column("funder", label=gettext_lazy("Funder"), accessor="grant.funding_organisation"),
        MoneyColumn(
            "amount", label=gettext_lazy("Amount"), accessor=lambda row: (row.amount, row.currency)
        ),
    ]
    list_select_related = ("activity", "grant__funding_organisation")
    filterset_class = FundingFilters
    search_fields = ["activity__folded", "grant__folded"]
    ordering = ("activity__title", "grant__title")
    export_filename = "activity-funding"
    edit_handler = ObjectList(
        [
            FieldPanel("activity"),
            FieldPanel("grant"),
            FieldRowPanel([FieldPanel("amount"), FieldPanel("currency")]),
        ],
        base_form_class=FundingForm,
    )


class UnconvertedFilters(WagtailFilterSet):
    funder = django_filters.ModelChoiceFilter(
        "grant__funding_organisation",
        queryset=shown_funders,
        label=gettext_lazy("Funding organisation"),
        empty_label=gettext_lazy("All funders"),
    )
    currency = django_filters.CharFilter(lookup_expr="iexact", label=gettext_lazy("Currency"))

    class Meta:
        model = Unconverted
        fields = ["reason", "measure"]


class UnconvertedViewSet(RowViewSet):
    """Read only: money that stands beside the figures, until a rate, a date or an amount is there."""

    model = Unconverted
    name = "unconverted"
    icon = "warning"
    read_only = True
    menu_label = gettext_lazy("Unconverted money")
    list_display = [
        Column("grant", label=gettext_lazy("Grant"), sort_key="grant__title"),
        Column("measure", label=gettext_lazy("Measure"), accessor="get_measure_display"),
        MoneyColumn(
            "amount", label=gettext_lazy("Amount"), accessor=lambda row: (row.amount, row.currency)
        ),
        DayColumn("value_date", label=gettext_lazy("Value date"), sort_key="value_date"),
        Column(
            "reason",
            label=gettext_lazy("Why it is not counted"),
            accessor="get_reason_display",
            sort_key="reason",
        ),
    ]
    list_select_related = ("grant",)
    filterset_class = UnconvertedFilters
    search_fields = ["grant__folded", "currency"]
    ordering = ("reason", "-value_date")
    export_filename = "unconverted-money"
