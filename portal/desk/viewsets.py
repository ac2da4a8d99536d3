"""The viewset that every list of the desk is made of."""

from contextlib import contextmanager

from django.urls import path
from django.utils.functional import cached_property
from wagtail.admin.viewsets.model import ModelViewSet

from .export import exported_fields
from .policy import register_row_policy
from .usage import what_points_at
from .views import RowCreateView, RowDeleteView, RowEditView, RowHistoryView, RowIndexView


class RowViewSet(ModelViewSet):
    """Searchable list, forms, history and export of one model, for the rows that somebody may see.

    The model's default manager has `visible_to(user)` and `editable_by(user)`.
    """

    index_view_class = RowIndexView
    add_view_class = RowCreateView
    edit_view_class = RowEditView
    delete_view_class = RowDeleteView
    history_view_class = RowHistoryView
    copy_view_enabled = False
    # What points at a record is asked of the records themselves (`usage`): bulk loads write no index.
    add_to_reference_index = False
    list_per_page = 50
    #: Lookups to search in; those that end in `folded` hold folded text.
    search_fields = ()
    #: Text without a folded column, searched in Python: small tables only.
    folded_by_hand = ()
    list_select_related = ()
    list_prefetch_related = ()
    #: Accessors of what is deleted with a record.
    goes_along = ()
    #: Lists that nobody changes by hand have neither forms nor history.
    read_only = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        register_row_policy(self.model)

    @cached_property
    def url_namespace(self):
        """Apart from the public pages, which have namespaces of the same names."""
        return f"desk_{self.name}"

    @contextmanager
    def changing(self, instance, *, by, deleting=False):
        """Around each write of the desk, in its transaction: the one place to keep derived rows right.

        instance: as it will be saved, without a key when it is new; `by`: who does it.
        """
        yield

    def in_the_way(self, instance):
        """What must be gone before `instance` may be deleted, in words; empty when nothing points at it."""
        return what_points_at(instance, goes_along=self.goes_along)

    def get_exported(self, user):
        """The columns of the spreadsheet, in order."""
        return exported_fields(self.model)

    def get_common_view_kwargs(self, **kwargs):
        kwargs = super().get_common_view_kwargs(viewset=self, **kwargs)
        kwargs["usage_url_name"] = None
        if self.read_only:
            kwargs.update(
                dict.fromkeys(
                    ("add_url_name", "edit_url_name", "delete_url_name", "history_url_name")
                )
            )
        return kwargs

    def get_index_view_kwargs(self, **kwargs):
        return super().get_index_view_kwargs(
            folded_by_hand=self.folded_by_hand,
            page_title=self.menu_label,
            list_select_related=self.list_select_related,
            list_prefetch_related=self.list_prefetch_related,
            **kwargs,
        )

    def get_form_class(self, for_update=False):
        return None if self.read_only else super().get_form_class(for_update)

    def get_urlpatterns(self):
        if not self.read_only:
            return [pattern for pattern in super().get_urlpatterns() if pattern.name != "usage"]
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
        ]

    def register_admin_url_finder(self):
        """The site's history links rows to the page where they are edited, if there is one."""
        if any(pattern.name == "edit" for pattern in self.get_urlpatterns()):
            super().register_admin_url_finder()
