"""The desk's screens for activities and for the people they reached."""

from contextlib import contextmanager

import django_filters
from django import forms
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSetGroup

from portal.desk.choosers import RowChooserViewSet
from portal.desk.columns import DayColumn, NumberColumn
from portal.desk.export import Exported
from portal.desk.forms import DeskForm, Inline
from portal.desk.policy import editable
from portal.desk.viewsets import RowViewSet
from portal.directory.desk import joined, shown_members
from portal.lib.numbers import period
from portal.records.viewsets import (
    PlacesColumn,
    RecordCreateView,
    RecordEditView,
    RecordFilters,
    RecordPlaceFilter,
    RecordViewSet,
    names_for,
    sharing_tab,
)
from strategy.desk import ObjectiveFilter, RunsInYearFilter

from .choices import ActivityStatus, Population
from .forms import ActivityForm
from .models import Activity, PeopleReached
from .personal_data import hits_of, look_at
from .review_desk import HeldViewSet, ReviewViewSet
from .reviewing import note_step
from .services import release


class ActivityChooser(RowChooserViewSet):
    name = "activity_chooser"
    model = Activity
    icon = "tasks"
    choose_one_text = gettext_lazy("Choose an activity")
    choose_another_text = gettext_lazy("Choose another activity")
    edit_item_text = gettext_lazy("Edit this activity")
    search_fields = ["folded", "reporting_organisation__folded", "identifiers__identifier"]


class ActivityFilters(RecordFilters):
    organisation = django_filters.ModelChoiceFilter(
        "reporting_organisation",
        queryset=shown_members,
        label=gettext_lazy("Reporting organisation"),
        empty_label=gettext_lazy("All members"),
    )
    objective = ObjectiveFilter("objective_shares__objective")
    place = RecordPlaceFilter("place_shares__place")
    year = RunsInYearFilter("planned_start", label=gettext_lazy("Runs in fiscal year"))
    activity_status = django_filters.MultipleChoiceFilter(
        choices=ActivityStatus.choices,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Status"),
    )
    population = django_filters.ChoiceFilter(
        "populations__group", choices=Population.choices, label=gettext_lazy("Population group")
    )

    class Meta:
        model = Activity
        fields = []


def objective_codes(rows):
    return ", ".join(row.objective.code for row in rows)


class _SaysWhenHeld:
    """Tells who saves an activity that others do not see it, and why."""

    def form_valid(self, form):
        response = super().form_valid(form)
        if form.instance.pk and form.instance.is_held:
            messages.warning(
                self.request,
                _("Others do not see this activity until it is shown from the list of held texts."),
                buttons=[messages.button(reverse("desk_held_activities:index"), _("Held texts"))],
            )
        return response

    def personal_data(self, instance):
        return [one.hit for one in hits_of(instance)]


class ActivityCreateView(_SaysWhenHeld, RecordCreateView):
    pass


class ActivityEditView(_SaysWhenHeld, RecordEditView):
    pass


class ActivityViewSet(RecordViewSet):
    add_view_class = ActivityCreateView
    edit_view_class = ActivityEditView
    model = Activity
    name = "activities"
    icon = "tasks"
    list_display = [
        "title",
        Column(
            "reporting_organisation",
            label=gettext_lazy("Reporting organisation"),
            sort_key="reporting_organisation__name",
        ),
        Column(
            "objectives",
            label=gettext_lazy("Objectives"),
            accessor=lambda row: objective_codes(row.objective_shares.all()),
        ),
        PlacesColumn(lambda row: [share.place for share in row.place_shares.all()]),
        Column(
            "period",
            label=gettext_lazy("Planned period"),
            accessor=lambda row: period(row.planned_start, row.planned_end),
            sort_key="planned_start",
        ),
        "activity_status",
        "visibility",
        "review_state",
    ]
    list_select_related = ("reporting_organisation",)
    list_prefetch_related = (
        "objective_shares__objective",
        "place_shares__place",
        "working_groups",
        "populations",
        "exploitations",
        "participants__organisation",
        "identifiers",
    )
    filterset_class = ActivityFilters
    search_fields = ["folded", "reporting_organisation__folded", "identifiers__identifier"]
    ordering = "title"
    export_filename = "activities"
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("title"),
                    FieldPanel("reporting_organisation"),
                    FieldPanel("description"),
                    FieldRowPanel([FieldPanel("activity_status"), FieldPanel("mode_of_delivery")]),
                    MultiFieldPanel(
                        [
                            FieldRowPanel([FieldPanel("planned_start"), FieldPanel("planned_end")]),
                            FieldRowPanel([FieldPanel("actual_start"), FieldPanel("actual_end")]),
                            FieldPanel("dates_assumed"),
                        ],
                        heading=gettext_lazy("When"),
                    ),
                    MultiFieldPanel(
                        [
                            FieldRowPanel(
                                [
                                    FieldPanel("budget_amount"),
                                    FieldPanel("budget_currency"),
                                    FieldPanel("budget_value_date"),
                                ]
                            )
                        ],
                        heading=gettext_lazy("Budget"),
                    ),
                    FieldPanel("people_expected"),
                    FieldPanel("contact"),
                ],
                heading=gettext_lazy("Activity"),
            ),
            ObjectList(
                [
                    Inline(
                        "objective_shares",
                        [FieldRowPanel([FieldPanel("objective"), FieldPanel("share")])],
                        heading=gettext_lazy("Objectives"),
                        label=gettext_lazy("Objective"),
                        help_text=gettext_lazy(
                            "How the activity divides over objectives. The shares make 100."
                        ),
                    ),
                    Inline(
                        "place_shares",
                        [FieldRowPanel([FieldPanel("place"), FieldPanel("share")])],
                        heading=gettext_lazy("Places"),
                        label=gettext_lazy("Place"),
                        help_text=gettext_lazy(
                            "How the activity divides over places. The shares make 100."
                        ),
                    ),
                ],
                heading=gettext_lazy("Objectives and places"),
            ),
            ObjectList(
                [FieldPanel("population_choices"), FieldPanel("exploitation_choices")],
                heading=gettext_lazy("For whom"),
            ),
            ObjectList(
                [
                    Inline(
                        "participants",
                        [FieldRowPanel([FieldPanel("organisation"), FieldPanel("role")])],
                        heading=gettext_lazy("Participating organisations"),
                        label=gettext_lazy("Organisation"),
                    ),
                    Inline(
                        "identifiers",
                        [FieldRowPanel([FieldPanel("source"), FieldPanel("identifier")])],
                        heading=gettext_lazy("Identifiers"),
                        label=gettext_lazy("Identifier"),
                        help_text=gettext_lazy("How other systems name this activity."),
                    ),
                ],
                heading=gettext_lazy("Organisations and identifiers"),
            ),
            sharing_tab(),
        ],
        base_form_class=ActivityForm,
    )

    @contextmanager
    def changing(self, instance, *, by, deleting=False):
        """Around a write: a step of its review is kept, and its texts are looked at."""
        before = Activity.objects.filter(pk=instance.pk).values_list("review_state", flat=True)
        before = before.first()
        yield
        if not deleting:
            note_step(instance, before, by=by, now=timezone.now())
            look_at(instance, now=timezone.now())

    def get_exported(self, user):
        names = names_for(user)
        return [
            *super().get_exported(user),
            Exported("objectives", _("Objectives"), lambda row: joined(row.objective_shares.all())),
            Exported(
                "places",
                _("Places"),
                lambda row: "; ".join(
                    names.of(row, [share.place for share in row.place_shares.all()])
                ),
            ),
            Exported(
                "populations", _("Population groups"), lambda row: joined(row.populations.all())
            ),
            Exported(
                "exploitations",
                _("Forms of exploitation"),
                lambda row: joined(row.exploitations.all()),
            ),
            Exported(
                "participants",
                _("Participating organisations"),
                lambda row: joined(row.participants.all()),
            ),
            Exported("identifiers", _("Identifiers"), lambda row: joined(row.identifiers.all())),
        ]


# People reached


class ReleasedFilter(django_filters.ChoiceFilter):
    def __init__(self):
        super().__init__(
            choices=[("yes", gettext_lazy("Released")), ("no", gettext_lazy("Not released"))],
            label=gettext_lazy("Release"),
        )

    def filter(self, queryset, value):
        return queryset if not value else queryset.filter(released_at__isnull=value == "no")


class PeopleReachedFilters(WagtailFilterSet):
    release = ReleasedFilter()
    group = django_filters.ChoiceFilter(
        choices=Population.choices, label=gettext_lazy("Population group")
    )

    class Meta:
        model = PeopleReached
        fields = []


class ReleaseColumn(Column):
    """The day of the release, or the button that releases a period."""

    cell_template_name = "desk/release_cell.html"

    def __init__(self, url_name):
        super().__init__("released_at", label=gettext_lazy("Released"), sort_key="released_at")
        self.url_name = url_name

    def get_cell_context_data(self, instance, parent_context):
        return {
            **super().get_cell_context_data(instance, parent_context),
            "release_url": reverse(self.url_name, args=[instance.pk])
            if instance.is_editable
            else None,
            "csrf_token": parent_context.get("csrf_token"),
        }


class ReleaseView(PermissionCheckedMixin, View):
    """Releases one period: others then see it rounded, small counts hidden."""

    model = PeopleReached
    permission_required = "change"
    index_url_name = None

    def post(self, request, pk):
        with transaction.atomic():
            reached = get_object_or_404(
                editable(PeopleReached, request.user).select_for_update(), pk=pk
            )
            if release(reached, by=request.user, now=timezone.now()):
                messages.success(request, _("%(activity)s was released.") % {"activity": reached})
        return redirect(self.index_url_name)


class PeopleReachedViewSet(RowViewSet):
    model = PeopleReached
    name = "people_reached"
    icon = "user"
    list_display = [
        Column("activity", label=gettext_lazy("Activity"), sort_key="activity__title"),
        Column(
            "organisation",
            label=gettext_lazy("Organisation"),
            accessor="activity.reporting_organisation",
        ),
        DayColumn("period_start", label=gettext_lazy("From"), sort_key="period_start"),
        DayColumn("period_end", label=gettext_lazy("To"), sort_key="period_end"),
        Column(
            "group",
            label=gettext_lazy("Population group"),
            accessor="get_group_display",
            sort_key="group",
        ),
        NumberColumn("count", label=gettext_lazy("People"), sort_key="count"),
        ReleaseColumn("desk_people_reached:release"),
    ]
    list_select_related = ("activity__reporting_organisation",)
    filterset_class = PeopleReachedFilters
    search_fields = ["activity__folded", "activity__reporting_organisation__folded"]
    ordering = ("-period_end", "activity__title")
    export_filename = "people-reached"
    edit_handler = ObjectList(
        [
            HelpPanel(
                gettext_lazy(
                    "Counts alone: no names, no cases. Only the reporting organisation and the secretariat see them "
                    "as they are."
                ),
            ),
            FieldPanel("activity"),
            FieldRowPanel([FieldPanel("period_start"), FieldPanel("period_end")]),
            FieldRowPanel([FieldPanel("group"), FieldPanel("count")]),
        ],
        base_form_class=DeskForm,
    )

    def get_urlpatterns(self):
        release_view = self.construct_view(ReleaseView)
        return [*super().get_urlpatterns(), path("release/<int:pk>/", release_view, name="release")]


class ActivitiesGroup(ViewSetGroup):
    menu_label = gettext_lazy("Activities")
    menu_icon = "tasks"
    menu_order = 110
    items = (ActivityViewSet, ReviewViewSet, HeldViewSet, PeopleReachedViewSet)
