"""Whole pages kept for readers who are not signed in, for as long as nothing they show has changed."""

import hashlib
from functools import wraps

from django.contrib.messages import get_messages
from django.core.cache import cache
from django.http import HttpResponse, HttpResponseNotModified
from django.utils import translation

from portal.context import COLOURS_COOKIE

from .state import in_force

KEPT_FOR = 24 * 60 * 60


def page_key(request) -> str | None:
    """What decides a public page: strategy, data version, as-of day, address, language, colours, script or not."""
    strategy = in_force(request)
    if strategy is None:
        return None
    parts = (
        strategy.pk,
        strategy.data_version,
        strategy.today().isoformat(),
        request.get_host(),
        request.path,
        sorted(request.GET.lists()),
        translation.get_language(),
        request.COOKIES.get(COLOURS_COOKIE, ""),
        request.headers.get("HX-Request", ""),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def kept_for_the_public(view):
    """Answer an anonymous reader from what is kept, or with 304 when they hold it already.

    Nothing that depends on a person may stand in such a page; signed-in readers always get their own.
    """

    @wraps(view)
    def answer(request, *args, **kwargs):
        if request.user.is_authenticated or len(get_messages(request)):
            return view(request, *args, **kwargs)
        key = page_key(request)
        if key is None:
            return view(request, *args, **kwargs)
        etag = f'"{key[:40]}"'
        if etag in request.headers.get("If-None-Match", ""):
            return _marked(HttpResponseNotModified(), etag)
        body = cache.get(f"page:{key}")
        if body is None:
            response = view(request, *args, **kwargs)
            if response.status_code != 200 or response.streaming:
                return response
            body = response.content
            cache.set(f"page:{key}", body, KEPT_FOR)
        return _marked(HttpResponse(body), etag)

    return answer


def _marked(response, etag: str):
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Cookie, Accept-Language, HX-Request"
    return response
