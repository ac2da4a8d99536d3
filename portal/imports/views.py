"""The way in, step by step. Each step is a page of its own, and the import knows at which one it is."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.directory.access import viewer_of
from portal.lib.htmx import is_fragment
from portal.lib.numbers import whole as number
from portal.lib.spreadsheets import LIMITS, BadFile
from portal.lib.tabular import XLSX_TYPE
from portal.notices.services import mark_record_read

from . import present, services
from .choices import SAVED_OUTCOMES, DateOrder, ImportState, Outcome
from .exceptions import ColumnMissing, ColumnTwice, DateOrderUnclear, TooLate, WrongState
from .forms import UploadForm
from .kinds import import_kinds, kind_of
from .models import Import
from .wording import bad_file, megabytes

PAGE = 50
STEPS = ("upload", "columns", "rows", "done")


def own_import(view):
    """Hand the view an import that the person may see; wrong steps lead to the right one."""

    @wraps(view)
    @login_required
    def with_import(request, pk):
        found = Import.objects.visible_to(request.user).select_related("job", "organisation")
        whole = get_object_or_404(found, pk=pk)
        try:
            return view(request, whole)
        except WrongState as wrong:
            return redirect(wrong.whole)

    return with_import


def _page(request, template, whole, step, context, status=200):
    steps = [
        (_("Upload"), 0),
        (_("Match columns"), 1),
        (_("Check rows"), 2),
        (_("Done"), 3),
    ]
    at = STEPS.index(step)
    return render(
        request,
        template,
        {
            "nav": "import",
            "sub": step != "upload",
            "whole": whole,
            "steps": [(label, place < at, place == at) for label, place in steps],
            **context,
        },
        status=status,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request):
    kinds = import_kinds(request.user)
    if not kinds:
        raise PermissionDenied
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user, kinds=kinds)
    problem = ""
    if request.method == "POST":
        if form.is_valid():
            try:
                whole = services.receive(
                    form.cleaned_data["file"],
                    form.cleaned_data["kind"],
                    organisation=form.cleaned_data["organisation"],
                    by=request.user,
                    now=timezone.now(),
                )
            except BadFile as bad:
                problem = bad_file(bad)
            else:
                return redirect(whole)
        else:
            said = [words for field in form.errors.values() for words in field if words]
            problem = said[0] if said else _("Choose a file.")
    earlier = Import.objects.visible_to(request.user).select_related("uploaded_by")
    return _page(
        request,
        "imports/start.html",
        None,
        "upload",
        {
            "form": form,
            "kinds": kinds,
            "problem": problem,
            "earlier": Paginator(earlier, 10).get_page(request.GET.get("page")),
            "is_secretariat": viewer_of(request.user).is_secretariat,
            "megabytes": megabytes(LIMITS.size),
            "rows": number(LIMITS.rows),
        },
        status=400 if problem else 200,
    )


@login_required
@require_safe
def file(request, kind, what):
    """My rows, or an empty template, as a spreadsheet to fill in."""
    found = {one.key: one for one in import_kinds(request.user)}.get(kind)
    if found is None:
        raise Http404
    body = found.my_rows(request.user) if what == "rows" else found.template()
    return _xlsx(body, f"{kind}-{'template' if what == 'template' else 'rows'}")


def _xlsx(body, name):
    response = HttpResponse(body, content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@own_import
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request, whole):
    if whole.state not in (ImportState.COLUMNS, ImportState.ROWS):
        return redirect(whole)
    kind, problem, asks_order = kind_of(whole.kind), "", False
    if request.method == "POST":
        known = {column.key for column in kind.columns}
        targets = [request.POST.get(f"c{at}", "") for at in range(len(whole.columns))]
        targets = [target if target in known else "" for target in targets]
        order = request.POST.get("order", "")
        try:
            whole = services.match(
                whole,
                targets,
                order=order if order in DateOrder.values else "",
                remember="remember" in request.POST,
                by=request.user,
                now=timezone.now(),
            )
        except ColumnTwice as twice:
            problem = _("Two columns go to “%(name)s”. Choose one.") % {"name": twice.column.header}
        except ColumnMissing as missing:
            names = ", ".join(f"“{column.header}”" for column in missing.columns)
            problem = _("No column goes to %(names)s. Choose one for each.") % {"names": names}
        except DateOrderUnclear:
            problem, asks_order = _("Say how the days are written: 01/02/2027 can be two days."), True  # fmt: skip
        else:
            return redirect(whole)
        for column, target in zip(whole.columns, targets, strict=True):
            column["target"] = target
    rows = present.column_rows(whole, kind)
    return _page(
        request,
        "imports/columns.html",
        whole,
        "columns",
        {
            "rows": rows,
            "known": sum(1 for column in whole.columns if column["target"]),
            "unsure": sum(1 for row in rows if row["status"] in ("half", "plan")),
            "personal": sum(1 for row in rows if row["is_personal"]),
            "problem": problem,
            "orders": DateOrder.choices if asks_order else [],
        },
        status=400 if problem else 200,
    )


@own_import
@require_http_methods(["GET", "HEAD", "POST"])
def rows(request, whole):
    if whole.state != ImportState.ROWS:
        return redirect(whole)
    if request.method == "POST":
        changed = present.corrections(request.POST)
        whole = services.correct(whole, changed, by=request.user, now=timezone.now())
        ready = whole.count(Outcome.ADDED) + whole.count(Outcome.CHANGED)
        if "save" in request.POST and ready:
            if request.POST.get("seen") == str(ready):
                whole = services.start_saving(whole, by=request.user, now=timezone.now())
            else:
                messages.success(request, _ready_now(ready))
        return redirect(whole)
    kind = kind_of(whole.kind)
    shown = request.GET.get("show")
    if shown not in Outcome.values:
        shown = present.first_tab(whole)
    page = Paginator(whole.rows.filter(outcome=shown), PAGE).get_page(request.GET.get("page"))
    ready = whole.count(Outcome.ADDED) + whole.count(Outcome.CHANGED)
    return _page(
        request,
        "imports/rows.html",
        whole,
        "rows",
        {
            "ready": ready,
            "asked": whole.count(Outcome.ASKED),
            "refused": whole.count(Outcome.REFUSED),
            "unchanged": whole.count(Outcome.UNCHANGED),
            "parts": present.parts(whole),
            "tabs": present.tabs(whole, shown),
            "shown": shown,
            "page": page,
            "rows": present.shown_rows(page, kind),
            "may_correct": shown in (Outcome.ASKED, Outcome.SKIPPED),
            "with_mistakes": whole.count(Outcome.ASKED) + whole.count(Outcome.REFUSED),
        },
    )


def _ready_now(ready):
    """Corrections changed how many rows are ready: said before any of them is saved."""
    return ngettext(
        "Your corrections are taken. %(number)s row is ready now: look through it, and save it.",
        "Your corrections are taken. %(number)s rows are ready now: look through them, and save them.",
        ready,
    ) % {"number": number(ready)}


@own_import
@require_safe
def mistakes(request, whole):
    """The rows that were not saved, with what is wrong, to be corrected in a spreadsheet."""
    found = whole.rows.filter(outcome__in=(Outcome.ASKED, Outcome.REFUSED, Outcome.SKIPPED))
    lines = [
        (row.said, " ".join(problem[1] for problem in row.problems if problem[1])) for row in found
    ]
    return _xlsx(kind_of(whole.kind).mistakes(lines), "rows-with-mistakes")


@own_import
@require_safe
def progress(request, whole):
    now = timezone.now()
    job = whole.job
    is_over = not whole.is_busy
    if is_over and not request.htmx:
        return redirect(whole)
    context = {
        "job": job,
        "is_over": is_over,
        "is_stuck": bool(job and job.is_failed),
        "left": present.seconds_left(whole, now),
    }
    if is_fragment(request):
        if is_over or context["is_stuck"]:
            response = HttpResponse(status=204)
            response["HX-Redirect"] = whole.get_absolute_url()
            return response
        return render(request, "imports/_progress.html", {"whole": whole, **context})
    step = "rows" if whole.state == ImportState.CHECKING else "done"
    return _page(request, "imports/progress.html", whole, step, context)


@own_import
@require_POST
def retry(request, whole):
    """Try again what our side could not do."""
    services.try_again(whole, by=request.user, now=timezone.now())
    return redirect(whole)


@own_import
@require_safe
def result(request, whole):
    if not whole.applied_at or whole.is_busy:
        return redirect(whole)
    now = timezone.now()
    mark_record_read(request.user, whole, now=now)
    kind = kind_of(whole.kind)
    written = whole.rows.filter(outcome__in=SAVED_OUTCOMES).exclude(record_id=None)
    saved = list(written.values_list("record_id", flat=True))
    left = whole.rows.filter(outcome__in=(Outcome.ASKED, Outcome.REFUSED, Outcome.SKIPPED))
    return _page(
        request,
        "imports/result.html",
        whole,
        "done",
        {
            "saved": len(saved),
            "added": whole.count(Outcome.ADDED),
            "changed": whole.count(Outcome.CHANGED),
            "unchanged": whole.count(Outcome.UNCHANGED),
            "left_count": left.count(),
            "left": left[:5],
            "effects": kind.shown_effects(whole),
            "overlaps": kind.found_overlaps(whole, saved, request.user),
            "may_undo": whole.state == ImportState.DONE and now <= whole.undo_until,
            "list_url": kind.list_url(whole),
        },
    )


@own_import
@require_POST
def undo(request, whole):
    try:
        whole = services.start_undo(whole, by=request.user, now=timezone.now())
    except TooLate:
        messages.warning(request, _("It is more than seven days ago, so it stays."))
    return redirect(whole)


@own_import
@require_POST
def discard(request, whole):
    services.throw_away(whole)
    messages.success(
        request, _("“%(name)s” is deleted. Nothing of it was saved.") % {"name": whole}
    )
    return redirect("imports:start")
