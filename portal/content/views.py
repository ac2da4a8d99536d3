from django.conf import settings
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET

from portal.content import samples
from portal.context import COLOURS, COLOURS_COOKIE

YEAR = 365 * 24 * 60 * 60


def _back(request):
    """Where the reader came from, if that is on this site."""
    url = request.GET.get("next", "")
    allowed = url_has_allowed_host_and_scheme(
        url, {request.get_host()}, require_https=request.is_secure()
    )
    return redirect(url if allowed else "/")


@require_GET
def colours(request, theme):
    """Keep a choice of colours in this browser. A link, not a form: pages stay the same for all."""
    response = _back(request)
    if theme in COLOURS:
        response.set_cookie(
            COLOURS_COOKIE, theme, max_age=YEAR, samesite="Lax", secure=request.is_secure()
        )
    elif theme == "device":
        response.delete_cookie(COLOURS_COOKIE)
    else:
        raise Http404
    return response


@require_GET
def language(request, code):
    """Keep a choice of language in this browser."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    response = _back(request)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=YEAR,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response


@require_GET
def components(request):
    """Every part that pages are made of, once, with sample figures; for whoever builds a page."""
    return render(request, "content/components.html", samples.context())


@require_GET
def sample_chart(request, name):
    """The figure of a chart on the components page."""
    figures = samples.figures()
    if name not in figures:
        raise Http404
    return JsonResponse(figures[name])
