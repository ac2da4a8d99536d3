"""Whole pages and parts of them at the same address."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers


def is_fragment(request: HttpRequest) -> bool:
    """Whether only the part that changes is asked for; going back in history needs the whole page."""
    htmx = request.htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def vary_on_fragment(response: HttpResponse) -> HttpResponse:
    """Say to caches that the address has two answers."""
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response
