from allauth.account import views as account_views
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import AccountView, NameEmailSettingsPanel

from .forms import OwnNameForm


class OwnNamePanel(NameEmailSettingsPanel):
    form_class = OwnNameForm


class OwnAccountView(AccountView):
    """Wagtail's page for one's own settings, with the one name that our people have."""

    def get_panels(self):
        return [
            OwnNamePanel(panel.request, panel.user, panel.profile)
            if type(panel) is NameEmailSettingsPanel
            else panel
            for panel in super().get_panels()
        ]


own_account = require_admin_access(OwnAccountView.as_view())


def sign_in(request):
    """Sign in; or say “no access” to somebody who is signed in and may not enter the desk.

    Wagtail sends such people here with the desk as the next page, and sign-in would send them back.
    """
    person = request.user
    wants_desk = request.GET.get("next", "").startswith(reverse("wagtailadmin_home"))
    if wants_desk and person.is_authenticated and not person.has_perm("wagtailadmin.access_admin"):
        raise PermissionDenied
    return account_views.login(request)
