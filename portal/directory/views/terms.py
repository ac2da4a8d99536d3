"""Reading and accepting the terms of data sharing."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from ..forms import AcceptForm
from ..gate import standing_of
from ..models import TermsVersion
from ..terms import accept_terms, accepted_before, newest_terms


@require_safe
def terms(request):
    """The version that holds, open to all."""
    version = newest_terms()
    if version is None:
        raise Http404
    return _page(request, version)


@require_safe
def terms_version(request, number):
    """A version that held once."""
    return _page(
        request, get_object_or_404(TermsVersion.objects.visible_to(request.user), number=number)
    )


def _page(request, version):
    own = None
    if request.user.is_authenticated:
        own = request.user.acceptances.filter(version=version).first()
    newest = newest_terms()
    context = {
        "version": version,
        "newest": newest,
        "own": own,
        "versions": TermsVersion.objects.visible_to(request.user).only("number", "published_at"),
        "owes": request.user.is_authenticated
        and version == newest
        and standing_of(request.user).owes_terms,
    }
    return render(request, "directory/terms.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def terms_accept(request):
    """Asked once for each version, before anything else."""
    version = newest_terms()
    wanted = request.POST.get("next", request.GET.get("next", ""))
    allowed = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    back = wanted if allowed else "/my-work/"
    if version is None or not standing_of(request.user).owes_terms:
        return redirect(back)
    form = AcceptForm(request.POST or None, initial={"version": version.number})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["version"] == version.number:
            accept_terms(version, by=request.user, now=timezone.now())
            return redirect(back)
        # A newer version came in while the person was reading.
        form = AcceptForm(initial={"version": version.number})
    context = {
        "version": version,
        "form": form,
        "next": back,
        "before": accepted_before(request.user),
    }
    return render(request, "directory/terms_accept.html", context)
