"""Exchange rates at the desk: a list, and the upload of those that the European Central Bank does not publish."""

import django_filters
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import HeaderButton

from portal.desk.columns import DayColumn, NumberColumn
from portal.desk.views import RowIndexView
from portal.desk.viewsets import RowViewSet
from portal.directory.access import viewer_of

from .forms import RatesForm
from .importers import RATE_COLUMNS, import_rates
from .models import ExchangeRate

#: How many faulty rows are written out.
MOST_SHOWN = 50


def currencies():
    codes = ExchangeRate.objects.order_by("currency").values_list("currency", flat=True).distinct()
    return [(code, code) for code in codes]


class RateFilters(WagtailFilterSet):
    currency = django_filters.ChoiceFilter(choices=currencies, label=gettext_lazy("Currency"))
    day = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("Day"), widget=DateRangePickerWidget
    )

    class Meta:
        model = ExchangeRate
        fields = []


class RateIndexView(RowIndexView):
    upload_url_name = None

    @cached_property
    def header_buttons(self):
        if not self.user_has_permission("add"):
            return []
        return [
            HeaderButton(_("Upload rates"), url=reverse(self.upload_url_name), icon_name="upload")
        ]


class RatesUploadView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """Takes a file of rates as a whole, or says which rows are wrong and takes nothing."""

    model = ExchangeRate
    permission_required = "add"
    form_class = RatesForm
    template_name = "desk/rates_upload.html"
    page_title = gettext_lazy("Upload exchange rates")
    header_icon = "upload"
    index_url_name = None
    template_url_name = None

    def dispatch(self, request, *args, **kwargs):
        if not viewer_of(request.user).is_secretariat:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": _("Exchange rates")},
            {"url": "", "label": self.page_title},
        ]

    def form_valid(self, form):
        report = import_rates(form.cleaned_data["file"].file)
        if report.errors:
            return self.render_to_response(self.get_context_data(form=form, report=report))
        messages.success(
            self.request,
            _("%(created)s, %(updated)s.")
            % {
                "created": ngettext(
                    "%(n)s rate was added", "%(n)s rates were added", report.created
                )
                % {"n": report.created},
                "updated": ngettext("%(n)s was replaced", "%(n)s were replaced", report.updated)
                % {"n": report.updated},
            },
        )
        return redirect(self.index_url_name)

    def get_context_data(self, report=None, **kwargs):
        context = super().get_context_data(**kwargs)
        errors = list(report.errors.items()) if report else []
        return {
            **context,
            "columns": RATE_COLUMNS.items(),
            "errors": errors[:MOST_SHOWN],
            "error_count": len(errors),
            "template_url": reverse(self.template_url_name),
            "media": context["form"].media,
        }


def rates_template(request):
    """An empty file with the columns of an upload."""
    response = HttpResponse(",".join(RATE_COLUMNS) + "\r\n", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="exchange-rates.csv"'
    return response


class ExchangeRateViewSet(RowViewSet):
    """A list and an upload; nobody types rates one by one."""

    model = ExchangeRate
    name = "exchange_rates"
    icon = "rotate"
    read_only = True
    index_view_class = RateIndexView
    list_display = [
        "currency",
        DayColumn("day", label=gettext_lazy("Day"), sort_key="day"),
        NumberColumn(
            "rate",
            label=gettext_lazy("Units for one euro"),
            accessor=lambda row: f"{row.rate.normalize():f}",
            sort_key="rate",
        ),
        "source",
    ]
    filterset_class = RateFilters
    search_fields = ["currency", "source"]
    ordering = ("-day", "currency")
    export_filename = "exchange-rates"

    def get_index_view_kwargs(self, **kwargs):
        return super().get_index_view_kwargs(upload_url_name=self.get_url_name("upload"), **kwargs)

    def get_urlpatterns(self):
        upload = self.construct_view(
            RatesUploadView, template_url_name=self.get_url_name("template")
        )
        return [
            *super().get_urlpatterns(),
            path("upload/", upload, name="upload"),
            path("template/", rates_template, name="template"),
        ]
