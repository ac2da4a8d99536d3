"""Fields and filters of the desk that know objectives and years; used by the desk of activities and grants too."""

import django_filters
from django import forms
from django.db.models import ForeignKey, Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.ui.tables import Column

from .choices import StrategyStatus
from .models import Objective, Strategy

NBSP = "\N{NO-BREAK SPACE}"


def objective_label(objective):
    """ "1.2 Schools", indented by depth; the strategy besides where it is not the one in force."""
    indent = NBSP * 3 * objective.code.count(".")
    label = f"{indent}{objective.code} {objective.short_title}"
    if objective.strategy.status != StrategyStatus.IN_FORCE:
        label += f" ({objective.strategy.title})"
    return label


class ObjectiveChoiceField(forms.ModelChoiceField):
    """The tree of objectives as a list in the order of codes."""

    def __init__(self, queryset, **kwargs):
        super().__init__(queryset.select_related("strategy").order_by(*TREE_ORDER), **kwargs)

    def label_from_instance(self, obj):
        return objective_label(obj)


class _FilterField(django_filters.fields.ModelChoiceField):
    def label_from_instance(self, obj):
        return objective_label(obj)


#: The strategy in force first, each tree in the order of its codes.
TREE_ORDER = ("-strategy__status", "-strategy__starts_on", "pillar", "sort_key")

register_form_field_override(
    ForeignKey, to=Objective, override={"form_class": ObjectiveChoiceField}
)


def shown_objectives(request):
    return (
        Objective.objects.visible_to(request.user).select_related("strategy").order_by(*TREE_ORDER)
    )


def shown_strategies(request):
    return Strategy.objects.visible_to(request.user)


def below(objective, path=""):
    """The condition that `path` is this objective or one below it."""
    prefix = f"{path}__" if path else ""
    return Q(**{f"{prefix}strategy": objective.strategy_id}) & (
        Q(**{f"{prefix}code": objective.code})
        | Q(**{f"{prefix}code__startswith": f"{objective.code}."})
    )


class ObjectiveFilter(django_filters.ModelChoiceFilter):
    """Rows of an objective and of all that is below it. The pillars are objectives too."""

    field_class = _FilterField

    def __init__(self, field_name="objective", **kwargs):
        super().__init__(
            field_name,
            queryset=shown_objectives,
            label=_("Pillar or objective"),
            empty_label=_("All objectives"),
            **kwargs,
        )

    def filter(self, queryset, objective):
        if objective is None:
            return queryset
        return queryset.filter(
            **{f"{self.field_name}__in": Objective.objects.filter(below(objective))}
        ).distinct()


def year_choices():
    """The fiscal years of the strategy in force."""
    strategy = Strategy.objects.in_force()
    return [(str(year), str(year)) for year in strategy.years] if strategy else []


class YearFilter(django_filters.ChoiceFilter):
    def __init__(self, field_name="year", **kwargs):
        kwargs.setdefault("label", _("Fiscal year"))
        super().__init__(field_name, choices=year_choices, empty_label=_("All years"), **kwargs)


class RunsInYearFilter(YearFilter):
    """Rows whose planned period touches a fiscal year of the strategy in force."""

    def filter(self, queryset, value):
        strategy = Strategy.objects.in_force() if value else None
        if strategy is None:
            return queryset
        first, last = strategy.year_bounds(int(value))
        return queryset.filter(planned_start__lte=last, planned_end__gte=first)


def objective_column():
    return Column("objective", label=_("Objective"), sort_key="objective__sort_key")


def place_column():
    return Column("place", label=_("Place"), sort_key="place__folded")
