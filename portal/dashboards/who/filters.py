"""The filters of "who does what": from an address to a selection, with a sentence for what makes no sense."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.forms import Field
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.choices import ActivityStatus, Population
from activities.models import Activity, ActivityObjective, ActivityPlace
from activities.models.activities import unconfirmed
from portal.dashboards.lens import Lens, plain_lens
from portal.directory.access import Viewer
from portal.directory.choices import PlaceKind
from portal.directory.models import Organisation, Place
from portal.lib.numbers import day as day_in_words
from portal.lib.text import fold
from portal.records.choices import LocationPrecision
from strategy.models import Objective

VIEWS = ("list", "map", "matrix")
#: When an activity runs, seen from the as-of date.
WHEN = {
    "current": gettext_lazy("now and planned"),
    "running": gettext_lazy("under way"),
    "planned": gettext_lazy("planned"),
    "ended": gettext_lazy("ended"),
    "all": gettext_lazy("all"),
}
SORTS = ("objective", "end")


class NamedField(Field):
    """A record by its key in addresses, or by its name as people type it."""

    def __init__(self, *, queryset, key, **kwargs):
        super().__init__(**kwargs)
        self.queryset, self.key = queryset, key

    def to_python(self, value):
        value = (value or "").strip()
        if not value:
            return None
        named = Q(folded=fold(value))
        if "short_name" in {f.name for f in self.queryset.model._meta.fields}:
            named |= Q(short_name__iexact=value)
        rank = Case(When(**{self.key: value}, then=Value(0)), default=Value(1))
        found = self.queryset.filter(Q(**{self.key: value}) | named).order_by(rank, "pk").first()
        if found is None:
            raise ValidationError("unknown")
        return found


class NamedFilter(django_filters.Filter):
    field_class = NamedField


class WhoFilter(django_filters.FilterSet):
    """Search, objective, place, organisation, population, when, as of; over activities."""

    q = django_filters.CharFilter(method="by_words", label=gettext_lazy("Search"))
    objective = django_filters.ModelChoiceFilter(
        queryset=Objective.objects.none(),
        to_field_name="code",
        method="by_objective",
        label=gettext_lazy("Objective"),
    )
    place = NamedFilter(
        queryset=Place.objects.all(), key="code", method="by_place", label=gettext_lazy("Place")
    )
    organisation = NamedFilter(
        queryset=Organisation.objects.all(),
        key="slug",
        method="by_organisation",
        label=gettext_lazy("Organisation"),
    )
    population = django_filters.ChoiceFilter(
        choices=Population.choices, method="by_population", label=gettext_lazy("For whom")
    )
    when = django_filters.ChoiceFilter(
        choices=list(WHEN.items()), method="as_it_is", label=gettext_lazy("When")
    )
    as_of = django_filters.DateFilter(method="as_it_is", label=gettext_lazy("As of"))

    class Meta:
        model = Activity
        fields = []

    def __init__(self, *args, lens: Lens, **kwargs):
        super().__init__(*args, **kwargs)
        self.lens = lens
        self.filters["objective"].queryset = Objective.objects.filter(strategy=lens.strategy)

    def by_words(self, queryset, name, value):
        """Every word in the title, the description or the organisation's name."""
        for word in fold(value).split()[:8]:
            queryset = queryset.filter(
                Q(folded__contains=word) | Q(reporting_organisation__folded__contains=word)
            )
        return queryset

    def by_objective(self, queryset, name, value):
        shares = ActivityObjective.objects.filter(objective__in=keys_within(self.lens, value))
        return queryset.filter(pk__in=shares.order_by().values("activity"))

    def by_place(self, queryset, name, value):
        shares = shares_within(value, self.lens.viewer)
        return queryset.filter(pk__in=shares.order_by().values("activity"))

    def by_organisation(self, queryset, name, value):
        taking_part = Q(pk__in=value.participations.order_by().values("activity"))
        return queryset.filter(Q(reporting_organisation=value) | taking_part)

    def by_population(self, queryset, name, value):
        return queryset.filter(populations__group=value)

    def as_it_is(self, queryset, name, value):
        return queryset


def keys_within(lens: Lens, objective: Objective) -> list[int]:
    """Keys of an objective and all below it."""
    code = objective.code
    return [
        key
        for key, node in lens.objectives.items()
        if node.code == code or node.code.startswith(f"{code}.")
    ]


def shares_within(place: Place, viewer: Viewer) -> QuerySet[ActivityPlace]:
    """Place shares that this viewer sees at or below a place: location precision comes first.

    What is shown by country only is in no division; what is hidden is nowhere.
    """
    shares = ActivityPlace.objects.filter(place__lft__gte=place.lft, place__rgt__lte=place.rgt)
    if viewer.is_secretariat:
        return shares
    shown = ~Q(activity__location_precision=LocationPrecision.HIDDEN)
    if place.kind == PlaceKind.DIVISION:
        shown &= ~Q(activity__location_precision=LocationPrecision.COUNTRY)
    if viewer.organisations:
        shown |= Q(activity__reporting_organisation__in=viewer.organisations)
    return shares.filter(shown)


def by_period(activities: QuerySet[Activity], when: str, day: date) -> QuerySet[Activity]:
    """Activities that run, will run or have ended on a day; actual days count before planned ones."""
    return with_days(activities).filter(period(when, day))


def period(when: str, day: date) -> Q:
    """The condition for `with_days`. Without an end an activity runs until its status says closed."""
    over = Q(ends__lt=day) | Q(ends=None, activity_status=ActivityStatus.CLOSED)
    not_over = Q(ends__gte=day) | (Q(ends=None) & ~Q(activity_status=ActivityStatus.CLOSED))
    to_come = Q(starts__gt=day) | Q(starts=None, activity_status=ActivityStatus.PIPELINE)
    begun = Q(starts__lte=day) | (Q(starts=None) & ~Q(activity_status=ActivityStatus.PIPELINE))
    return {
        "all": Q(),
        "ended": over,
        "current": not_over,
        "planned": not_over & to_come,
        "running": not_over & begun,
    }[when]


def with_days(activities: QuerySet[Activity]) -> QuerySet[Activity]:
    """Activities with `starts` and `ends`: the actual days where they are known, else the planned ones."""
    return activities.annotate(
        starts=Coalesce("actual_start", "planned_start"),
        ends=Coalesce("actual_end", "planned_end"),
    )


@dataclass(frozen=True)
class Selection:
    """What a reader looks at, and the activities it leaves.

    lens: strategy, viewer and as-of date, with the place and objective chosen. when: as asked, or
    as it was found to make sense. counts: of all activities in `when`, and of those that match.
    Counts of who is present leave out what nobody confirmed for too long; lists show it, marked.
    """

    lens: Lens
    view: str
    sort: str
    when: str
    when_asked: bool
    organisation: Organisation | None
    population: str
    q: str
    matching: QuerySet[Activity]  # all filters but `when`
    counts: Mapping[str, int]
    problems: list[str] = field(default_factory=list)
    params: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def activities(self) -> QuerySet[Activity]:
        """The activities in view: visible to the viewer, counting, through all filters."""
        return by_period(self.matching, self.when, self.lens.as_of)

    def address(self, **changes) -> str:
        """The query string with some parts changed; None or "" takes one away. Begins with `?`."""
        params = {**self.params, **changes}
        if params.get("view") == "list":
            del params["view"]
        return f"?{urlencode([(name, value) for name, value in params.items() if value])}"

    @cached_property
    def present(self) -> QuerySet[Activity]:
        """Those of the activities in view that count as present: somebody said lately that they are still true."""
        return self.activities.still_true_on(self.lens.as_of)

    @property
    def narrowed(self) -> bool:
        return any(
            (self.q, self.lens.objective, self.lens.place, self.organisation, self.population)
        )

    def in_words(self) -> list[tuple[str, str]]:
        """The filters as pairs of label and words, for files."""
        lens = self.lens
        pairs = [
            (_("Search"), self.q),
            (_("Objective"), str(lens.objective) if lens.objective else ""),
            (_("Place"), lens.place.name if lens.place else ""),
            (_("Organisation"), self.organisation.name if self.organisation else ""),
            (_("For whom"), Population(self.population).label if self.population else ""),
            (_("When"), str(WHEN[self.when])),
        ]
        return [
            *((label, str(words)) for label, words in pairs if words),
            (_("As of"), day_in_words(lens.as_of)),
            (_("For"), lens.says_for_whom()),
        ]


def selection_of(request) -> Selection:
    """The selection that an address asks for. Two queries beside those that filters with names need."""
    lens = plain_lens(request)
    base = Activity.objects.visible_to(request.user).counting()
    if not request.GET.get(
        "organisation"
    ):  # of one organisation its own record, whoever's stands first
        base = base.counting_once_for(request.user)
    filterset = WhoFilter(request.GET, queryset=base, lens=lens)
    filterset.is_valid()
    good = filterset.form.cleaned_data
    bad = [name for name in filterset.form.errors if name in filterset.filters]
    if bad:
        left = request.GET.copy()
        for name in bad:
            left.pop(name, None)
        filterset = WhoFilter(left, queryset=base, lens=lens)
        filterset.is_valid()
        good = filterset.form.cleaned_data
    objective, place, organisation = good["objective"], good["place"], good["organisation"]
    lens = lens.at(
        as_of=good["as_of"] or lens.as_of,
        place=place,
        objective=objective,
        pillar=objective.pillar if objective else None,
    )
    problems = [_problem(name, request.GET.get(name, "")) for name in bad]
    view = request.GET.get("view", "list")
    if view not in VIEWS:
        problems.append(
            _("We do not know the view “%(name)s”. The list is shown.") % {"name": view}
        )
        view = "list"
    sort = request.GET.get("sort", "objective")
    asked = good["when"]
    narrowed = any(good[name] for name in ("q", "objective", "place", "organisation", "population"))
    matching = filterset.qs if narrowed else None
    counts = _counts(base, matching, lens.as_of, [asked] if asked else ["current", "all"])
    listed = not asked and counts["current"] + counts["current_unconfirmed"]
    when = asked or ("current" if listed or not counts["total"] else "all")
    # A form sends what it shows: what would be shown anyway is no choice.
    by_default = when == "current" and (counts["current"] or counts["current_unconfirmed"])
    moved = good["as_of"] if good["as_of"] != lens.strategy.today() else None
    params = {
        "view": view,
        "q": good["q"],
        "objective": objective.code if objective else "",
        "place": place.code if place else "",
        "organisation": organisation.slug if organisation else "",
        "population": good["population"],
        "when": "" if by_default else asked,
        "as_of": moved.isoformat() if moved else "",
        "sort": sort if sort in SORTS[1:] else "",
    }
    return Selection(
        lens=lens,
        view=view,
        sort=sort if sort in SORTS else "objective",
        when=when,
        when_asked=bool(asked) and not by_default,
        organisation=organisation,
        population=good["population"],
        q=good["q"],
        matching=filterset.qs,
        counts={
            "all": counts["total"],
            "activities": counts[when],
            "organisations": counts[f"{when}_organisations"],
            "matching": counts[f"{when}_matching"],
            "unconfirmed": counts[f"{when}_unconfirmed"],
        },
        problems=problems,
        params={name: value for name, value in params.items() if value},
    )


def _counts(base, matching, day: date, whens) -> dict[str, int]:
    """For each of `whens`: activities, their organisations, and how many match the filters. One query.

    Activities that nobody confirmed for too long are counted apart; those that match are all that is listed.
    """
    wanted = {"total": Count("pk")}
    too_old = unconfirmed(day)
    matches = Q() if matching is None else Q(pk__in=matching.order_by().values("pk"))
    for when in whens:
        condition = period(when, day)
        present = condition & ~too_old
        wanted[when] = Count("pk", filter=present)
        wanted[f"{when}_organisations"] = Count(
            "reporting_organisation", filter=present, distinct=True
        )
        wanted[f"{when}_unconfirmed"] = Count("pk", filter=condition & too_old)
        wanted[f"{when}_matching"] = Count("pk", filter=(condition & matches) or None)
    return with_days(base).aggregate(**wanted)


def _problem(name: str, value: str) -> str:
    """One sentence for a filter that cannot be meant, saying what is shown instead."""
    return {
        "q": _("The words to search for cannot be read. All activities are shown."),
        "objective": _("There is no objective “%(value)s”. All are shown."),
        "place": _("We know no place “%(value)s”. Everywhere is shown."),
        "organisation": _("We know no organisation “%(value)s”. All are shown."),
        "population": _("We know no group “%(value)s”. All are shown."),
        "when": _("“%(value)s” is no time we know. What runs now and is planned is shown."),
        "as_of": _("“%(value)s” is no date. Write it as 2010-09-30."),
    }[name] % {"value": value}
