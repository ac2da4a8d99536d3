from wagtail import hooks

from .viewsets import StrategyGroup


@hooks.register("register_admin_viewset")
def strategy():
    return StrategyGroup()
