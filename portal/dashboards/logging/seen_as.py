"""What others will see of an activity before it is saved: the page itself, for each kind of reader.

The form is saved, read as each of them, and taken back, so that nothing here can differ from the page.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from activities.models import Activity
from activities.personal_data import hits_in
from activities.reviewing import review_is_on
from activities.saving import ActivityData, data_of, save_activity
from portal.directory.access import PUBLIC_VIEWER, Viewer, viewer_of
from portal.lib.htmx import is_fragment
from portal.records.choices import ReviewState, Visibility

from ..lens import Lens, plain_lens, strategy_in_force
from ..who.activity_page import seen_by, shown_of
from .entry import Entry
from .fragments import options_of
from .typed import Typed


@dataclass(frozen=True, slots=True)
class SeenAs:
    """What one kind of reader sees: the page without its frame; empty where the record does not exist for them."""

    key: str
    label: str
    page: SafeString | str
    context: dict


def readers(data: ActivityData) -> list[tuple[str, str, Viewer]]:
    """Who is looked over the shoulder of: everybody, members, funders, and the working groups that are named."""
    found = [
        ("public", _("Everybody"), PUBLIC_VIEWER),
        ("members", _("Members of the coalition"), Viewer(is_member=True)),
        ("funders", _("Funders"), Viewer(is_member=True, is_funder=True)),
    ]
    if data.visibility == Visibility.WORKING_GROUP:
        groups = Viewer(is_member=True, working_groups=data.working_groups)
        found.append(("groups", _("The working groups you named"), groups))
    return found


def seen_as(
    data: ActivityData, lens: Lens, *, by, activity: Activity | None = None
) -> list[SeenAs]:
    """What each kind of reader would see once the activity is saved and accepted. Nothing is kept."""
    with _as_if_saved(data, by, activity) as key:
        return [
            _seen(name, label, replace(lens, viewer=viewer, known={}), key)
            for name, label, viewer in readers(data)
        ]


@contextmanager
def _as_if_saved(data: ActivityData, by, activity: Activity | None) -> Iterator[int]:
    with transaction.atomic():
        version = data_of(activity).version if activity else ""
        saved = save_activity(
            data, by=by, now=timezone.now(), activity=activity, expected_version=version
        )
        stored = Activity.objects.filter(pk=saved.pk)
        stored.update(review_state=ReviewState.ACCEPTED, is_held=False)
        yield saved.pk
        transaction.set_rollback(True)


def _seen(name: str, label: str, lens: Lens, key: int) -> SeenAs:
    found = seen_by(lens).filter(pk=key).first()
    if found is None:
        return SeenAs(name, label, "", {})
    context = {**shown_of(found, lens), "pre": f"{name}-"}
    return SeenAs(name, label, render_to_string("records/_activity.html", context), context)


@login_required
@never_cache
@require_POST
def preview(request):
    """The form as others would read it; what is still to be put right instead, where something is."""
    typed = Typed.of(request.POST)
    options = options_of(request, typed)
    entry = Entry(typed, options)
    data = entry.data()
    context = {"nav": "work", "sub": True, "problems": entry.problems(), "seen": []}
    if data is not None:
        lens = plain_lens(request, strategy_in_force())
        hits = hits_in(
            {"title": data.title, "description": data.description, "contact": data.contact}
        )
        context |= {
            "title": data.title,
            "visibility": Visibility(data.visibility).label,
            "seen": seen_as(data, lens, by=request.user, activity=options.activity),
            "waits": _waits(request.user, options.activity),
            "hits": [one.hit.sentence for one in hits],
        }
    name = "_seen_as" if is_fragment(request) else "seen_as"
    return render(request, f"dashboards/logging/{name}.html", context)


def _waits(user, activity: Activity | None) -> bool:
    """Whether the secretariat looks at it before others see it."""
    if activity is not None and activity.review_state == ReviewState.ACCEPTED:
        return False
    return not viewer_of(user).is_secretariat and review_is_on()
