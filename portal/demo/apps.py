from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """What there is to try: loaders without tables of their own."""

    name = "portal.demo"
    label = "demo"
    verbose_name = _("Demonstrations")
