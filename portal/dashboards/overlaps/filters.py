"""The filters of the overlaps: from an address to the overlaps a reader sees."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.choices import OverlapKind, OverlapState
from activities.models import Overlap
from portal.dashboards.lens import Lens, plain_lens
from portal.dashboards.who.filters import NamedFilter, keys_within, shares_within
from portal.directory.models import Place
from strategy.models import Objective

#: Which overlaps stand in the list.
SHOWS = ("open", "mine", "settled")
#: How far the talk is.
STAGES = {
    "new": gettext_lazy("New, nobody talks yet"),
    "talking": gettext_lazy("They are talking"),
    "reopened": gettext_lazy("Opened again after an edit"),
}
#: What was decided.
OUTCOMES = {
    OverlapState.JOINT.value: OverlapState.JOINT.label,
    OverlapState.DIVIDED.value: OverlapState.DIVIDED.label,
    OverlapState.LINKED.value: OverlapState.LINKED.label,
    OverlapState.DISMISSED.value: OverlapState.DISMISSED.label,
    "money": gettext_lazy("Money no longer spent twice"),
}


class OverlapFilter(django_filters.FilterSet):
    """Objective, place, kind, stage of the talk, with one's own organisation."""

    objective = django_filters.ModelChoiceFilter(
        queryset=Objective.objects.none(),
        to_field_name="code",
        method="by_objective",
        label=gettext_lazy("Objective"),
    )
    place = NamedFilter(
        queryset=Place.objects.all(), key="code", method="by_place", label=gettext_lazy("Place")
    )
    kind = django_filters.ChoiceFilter(choices=OverlapKind.choices, label=gettext_lazy("Kind"))
    stage = django_filters.ChoiceFilter(
        choices=list(STAGES.items()), method="by_stage", label=gettext_lazy("State of the talk")
    )
    mine = django_filters.BooleanFilter(
        method="by_mine", label=gettext_lazy("With my organisation")
    )

    class Meta:
        model = Overlap
        fields = []

    def __init__(self, *args, lens: Lens, **kwargs):
        super().__init__(*args, **kwargs)
        self.lens = lens
        self.filters["objective"].queryset = Objective.objects.filter(strategy=lens.strategy)

    def by_objective(self, queryset, name, value):
        return queryset.filter(objective__in=keys_within(self.lens, value))

    def by_place(self, queryset, name, value):
        """Both at work there, as far as this reader may know where they are."""
        there = shares_within(value, self.lens.viewer).order_by().values("activity")
        return queryset.filter(first__in=there, second__in=there)

    def by_stage(self, queryset, name, value):
        return queryset.filter(
            {
                "new": Q(state=OverlapState.OPEN, reopened_at=None),
                "talking": Q(state=OverlapState.TALKING),
                "reopened": Q(state=OverlapState.OPEN, reopened_at__isnull=False),
            }[value]
        )

    def by_mine(self, queryset, name, value):
        return queryset.of_organisations(self.lens.viewer.organisations) if value else queryset


@dataclass(frozen=True)
class Chosen:
    """What a reader looks at: `overlaps` through all filters, `params` as they stand in the address."""

    lens: Lens
    shows: str
    overlaps: QuerySet[Overlap]
    objective: Objective | None
    place: Place | None
    kind: str
    stage: str
    mine: bool
    params: Mapping[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def narrowed(self) -> bool:
        return any((self.objective, self.place, self.kind, self.stage))

    def address(self, **changes) -> str:
        """The query string with some parts changed; None takes one away. Begins with `?`."""
        params = {**self.params, **changes}
        return f"?{urlencode([(name, value) for name, value in params.items() if value])}"


def chosen(request) -> Chosen:
    """The overlaps that an address asks for, as this reader sees them."""
    lens = plain_lens(request)
    seen = Overlap.objects.visible_to(request.user)
    shows = "settled" if request.GET.get("state") == "settled" else "open"
    rows = seen.settled() if shows == "settled" else alive(seen)
    data = request.GET
    filterset = OverlapFilter(data, queryset=rows, lens=lens)
    filterset.is_valid()
    bad = [name for name in filterset.form.errors if name in filterset.filters]
    if bad:
        data = request.GET.copy()
        for name in bad:
            data.pop(name, None)
        filterset = OverlapFilter(data, queryset=rows, lens=lens)
        filterset.is_valid()
    good = filterset.form.cleaned_data
    objective, place = good["objective"], good["place"]
    params = {
        "state": "settled" if shows == "settled" else "",
        "mine": "true" if good["mine"] else "",
        "objective": objective.code if objective else "",
        "place": place.code if place else "",
        "kind": good["kind"],
        "stage": good["stage"],
    }
    return Chosen(
        lens=lens,
        shows=shows,
        overlaps=filterset.qs,
        objective=objective,
        place=place,
        kind=good["kind"],
        stage=good["stage"],
        mine=bool(good["mine"]),
        params={name: value for name, value in params.items() if value},
        problems=[_problem(name, request.GET.get(name, "")) for name in bad],
    )


def alive(overlaps: QuerySet[Overlap]) -> QuerySet[Overlap]:
    """What is not decided: alike as the records stand, or talked about."""
    return overlaps.filter(
        Q(state=OverlapState.OPEN, is_alike=True) | Q(state=OverlapState.TALKING)
    )


def _problem(name: str, value: str) -> str:
    """One sentence for a filter that cannot be meant, saying what is shown instead."""
    return {
        "objective": _("There is no objective “%(value)s”. All are shown."),
        "place": _("We know no place “%(value)s”. Everywhere is shown."),
        "kind": _("We know no kind “%(value)s”. All are shown."),
        "stage": _("We know no state “%(value)s”. All are shown."),
        "mine": _("“%(value)s” is neither true nor false."),
    }[name] % {"value": value}
