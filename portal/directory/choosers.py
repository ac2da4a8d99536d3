"""Choosing places, organisations and people in the forms of the desk."""

from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser
from wagtail.admin.widgets.chooser import BaseChooser

from portal.accounts.models import User
from portal.desk.choosers import (
    RowChooseMixin,
    RowChooserViewSet,
    RowChosenMultipleView,
    RowChosenView,
)

from .access import viewer_of
from .models import Organisation, Place


class PlaceWidget(BaseChooser):
    """Names a place with its code: there are two Georgias."""

    def get_display_title(self, instance):
        return place_label(instance)


def place_label(place):
    return f"{place.name} ({place.code})"


class PlaceChoose:
    @property
    def columns(self):
        return [
            *super().columns,
            Column("code", label=gettext_lazy("Code")),
            Column("get_kind_display", label=gettext_lazy("Kind")),
            Column("parent", label=gettext_lazy("Lies in")),
        ]

    def get_object_list(self):
        return super().get_object_list().select_related("parent")


class PlaceChooseView(PlaceChoose, RowChooserViewSet.choose_view_class):
    pass


class PlaceChooseResultsView(PlaceChoose, RowChooserViewSet.choose_results_view_class):
    pass


class PlaceChosenView(RowChosenView):
    def get_display_title(self, instance):
        return place_label(instance)


class PlaceChooser(RowChooserViewSet):
    name = "place_chooser"
    model = Place
    icon = "globe"
    choose_one_text = gettext_lazy("Choose a place")
    choose_another_text = gettext_lazy("Choose another place")
    base_widget_class = PlaceWidget
    choose_view_class = PlaceChooseView
    choose_results_view_class = PlaceChooseResultsView
    chosen_view_class = PlaceChosenView
    search_fields = ["folded", "code"]


class OrganisationChooser(RowChooserViewSet):
    name = "organisation_chooser"
    model = Organisation
    icon = "group"
    choose_one_text = gettext_lazy("Choose an organisation")
    choose_another_text = gettext_lazy("Choose another organisation")
    edit_item_text = gettext_lazy("Edit this organisation")
    search_fields = ["folded", "short_name", "alternative_names__folded", "identifiers__number"]


def people_for(user):
    """People whom `user` may choose: everybody for the secretariat, else nobody."""
    people = User.objects.order_by("name", "email")
    return people if viewer_of(user).is_secretariat else people.none()


class PersonRows:
    def get_object_list(self):
        return people_for(self.request.user)

    @property
    def columns(self):
        return [*super().columns, Column("email", label=gettext_lazy("Email address"))]


class PersonChooseView(PersonRows, RowChooseMixin, chooser.ChooseView):
    pass


class PersonChooseResultsView(PersonRows, RowChooseMixin, chooser.ChooseResultsView):
    pass


class PersonChosenView(RowChosenView):
    def get_object(self, pk):
        return people_for(self.request.user).get(pk=pk)


class PersonChosenMultipleView(RowChosenMultipleView):
    def get_objects(self, pks):
        return people_for(self.request.user).filter(pk__in=pks)


class PersonChooser(RowChooserViewSet):
    name = "person_chooser"
    model = User
    icon = "user"
    choose_one_text = gettext_lazy("Choose a person")
    choose_another_text = gettext_lazy("Choose another person")
    choose_view_class = PersonChooseView
    choose_results_view_class = PersonChooseResultsView
    chosen_view_class = PersonChosenView
    chosen_multiple_view_class = PersonChosenMultipleView
    folded_by_hand = ("name", "email")
