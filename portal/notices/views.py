"""A person's notifications: read, marked read, and when mail comes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.lib.numbers import whole
from portal.lib.paging import ShortFirstPaginator

from .forms import MailForm
from .queries import told
from .services import choose_mail, mail_setting, mark_read


@login_required
@never_cache
@require_safe
def notices(request):
    """What the reader was told, unread first."""
    found = sorted(told(request.user), key=lambda one: one.is_read)
    unread = sum(not one.is_read for one in found)
    page = ShortFirstPaginator(found).get_page(request.GET.get("page"))
    context = {
        "nav": "work",
        "sub": True,
        "page": page,
        "unread": unread,
        "say": _say(unread),
        "mail": mail_setting(request.user),
    }
    return render(request, "notices/list.html", context)


def _say(unread: int) -> str:
    if not unread:
        return _("Nothing new waits for you.")
    return ngettext(
        "%(number)s new notification waits for you.",
        "%(number)s new notifications wait for you.",
        unread,
    ) % {"number": whole(unread)}


@login_required
@require_POST
def read(request, pk):
    """Open what a notice is about, and mark it read. Somebody else's and a missing one answer the same."""
    one = next((one for one in told(request.user) if one.pk == pk), None)
    if one is None:
        raise Http404
    mark_read(request.user, now=timezone.now(), keys=[pk])
    return redirect(one.record_url)


@login_required
@require_POST
def read_all(request):
    mark_read(request.user, now=timezone.now())
    messages.success(request, _("All notifications are marked as read."))
    return redirect("notices:list")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request):
    """When the reader wants mail."""
    form = MailForm(request.POST or None, initial={"mail": mail_setting(request.user)})
    if request.method == "POST" and form.is_valid():
        choose_mail(request.user, form.cleaned_data["mail"])
        messages.success(request, _("Your choice is kept."))
        return redirect("notices:list")
    return render(request, "notices/settings.html", {"nav": "work", "sub": True, "form": form})
