from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivitiesConfig(AppConfig):
    name = "activities"
    label = "activities"
    verbose_name = _("Activities")

    def ready(self):
        from portal.imports import kinds as imports
        from portal.notices.kinds import register

        from .overlaps.watching import watch
        from .spreadsheet.importers import ActivityImport
        from .told import KINDS

        register(*KINDS)
        imports.register(ActivityImport())
        watch()
