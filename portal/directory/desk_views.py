"""The desk's own pages about people and organisations: answering requests, merging, and new terms."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from portal.desk.policy import editable, visible

from . import joining, merging
from .access import viewer_of
from .choices import RequestState, Role
from .choosers import OrganisationChooser
from .exceptions import AlreadyAnswered, AlreadyMember, CannotMerge, CannotUndo
from .forms import role_choices
from .models import JoinRequest, Organisation, OrganisationMerge


class DeskPage(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """A page of the secretariat about one row of `model`."""

    viewset = None
    model = None
    index_url_name = None
    permission_required = "change"

    def dispatch(self, request, *args, **kwargs):
        if not viewer_of(request.user).is_secretariat:
            raise PermissionDenied
        self.object = get_object_or_404(editable(self.model, request.user), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": self.viewset.menu_label},
            {"url": "", "label": str(self.object)},
        ]

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "object": self.object}


# Requests


class AdmitForm(forms.Form):
    """Which organisation the person joins, and as what."""

    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"),
        queryset=Organisation.objects.none(),
        required=False,
        help_text=gettext_lazy("Leave it empty to make a new one with the name below."),
    )
    new_name = forms.CharField(
        label=gettext_lazy("Name of a new organisation"), max_length=255, required=False
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=(), initial=Role.EDITOR)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = visible(Organisation, user)
        self.fields["organisation"].widget = OrganisationChooser().widget_class()
        self.fields["role"].choices = role_choices()

    def clean(self):
        cleaned = super().clean()
        if bool(cleaned.get("organisation")) == bool(cleaned.get("new_name", "").strip()):
            raise forms.ValidationError(
                _("Choose an organisation, or give the name of a new one; not both.")
            )
        return cleaned


class DeclineForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("Your words"),
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("They stand in the mail: why not now, and what one can do instead."),
    )


class AnswerView(DeskPage):
    """Admit or decline a request to join."""

    model = JoinRequest
    template_name = "desk/join_request.html"
    page_title = gettext_lazy("Request to join")
    header_icon = "user"

    def post(self, request, *args, **kwargs):
        try:
            done = self._decline() if "decline" in request.POST else self._admit()
        except AlreadyAnswered:
            messages.warning(request, _("Somebody answered this request first."))
            done = True
        if done:
            return redirect(self.index_url_name)
        return self.render_to_response(self.get_context_data())

    def _admit(self):
        form = self.admit_form = AdmitForm(self.request.POST, user=self.request.user)
        if not form.is_valid():
            return False
        organisation = form.cleaned_data["organisation"] or form.cleaned_data["new_name"].strip()
        try:
            joining.admit(
                self.object,
                organisation,
                form.cleaned_data["role"],
                by=self.request.user,
                now=timezone.now(),
            )
        except AlreadyMember:
            form.add_error("organisation", _("This person belongs to the organisation already."))
            return False
        messages.success(
            self.request,
            _("Accepted. %(email)s gets a link by mail.") % {"email": self.object.email},
        )
        return True

    def _decline(self):
        form = self.decline_form = DeclineForm(self.request.POST)
        if not form.is_valid():
            return False
        joining.decline(
            self.object, form.cleaned_data["answer"], by=self.request.user, now=timezone.now()
        )
        messages.success(
            self.request,
            _("Declined. %(email)s gets your words by mail.") % {"email": self.object.email},
        )
        return True

    def get_context_data(self, **kwargs):
        named = list(joining.organisations_named(self.object.organisation_name)[:5])
        admit = getattr(self, "admit_form", None) or AdmitForm(
            user=self.request.user,
            initial={"organisation": named[0].pk}
            if len(named) == 1
            else {"new_name": "" if named else self.object.organisation_name},
        )
        return {
            **super().get_context_data(**kwargs),
            "is_open": self.object.state == RequestState.OPEN,
            "named": named,
            "known": joining.person_with(self.object.email),
            "admit_form": admit,
            "decline_form": getattr(self, "decline_form", None) or DeclineForm(),
        }


# Merging


class IntoForm(forms.Form):
    into = forms.ModelChoiceField(
        label=gettext_lazy("Organisation that stays"), queryset=Organisation.objects.none()
    )

    def __init__(self, *args, gone, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = editable(Organisation, user).exclude(pk=gone.pk)
        self.fields["into"].widget = OrganisationChooser().widget_class()


class MergeView(DeskPage):
    """Choose the organisation that stays, see what moves, and do it."""

    model = Organisation
    template_name = "desk/merge.html"
    page_title = gettext_lazy("Merge into another organisation")
    header_icon = "group"

    def get_form(self):
        data = self.request.POST or (self.request.GET if "into" in self.request.GET else None)
        return IntoForm(data, gone=self.object, user=self.request.user)

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        into = form.cleaned_data["into"]
        try:
            merging.merge_organisations(self.object, into, by=request.user, now=timezone.now())
        except CannotMerge:
            messages.error(
                request,
                _("Nothing was merged: records stand in the way that cannot be moved."),
            )
            return redirect(request.get_full_path())
        messages.success(
            request,
            _("“%(gone)s” is now part of “%(into)s”. You can undo this under Merged organisations.")
            % {"gone": self.object.name, "into": into.name},
        )
        return redirect(reverse("desk_merges:index"))

    def get_context_data(self, form=None, **kwargs):
        form = form or self.get_form()
        into = form.cleaned_data["into"] if form.is_bound and form.is_valid() else None
        return {
            **super().get_context_data(**kwargs),
            "form": form,
            "into": into,
            "plan": merging.plan_merge(self.object, into) if into else [],
        }


class UndoMergeView(PermissionCheckedMixin, View):
    model = OrganisationMerge
    permission_required = "change"
    index_url_name = None
    WHY = {
        "again": gettext_lazy("This merge was undone already."),
        "address": gettext_lazy("Another organisation has its address now. Change that first."),
    }

    def post(self, request, pk):
        merge = get_object_or_404(editable(OrganisationMerge, request.user), pk=pk)
        try:
            back = merging.undo_merge(merge, by=request.user, now=timezone.now())
        except CannotUndo as error:
            messages.warning(request, self.WHY[error.why])
        else:
            messages.success(
                request, _("“%(name)s” stands for itself again.") % {"name": back.name}
            )
        return redirect(self.index_url_name)
