from wagtail import hooks

from portal.desk.summary import RowsSummaryItem

from .viewsets import ActivitiesGroup, ActivityChooser, ActivityViewSet


@hooks.register("register_admin_viewset")
def activities():
    return [ActivityChooser(), ActivitiesGroup()]


@hooks.register("construct_homepage_summary_items")
def on_first_page(request, items):
    items.append(RowsSummaryItem(request, ActivityViewSet, 110))
