from wagtail import hooks

from portal.desk.summary import RowsSummaryItem

from .choosers import OrganisationChooser, PersonChooser, PlaceChooser
from .viewsets import DirectoryGroup, OrganisationViewSet


@hooks.register("register_admin_viewset")
def directory():
    return [PlaceChooser(), OrganisationChooser(), PersonChooser(), DirectoryGroup()]


@hooks.register("construct_homepage_summary_items")
def on_first_page(request, items):
    items.append(RowsSummaryItem(request, OrganisationViewSet, 130))
