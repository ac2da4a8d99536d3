from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GrantsConfig(AppConfig):
    name = "grants"
    label = "grants"
    verbose_name = _("Grants")

    def ready(self):
        from strategy.signals import figures_outdated, rates_changed

        from .receivers import convert_anew, redraw_figures

        figures_outdated.connect(redraw_figures, dispatch_uid="grants.redraw_figures")
        rates_changed.connect(convert_anew, dispatch_uid="grants.convert_anew")
