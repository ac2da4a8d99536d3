from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from portal.desk.summary import RowsSummaryItem

from .choosers import OrganisationChooser, PersonChooser, PlaceChooser
from .viewsets import DirectoryGroup, OrganisationViewSet


@hooks.register("register_admin_viewset")
def directory():
    return [PlaceChooser(), OrganisationChooser(), PersonChooser(), DirectoryGroup()]


@hooks.register("construct_homepage_summary_items")
def on_first_page(request, items):
    items.append(RowsSummaryItem(request, OrganisationViewSet, 130))


class TookIn(LogFormatter):
    label = gettext_lazy("Merge")

    def format_message(self, log_entry):
        return _("Took in “%(name)s”") % {"name": log_entry.data.get("name", "")}


class GaveBack(LogFormatter):
    label = gettext_lazy("Undo a merge")

    def format_message(self, log_entry):
        return _("“%(name)s” stands for itself again") % {"name": log_entry.data.get("name", "")}


@hooks.register("register_log_actions")
def merges(actions):
    actions.register_action("fourfold.merge")(TookIn)
    actions.register_action("fourfold.unmerge")(GaveBack)
