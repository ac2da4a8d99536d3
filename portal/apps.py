from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The site itself: its look, its template tags and its own commands; it has no tables."""

    name = "portal"
    verbose_name = "Portal"
