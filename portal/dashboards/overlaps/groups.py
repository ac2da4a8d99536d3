"""Overlaps in groups: activities that are alike in pairs, drawn together into one group each, as a reader sees them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.choices import CoordinationState, OverlapKind, OverlapState, WriterChoice
from activities.models import Activity, Agreement, Coordination, Message, Overlap, OverlapStatement
from activities.sight import SIGHT_PREFETCH, blind_sides
from portal.dashboards.lens import Lens
from portal.dashboards.who.periods import Bar, axis_of, bar
from portal.directory.models import Place
from portal.lib.numbers import day, month, period, whole
from strategy.analysis.overlap import groups as connected
from strategy.models import Objective

from .money import Planned, Purse, budgets_of
from .needs import Need, needs
from .signs import Sign, matching, reasons, seen_place, signs_of

#: How many activities of a group have a bar in the list, and how many of its strongest pairs are read for it.
MOST_BARS, MOST_READ = 5, 12
RELATED = (
    "first__reporting_organisation",
    "second__reporting_organisation",
    "objective",
    "place__parent__parent__parent",
    "coordination",
    "settled_by",
)


@dataclass(frozen=True, slots=True)
class Keys:
    """A group before it is read: keys of its overlaps, the strongest first, and of its activities."""

    overlaps: tuple[int, ...]
    activities: tuple[int, ...]
    is_mine: bool  # one of the reader's organisations reports one of them


@dataclass(frozen=True, slots=True)
class Line:
    """One activity of a group with its period."""

    activity: Activity
    bar: Bar | None
    period: str


@dataclass(frozen=True)
class Group:
    """Activities that look alike, with the signs, the money and the state of the talk. `lead` is the strongest pair."""

    lens: Lens
    overlaps: Sequence[Overlap]  # the strongest
    activities: Sequence[Activity]  # those of these overlaps
    count: int  # of all its activities
    planned: Planned
    place: Place | None
    need: Need | None
    talk: str
    blind: Sequence[
        str
    ] = ()  # organisations that do not see the other's record; for the secretariat
    months: Sequence[str] = ()
    lines: Sequence[Line] = field(default=())

    @property
    def lead(self) -> Overlap:
        return self.overlaps[0]

    @cached_property
    def signs(self) -> list[Sign]:
        return signs_of(self.lead)

    @property
    def matching(self) -> str:
        return matching(self.signs)

    @property
    def reasons(self) -> list[str]:
        return reasons(self.lead, self.signs, self.place)

    @property
    def pillar(self) -> int:
        return self.lead.objective.pillar if self.lead.objective else 0

    @property
    def kind(self) -> str:
        return str(OverlapKind(self.lead.kind).label)

    @property
    def title(self) -> str:
        return title_of(self.count, self.lead.objective, self.place)

    @property
    def organisations(self) -> list[str]:
        return list(dict.fromkeys(one.reporting_organisation.name for one in self.activities))

    @property
    def url(self) -> str:
        return reverse("dashboards:overlap", args=[self.lead.pk])

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


def title_of(count: int, objective: Objective | None, place: Place | None) -> str:
    """`3 similar activities: Identification and referral, North Border`."""
    what = [objective.short_title or objective.title] if objective else []
    what += [place.name] if place else []
    head = ngettext("%(number)s similar activity", "%(number)s similar activities", count) % {
        "number": whole(count)
    }
    return f"{head}: {', '.join(what)}" if what else head


def keys_of(overlaps: QuerySet[Overlap], organisations: Iterable[int] = ()) -> list[Keys]:
    """The groups of these overlaps, the strongest first. One query.

    Records linked as one activity are one: no money is in two groups.
    """
    mine = set(organisations)
    rows = overlaps.order_by("-score", "pk").values_list(
        "pk", "first", "second", "first__link_group", "second__link_group",
        "first__reporting_organisation", "second__reporting_organisation",
    )  # fmt: skip
    rows = list(rows)
    nodes: dict[int, int] = {}  # activity -> the activity that stands for its linked records
    standing: dict[int, int] = {}
    for _pk, first, second, link, other_link, *_owners in rows:
        for activity, group in ((first, link), (second, other_link)):
            nodes[activity] = standing.setdefault(group, activity) if group else activity
    parts = connected((nodes[row[1]], nodes[row[2]]) for row in rows)
    part_of = {node: number for number, part in enumerate(parts) for node in part}
    found: dict[int, tuple[list[int], dict[int, None], list[bool]]] = defaultdict(
        lambda: ([], {}, [])
    )
    for pk, first, second, _link, _other, owner, other_owner in rows:
        pks, activities, own = found[part_of[nodes[first]]]
        pks.append(pk)
        activities.update({first: None, second: None})
        own.append(owner in mine or other_owner in mine)
    return [
        Keys(tuple(pks), tuple(activities), any(own)) for pks, activities, own in found.values()
    ]


def read_groups(lens: Lens, groups: Sequence[Keys], purse: Purse, user) -> list[Group]:
    """These groups, of what the reader sees (`keys_of`), with all that the list shows.

    purse: holds the budgets of their activities. The number of queries depends on no number of rows.
    """
    if not groups:
        return []
    wanted = {pk for keys in groups for pk in keys.overlaps[:MOST_READ]}
    # The keys were read through `visible_to`: asking again would cost more than all the rest.
    rows = Overlap.objects.filter(pk__in=wanted).select_related(*RELATED)
    if lens.viewer.is_secretariat:
        rows = rows.prefetch_related(*SIGHT_PREFETCH)
    overlaps = {row.pk: row for row in rows}
    places = {keys: seen_place(overlaps[keys.overlaps[0]], lens.viewer) for keys in groups}
    found = needs(lens, [(overlaps[keys.overlaps[0]].objective, places[keys]) for keys in groups])
    talks = talks_of(overlaps.values(), user)
    said = _statements(overlaps)
    return [
        _group(lens, keys, overlaps, purse, places[keys], found, talks, said) for keys in groups
    ]


def _group(lens, keys, overlaps, purse, place, found, talks, said) -> Group:
    mine = [overlaps[pk] for pk in keys.overlaps[:MOST_READ]]
    activities = in_reading_order(mine, lens.viewer.organisations)
    lead = mine[0]
    need = found.get((lead.objective_id, place.pk)) if place and lead.objective_id else None
    axis = axis_of([(one.planned_start, one.planned_end) for one in activities], lens)
    quarter = (axis.last - axis.first) / 4
    blind = (
        {one.name: None for overlap in mine for one in blind_sides(overlap)}
        if (lens.viewer.is_secretariat)
        else {}
    )
    return Group(
        lens=lens,
        overlaps=mine,
        activities=activities,
        count=len(keys.activities),
        planned=purse.together(keys.activities),
        place=place,
        need=need,
        talk=talk_words(mine, talks, said),
        blind=tuple(blind),
        months=tuple(month(axis.first + quarter * step) for step in range(4)),
        lines=tuple(
            Line(
                one,
                bar(one.planned_start, one.planned_end, lens.as_of, axis),
                period(one.planned_start, one.planned_end),
            )
            for one in activities[:MOST_BARS]
        ),
    )


def in_reading_order(overlaps: Iterable[Overlap], own: Iterable[int]) -> list[Activity]:
    """The activities of these overlaps, one's own first, then as the strongest pairs bring them."""
    seen: dict[int, Activity] = {}
    for overlap in overlaps:
        for activity in (overlap.first, overlap.second):
            seen.setdefault(activity.pk, activity)
    own = set(own)
    return sorted(seen.values(), key=lambda one: one.reporting_organisation_id not in own)


# The state of the talk


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation that the reader may see: when it last moved, and what is proposed."""

    coordination: Coordination
    last_message_at: datetime | None
    proposed: str  # what waits for answers, in words; "" for nothing


def talks_of(overlaps: Iterable[Overlap], user) -> dict[int, Talk]:
    """By key of the coordination, the conversations behind these overlaps that the reader may see. Three queries."""
    keys = {one.coordination_id for one in overlaps if one.coordination_id}
    if not keys:
        return {}
    seen = {one.pk: one for one in Coordination.objects.visible_to(user).filter(pk__in=keys)}
    last = dict(
        Message.objects.filter(coordination__in=seen)
        .order_by()
        .values_list("coordination")
        .annotate(at=Max("sent_at"))
    )
    proposed = {
        one.coordination_id: one.get_kind_display()
        for one in Agreement.objects.filter(coordination__in=seen, agreed_at=None)
    }
    return {key: Talk(one, last.get(key), str(proposed.get(key, ""))) for key, one in seen.items()}


def _statements(overlaps: Iterable[int]) -> dict[int, OverlapStatement]:
    """By key of the overlap, the latest thing that somebody said of it in the form. One query."""
    rows = OverlapStatement.objects.filter(overlap__in=list(overlaps)).order_by("said_at", "pk")
    return {row.overlap_id: row for row in rows.select_related("organisation")}


def talk_words(overlaps: Sequence[Overlap], talks: dict[int, Talk], said) -> str:
    """Where the talk stands, in a sentence or two."""
    lead = next((one for one in overlaps if one.state == OverlapState.TALKING), overlaps[0])
    if lead.state == OverlapState.TALKING:
        talk = talks.get(lead.coordination_id)
        if talk is None:
            return _("They are talking.")
        if talk.proposed:
            return _("Proposed: %(what)s. It waits for answers.") % {"what": talk.proposed}
        if talk.last_message_at is None:
            return _("A conversation is open. Nobody has written yet.")
        return _("They are talking. Last message on %(day)s.") % {
            "day": day(talk.last_message_at.date())
        }
    if lead.is_settled:
        return str(lead.get_state_display())
    if lead.reopened_at is not None:
        return _("Opened again on %(day)s after an edit.") % {"day": day(lead.reopened_at.date())}
    word = next((said[one.pk] for one in overlaps if one.pk in said), None)
    if word is not None:
        return _("%(organisation)s says: %(choice)s.") % {
            "organisation": word.organisation,
            "choice": WriterChoice(word.choice).label,
        }
    if lead.coordination_id and lead.coordination.state == CoordinationState.CLOSED:
        return _("A conversation was closed without a decision.")
    return _("New. Nobody talks about it yet.")


def group_around(overlap: Overlap, user) -> list[Overlap]:
    """The overlap's group as the reader sees it, itself first; a decided one stands alone."""
    if overlap.is_settled:
        return [overlap]
    alive_ = Q(state=OverlapState.OPEN, is_alike=True) | Q(state=OverlapState.TALKING)
    seen = Overlap.objects.visible_to(user).filter(alive_ | Q(pk=overlap.pk))
    ends = {overlap.first_id, overlap.second_id}
    near = list(seen.filter(Q(first__in=ends) | Q(second__in=ends)).select_related(*RELATED))
    others = {key for one in near for key in (one.first_id, one.second_id)} - ends
    between = seen.filter(first__in=others, second__in=others).select_related(*RELATED)
    found = {one.pk: one for one in (*near, *between)}
    found.pop(overlap.pk, None)
    return [overlap, *sorted(found.values(), key=lambda one: (-one.score, one.pk))]


def purse_of(lens: Lens, overlaps: QuerySet[Overlap]) -> Purse:
    """The budgets of all activities in these overlaps. A query beside those of the rates."""
    rows = overlaps.order_by()
    activities = Activity.objects.filter(
        Q(pk__in=rows.values("first")) | Q(pk__in=rows.values("second"))
    )
    return Purse(lens, budgets_of(activities))
