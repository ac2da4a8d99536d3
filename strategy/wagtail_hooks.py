from wagtail import hooks

from portal.desk.summary import RowsSummaryItem

from .objective_desk import ObjectiveViewSet
from .viewsets import RequirementViewSet, StrategyGroup


@hooks.register("register_admin_viewset")
def strategy():
    return StrategyGroup()


@hooks.register("construct_homepage_summary_items")
def on_first_page(request, items):
    items.append(RowsSummaryItem(request, ObjectiveViewSet, 100))
    items.append(RowsSummaryItem(request, RequirementViewSet, 101))
