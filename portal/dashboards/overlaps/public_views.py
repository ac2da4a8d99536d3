"""What everybody may read of overlaps: the page of counts, and its files."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.dashboards.png import png
from portal.lib.numbers import day
from portal.lib.tabular import KINDS, Sheet, sheet_response

from .public import PublicCounts, public_counts
from .stills import trend

PNG = "png"


def public_page(request):
    """Counts and trends of the pairs of public activities."""
    counts = public_counts(timezone.localdate())
    labels = {"csv": _("Download CSV"), "xlsx": _("Download XLSX"), PNG: _("Download PNG")}
    context = {
        "nav": "overlaps",
        "counts": counts,
        "rows": list(zip(counts.quarters, counts.found, counts.settled, strict=True)),
        "still": trend(counts.quarters, counts.found, counts.settled, web=True),
        "files": [
            (kind, label, reverse("dashboards:overlaps-file", args=[kind]))
            for kind, label in labels.items()
        ],
    }
    return render(request, "overlaps/public.html", context)


@require_safe
def public_file(request, kind):
    """The same counts for everybody, as a spreadsheet or as the picture."""
    if kind != PNG and kind not in KINDS:
        raise Http404
    counts = public_counts(timezone.localdate())
    name = "overlaps by quarter"
    if kind != PNG:
        return sheet_response(_sheet(request, counts), kind, name)
    picture = trend(
        counts.quarters,
        counts.found,
        counts.settled,
        title=_("Pairs of activities that look alike, by quarter"),
    )
    return HttpResponse(
        png(picture),
        content_type="image/png",
        headers={"Content-Disposition": 'attachment; filename="overlaps-by-quarter.png"'},
    )


def _sheet(request, counts: PublicCounts) -> Sheet:
    """Counts as the page shows them: a hidden one keeps its words, as in <10."""
    address = request.build_absolute_uri(reverse("dashboards:overlaps"))
    about = [
        (_("Counted"), _("Pairs of public activities, rounded to 5; small numbers are hidden")),
        (_("Drawn for"), _("the public")),
        (_("Taken on"), day(timezone.localdate())),
        (_("Address"), address),
    ]
    rows = [
        [quarter, found.text, settled.text]
        for quarter, found, settled in zip(
            counts.quarters, counts.found, counts.settled, strict=True
        )
    ]
    return Sheet(_("Overlaps by quarter"), about, [_("Quarter"), _("Found"), _("Settled")], rows)
