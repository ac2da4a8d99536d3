"""Choosers: a small window to search for one record, among those that the person may see."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet

from .policy import visible
from .search import search


class RowChooseMixin:
    search_fields = ()
    folded_by_hand = ()

    def get_object_list(self):
        return visible(self.model_class, self.request.user)

    def get_filter_form_class(self):
        view = self

        class SearchForm(BaseFilterForm):
            q = forms.CharField(
                label=_("Search"),
                required=False,
                widget=forms.TextInput(attrs={"placeholder": _("Search")}),
            )

            def filter(self, objects):
                self.search_query = self.cleaned_data.get("q")
                if not self.search_query:
                    return objects
                self.is_searching = True
                return search(
                    objects,
                    self.search_query,
                    fields=view.search_fields,
                    by_hand=view.folded_by_hand,
                )

        return SearchForm


class RowChooseView(RowChooseMixin, chooser.ChooseView):
    pass


class RowChooseResultsView(RowChooseMixin, chooser.ChooseResultsView):
    pass


class RowChosenView(chooser.ChosenView):
    def get_object(self, pk):
        return visible(self.model_class, self.request.user).get(pk=pk)


class RowChosenMultipleView(chooser.ChosenMultipleView):
    def get_objects(self, pks):
        return visible(self.model_class, self.request.user).filter(pk__in=pks)


class RowChooserViewSet(ChooserViewSet):
    """Becomes the field of every foreign key to its model, in the forms of the desk."""

    choose_view_class = RowChooseView
    choose_results_view_class = RowChooseResultsView
    chosen_view_class = RowChosenView
    chosen_multiple_view_class = RowChosenMultipleView
    per_page = 20
    search_fields = ()
    folded_by_hand = ()

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(
            search_fields=self.search_fields, folded_by_hand=self.folded_by_hand, **kwargs
        )

    def get_urlpatterns(self):
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "create"]
