"""The tree of objectives at the desk: in the order of its codes, with what hangs on each branch."""

from contextlib import contextmanager

import django_filters
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn

from portal.desk.columns import NumberColumn
from portal.desk.usage import what_points_at
from portal.desk.views import RowCreateView, RowIndexView
from portal.desk.viewsets import RowViewSet

from .choices import Pillar
from .desk import TREE_ORDER, shown_strategies
from .forms import ObjectiveForm
from .models import Objective, Requirement, Strategy
from .moving import carry_below
from .services import lock
from .signals import figures_outdated


class ObjectiveFilters(WagtailFilterSet):
    strategy = django_filters.ModelChoiceFilter(
        queryset=shown_strategies, label=gettext_lazy("Strategy")
    )
    pillar = django_filters.ChoiceFilter(choices=Pillar.choices, label=gettext_lazy("Pillar"))

    class Meta:
        model = Objective
        fields = []


class BranchColumn(TitleColumn):
    """Code and title, indented by depth, with the pillar's colour."""

    cell_template_name = "desk/branch_cell.html"

    def get_cell_context_data(self, instance, parent_context):
        return {
            **super().get_cell_context_data(instance, parent_context),
            "depth": instance.code.count("."),
            "pillar": instance.pillar,
        }


def _count_of(queryset, name):
    counted = (
        queryset.filter(**{name: OuterRef("pk")})
        .order_by()
        .values(name)
        .annotate(n=Count("pk"))
        .values("n")
    )
    return Coalesce(Subquery(counted), 0)


class ObjectiveIndexView(RowIndexView):
    def get_base_queryset(self):
        rows = super().get_base_queryset()
        return rows.annotate(
            requirement_count=_count_of(Requirement.objects.all(), "objective"),
            child_count=_count_of(Objective.objects.all(), "parent"),
        )

    def order_queryset(self, queryset):
        return queryset.order_by(*TREE_ORDER)

    def get_paginate_by(self, queryset):
        return None

    def get_list_more_buttons(self, instance):
        buttons = super().get_list_more_buttons(instance)
        if self.add_url and instance.is_editable:
            url = f"{self.add_url}?{urlencode({'parent': instance.pk})}"
            buttons.append(MenuItem(_("Add one below"), url=url, icon_name="plus", priority=15))
        return buttons

    @cached_property
    def columns(self):
        title = self._get_title_column_class(BranchColumn)
        columns = [
            title("title", label=_("Objective"), get_url=self.get_edit_url),
            Column("lead_organisation", label=_("Lead organisation")),
            NumberColumn("child_count", label=_("Directly below")),
            NumberColumn("requirement_count", label=_("Requirements")),
        ]
        if Strategy.objects.visible_to(self.request.user).count() > 1:
            columns.append(Column("strategy", label=_("Strategy")))
        return columns


class ObjectiveCreateView(RowCreateView):
    def get_initial(self):
        return {**super().get_initial(), "parent": self.request.GET.get("parent")}


class ObjectiveViewSet(RowViewSet):
    model = Objective
    name = "objectives"
    icon = "list-ul"
    index_view_class = ObjectiveIndexView
    add_view_class = ObjectiveCreateView
    list_select_related = ("lead_organisation", "strategy")
    filterset_class = ObjectiveFilters
    folded_by_hand = ("code", "title", "short_title", "description", "lead_organisation__name")
    export_filename = "objectives"
    edit_handler = ObjectList(
        [
            FieldRowPanel(
                [FieldPanel("parent", heading=gettext_lazy("Stands under")), FieldPanel("code")]
            ),
            FieldPanel("title"),
            FieldPanel("short_title"),
            FieldPanel("description"),
            FieldPanel("lead_organisation"),
        ],
        base_form_class=ObjectiveForm,
    )

    @contextmanager
    def changing(self, instance, *, by, deleting=False):
        """What stands below follows an objective that moves, and the figures are drawn anew."""
        stored = Objective.objects.filter(pk=instance.pk).first()
        for strategy_id in sorted(
            {instance.strategy_id} | ({stored.strategy_id} if stored else set())
        ):
            lock(strategy_id)
        yield
        if deleting or stored is None or _place_in_tree(stored) == _place_in_tree(instance):
            return
        carry_below(instance)
        for strategy_id in sorted({stored.strategy_id, instance.strategy_id}):
            figures_outdated.send(Objective, strategy_id=strategy_id)

    @staticmethod
    def uses_of(objective):
        return what_points_at(objective)

    def in_the_way(self, instance):
        if instance.is_pillar:
            return [_("It is one of the four pillars, and they belong to every strategy.")]
        return what_points_at(instance)


def _place_in_tree(objective):
    return (objective.strategy_id, objective.parent_id, objective.code)
