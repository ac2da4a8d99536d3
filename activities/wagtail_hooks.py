from wagtail import hooks

from .viewsets import ActivitiesGroup, ActivityChooser


@hooks.register("register_admin_viewset")
def activities():
    return [ActivityChooser(), ActivitiesGroup()]
