from wagtail import hooks

from .choosers import grant_chooser
from .viewsets import GrantsGroup


@hooks.register("register_admin_viewset")
def grants():
    return [grant_chooser, GrantsGroup()]
