from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "portal.imports"
    label = "imports"
    verbose_name = _("Imports")

    def ready(self):
        from portal.notices.kinds import register

        from .told import KINDS

        register(*KINDS)
