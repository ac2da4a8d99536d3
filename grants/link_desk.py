"""Links at the desk: records that are one grant, and taking one of them out again."""

from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from portal.desk.columns import DayColumn, NumberColumn
from portal.desk.policy import editable, visible
from portal.desk.views import RowIndexView
from portal.desk.viewsets import RowViewSet

from . import services
from .models import Grant, LinkGroup


class LinkIndexView(RowIndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().annotate(record_count=Count("grants"))

    def get_edit_url(self, instance):
        return reverse(self.viewset.get_url_name("records"), args=[instance.pk])


class LinkRecordsView(PermissionCheckedMixin, WagtailAdminTemplateMixin, DetailView):
    """The records of a group, in the order in which they count."""

    model = LinkGroup
    viewset = None
    index_url_name = None
    any_permission_required = ["view", "change"]
    template_name = "desk/link_records.html"
    page_title = gettext_lazy("Linked records")
    header_icon = "link"

    def get_queryset(self):
        return visible(LinkGroup, self.request.user)

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": _("Links")},
            {"url": "", "label": self.object.rule},
        ]

    def get_context_data(self, **kwargs):
        grants = (
            visible(Grant, self.request.user)
            .filter(link_group=self.object)
            .order_by("link_position")
        )
        return {
            **super().get_context_data(**kwargs),
            "grants": grants.select_related("funding_organisation", "recipient_organisation"),
            "may_unlink": self.user_has_permission("change")
            and editable(LinkGroup, self.request.user).filter(pk=self.object.pk).exists(),
            "unlink_url_name": self.viewset.get_url_name("unlink"),
        }


class UnlinkView(PermissionCheckedMixin, View):
    """Takes one record out of its group: it counts for itself again."""

    model = LinkGroup
    permission_required = "change"
    index_url_name = None

    def post(self, request, pk):
        groups = editable(LinkGroup, request.user)
        grant = get_object_or_404(
            editable(Grant, request.user).filter(link_group__in=groups), pk=pk
        )
        services.unlink_grant(grant)
        messages.success(
            request, _("“%(grant)s” was unlinked and counts for itself.") % {"grant": grant}
        )
        return redirect(self.index_url_name)


class LinkGroupViewSet(RowViewSet):
    model = LinkGroup
    name = "links"
    icon = "link"
    read_only = True
    menu_label = gettext_lazy("Links")
    index_view_class = LinkIndexView
    list_display = [
        Column("rule", label=gettext_lazy("How they were found to be one"), sort_key="rule"),
        NumberColumn("record_count", label=gettext_lazy("Records"), sort_key="record_count"),
        Column(
            "titles",
            label=gettext_lazy("Grants"),
            accessor=lambda row: "; ".join(
                dict.fromkeys(grant.title for grant in row.grants.all())
            ),
        ),
        Column(
            "linked_by",
            label=gettext_lazy("Linked by"),
            accessor=lambda row: row.linked_by or _("a loader"),
        ),
        DayColumn("linked_at", label=gettext_lazy("Linked on"), sort_key="linked_at"),
    ]
    list_select_related = ("linked_by",)
    list_prefetch_related = ("grants",)
    list_filter = ["rule"]
    search_fields = ["rule", "grants__folded"]
    ordering = ("-linked_at", "pk")
    export_filename = "links"

    def get_urlpatterns(self):
        records = self.construct_view(LinkRecordsView)
        unlink = self.construct_view(UnlinkView)
        return [
            *super().get_urlpatterns(),
            path("records/<int:pk>/", records, name="records"),
            path("unlink/<int:pk>/", unlink, name="unlink"),
        ]
