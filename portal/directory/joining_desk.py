"""The desk's lists of requests to join, merged organisations and versions of the terms."""

import django_filters
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button

from portal.desk.columns import DayColumn, NumberColumn
from portal.desk.forms import DeskForm
from portal.desk.views import RowCreateView, RowEditView, RowIndexView
from portal.desk.viewsets import RowViewSet

from .access import viewer_of
from .choices import RequestState
from .desk_views import AnswerView, MergeView, UndoMergeView
from .models import JoinRequest, OrganisationMerge, TermsVersion
from .terms import newest_terms, publish_terms


class RequestFilters(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        choices=RequestState.choices, label=gettext_lazy("State"), empty_label=gettext_lazy("All")
    )

    class Meta:
        model = JoinRequest
        fields = []


class RequestIndexView(RowIndexView):
    def get_edit_url(self, instance):
        return reverse(self.viewset.get_url_name("answer"), args=[instance.pk])


class JoinRequestViewSet(RowViewSet):
    """Requests to join, the ones that wait first; answered on a page of their own."""

    model = JoinRequest
    name = "join_requests"
    icon = "mail"
    menu_label = gettext_lazy("Requests to join")
    read_only = True
    index_view_class = RequestIndexView
    list_display = [
        Column("name", label=gettext_lazy("Person"), sort_key="name"),
        Column("email", label=gettext_lazy("Email address"), sort_key="email"),
        Column("organisation_name", label=gettext_lazy("Organisation")),
        DayColumn("asked_at", label=gettext_lazy("Asked on"), sort_key="asked_at"),
        Column(
            "state",
            label=gettext_lazy("State"),
            accessor=lambda row: row.get_state_display(),
            sort_key="state",
        ),
    ]
    list_select_related = ("answered_by",)
    filterset_class = RequestFilters
    folded_by_hand = ("name", "email", "organisation_name")
    ordering = ("answered_at", "-asked_at")
    export_filename = "requests-to-join"

    def get_urlpatterns(self):
        answer = self.construct_view(AnswerView)
        return [*super().get_urlpatterns(), path("<int:pk>/", answer, name="answer")]


class UndoColumn(Column):
    cell_template_name = "desk/undo_cell.html"

    def __init__(self, *args, url_name, **kwargs):
        super().__init__(*args, **kwargs)
        self.url_name = url_name

    def get_value(self, instance):
        return None if instance.undone_at else reverse(self.url_name, args=[instance.pk])


class MergeIndexView(RowIndexView):
    def get_edit_url(self, instance):
        return None


class MergeViewSet(RowViewSet):
    """Organisations that were found to be one."""

    model = OrganisationMerge
    name = "merges"
    icon = "group"
    menu_label = gettext_lazy("Merged organisations")
    read_only = True
    index_view_class = MergeIndexView
    list_display = [
        "name",
        Column("into", label=gettext_lazy("Now part of"), sort_key="into__name"),
        NumberColumn(
            "rows",
            label=gettext_lazy("Records moved"),
            accessor=lambda row: sum(len(entry["keys"]) for entry in row.moved),
        ),
        DayColumn("merged_at", label=gettext_lazy("Merged on"), sort_key="merged_at"),
        Column(
            "merged_by",
            label=gettext_lazy("By"),
            accessor=lambda row: row.merged_by or "",
        ),
        DayColumn("undone_at", label=gettext_lazy("Undone on"), sort_key="undone_at"),
        UndoColumn("undo", label=gettext_lazy("Undo"), url_name="desk_merges:undo"),
    ]
    list_select_related = ("into", "merged_by")
    folded_by_hand = ("name",)
    ordering = ("-merged_at", "-pk")
    export_filename = "merged-organisations"

    def get_exported(self, user):
        wanted = {"name", "slug", "into", "merged_at", "merged_by", "undone_at", "undone_by"}
        return [column for column in super().get_exported(user) if column.name in wanted]

    def get_urlpatterns(self):
        undo = self.construct_view(UndoMergeView)
        return [*super().get_urlpatterns(), path("<int:pk>/undo/", undo, name="undo")]


class TermsCreateView(RowCreateView):
    """A new version begins with the words of the one before."""

    def get_initial_form_instance(self):
        newest = newest_terms()
        return TermsVersion(text=newest.text if newest else "")

    def get_edit_url(self):
        return self.object.get_absolute_url() if self.object and self.object.pk else ""

    def get_success_buttons(self):
        return []

    def save_instance(self):
        words = self.form.cleaned_data
        self.form.instance = publish_terms(
            words["text"], words["changes"], by=self.request.user, now=timezone.now()
        )
        return self.form.instance


class TermsIndexView(RowIndexView):
    """Versions are read, never changed: a new one takes their place."""

    def get_edit_url(self, instance):
        return instance.get_absolute_url()

    def get_delete_url(self, instance):
        return None

    def get_list_more_buttons(self, instance):
        return []


class TermsViewSet(RowViewSet):
    """The terms of data sharing. Everybody is asked again when a version comes out."""

    model = TermsVersion
    name = "terms"
    icon = "doc-full"
    menu_label = gettext_lazy("Terms of data sharing")
    index_view_class = TermsIndexView
    add_view_class = TermsCreateView
    list_display = [
        "__str__",
        DayColumn("published_at", label=gettext_lazy("In force since"), sort_key="published_at"),
        Column(
            "published_by",
            label=gettext_lazy("By"),
            accessor=lambda row: row.published_by or _("the first start"),
        ),
        NumberColumn(
            "accepted",
            label=gettext_lazy("Accepted by"),
            accessor=lambda row: len(row.acceptances.all()),
        ),
    ]
    list_select_related = ("published_by",)
    list_prefetch_related = ("acceptances",)
    folded_by_hand = ("text",)
    ordering = ("-number",)
    export_filename = "terms"
    edit_handler = ObjectList([FieldPanel("changes"), FieldPanel("text")], base_form_class=DeskForm)

    def get_common_view_kwargs(self, **kwargs):
        kwargs = super().get_common_view_kwargs(**kwargs)
        kwargs.update(
            dict.fromkeys(
                ("edit_url_name", "delete_url_name", "history_url_name", "usage_url_name")
            )
        )
        return kwargs

    def get_urlpatterns(self):
        kept = {"index", "index_results", "add"}
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in kept]


# The way from an organisation to merging it


def merge_button(organisation):
    return Button(
        _("Merge into another"),
        url=reverse("desk_organisations:merge", args=[organisation.pk]),
        icon_name="group",
        priority=40,
    )


class OrganisationIndexView(RowIndexView):
    def get_list_more_buttons(self, instance):
        buttons = super().get_list_more_buttons(instance)
        return [*buttons, merge_button(instance)] if self._may_merge() else buttons

    def _may_merge(self):
        return viewer_of(self.request.user).is_secretariat


class OrganisationEditView(RowEditView):
    @property
    def header_more_buttons(self):
        return [*super().header_more_buttons, merge_button(self.object)]


class MergingMixin:
    """For the list of organisations: where two are made one."""

    index_view_class = OrganisationIndexView
    edit_view_class = OrganisationEditView

    def get_urlpatterns(self):
        merge = self.construct_view(MergeView)
        return [*super().get_urlpatterns(), path("merge/<int:pk>/", merge, name="merge")]
