"""One overlap side by side: its activities in columns, the sign for each row, and what may be done."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from activities.choices import Exploitation, OverlapKind, OverlapState, Population
from activities.models import (
    Activity,
    ActivityObjective,
    ActivityPlace,
    Overlap,
    OverlapStatement,
    PeopleReached,
)
from activities.sight import SIGHT_PREFETCH, blind_sides
from grants.models import ActivityFunding
from portal.dashboards.lens import Lens
from portal.dashboards.who.listing import places_in_words, shown_places
from portal.dashboards.who.periods import Bar, axis_of, bar
from portal.dashboards.who.reach import Reached, people_reached
from portal.directory.models import Organisation, Place
from portal.history.services import history_of
from portal.lib.numbers import money, period

from .groups import in_reading_order, talk_words, talks_of, title_of
from .marking import marked
from .money import Planned, Purse, budgets_of
from .needs import Need, needs
from .signs import Sign, matching, seen_place, signs_of

#: More columns than these cannot be read side by side; what else is alike is listed below.
MOST_COLUMNS = 4


@dataclass(frozen=True)
class Column:
    """One activity as this reader may see it."""

    activity: Activity
    letter: str
    is_mine: bool
    objectives: Sequence[ActivityObjective]
    places: str
    bar: Bar | None
    period: str
    shared: (
        tuple[float, float] | None
    )  # the days that all share: start and length on the bar's axis
    people: Sequence[str]
    reach: Reached | None
    title: SafeString
    text: SafeString
    budget: str
    in_currency: str
    funders: Sequence[str]


@dataclass(frozen=True)
class Comparison:
    """At most four activities side by side. `overlaps` are the pairs among them; the first is the page's own."""

    lens: Lens
    overlap: Overlap
    overlaps: Sequence[Overlap]
    columns: Sequence[Column]
    others: Sequence[Overlap]  # pairs with activities that stand in no column
    planned: Planned
    place: Place | None
    need: Need | None
    talk: str
    statements: Sequence[OverlapStatement]
    blind: Sequence[Organisation]
    shared_words: str

    @cached_property
    def signs(self) -> dict[str, Sign]:
        return {sign.key: sign for sign in signs_of(self.overlap)}

    @property
    def matching(self) -> str:
        return matching(list(self.signs.values()))

    @property
    def title(self) -> str:
        return title_of(len(self.columns), self.overlap.objective, self.place)

    @property
    def kind(self) -> str:
        return str(OverlapKind(self.overlap.kind).label)

    @property
    def pillar(self) -> int:
        return self.overlap.objective.pillar if self.overlap.objective else 0

    @property
    def organisations(self) -> list[Organisation]:
        found = {one.activity.reporting_organisation_id: one.activity for one in self.columns}
        return [activity.reporting_organisation for activity in found.values()]

    @property
    def is_within_one(self) -> bool:
        """All records are of one organisation: a likely double entry, with nobody to talk to."""
        return len(self.organisations) == 1


def comparison(lens: Lens, group: Sequence[Overlap], user) -> Comparison:
    """The overlap (the first of its group) with the rest of the group side by side."""
    overlap = group[0]
    own = lens.viewer.organisations
    wanted = in_reading_order(group, ())[:MOST_COLUMNS]
    keys = [one.pk for one in wanted]
    activities = sorted(
        _read(user, keys),
        key=lambda one: (one.reporting_organisation_id not in own, keys.index(one.pk)),
    )
    shown = set(keys)
    among = [one for one in group if one.first_id in shown and one.second_id in shown]
    place = seen_place(overlap, lens.viewer)
    found = needs(lens, [(overlap.objective, place)])
    purse = Purse(lens, budgets_of(Activity.objects.filter(pk__in=keys)))
    talks = talks_of(among, user)
    statements = _latest(among)
    said = {one.overlap_id: one for one in statements}
    first, last = _shared(among)
    axis = axis_of([(one.planned_start, one.planned_end) for one in activities], lens)
    shared = None
    if first and last:
        band = bar(first, last, lens.as_of, axis)
        shared = (band.start, band.length) if band else None
    words = list(dict.fromkeys(word for one in among for word in one.shared_words))
    funders = _funders(keys, lens)
    columns = []
    for letter, one in zip("ABCD", activities, strict=False):
        mine = lens.viewer.is_secretariat or one.is_owned_by(lens.viewer)
        cents = purse.cents(one.pk)
        reached = people_reached(one.people_reached.all(), exact=mine)
        columns.append(
            Column(
                activity=one,
                letter=letter,
                is_mine=one.reporting_organisation_id in own,
                objectives=list(one.objective_shares.all()),
                places=places_in_words(
                    shown_places(one, one.place_shares.all(), exact=mine),
                    is_stated=bool(one.place_shares.all()),
                ),
                bar=bar(one.planned_start, one.planned_end, lens.as_of, axis),
                period=period(one.planned_start, one.planned_end),
                shared=shared,
                people=[
                    *(str(Population(row.group).label) for row in one.populations.all()),
                    *(str(Exploitation(row.form).label) for row in one.exploitations.all()),
                ],
                reach=reached[0] if reached else None,
                title=marked(one.title, words),
                text=marked(one.description, words),
                budget=money(one.budget_amount, one.budget_currency)
                if one.budget_amount is not None
                else "",
                in_currency=money(cents, lens.currency)
                if cents is not None and one.budget_currency != lens.currency
                else "",
                funders=funders.get(one.pk, ()),
            )
        )
    return Comparison(
        lens=lens,
        overlap=overlap,
        overlaps=among,
        columns=columns,
        others=[one for one in group if one not in among],
        planned=purse.together(),
        place=place,
        need=found.get((overlap.objective_id, place.pk))
        if place and overlap.objective_id
        else None,
        talk=talk_words(among, talks, said),
        statements=statements,
        blind=_blind(among) if lens.viewer.is_secretariat else (),
        shared_words=_days_words(first, last, len(columns)),
    )


def _read(user, keys: Sequence[int]) -> list[Activity]:
    shares = ActivityPlace.objects.select_related("place__parent__parent").order_by("-share", "pk")
    return list(
        Activity.objects.visible_to(user)
        .filter(pk__in=keys)
        .select_related("reporting_organisation")
        .prefetch_related(
            Prefetch("objective_shares", ActivityObjective.objects.select_related("objective")),
            Prefetch("place_shares", shares),
            Prefetch("people_reached", PeopleReached.objects.order_by("period_start")),
            "populations",
            "exploitations",
        )
    )


def _shared(overlaps: Sequence[Overlap]):
    """The days on which all of them run; None and None where there are none."""
    starts = [one.shared_from for one in overlaps]
    ends = [one.shared_until for one in overlaps]
    if not all(starts) or not all(ends) or max(starts) > min(ends):
        return None, None
    return max(starts), min(ends)


def _days_words(first, last, count: int) -> str:
    if first is None or last is None:
        return _("Not at the same time")
    when = {"when": period(first, last)}
    return _("Both: %(when)s") % when if count == 2 else _("All: %(when)s") % when


def _latest(overlaps: Sequence[Overlap]) -> list[OverlapStatement]:
    """What each writer said last of these pairs, oldest first."""
    rows = (
        OverlapStatement.objects.filter(overlap__in=overlaps)
        .select_related("organisation", "activity")
        .order_by("said_at", "pk")
    )
    latest = {(row.overlap_id, row.said_by_id): row for row in rows}
    return list(latest.values())


def _funders(keys: Sequence[int], lens: Lens) -> dict[int, list[str]]:
    """By activity, who pays for it, as far as this reader may see the grants."""
    rows = ActivityFunding.objects.visible_to(lens.viewer).filter(activity__in=keys)
    found: dict[int, list[str]] = defaultdict(list)
    for activity, name in rows.order_by("pk").values_list(
        "activity", "grant__funding_organisation__name"
    ):
        if name not in found[activity]:
            found[activity].append(name)
    return found


def _blind(overlaps: Sequence[Overlap]) -> list[Organisation]:
    """The organisations that may not see the other side: told to the secretariat alone."""
    rows = (
        Overlap.objects.filter(pk__in=[one.pk for one in overlaps])
        .select_related("first__reporting_organisation", "second__reporting_organisation")
        .prefetch_related(*SIGHT_PREFETCH)
    )
    return list({one.pk: one for row in rows for one in blind_sides(row)}.values())


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of an overlap's history, in words."""

    at: object
    who: str
    what: str


def steps_of(overlap: Overlap) -> list[Step]:
    """What became of an overlap, newest first: changes of its state, with who and when."""
    labels = {state.value: str(state.label) for state in OverlapState}
    found = []
    for entry in history_of(overlap):
        change = entry.data.get("changes", {}).get("state")
        if not change or change[0] is None:
            continue
        old, new = (labels.get(value, "") for value in change)
        what = _("%(new)s (before: %(old)s)") % {"new": new, "old": old}
        found.append(Step(entry.timestamp, str(entry.user or _("The portal")), what))
    return found
