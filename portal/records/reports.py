"""Wagtail's reports, for those who may see all that is in them."""

from django.core.exceptions import PermissionDenied
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.reports.audit_logging import LogEntriesView

from portal.directory.access import viewer_of


@require_admin_access
def site_history(request, *, results_only=False):
    """Who changed what on the whole site. Wagtail shows it by model, not by row: for the secretariat alone."""
    if not viewer_of(request.user).is_secretariat:
        raise PermissionDenied
    return LogEntriesView.as_view(results_only=results_only)(request)
