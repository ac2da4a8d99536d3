"""The secretariat's lists at the desk: activities that wait for review, and texts that are held back."""

from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from portal.directory.access import viewer_of
from portal.records.choices import ReviewState

from .exceptions import NotHeld, NotSubmitted
from .models import Activity, ActivityObjective, ActivityPlace, Review, TextHold
from .personal_data import CHECKED, hits_of, release_hold
from .reviewing import accept, review_is_on, send_back

PER_PAGE = 50


class ForTheSecretariat:
    """Only the secretariat decides about the records of others."""

    def dispatch(self, request, *args, **kwargs):
        if not viewer_of(request.user).is_secretariat:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class QueueView(ForTheSecretariat, WagtailAdminTemplateMixin, TemplateView):
    """A page of a list with forms."""

    index_url_name = None

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    @cached_property
    def page(self):
        return Paginator(self.get_rows(), PER_PAGE).get_page(self.request.GET.get("p"))


def _activities():
    return Activity.objects.select_related("reporting_organisation").prefetch_related(
        Prefetch("objective_shares", ActivityObjective.objects.select_related("objective")),
        Prefetch("place_shares", ActivityPlace.objects.select_related("place")),
        Prefetch("reviews", Review.objects.select_related("by")),
    )


class ReviewView(QueueView):
    """Activities that wait for review, the longest waiting first."""

    template_name = "desk/reviews.html"
    page_title = gettext_lazy("Review")
    header_icon = "check"

    def get_rows(self):
        waiting = _activities().visible_to(self.request.user)
        waiting = waiting.filter(review_state=ReviewState.SUBMITTED)
        return waiting.order_by("updated_at", "pk")

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "page": self.page, "is_on": review_is_on()}


class DecideView(ForTheSecretariat, View):
    """Accepts or returns what is ticked, or the one whose own button was used."""

    index_url_name = None

    def post(self, request):
        one = request.POST.get("accept_one")
        keys = [one] if one else request.POST.getlist("activity")
        keys = [int(key) for key in keys if key.isdigit()]
        chosen = list(Activity.objects.editable_by(request.user).filter(pk__in=keys))
        comment = request.POST.get("comment", "").strip()
        returning = not one and "return" in request.POST
        if not chosen:
            messages.error(request, _("Tick at least one activity."))
        elif returning and not comment:
            messages.error(request, _("Say what is to be changed, so that the writers know."))
        else:
            self._decide(chosen, comment, returning)
        return redirect(self.index_url_name)

    def _decide(self, chosen, comment, returning):
        by, now = self.request.user, timezone.now()
        try:
            if returning:
                send_back(chosen, comment, by=by, now=now)
            else:
                accept(chosen, by=by, now=now)
        except NotSubmitted as refusal:
            names = ", ".join(f"“{one.title}”" for one in refusal.activities)
            messages.error(
                self.request,
                _("Nothing was changed: somebody decided about %(names)s already.")
                % {"names": names},
            )
            return
        words = (
            ngettext("%(n)d activity was returned.", "%(n)d activities were returned.", len(chosen))
            if returning
            else ngettext(
                "%(n)d activity was accepted.", "%(n)d activities were accepted.", len(chosen)
            )
        )
        messages.success(self.request, words % {"n": len(chosen)})


class HeldView(QueueView):
    """Activities that others do not see, because their text looks like it holds a person's data."""

    template_name = "desk/held.html"
    page_title = gettext_lazy("Held texts")
    header_icon = "warning"

    def get_rows(self):
        return (
            TextHold.objects.visible_to(self.request.user)
            .filter(activity__is_held=True, activity__removed_at=None)
            .select_related("activity__reporting_organisation")
            .order_by("held_at", "pk")
        )

    def get_context_data(self, **kwargs):
        rows = [(hold, marked_texts(hold.activity)) for hold in self.page]
        return {**super().get_context_data(**kwargs), "page": self.page, "rows": rows}


def marked_texts(activity: Activity) -> list[tuple[str, str, list[str]]]:
    """Each text with hits: its name, itself as HTML with the hits marked, and a sentence for each hit."""
    hits = hits_of(activity)
    found = []
    for field in CHECKED:
        mine = [one.hit for one in hits if one.field == field]
        if mine:
            text, parts, at = getattr(activity, field), [], 0
            for hit in mine:
                parts += [("span", text[at : hit.start]), ("mark", hit.text)]
                at = hit.end
            parts.append(("span", text[at:]))
            marked = format_html_join(
                "", "<{}>{}</{}>", ((tag, words, tag) for tag, words in parts)
            )
            label = Activity._meta.get_field(field).verbose_name
            found.append((label, marked, [hit.sentence for hit in mine]))
    return found


class ReleaseHoldView(ForTheSecretariat, View):
    """Lets others see one activity, with the reason why its text is about nobody."""

    index_url_name = None

    def post(self, request, pk):
        activity = get_object_or_404(Activity.objects.editable_by(request.user), pk=pk)
        reason = request.POST.get("reason", "").strip()[:300]
        if not reason:
            messages.error(request, _("Say why this text may be shown."))
            return redirect(self.index_url_name)
        try:
            release_hold(activity, reason, by=request.user, now=timezone.now())
        except NotHeld:
            messages.error(
                request, _("“%(title)s” is not held any more.") % {"title": activity.title}
            )
        else:
            messages.success(request, _("“%(title)s” is shown again.") % {"title": activity.title})
        return redirect(self.index_url_name)


class SecretariatMenuItem(MenuItem):
    def is_shown(self, request):
        return viewer_of(request.user).is_secretariat


class QueueViewSet(ViewSet):
    """A list for the secretariat, with one way to act on it."""

    menu_item_class = SecretariatMenuItem
    index_view_class = None
    act_view_class = None
    act_route = ""

    @cached_property
    def url_namespace(self):
        return f"desk_{self.name}"

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(index_url_name=self.get_url_name("index"), **kwargs)

    def get_urlpatterns(self):
        return [
            path("", self.construct_view(self.index_view_class), name="index"),
            path(self.act_route, self.construct_view(self.act_view_class), name="act"),
        ]


class ReviewViewSet(QueueViewSet):
    name = "reviews"
    icon = "check"
    menu_label = gettext_lazy("Review")
    index_view_class = ReviewView
    act_view_class = DecideView
    act_route = "decide/"


class HeldViewSet(QueueViewSet):
    name = "held_activities"
    icon = "warning"
    menu_label = gettext_lazy("Held texts")
    index_view_class = HeldView
    act_view_class = ReleaseHoldView
    act_route = "release/<int:pk>/"
