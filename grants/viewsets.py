"""The desk's screens for grants: their money, their tags, their links, and what they pay for."""

from contextlib import contextmanager

import django_filters
from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.base import ViewSetGroup

from portal.desk.columns import MoneyColumn
from portal.desk.export import Exported
from portal.desk.forms import Inline
from portal.desk.policy import visible
from portal.directory.desk import joined, shown_funders, yes_no
from portal.directory.models import Organisation
from portal.lib.numbers import percent, period
from portal.records.viewsets import (
    PlacesColumn,
    RecordFilters,
    RecordPlaceFilter,
    RecordViewSet,
    names_for,
    sharing_tab,
)
from strategy.desk import ObjectiveFilter, RunsInYearFilter
from strategy.services import lock

from . import services
from .choices import GrantStatus, TagOrigin
from .choosers import GrantChooser
from .forms import AllocationForm, GrantForm
from .funding_desk import ActivityFundingViewSet, UnconvertedViewSet
from .link_desk import LinkGroupViewSet
from .models import Allocation, Grant
from .splits import family


class TaggedFilter(django_filters.ChoiceFilter):
    """How a grant is tagged."""

    def __init__(self):
        super().__init__(
            choices=[
                ("none", gettext_lazy("Not tagged")),
                (TagOrigin.RULE, gettext_lazy("Tagged by a rule")),
                (TagOrigin.SOURCE, gettext_lazy("Tagged in the source's own words")),
                (TagOrigin.PERSON, gettext_lazy("Tagged by a person")),
                ("assumed", gettext_lazy("Split assumed")),
            ],
            label=gettext_lazy("Tags"),
            empty_label=gettext_lazy("All"),
        )

    def filter(self, queryset, value):
        if not value:
            return queryset
        tags = Allocation.objects.filter(grant=OuterRef("pk")).order_by()
        if value == "none":
            return queryset.filter(~Exists(tags.exclude(objective=None)))
        wanted = {"is_assumed": True} if value == "assumed" else {"origin": value}
        return queryset.filter(Exists(tags.filter(**wanted)))


def shown_recipients(request):
    given = Grant.objects.visible_to(request.user).order_by().values("recipient_organisation")
    return Organisation.objects.visible_to(request.user).filter(pk__in=given)


class GrantFilters(RecordFilters):
    funder = django_filters.ModelChoiceFilter(
        "funding_organisation",
        queryset=shown_funders,
        label=gettext_lazy("Funding organisation"),
        empty_label=gettext_lazy("All funders"),
    )
    recipient = django_filters.ModelChoiceFilter(
        "recipient_organisation",
        queryset=shown_recipients,
        label=gettext_lazy("Recipient organisation"),
        empty_label=gettext_lazy("All recipients"),
    )
    objective = ObjectiveFilter("allocations__objective")
    place = RecordPlaceFilter("allocations__place")
    year = RunsInYearFilter("planned_start", label=gettext_lazy("Runs in fiscal year"))
    tagged = TaggedFilter()
    status = django_filters.MultipleChoiceFilter(
        choices=GrantStatus.choices,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Status"),
    )
    in_kind = yes_no("in_kind", gettext_lazy("In kind"))
    unlinked = django_filters.BooleanFilter(
        "link_group",
        lookup_expr="isnull",
        exclude=True,
        label=gettext_lazy("Linked with another record"),
    )

    class Meta:
        model = Grant
        fields = []


def tag_codes(grant):
    """ "1.2, 2" of the objectives it is tagged with."""
    codes = [tag.objective.code for tag in grant.allocations.all() if tag.objective]
    return ", ".join(dict.fromkeys(codes))


def _tagged(grant):
    total = sum(tag.share for tag in grant.allocations.all() if tag.objective_id)
    return percent(total)


class GrantViewSet(RecordViewSet):
    model = Grant
    name = "grants"
    icon = "form"
    list_display = [
        "title",
        Column(
            "funding_organisation",
            label=gettext_lazy("Funder"),
            sort_key="funding_organisation__name",
        ),
        Column(
            "recipient_organisation",
            label=gettext_lazy("Recipient"),
            sort_key="recipient_organisation__name",
        ),
        MoneyColumn(
            "amount",
            label=gettext_lazy("Amount awarded"),
            accessor=lambda row: (row.amount_awarded, row.currency),
            sort_key="amount_awarded",
        ),
        Column(
            "period",
            label=gettext_lazy("Planned period"),
            accessor=lambda row: period(row.planned_start, row.planned_end),
            sort_key="planned_start",
        ),
        Column("tags", label=gettext_lazy("Objectives"), accessor=tag_codes),
        Column("tagged", label=gettext_lazy("Tagged"), accessor=_tagged),
        PlacesColumn(lambda row: _places(row)),
        "status",
        "visibility",
    ]
    list_select_related = ("funding_organisation", "recipient_organisation")
    list_prefetch_related = (
        "allocations__objective",
        "allocations__place",
        "identifiers",
        "transactions",
        "working_groups",
    )
    filterset_class = GrantFilters
    search_fields = GrantChooser.search_fields
    ordering = "-planned_start"
    export_filename = "grants"
    goes_along = ("splits", "unconverted", "allocation_totals")
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("title"),
                    FieldPanel("description"),
                    FieldRowPanel(
                        [FieldPanel("funding_organisation"), FieldPanel("recipient_organisation")]
                    ),
                    MultiFieldPanel(
                        [
                            FieldRowPanel([FieldPanel("amount_awarded"), FieldPanel("currency")]),
                            FieldRowPanel([FieldPanel("award_date"), FieldPanel("status")]),
                            FieldPanel("in_kind"),
                        ],
                        heading=gettext_lazy("Award"),
                    ),
                    MultiFieldPanel(
                        [
                            FieldRowPanel([FieldPanel("planned_start"), FieldPanel("planned_end")]),
                            FieldPanel("dates_assumed"),
                        ],
                        heading=gettext_lazy("Planned period"),
                        help_text=gettext_lazy("What is committed is spread over it, day by day."),
                    ),
                ],
                heading=gettext_lazy("Grant"),
            ),
            ObjectList(
                [
                    HelpPanel(
                        gettext_lazy(
                            "A grant without commitments counts as one: its amount on its award date. "
                            "Corrections are negative."
                        )
                    ),
                    Inline(
                        "transactions",
                        [
                            FieldRowPanel([FieldPanel("kind"), FieldPanel("value_date")]),
                            FieldRowPanel([FieldPanel("amount"), FieldPanel("currency")]),
                            FieldPanel("description"),
                        ],
                        heading=gettext_lazy("Transactions"),
                        label=gettext_lazy("Transaction"),
                    ),
                ],
                heading=gettext_lazy("Money"),
            ),
            ObjectList(
                [
                    HelpPanel(
                        gettext_lazy(
                            "Which share of the grant serves which objective, and where. The shares make 100 at most; "
                            "what is left is shown as untagged."
                        )
                    ),
                    Inline(
                        "allocations",
                        [
                            FieldRowPanel(
                                [FieldPanel("objective"), FieldPanel("place"), FieldPanel("share")]
                            ),
                            FieldRowPanel([FieldPanel("origin"), FieldPanel("is_assumed")]),
                            FieldPanel("evidence"),
                        ],
                        form=AllocationForm,
                        heading=gettext_lazy("Tags"),
                        label=gettext_lazy("Tag"),
                    ),
                ],
                heading=gettext_lazy("Tags"),
            ),
            ObjectList(
                [
                    Inline(
                        "identifiers",
                        [FieldRowPanel([FieldPanel("source"), FieldPanel("identifier")])],
                        heading=gettext_lazy("Identifiers"),
                        label=gettext_lazy("Identifier"),
                        help_text=gettext_lazy("How each source names this grant."),
                    ),
                    MultiFieldPanel(
                        [FieldPanel("regrant_of"), FieldPanel("regrant_type")],
                        heading=gettext_lazy("Money that is passed on"),
                        help_text=gettext_lazy(
                            "Passed on money counts once, with the tags of the regrant."
                        ),
                    ),
                    FieldPanel("same_as"),
                ],
                heading=gettext_lazy("Identifiers and links"),
            ),
            sharing_tab(),
        ],
        base_form_class=GrantForm,
    )

    @contextmanager
    def changing(self, instance, *, by, deleting=False):
        """Stored totals, splits and figures of the grant, and of all that it is linked with, follow."""
        touched = family([instance.pk]) if instance.pk else set()
        for strategy_id in sorted(_strategies(touched)):
            lock(strategy_id)
        if instance.pk:  # a writer who came first may have changed its kin
            touched |= family([instance.pk])
        if deleting:
            services.forget_money([instance.pk])
            yield
            services.save_money(touched - {instance.pk})
            return
        yield
        for strategy_id in sorted(_strategies([instance.pk])):
            services.keep_total(instance.pk, strategy_id)
        services.save_money(touched | {instance.pk})

    def get_exported(self, user):
        names = names_for(user)
        shown = set(visible(Grant, user).exclude(regrants=None).values_list("pk", flat=True))
        columns = [
            column
            for column in super().get_exported(user)
            if column.name not in ("regrant_of", "link_group")
        ]
        return [
            *columns,
            Exported(
                "regrant_of",
                _("Passes on money of"),
                lambda row: row.regrant_of.title if row.regrant_of_id in shown else "",
            ),
            Exported("identifiers", _("Identifiers"), lambda row: joined(row.identifiers.all())),
            Exported("transactions", _("Transactions"), lambda row: joined(row.transactions.all())),
            Exported("objectives", _("Objectives"), lambda row: joined(_objective_shares(row))),
            Exported("places", _("Places"), lambda row: "; ".join(names.of(row, _places(row)))),
        ]


def _strategies(grant_ids):
    rows = Allocation.objects.filter(grant__in=grant_ids).order_by()
    kept = (
        Grant.objects.filter(pk__in=grant_ids)
        .order_by()
        .values_list("allocation_totals__strategy", flat=True)
    )
    return set(rows.values_list("strategy_id", flat=True)) | {key for key in kept if key}


def _places(grant):
    return list(dict.fromkeys(tag.place for tag in grant.allocations.all() if tag.place))


def _objective_shares(grant):
    return [
        f"{tag.objective}: {tag.share.normalize():f} % ({tag.get_origin_display()})"
        for tag in grant.allocations.all()
        if tag.objective
    ]


class GrantsGroup(ViewSetGroup):
    menu_label = gettext_lazy("Grants")
    menu_icon = "form"
    menu_order = 120
    items = (GrantViewSet, ActivityFundingViewSet, LinkGroupViewSet, UnconvertedViewSet)
