"""Words about what looks like a person's data, while one types and once more before it is saved."""

from collections.abc import Iterable

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from activities.models import Activity
from activities.personal_data import CHECKED, FieldHit, hits_in, hits_of

from .typed import Typed

#: Longer texts are not looked at while one types: the form refuses them.
MOST = 10_000


def hits_typed(typed: Typed) -> list[FieldHit]:
    """The hits in what is typed so far."""
    return hits_in({field: typed.one(field)[:MOST] for field in CHECKED})


def not_yet_decided(typed: Typed, activity: Activity | None) -> list[FieldHit]:
    """Hits that the writer was not asked about yet: a form names those that it has shown, and a record has its own."""
    asked = set(typed.all("personal_seen"))
    asked |= {said(one) for one in hits_of(activity)} if activity else set()
    return [one for one in hits_typed(typed) if said(one) not in asked]


def said(one: FieldHit) -> str:
    """How a form names a hit that it has shown."""
    return f"{one.field}:{one.hit.text}"


def shown(hits: Iterable[FieldHit]) -> list[dict]:
    """Hits as the template takes them."""
    return [{"said": said(one), "label": one.label, "sentence": one.hit.sentence} for one in hits]


@login_required
@never_cache
@require_POST
def look(request):
    """What looks like a person's data in the texts as they stand, while they are typed."""
    hits = shown(hits_typed(Typed.of(request.POST)))
    return render(request, "dashboards/logging/_personal.html", {"personal": hits})
