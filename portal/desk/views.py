"""Wagtail's generic views, from rows that the person may see or change."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.history import HistoryView, LogEntryUserColumn
from wagtail.log_actions import registry

from .changes import describe, log_parts, parts_of
from .columns import MomentColumn
from .export import related_fields, safe
from .policy import editable, visible
from .search import search


class NotYours(PermissionDenied):
    """The record, as it would be saved, is not one that the person may change."""


class RowIndexView(generic.IndexView):
    """A list of the rows that somebody may see, with search, filters and export."""

    viewset = None
    folded_by_hand = ()
    template_name = "desk/index.html"
    list_select_related = ()
    list_prefetch_related = ()

    def get_base_queryset(self):
        user = self.request.user
        rows = visible(self.model, user)
        mine = self.model._default_manager.all().editable_by(user).filter(pk=OuterRef("pk"))
        rows = rows.annotate(is_editable=Exists(mine.order_by()))
        related = {
            *self.list_select_related,
            *(related_fields(self.model) if self.is_export else ()),
        }
        if related:
            rows = rows.select_related(*sorted(related))
        return rows.prefetch_related(*self.list_prefetch_related)

    @cached_property
    def columns(self):
        columns = super().columns
        first = columns[0]
        if type(first) is Column:
            title = self._get_title_column_class(TitleColumn)
            columns[0] = title(
                first.name,
                label=first.label,
                accessor=first.accessor,
                sort_key=first.sort_key,
                get_url=self.get_edit_url,
            )
        return columns

    @cached_property
    def is_searchable(self):
        return bool(self.search_fields or self.folded_by_hand)

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        return search(
            queryset,
            self.search_query,
            fields=self.search_fields or (),
            by_hand=self.folded_by_hand,
        )

    def get_edit_url(self, instance):
        return super().get_edit_url(instance) if instance.is_editable else None

    def get_delete_url(self, instance):
        return super().get_delete_url(instance) if instance.is_editable else None

    def get_copy_url(self, instance):
        return None

    # Export: all stored columns, and those that the viewset adds.

    @cached_property
    def exported(self):
        return {column.name: column for column in self.viewset.get_exported(self.request.user)}

    @cached_property
    def list_export(self):
        return list(self.exported)

    def to_row_dict(self, item):
        return {name: safe(column.value(item)) for name, column in self.exported.items()}

    def get_heading(self, queryset, field):
        return str(self.exported[field].heading)


class _Saving:
    """Saving with everything that must be kept right besides the row, in one transaction."""

    viewset = None

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except NotYours:
            form.add_error(
                None, _("This would give the record to an organisation that you do not work for.")
            )
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)

    def save_instance(self):
        instance, user = self.form.instance, self.request.user
        before = parts_of(instance)
        with self.viewset.changing(instance, by=user):
            # The record writes its own history; Wagtail's entry would say the same again.
            self.action_class(instance, user=user, form=self.form, log_action=None).execute(
                skip_permission_checks=True
            )
            if not editable(self.model, user).filter(pk=instance.pk).exists():
                raise NotYours
            log_parts(instance, before)
        return instance


class RowCreateView(_Saving, generic.CreateView):
    pass


class RowEditView(_Saving, generic.EditView):
    def get_queryset(self):
        return editable(self.model, self.request.user)


class RowDeleteView(generic.DeleteView):
    """Deletes a record at which nothing points; else says what does."""

    viewset = None
    template_name = "desk/confirm_delete.html"

    def get_queryset(self):
        return editable(self.model, self.request.user)

    @cached_property
    def in_the_way(self):
        return self.viewset.in_the_way(self.object)

    def form_valid(self, form):
        if self.in_the_way:
            messages.error(
                self.request,
                _("“%(name)s” was not deleted: other records need it.") % {"name": self.object},
            )
            return self.render_to_response(self.get_context_data(form=form))
        with (
            transaction.atomic(),
            self.viewset.changing(self.object, by=self.request.user, deleting=True),
        ):
            return super().form_valid(form)

    def delete_action(self):
        self.action_class(self.object, user=self.request.user, log_action=None).execute(
            skip_permission_checks=True
        )

    def get_context_data(self, **kwargs):
        return {
            **super().get_context_data(**kwargs),
            "in_the_way": self.in_the_way,
            "edit_url": self.get_edit_url(),
        }

    def get_edit_url(self):
        return reverse(self.edit_url_name, args=[self.object.pk])


class ChangesColumn(Column):
    cell_template_name = "desk/changes_cell.html"

    def __init__(self, *args, view, **kwargs):
        super().__init__(*args, **kwargs)
        self.view = view

    def get_value(self, instance):
        return self.view.described.get(instance.pk, [])


class RowHistoryView(HistoryView):
    """Who changed what and when, field by field; for those who may change the record."""

    viewset = None

    def get_base_object_queryset(self):
        return editable(self.model, self.request.user)

    def get_base_queryset(self):
        return self._annotate_queryset(registry.get_logs_for_instance(self.object)).order_by(
            "-timestamp", "-pk"
        )

    @cached_property
    def no_results_message(self):
        if self.is_filtering:
            return _("No entry matches.")
        return _("Nobody has changed this record since it was loaded.")

    @cached_property
    def columns(self):
        return [
            MomentColumn("timestamp", label=gettext_lazy("When"), width="18%"),
            LogEntryUserColumn("user", label=gettext_lazy("Who"), width="20%"),
            Column("message", label=gettext_lazy("What"), width="10%"),
            ChangesColumn("changes", label=gettext_lazy("Fields: before and after"), view=self),
        ]

    def get_context_data(self, *args, object_list=None, **kwargs):
        rows = self.object_list if object_list is None else object_list
        page_size = self.get_paginate_by(rows)
        page = self.paginate_queryset(rows, page_size)[2] if page_size else rows
        self.described = describe(page, self.model, self.request.user)
        return super().get_context_data(*args, object_list=object_list, **kwargs)
