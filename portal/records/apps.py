from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "portal.records"
    label = "records"
    verbose_name = _("Records")

    def ready(self):
        from .groups import keep_groups

        post_migrate.connect(keep_groups, dispatch_uid="records.keep_groups")
