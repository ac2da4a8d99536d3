"""Who does what: one address, one row of filters, three ways to look."""

from django.db.models import Case, IntegerField, Q, Value, When
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from portal.dashboards.caching import kept_for_the_public
from portal.directory.models import Organisation
from portal.lib import numbers
from portal.lib.htmx import is_fragment, vary_on_fragment
from portal.lib.paging import ShortFirstPaginator
from portal.lib.tabular import KINDS, Sheet, sheet_response
from portal.lib.text import fold
from strategy.choices import Pillar

from .choices import chips
from .filters import Selection, selection_of
from .listing import groups, in_order, list_rows, list_sheet
from .matrix import matrix
from .place_map import place_map
from .queries import is_asked

MOST_SUGGESTIONS = 20


@require_safe
@kept_for_the_public
def who(request):
    """The list, the map or the matrix of activities; only the part that changes for htmx."""
    selection = selection_of(request)
    context = {
        "nav": "who",
        "selection": selection,
        "lens": selection.lens,
        "lede": _lede(selection),
        "chips": chips(selection, request.user),
        "hidden": [
            (name, selection.params[name]) for name in ("view", "sort") if name in selection.params
        ],
        "cleared": _without_filters(selection)
        if selection.narrowed or selection.when_asked
        else "",
        "everything": _without_filters(selection),
        "pillars": Pillar.values,
        "tabs": [
            ("list", _("List"), "list-ul", selection.address(view="list")),
            ("map", _("Map"), "map", selection.address(view="map")),
            ("matrix", _("Matrix"), "grid-3x3", selection.address(view="matrix")),
        ],
        "files": [(kind, kind.upper(), _file_address(selection, kind)) for kind in KINDS],
        **{"list": _list, "map": _map, "matrix": _matrix}[selection.view](request, selection),
    }
    template = "who/_main.html" if is_fragment(request) else "who/page.html"
    return vary_on_fragment(render(request, template, context))


def _list(request, selection: Selection) -> dict:
    paginator = ShortFirstPaginator(in_order(selection), selection.counts["matching"])
    page = paginator.get_page(request.GET.get("page"))
    rows = list_rows(selection.lens, page.object_list)
    page.object_list = rows
    grouped = groups(rows) if selection.sort == "objective" else [(None, rows)]
    empty = not paginator.count
    ended = empty and selection.when != "all" and selection.matching.exists()
    return {
        "asked_here": empty and is_asked(selection),
        "ended_address": selection.address(when="all") if ended else "",
        "page": page,
        "groups": grouped,
        "is_grouped": selection.sort == "objective",
        "sort_address": selection.address(sort="end" if selection.sort == "objective" else None),
    }


def _map(request, selection: Selection) -> dict:
    found = place_map(selection)
    return {"map": found, "title": _map_title(found)}


def _map_title(found) -> str:
    if not found.top:
        return _("Nobody is at work in the places in view")
    names = [row.name for row in found.top]
    counts = {"n": numbers.whole(found.top[0].count), "all": numbers.whole(found.total)}
    if len(names) == 1:
        return _("Most activities are in %(place)s: %(n)s of %(all)s") % {
            "place": names[0],
            **counts,
        }
    if len(names) <= 3:
        places = _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
        return _("Most activities are in %(places)s: %(n)s in each") % {"places": places, **counts}
    return ngettext(
        "No place stands out: %(places)s places have %(n)s activity each, and none has more",
        "No place stands out: %(places)s places have %(n)s activities each, and none has more",
        found.top[0].count,
    ) % {"places": numbers.whole(len(names)), **counts}


def _matrix(request, selection: Selection) -> dict:
    found = matrix(selection)
    year = selection.lens.as_of_year
    if not found.asked:
        title = _(
            "The strategy asks for nobody in %(year)s in the places and objectives in view"
        ) % {"year": year}
    elif not found.gaps:
        title = _("Wherever the strategy asks for work in %(year)s, somebody is there") % {
            "year": year
        }
    else:
        title = ngettext(
            "The strategy asks for work in %(asked)s cell in %(year)s, and in %(gaps)s of them nobody is there",
            "The strategy asks for work in %(asked)s cells in %(year)s, and in %(gaps)s of them nobody is there",
            found.asked,
        ) % {"gaps": numbers.whole(found.gaps), "asked": numbers.whole(found.asked), "year": year}
    return {"matrix": found, "title": title, "shades": _shades(found.steps)}


def _shades(steps: tuple[int, int]) -> str:
    """What the three shades of the matrix stand for."""
    light, middle = steps
    first = numbers.whole(1) if light == 1 else _("1 to %(n)s") % {"n": numbers.whole(light)}
    second = _("%(a)s to %(b)s") % {"a": numbers.whole(light + 1), "b": numbers.whole(middle)}
    third = _("%(n)s or more") % {"n": numbers.whole(middle + 1)}
    return _("shades: %(first)s, %(second)s, %(third)s") % {
        "first": first,
        "second": second,
        "third": third,
    }


def _lede(selection: Selection) -> str:
    """How many activities there are at this time, and what the view is for."""
    counts, day = selection.counts, numbers.day(selection.lens.as_of)
    if not counts["all"]:
        return _("No activity has been reported yet.")
    organisations = ngettext(
        "%(n)s organisation", "%(n)s organisations", counts["organisations"]
    ) % {"n": numbers.whole(counts["organisations"])}
    first = ngettext(
        "%(n)s activity by %(organisations)s.",
        "%(n)s activities by %(organisations)s.",
        counts["activities"],
    ) % {"n": numbers.whole(counts["activities"]), "organisations": organisations}
    if selection.when == "all" and not selection.when_asked:
        second = _("None of them runs on %(day)s or later, so all are shown.") % {"day": day}
    else:
        second = {
            "list": _("Find a partner before you start, and a gap before you fund."),
            "map": _("Where they are: we never map a shelter or a person."),
            "matrix": _(
                "The hatched cells are where the strategy asks for work and nobody is doing it."
            ),
        }[selection.view]
    parts = [first, _unconfirmed(counts["unconfirmed"]), second]
    return " ".join(filter(None, parts))


def _unconfirmed(count: int) -> str:
    """What is listed and not counted; empty where nothing is."""
    if not count:
        return ""
    return ngettext(
        "%(n)s more was not confirmed lately: it is listed, and not counted.",
        "%(n)s more were not confirmed lately: they are listed, and not counted.",
        count,
    ) % {"n": numbers.whole(count)}


def _without_filters(selection: Selection) -> str:
    names = ("q", "objective", "place", "organisation", "population", "when", "as_of", "page")
    return reverse("dashboards:who") + selection.address(**dict.fromkeys(names))


def _file_address(selection: Selection, kind: str) -> str:
    params = selection.address(view=None if selection.view == "list" else selection.view)
    return reverse("dashboards:who-file", args=[kind]) + params


@require_safe
def who_file(request, kind):
    """What the view shows, all of it, as a CSV or XLSX file."""
    if kind not in KINDS:
        raise Http404
    selection = selection_of(request)
    return sheet_response(_sheet(selection), kind, _("Who does what"))


def _sheet(selection: Selection) -> Sheet:
    if selection.view == "map":
        return place_map(selection).sheet
    if selection.view == "matrix":
        return matrix(selection).sheet
    return list_sheet(selection)


@require_safe
def who_suggest(request):
    """Names of organisations that contain what was typed, as options of a list."""
    words = fold(request.GET.get("organisation", ""))
    found = Organisation.objects.none()
    if len(words) > 1:
        first = Case(
            When(folded__startswith=words, then=Value(0)),
            default=Value(1),
            output_field=IntegerField(),
        )
        found = (
            Organisation.objects.visible_to(request.user)
            .filter(Q(folded__contains=words) | Q(short_name__icontains=words))
            .order_by(first, "name")[:MOST_SUGGESTIONS]
        )
    return render(request, "who/_suggestions.html", {"organisations": found})
