"""The words of our entries in Wagtail's reports."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks


@hooks.register("register_log_actions")
def register_actions(actions):
    actions.register_action("fourfold.create", _("Create"), _("Created"))
    actions.register_action("fourfold.edit", _("Edit"), _("Changed"))
    actions.register_action("fourfold.delete", _("Delete"), _("Deleted"))
    actions.register_action("fourfold.read", _("Read"), _("Read by somebody from outside"))
    actions.register_action("fourfold.import", _("Import"), _("Imported"))
