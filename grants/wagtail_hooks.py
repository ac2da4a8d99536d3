from wagtail import hooks

from portal.desk.summary import RowsSummaryItem

from .choosers import grant_chooser
from .viewsets import GrantsGroup, GrantViewSet


@hooks.register("register_admin_viewset")
def grants():
    return [grant_chooser, GrantsGroup()]


@hooks.register("construct_homepage_summary_items")
def on_first_page(request, items):
    items.append(RowsSummaryItem(request, GrantViewSet, 120))
