"""What the desk shows of every record alike: with whom it is shared, and in which state it is."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column

from portal.desk.export import Exported
from portal.desk.forms import DeskForm
from portal.desk.views import RowCreateView, RowEditView
from portal.desk.viewsets import RowViewSet
from portal.directory.access import viewer_of
from portal.directory.desk import PlaceFilter, joined
from portal.directory.tree import PlaceTree
from portal.lib.personal_data import Hit, find

from .choices import LocationPrecision, ReviewState, Visibility
from .places import shown_place


class RecordForm(DeskForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "working_groups" in self.fields:
            self.fields["working_groups"].required = False
            if not self.fields["working_groups"].queryset.exists():
                del self.fields["working_groups"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("visibility") != Visibility.WORKING_GROUP or "visibility" not in self.fields:
            return cleaned
        if "working_groups" not in self.fields:
            self.add_error("visibility", _("There is no working group to share it with yet."))
        elif not cleaned.get("working_groups"):
            self.add_error(
                "working_groups", _("Choose at least one working group, or another way of sharing.")
            )
        return cleaned


def sharing_tab():
    """The tab that every record has."""
    return ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("visibility", widget=forms.RadioSelect),
                    FieldPanel("working_groups", widget=forms.CheckboxSelectMultiple),
                ],
                heading=gettext_lazy("Shared with"),
                help_text=gettext_lazy(
                    "Its own organisation and the secretariat always see a record. Figures count it for those "
                    "who may see it."
                ),
            ),
            FieldPanel(
                "location_precision",
                widget=forms.RadioSelect,
                help_text=gettext_lazy(
                    "Binds everyone but its own organisation and the secretariat."
                ),
            ),
            FieldPanel(
                "review_state",
                widget=forms.RadioSelect,
                help_text=gettext_lazy(
                    "Accepted records are shown to others and counted; all others are not."
                ),
            ),
        ],
        heading=gettext_lazy("Sharing and review"),
    )


class RecordPlaceFilter(PlaceFilter):
    """Rows at a place or below it, among those whose exact place this person sees."""

    def filter(self, queryset, place):
        user = self.parent.request.user
        if place is not None and not viewer_of(user).is_secretariat:
            exact = Q(location_precision=LocationPrecision.EXACT)
            mine = queryset.model._default_manager.owned_by(viewer_of(user).organisations)
            queryset = queryset.filter(exact | Q(pk__in=mine.values("pk")))
        return super().filter(queryset, place)


class RecordFilters(WagtailFilterSet):
    """Filters of every record, after those that a list adds."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in RecordFilters.base_filters:
            self.filters.move_to_end(name)

    visibility = django_filters.MultipleChoiceFilter(
        choices=Visibility.choices,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Shared with"),
    )
    review_state = django_filters.MultipleChoiceFilter(
        choices=ReviewState.choices,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Review state"),
    )
    location_precision = django_filters.MultipleChoiceFilter(
        choices=LocationPrecision.choices,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Location precision"),
    )


class PlaceNames:
    """Names of places as one person sees them, the whole tree read at most once."""

    def __init__(self, user):
        self.user = user
        self._tree = None

    def of(self, record, places):
        """`["Kenya", ...]` of these places of a record, less precise where the record says so."""
        if record.sees_exact_place(self.user):
            return [place.name for place in places]
        if self._tree is None:
            self._tree = PlaceTree.whole()
        keys = [shown_place(place.pk, record.location_precision, self._tree) for place in places]
        return list(dict.fromkeys(self._tree.nodes[key].name for key in keys if key))


def names_for(user):
    """The names of places for a person, kept for as long as the user object lives: one request."""
    return vars(user).setdefault("_place_names", PlaceNames(user))


class PlacesColumn(Column):
    """Places of a record, as precisely as the reader may see them. places: a function of the record."""

    def __init__(self, places):
        super().__init__("places", label=gettext_lazy("Places"))
        self.places = places

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        names = names_for(parent_context["request"].user)
        return {**context, "value": ", ".join(names.of(instance, self.places(instance)))}

    def get_value(self, instance):
        return ""


class SaysWhatLooksPersonal:
    """Tells who saves a record which of its words look like a person's data. They decide."""

    def form_valid(self, form):
        response = super().form_valid(form)
        if form.instance.pk:
            for hit in self.personal_data(form.instance):
                messages.warning(self.request, hit.sentence)
        return response

    def personal_data(self, instance) -> list[Hit]:
        return [*find(instance.title), *find(instance.description)]


class RecordCreateView(SaysWhatLooksPersonal, RowCreateView):
    pass


class RecordEditView(SaysWhatLooksPersonal, RowEditView):
    pass


class RecordViewSet(RowViewSet):
    """Activities and grants."""

    add_view_class = RecordCreateView
    edit_view_class = RecordEditView

    def get_exported(self, user):
        return [
            *super().get_exported(user),
            Exported(
                "working_groups", _("Working groups"), lambda row: joined(row.working_groups.all())
            ),
        ]
