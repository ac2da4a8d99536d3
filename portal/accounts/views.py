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
