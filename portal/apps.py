from django.apps import AppConfig
from django.db.backends.signals import connection_created

from portal.lib.connections import trust_for_a_while


class PortalConfig(AppConfig):
    """The site itself: its look, its template tags and its own commands; it has no tables."""

    name = "portal"
    verbose_name = "Portal"

    def ready(self):
        connection_created.connect(trust_for_a_while)
