"""Choosing a grant in a form of the desk."""

from django.utils.translation import gettext_lazy

from portal.desk.choosers import RowChooserViewSet

from .models import Grant


class GrantChooser(RowChooserViewSet):
    name = "grant_chooser"
    model = Grant
    icon = "form"
    choose_one_text = gettext_lazy("Choose a grant")
    choose_another_text = gettext_lazy("Choose another grant")
    edit_item_text = gettext_lazy("Edit this grant")
    search_fields = [
        "folded",
        "funding_organisation__folded",
        "recipient_organisation__folded",
        "identifiers__identifier",
    ]


grant_chooser = GrantChooser()
