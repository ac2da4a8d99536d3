"""Reports as PDF."""

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.dashboards.caching import KEPT_FOR, page_key
from portal.dashboards.filters import lens_of

from .context import file_name, gaps_report
from .pdf import RendererMissing
from .pdf import render as render_pdf


@require_safe
def gaps_pdf(request):
    """The funding gaps page as a report: same filters, same reader, figures of this day."""
    lens, _problems = lens_of(request)
    key = f"pdf:{page_key(request)}:{lens.viewer.key}:{timezone.localdate()}"
    pdf = cache.get(key)
    if pdf is None:
        html = render_to_string("reports/gaps.html", gaps_report(request, lens), request)
        try:
            pdf = render_pdf(html, base_url=request.build_absolute_uri("/"))
        except RendererMissing:
            return render(request, "reports/missing.html", {"nav": "gaps", "sub": True}, status=503)
        cache.set(key, pdf, KEPT_FOR)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{file_name(lens)}.pdf"'
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    return response
