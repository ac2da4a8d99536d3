"""The desk's screens for organisations, their people, working groups and places."""

import django_filters
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.base import ViewSetGroup

from portal.desk.columns import YesColumn
from portal.desk.export import Exported
from portal.desk.forms import ChoiceRows, ChoiceRowsForm, DeskForm, Inline
from portal.desk.viewsets import RowViewSet
from portal.lib.text import fold

from .choices import OrganisationTagName, OrganisationType
from .desk import PlaceFilter, joined, shown_members, yes_no
from .joining_desk import JoinRequestViewSet, MergeViewSet, MergingMixin, TermsViewSet
from .models import Membership, Organisation, Place, WorkingGroup


class OrganisationFilters(WagtailFilterSet):
    is_member = yes_no("is_member", gettext_lazy("Member of the coalition"))
    is_funder = yes_no("is_funder", gettext_lazy("Funder"))
    is_example = yes_no("is_example", gettext_lazy("Example"))
    organisation_type = django_filters.MultipleChoiceFilter(
        choices=OrganisationType.choices,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Type"),
    )
    tag = django_filters.MultipleChoiceFilter(
        "tags__tag",
        choices=OrganisationTagName.choices,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Tag"),
    )
    country = PlaceFilter("country", label=gettext_lazy("Country or region"))

    class Meta:
        model = Organisation
        fields = []


class MembershipFilters(WagtailFilterSet):
    organisation = django_filters.ModelChoiceFilter(
        queryset=shown_members,
        label=gettext_lazy("Organisation"),
        empty_label=gettext_lazy("All members"),
    )

    class Meta:
        model = Membership
        fields = ["role"]


# Organisations


class OrganisationForm(ChoiceRowsForm):
    tag_choices = ChoiceRows("tags", "tag", OrganisationTagName.choices, label=gettext_lazy("Tags"))

    def clean_parts(self):
        rows = self.rows_of("identifiers")
        primary = sum(bool(row.get("is_primary")) for row in rows)
        if rows and primary != 1:
            self.add_error(None, _("Mark one of the numbers as the primary one, and only one."))
        names = [fold(row["name"]) for row in self.rows_of("alternative_names")]
        for name in {name for name in names if names.count(name) > 1}:
            self.add_error(
                None,
                _("The other name “%(name)s” stands twice. Remove one of them.") % {"name": name},
            )


class OrganisationViewSet(MergingMixin, RowViewSet):
    model = Organisation
    name = "organisations"
    icon = "group"
    list_display = [
        "name",
        "short_name",
        "organisation_type",
        Column("country", label=gettext_lazy("Country"), sort_key="country__folded"),
        Column(
            "tags",
            label=gettext_lazy("Tags"),
            accessor=lambda row: ", ".join(str(tag) for tag in row.tags.all()),
        ),
        YesColumn("is_member", label=gettext_lazy("Member"), sort_key="is_member"),
        YesColumn("is_funder", label=gettext_lazy("Funder"), sort_key="is_funder"),
    ]
    list_select_related = ("country",)
    list_prefetch_related = ("tags", "identifiers", "alternative_names")
    filterset_class = OrganisationFilters
    search_fields = ["folded", "short_name", "alternative_names__folded", "identifiers__number"]
    ordering = "name"
    export_filename = "organisations"
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    TitleFieldPanel("name", targets=["slug"], placeholder=gettext_lazy("Name*")),
                    FieldRowPanel([FieldPanel("short_name"), FieldPanel("slug")]),
                    FieldRowPanel([FieldPanel("organisation_type"), FieldPanel("country")]),
                    FieldPanel("website"),
                    FieldPanel("description"),
                    FieldPanel("tag_choices"),
                    MultiFieldPanel(
                        [
                            FieldPanel("is_member"),
                            FieldPanel("is_funder"),
                            FieldPanel("is_example"),
                        ],
                        heading=gettext_lazy("Part in the coalition"),
                    ),
                ],
                heading=gettext_lazy("Organisation"),
            ),
            ObjectList(
                [
                    Inline(
                        "identifiers",
                        [
                            FieldRowPanel(
                                [
                                    FieldPanel("scheme"),
                                    FieldPanel("number"),
                                    FieldPanel("is_primary"),
                                ]
                            )
                        ],
                        heading=gettext_lazy("Numbers in registers"),
                        label=gettext_lazy("Number"),
                        help_text=gettext_lazy(
                            "By register and number, as listed on org-id.guide. One is primary."
                        ),
                    ),
                    Inline(
                        "alternative_names",
                        [FieldPanel("name")],
                        heading=gettext_lazy("Other names"),
                        label=gettext_lazy("Name"),
                        help_text=gettext_lazy(
                            "Other ways the organisation is written, so that imports find it."
                        ),
                    ),
                ],
                heading=gettext_lazy("Numbers and names"),
            ),
        ],
        base_form_class=OrganisationForm,
    )

    def get_exported(self, user):
        return [
            *super().get_exported(user),
            Exported("tags", _("Tags"), lambda row: joined(row.tags.all())),
            Exported(
                "identifiers", _("Numbers in registers"), lambda row: joined(row.identifiers.all())
            ),
            Exported(
                "alternative_names",
                _("Other names"),
                lambda row: joined(row.alternative_names.all()),
            ),
        ]


class MembershipViewSet(RowViewSet):
    """Who works for whom. The account itself is made under Settings, Users."""

    model = Membership
    name = "memberships"
    icon = "user"
    menu_label = gettext_lazy("People and memberships")
    list_display = [
        Column("user", label=gettext_lazy("Person"), sort_key="user__name"),
        Column(
            "email",
            label=gettext_lazy("Email address"),
            accessor="user.email",
            sort_key="user__email",
        ),
        Column("organisation", label=gettext_lazy("Organisation"), sort_key="organisation__name"),
        "role",
    ]
    list_select_related = ("user", "organisation")
    filterset_class = MembershipFilters
    search_fields = ["organisation__folded"]
    folded_by_hand = ("user__name", "user__email")
    ordering = ("organisation__name", "user__name")
    export_filename = "memberships"
    edit_handler = ObjectList(
        [FieldPanel("user"), FieldPanel("organisation"), FieldPanel("role")],
        base_form_class=DeskForm,
    )

    def get_exported(self, user):
        return [
            *super().get_exported(user),
            Exported("email", _("Email address"), lambda row: row.user.email),
        ]


class WorkingGroupViewSet(RowViewSet):
    model = WorkingGroup
    name = "working_groups"
    icon = "tasks"
    list_display = [
        "name",
        Column("chair", label=gettext_lazy("Chair"), sort_key="chair__name"),
        Column(
            "members",
            label=gettext_lazy("Organisations"),
            accessor=lambda row: ", ".join(
                member.organisation.name for member in row.members.all()
            ),
        ),
    ]
    list_select_related = ("chair",)
    list_prefetch_related = ("members__organisation",)
    folded_by_hand = ("name", "purpose")
    search_fields = ["members__organisation__folded"]
    ordering = "name"
    export_filename = "working-groups"
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [FieldPanel("name"), FieldPanel("purpose"), FieldPanel("chair")],
                heading=gettext_lazy("Working group"),
            ),
            ObjectList(
                [
                    Inline(
                        "members",
                        [
                            FieldRowPanel([FieldPanel("organisation"), FieldPanel("role")]),
                            FieldPanel("statement"),
                        ],
                        heading=gettext_lazy("Organisations taking part"),
                        label=gettext_lazy("Organisation"),
                    )
                ],
                heading=gettext_lazy("Organisations"),
            ),
        ],
        base_form_class=DeskForm,
    )

    def get_exported(self, user):
        return [
            *super().get_exported(user),
            Exported("members", _("Organisations"), lambda row: joined(row.members.all())),
        ]


class PlaceFilters(WagtailFilterSet):
    within = PlaceFilter("pk", label=gettext_lazy("Lies in"))

    class Meta:
        model = Place
        fields = ["kind"]


class PlaceViewSet(RowViewSet):
    """Read only: places come from the standards, by `manage.py load_places`."""

    model = Place
    name = "places"
    icon = "globe"
    read_only = True
    list_display = [
        "name",
        "code",
        "kind",
        Column("parent", label=gettext_lazy("Lies in"), sort_key="parent__folded"),
    ]
    list_select_related = ("parent",)
    filterset_class = PlaceFilters
    search_fields = ["folded", "code"]
    ordering = "lft"
    export_filename = "places"


class DirectoryGroup(ViewSetGroup):
    menu_label = gettext_lazy("Directory")
    menu_icon = "group"
    menu_order = 130
    items = (
        OrganisationViewSet,
        MembershipViewSet,
        JoinRequestViewSet,
        WorkingGroupViewSet,
        MergeViewSet,
        TermsViewSet,
        PlaceViewSet,
    )
