"""How many records there are, on the desk's first page."""

from django.urls import reverse
from wagtail.admin.site_summary import SummaryItem
from wagtail.permissions import policy_registry

from .policy import visible


class RowsSummaryItem(SummaryItem):
    """The number of records that this person sees, and the way to their list. viewset: a `RowViewSet` class."""

    template_name = "desk/summary_item.html"

    def __init__(self, request, viewset, order):
        super().__init__(request)
        self.viewset, self.order = viewset, order

    def is_shown(self):
        policy = policy_registry.get_by_type(self.viewset.model)
        return policy.user_has_any_permission(
            self.request.user, ["add", "change", "delete", "view"]
        )

    def get_context_data(self, parent_context):
        count = visible(self.viewset.model, self.request.user).count()
        meta = self.viewset.model._meta
        return {
            "count": count,
            "words": meta.verbose_name if count == 1 else meta.verbose_name_plural,
            "icon": self.viewset.icon,
            "url": reverse(f"desk_{self.viewset.name}:index"),
        }
