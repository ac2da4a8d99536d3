"""What the page of the form shows: choices with what is chosen, shares, found places and partners, the draft."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.choices import (
    ActivityStatus,
    DeliveryMode,
    Exploitation,
    OrganisationRole,
    Population,
)
from activities.models import ActivityDraft
from portal.directory.models import Organisation, Place
from portal.lib.numbers import percent_exact
from portal.records.choices import LocationPrecision, Visibility

from .choices import (
    MOST_FOUND,
    Branch,
    Options,
    describe,
    find_partners,
    find_places,
    has_inside,
    places_by_key,
    places_inside,
)
from .entry import MOST_PARTNERS, MOST_PLACES, Entry
from .keys import user_key
from .typed import Typed, equal_shares, or_zero


def form_context(options: Options, typed: Typed, draft: ActivityDraft | None = None) -> dict:
    """Everything that the fields of the form need; `typed` fills them."""
    places = _places(options, typed)
    named = {int(place["key"]): place["label"] for place in places}
    activity = options.activity
    return {
        "nav": "work",
        "sub": True,
        "options": options,
        "activity": activity,
        "typed": typed,
        "draft": draft,
        "user_key": user_key(options.user),
        "chosen_organisation": typed.one("organisation"),
        "branches": [_branch(branch, typed) for branch in options.tree],
        "objective_split": split(
            typed, "objective", {key: str(node) for key, node in options.objectives.items()}
        ),
        "places": places,
        "place_split": split(typed, "place", named),
        "place_result": place_result(typed),
        "months": [(str(number), name) for number, name in MONTHS.items()],
        "dates": [
            (name, label, *(typed.one(f"{name}_{part}") for part in ("month", "year", "day")))
            for name, label in (("start", _("Starts, month")), ("end", _("Ends, month")))
        ],
        "has_days": any(typed.one(f"{name}_day") for name in ("start", "end")),
        "statuses": ActivityStatus.choices if activity else [("", _("As its dates say")), *ActivityStatus.choices],
        "deliveries": DeliveryMode.choices,
        "populations": _ticked(Population, typed.all("population")),
        "exploitations": _ticked(Exploitation, typed.all("exploitation")),
        "partners": _partners(options, typed),
        "roles": OrganisationRole.choices,
        "partner_result": partner_result(typed, options),
        "chosen_currency": typed.one("currency") or options.currency,
        "visibilities": _visibilities(options, typed.one("visibility")),
        "groups": [(group, str(group.pk) in typed.all("group")) for group in options.groups],
        "precisions": _precisions(typed.one("precision") or LocationPrecision.EXACT),
        "leave_url": activity.get_absolute_url() if activity else reverse("dashboards:work"),
    }  # fmt: skip


def _ticked(choices, chosen: Sequence[str]) -> list[tuple[str, str, bool]]:
    return [(value, label, value in chosen) for value, label in choices.choices]


# Objectives


def _branch(branch: Branch, typed: Typed) -> dict:
    chosen = set(typed.keys_of("objective"))
    nodes = [
        {
            "node": node,
            "depth": depth,
            "on": node.pk in chosen,
            "label": _("%(pillar)s as a whole") % {"pillar": branch.name}
            if node.is_pillar
            else node.title,
        }
        for node, depth in branch.nodes
    ]
    count = sum(row["on"] for row in nodes)
    return {"pillar": branch.pillar, "name": branch.name, "nodes": nodes, "count": count}


# Shares


def split(typed: Typed, name: str, labels: Mapping[int, str]) -> dict:
    """The shares of what is chosen: rows of key, label and text, their sum, and what is left to give."""
    chosen = [key for key in typed.keys_of(name) if key in labels]
    texts = [typed.one(f"{name}_share-{key}").strip() for key in chosen]
    if len(chosen) > 1 and not any(texts):
        texts = [_text(share) for share in equal_shares(len(chosen))]
    total = sum(map(or_zero, texts), Decimal(0))
    return {
        "name": name,
        "rows": [
            {"key": key, "label": labels[key], "text": text}
            for key, text in zip(chosen, texts, strict=True)
        ],
        "is_split": len(chosen) > 1,
        "total": percent_exact(total),
        "is_right": total == 100,
    }


def shared_out(typed: Typed, name: str, how: str) -> Typed:
    """What was typed, with shares given out: `equal` to all, or what is left (`rest`) to those without one."""
    chosen = typed.keys_of(name)
    if not chosen:
        return typed
    fields = [f"{name}_share-{key}" for key in chosen]
    given = dict(typed)
    if how == "equal":
        parts = equal_shares(len(chosen))
        given |= {one: [_text(part)] for one, part in zip(fields, parts, strict=True)}
        return Typed(given)
    blank = [one for one in fields if not or_zero(typed.one(one))] or fields[-1:]
    rest = 100 - sum((or_zero(typed.one(one)) for one in fields if one not in blank), Decimal(0))
    if rest > 0:
        parts = [rest * part / 100 for part in equal_shares(len(blank))]
        parts = [part.quantize(Decimal("0.000001")) for part in parts]
        parts[-1] += rest - sum(parts)
        given |= {one: [_text(part)] for one, part in zip(blank, parts, strict=True)}
    return Typed(given)


def _text(share: Decimal) -> str:
    return f"{share.normalize():f}"


# Places


def _places(options: Options, typed: Typed) -> list[dict]:
    """Places at hand, then what else is chosen."""
    chosen = typed.keys_of("place")[:MOST_PLACES]
    at_hand = options.places_at_hand
    known = {place.pk for place in at_hand}
    more = places_by_key([key for key in chosen if key not in known])
    rows = [place_row(place, place.pk in chosen) for place in (*at_hand, *more)]
    if len({row["detail"] for row in rows}) == 1:  # the same for all tells none apart
        rows = [{**row, "detail": ""} for row in rows]
    return rows


def place_row(place: Place, is_on: bool = False) -> dict:
    """A place to choose: key, name, what it lies in, and whether one can look inside."""
    return {
        "key": place.pk,
        "label": place.name,
        "detail": describe(place),
        "on": is_on,
        "inside": has_inside(place),
    }


def place_result(typed: Typed) -> dict:
    """What was looked for by name, or the places inside one; without what is chosen already."""
    chosen = set(typed.keys_of("place"))
    words = typed.one("find_place").strip()
    inside = typed.keys_of("inside")
    if inside:
        place, found = places_inside(inside[0])
        says = _("In %(place)s:") % {"place": place.name} if place else _("No such place.")
    elif words:
        found = [one for one in find_places(words) if one.pk not in chosen]
        says = found_says(words, len(found))
    else:
        return {"says": "", "rows": []}
    return {"says": says, "rows": [place_row(one) for one in found if one.pk not in chosen]}


def found_says(words: str, count: int) -> str:
    """How many were found, in words."""
    if len(words) < 2:
        return _("Type at least two letters.")
    if not count:
        return _("Nothing is called “%(words)s”.") % {"words": words}
    if count == MOST_FOUND:
        return _("The first %(count)s are shown. Type more to see fewer.") % {"count": count}
    return ngettext("%(count)s found", "%(count)s found", count) % {"count": count}


# Partners


def _partners(options: Options, typed: Typed) -> list[dict]:
    """The partners chosen, one row per role."""
    chosen = typed.keys_of("partner")[:MOST_PARTNERS]
    found = Organisation.objects.visible_to(options.user).in_bulk(chosen)
    return [
        {"key": key, "label": found[key].name, "role": role}
        for key in chosen
        if key in found
        for role in typed.all(f"role-{key}") or [OrganisationRole.IMPLEMENTING]
    ]


def partner_result(typed: Typed, options: Options) -> dict:
    words = typed.one("find_partner").strip()
    if not words:
        return {"says": "", "rows": []}
    known = {*typed.keys_of("partner"), Entry(typed, options).own_organisation()}
    found = find_partners(words, options.user)
    rows = [
        {"key": one.pk, "label": one.name, "detail": one.country.name if one.country else ""}
        for one in found
        if one.pk not in known
    ]
    return {"says": found_says(words, len(rows)), "rows": rows, "is_none": not found}


# Who sees it


def _visibilities(options: Options, chosen: str) -> list[tuple[str, str, str, bool]]:
    rows = [
        (Visibility.PUBLIC, _("Everyone"), _("On the public pages and in open data")),
        (
            Visibility.COALITION,
            _("Members of the coalition"),
            _("And funders that take part. Not on the public pages"),
        ),
        (
            Visibility.WORKING_GROUP,
            _("Only working groups I name"),
            _("For sensitive work. Others do not see that it exists"),
        ),
        (
            Visibility.ORGANISATION,
            _("Only my organisation"),
            _("And the secretariat. It is in no one else's list or number"),
        ),
    ]
    return [
        (value, label, hint, value == chosen)
        for value, label, hint in rows
        if value != Visibility.WORKING_GROUP or options.groups
    ]


def _precisions(chosen: str) -> list[tuple[str, str, bool]]:
    rows = [
        (LocationPrecision.EXACT, _("As I chose it above")),
        (LocationPrecision.DIVISION, _("The region or province, no closer")),
        (LocationPrecision.COUNTRY, _("The country only")),
        (LocationPrecision.HIDDEN, _("Not at all")),
    ]
    return [(value, label, value == chosen) for value, label in rows]
