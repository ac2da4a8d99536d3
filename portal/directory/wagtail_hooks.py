from wagtail import hooks

from .choosers import OrganisationChooser, PersonChooser, PlaceChooser
from .viewsets import DirectoryGroup


@hooks.register("register_admin_viewset")
def directory():
    return [PlaceChooser(), OrganisationChooser(), PersonChooser(), DirectoryGroup()]
