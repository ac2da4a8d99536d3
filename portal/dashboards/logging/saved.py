"""What a member gets back after saving: who is near, the gap it closes, who pays there, words for a proposal."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from activities.models import Activity, ActivityObjective
from activities.personal_data import hits_of
from portal.directory.access import PUBLIC_VIEWER
from portal.directory.models import Organisation
from portal.lib.numbers import day, money, period
from portal.records.choices import ReviewState, Visibility

from ..lens import Lens, plain_lens
from ..objectives.quarters import quarters
from ..png import png
from ..rows import rows_url
from ..who.activity_page import seen_by
from ..who.filters import keys_within, shares_within
from ..who.listing import ListRow, newest_rows, shown_places
from ..words import period_words
from .effects import Budget, Effect, effects
from .sheet import sheet

MOST_NEAR = 6
MOST_FUNDERS = 5
NAMED = 3


@dataclass(frozen=True)
class Saved:
    """An activity among the others, as the reader of a lens may know them."""

    lens: Lens
    activity: Activity

    @cached_property
    def effects(self) -> list[Effect]:
        """The gap at each of its objectives and places, and what its budget would change."""
        one = self.activity
        shares = one.objective_shares.all()
        nodes = [
            (self.lens.objectives[row.objective_id], row.share)
            for row in shares
            if row.objective_id in self.lens.objectives
        ]
        # As its readers see the places: what is shown by country only is judged by country.
        exact = self._is_mine
        given = {row.place_id: row.share for row in one.place_shares.all()}
        places = shown_places(one, one.place_shares.all(), exact=exact)
        spots = [(place, given.get(place.pk, Decimal(100) / len(places))) for place in places]
        budget = None
        if one.budget_amount is not None:
            budget = Budget(
                one.budget_amount,
                one.budget_currency,
                one.planned_start,
                one.planned_end,
                one.budget_value_date,
            )
        return effects(self.lens, nodes, spots, budget)

    @property
    def main(self) -> Effect | None:
        """Where most of it goes."""
        return self.effects[0] if self.effects else None

    @property
    def _is_mine(self) -> bool:
        viewer = self.lens.viewer
        return viewer.is_secretariat or self.activity.is_owned_by(viewer)

    def _near(self):
        """Activities of others for the same objectives in the same places, that the reader may see."""
        pairs = {
            (effect.objective.pk, getattr(effect.lens.place, "pk", None)): effect
            for effect in self.effects
        }
        same = Q(pk__in=())
        for effect in pairs.values():
            keys = keys_within(self.lens, effect.objective)
            serves = ActivityObjective.objects.filter(objective__in=keys).order_by()
            here = Q(pk__in=serves.values("activity"))
            if effect.lens.place is not None:
                at = shares_within(effect.lens.place, self.lens.viewer).order_by()
                here &= Q(pk__in=at.values("activity"))
            same |= here
        rows = Activity.objects.visible_to(self.lens.viewer).counting().filter(same)
        rows = rows.still_true_on(self.lens.as_of).exclude(
            reporting_organisation=self.activity.reporting_organisation_id
        )
        first = self.activity.planned_start or self.lens.as_of
        return rows.exclude(planned_end__lt=first).exclude(actual_end__lt=first)

    @cached_property
    def near(self) -> list[ListRow]:
        return newest_rows(self.lens, self._near(), MOST_NEAR)

    @cached_property
    def near_count(self) -> int:
        return self._near().order_by().count()

    @cached_property
    def funders(self) -> list[tuple[Organisation, int]]:
        """Who pays for the main objective in the main place: cents committed, the most first."""
        if self.main is None:
            return []
        sums: dict[int, int] = {}
        for row in quarters(self.main.lens):
            sums[row.funder] = sums.get(row.funder, 0) + row.amount
        keys = [key for key, cents in sorted(sums.items(), key=lambda one: -one[1]) if cents > 0]
        found = Organisation.objects.in_bulk(keys[:MOST_FUNDERS])
        return [(found[key], sums[key]) for key in keys[:MOST_FUNDERS] if key in found]


# What is said of it


def proposal(saved: Saved) -> str:
    """A paragraph for the next proposal, from the figures with their addresses; empty without an objective.

    saved: as the public sees it, because a proposal leaves the coalition.
    """
    main = saved.main
    if main is None:
        return ""
    lens, activity = main.lens, saved.activity
    said = []
    if main.asked:
        words = _(
            "In %(place)s, the strategy of %(coalition)s asks for %(asked)s for objective %(objective)s from "
            "%(years)s. %(committed)s is committed, %(share)s of what is asked is met, and %(missing)s is missing "
            "(as of %(day)s, %(url)s)."
        )
    else:
        words = _(
            "In %(place)s, %(committed)s is committed to objective %(objective)s of the strategy of %(coalition)s; "
            "no requirement is stated (as of %(day)s, %(url)s)."
        )
    said.append(
        words
        % {
            "place": main.where,
            "coalition": lens.strategy.coalition_name,
            "objective": f"{main.objective.code} “{main.objective.title}”",
            "years": period_words(lens),
            "asked": main.required_words,
            "committed": main.committed_words,
            "share": main.text,
            "missing": main.missing_words,
            "day": day(lens.as_of),
            "url": absolute(main.missing_url if main.asked else main.url),
        }
    )
    if main.asked:
        said.append(main.beyond)
    said.append(_with_others(saved))
    what = {"title": activity.title, "who": activity.reporting_organisation.name}
    words = _("%(who)s works on it with “%(title)s”") % what
    if activity.planned_start and activity.planned_end:
        words += _(" (%(period)s)") % {
            "period": period(activity.planned_start, activity.planned_end)
        }
    said.append(f"{words}.")
    if activity.budget_amount is not None and main.closes:
        said.append(
            _("Its budget of %(amount)s would close %(closes)s of the gap.")
            % {
                "amount": money(activity.budget_amount, activity.budget_currency),
                "closes": money(main.closes, lens.currency),
            }
        )
    return " ".join(filter(None, said))


def _with_others(saved: Saved) -> str:
    if not saved.near:
        return _("Nobody else is on record there for the same objective.")
    names = list(dict.fromkeys(row.activity.reporting_organisation.name for row in saved.near))
    return ngettext(
        "%(names)s works there on the same.", "%(names)s work there on the same.", len(names)
    ) % {"names": get_text_list(names[:NAMED], _("and"))}


def absolute(path: str) -> str:
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + path


def _public(lens: Lens, activity: Activity) -> Saved:
    """The same as everybody would see it."""
    return Saved(lens.at(viewer=PUBLIC_VIEWER, known={}), activity)


def _own(request, pk) -> tuple[Lens, Activity]:
    lens = plain_lens(request)
    mine = Activity.objects.editable_by(request.user).values("pk")
    return lens, get_object_or_404(seen_by(lens).filter(pk__in=mine), pk=pk)


@login_required
@never_cache
@require_safe
def saved(request, pk):
    """Thank you: what the record is good for."""
    lens, activity = _own(request, pk)
    found = Saved(lens, activity)
    main = found.main
    return render(
        request,
        "dashboards/logging/saved.html",
        {
            "nav": "work",
            "sub": True,
            "activity": activity,
            "lens": lens,
            "saved": found,
            "state": _state(activity),
            "held": [one.hit.sentence for one in hits_of(activity)] if activity.is_held else [],
            "more_near": found.near_count - len(found.near),
            "near_url": _near_url(main),
            "funders": [
                (one, money(cents, lens.currency), rows_url(main.lens, "committed"))
                for one, cents in found.funders
            ],
            "proposal": proposal(_public(lens, activity)),
        },
    )


def _state(activity: Activity) -> str:
    """What happens next, in a sentence."""
    if activity.review_state == ReviewState.SUBMITTED:
        return _("The secretariat looks at it now. You are told when it is accepted.")
    if activity.review_state != ReviewState.ACCEPTED:
        return _("Nobody else sees it yet.")
    return {
        Visibility.PUBLIC: _("Everybody can see it now."),
        Visibility.COALITION: _("Members of the coalition can see it now."),
        Visibility.WORKING_GROUP: _("The working groups you named can see it now."),
        Visibility.ORGANISATION: _("Only your organisation and the secretariat see it."),
    }[Visibility(activity.visibility)]


def _near_url(main: Effect | None) -> str:
    if main is None:
        return ""
    params = {"objective": main.objective.code}
    if main.lens.place is not None:
        params["place"] = main.lens.place.code
    return f"{reverse('dashboards:who')}?{urlencode(params)}"


@login_required
@never_cache
@require_safe
def saved_png(request, pk):
    """One page about the activity and its gap, with the figures that everybody may see, as a picture."""
    lens, activity = _own(request, pk)
    found = _public(lens, activity)
    places = shown_places(activity, activity.place_shares.all(), exact=False)
    picture = sheet(
        title=activity.title,
        organisation=activity.reporting_organisation.name,
        place=", ".join(place.name for place in places[:NAMED]),
        period=period(activity.planned_start, activity.planned_end),
        effect=found.main,
        near=[row.activity.reporting_organisation.name for row in found.near],
        funders=[one.name for one, _cents in found.funders],
        is_public=activity.visibility == Visibility.PUBLIC,
    )
    return HttpResponse(
        png(picture),
        content_type="image/png",
        headers={"Content-Disposition": f'attachment; filename="activity-{activity.pk}.png"'},
    )
