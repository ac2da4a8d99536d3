"""The filters of the funding pages: from an address to a lens, with a sentence for what cannot be meant."""

from collections.abc import Callable

import django_filters
from django.core.exceptions import ValidationError
from django.forms import Field
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from strategy.choices import Pillar
from strategy.models import SummaryCell

from .lens import Lens, plain_lens


class KnownField(Field):
    """A record by its code, looked up where records are known already."""

    def __init__(self, *, look_up: Callable[[str], object | None], **kwargs):
        super().__init__(**kwargs)
        self.look_up = look_up

    def to_python(self, value):
        value = (value or "").strip()
        found = self.look_up(value) if value else None
        if value and found is None:
            raise ValidationError("unknown")
        return found


class KnownFilter(django_filters.Filter):
    field_class = KnownField

    def filter(self, queryset, value):
        return queryset


class FundingFilter(django_filters.FilterSet):
    """Year, place, pillar, objective, as-of date, in kind. The queryset is the kept figures'."""

    year = django_filters.MultipleChoiceFilter(field_name="year", label=gettext_lazy("Year"))
    place = KnownFilter(look_up=None, label=gettext_lazy("Place"))
    p = django_filters.ChoiceFilter(
        method="by_pillar", choices=Pillar.choices, label=gettext_lazy("Pillar")
    )
    objective = KnownFilter(look_up=None, label=gettext_lazy("Objective"))
    as_of = django_filters.DateFilter(method="as_it_is", label=gettext_lazy("As of"))
    in_kind = django_filters.BooleanFilter(
        method="as_it_is", label=gettext_lazy("With goods and services in kind")
    )

    class Meta:
        model = SummaryCell
        fields = []

    def __init__(self, *args, lens, **kwargs):
        super().__init__(*args, **kwargs)
        years = lens.strategy.years
        self.filters["year"].extra["choices"] = [(str(year), str(year)) for year in years]
        self.filters["place"].extra["look_up"] = lens.state.place
        self.filters["objective"].extra["look_up"] = lens.state.by_code.get

    def by_pillar(self, queryset, name, value):
        return queryset

    as_it_is = by_pillar


def _problem(name: str, value: str, strategy) -> str:
    """One sentence for a filter that cannot be meant, saying what is shown instead."""
    first, last = strategy.years[0], strategy.years[-1]
    return {
        "year": _(
            "There is no year “%(value)s” in this strategy. It runs from %(first)s to %(last)s."
        )
        % {"value": value, "first": first, "last": last},
        "place": _("We know no place “%(value)s”. Everywhere is shown.") % {"value": value},
        "p": _("“%(value)s” is none of the four Ps. All are shown.") % {"value": value},
        "objective": _("There is no objective “%(value)s”. All are shown.") % {"value": value},
        "as_of": _("“%(value)s” is no date. Write it as 2010-09-30.") % {"value": value},
        "in_kind": _("“%(value)s” is neither true nor false.") % {"value": value},
    }[name]


def lens_of(request) -> tuple[Lens, list[str]]:
    """The lens that an address asks for, and a sentence for each filter that was left out because it makes no sense."""
    lens = plain_lens(request)
    strategy = lens.strategy
    asked = request.GET
    filterset = FundingFilter(asked, queryset=SummaryCell.objects.none(), lens=lens)
    filterset.is_valid()
    good = filterset.form.cleaned_data
    problems = [
        _problem(name, ", ".join(asked.getlist(name)), strategy)
        for name in filterset.form.errors
        if name in filterset.filters
    ]
    params = {
        name: asked.getlist(name) if name == "year" else asked[name]
        for name in filterset.filters
        if asked.get(name) and name not in filterset.form.errors
    }
    if good.get("as_of") == lens.as_of:
        params.pop("as_of", None)  # the form sends the default too
    chosen = tuple(sorted(int(year) for year in good.get("year") or ()))
    objective = good.get("objective")
    lens = lens.at(
        years=chosen or lens.years,
        place=good.get("place"),
        pillar=int(good["p"]) if good.get("p") else (objective.pillar if objective else None),
        objective=objective,
        as_of=good.get("as_of") or lens.as_of,
        in_kind=bool(good.get("in_kind")),
        params=params,
    )
    return lens, problems
