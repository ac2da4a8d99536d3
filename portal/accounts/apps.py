from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    label = "accounts"
    verbose_name = _("Accounts")
    default = True

    def ready(self):
        from . import signals  # noqa: F401


class DeskUsersConfig(WagtailUsersAppConfig):
    """Wagtail's screens for people, with the fields that our people have."""

    user_viewset = "portal.accounts.viewsets.PersonViewSet"
