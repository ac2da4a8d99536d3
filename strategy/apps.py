from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StrategyConfig(AppConfig):
    name = "strategy"
    label = "strategy"
    verbose_name = _("Strategy")

    def ready(self):
        from portal.history.signals import about_to_change

        from .receivers import outdate_kept_pages

        about_to_change.connect(outdate_kept_pages, dispatch_uid="strategy.outdate_kept_pages")
