"""Making one organisation of two, and taking it back.

Every row that points at the merged organisation is saved anew with the other, so that histories are written and whoever
watches a kind of record hears of it. What is needed to undo it stands in `OrganisationMerge`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.core import serializers
from django.db import transaction
from django.db.models import Model, UniqueConstraint
from wagtail.log_actions import log

from portal.history.services import acting_as
from portal.history.signals import about_to_change
from portal.lib.text import fold

from .exceptions import CannotMerge, CannotUndo
from .joining import RANK
from .models import AlternativeName, Membership, Organisation, OrganisationMerge, WorkingGroupMember

#: Facts that the organisation that stays takes over where it says nothing itself.
FILLED = (
    "short_name",
    "organisation_type",
    "country_id",
    "website",
    "description",
    "is_member",
    "is_funder",
)
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Moving:
    """What a merge does with one kind of row."""

    label: str  # as in "activities: reporting organisation"
    moved: int
    dropped: int  # there already
    examples: list[str]


def plan_merge(gone: Organisation, into: Organisation) -> list[Moving]:
    """What would move and what is there already, for each kind of row that there is. Raises `CannotMerge`."""
    _refuse(gone, into)
    found = []
    for relation in _relations():
        moved, dropped = _parted(relation, gone, into)
        if moved or dropped:
            meta = relation.related_model._meta
            found.append(
                Moving(
                    f"{meta.verbose_name_plural} ({relation.field.verbose_name})",
                    len(moved),
                    len(dropped),
                    [str(row) for row in [*moved, *dropped][:SHOWN]],
                )
            )
    return found


@transaction.atomic
def merge_organisations(
    gone: Organisation, into: Organisation, *, by, now: datetime
) -> OrganisationMerge:
    """Give everything of `gone` to `into`. Raises `CannotMerge`."""
    _refuse(gone, into)
    about_to_change.send(Organisation, instance=into)
    pair = Organisation.objects.select_for_update().order_by("pk").in_bulk([gone.pk, into.pk])
    if len(pair) < 2:
        raise CannotMerge
    gone, into = pair[gone.pk], pair[into.pk]
    merge = OrganisationMerge(
        into=into,
        name=gone.name,
        slug=gone.slug,
        gone=_stored(gone),
        moved=[],
        dropped=[],
        changed=[],
        merged_by=by,
        merged_at=now,
    )
    with acting_as(by):
        for relation in _relations():
            _move(relation, gone, into, merge)
        _take_over(gone, into, merge)
        if any(_rows(relation, gone).exists() for relation in _relations()):
            raise CannotMerge
        gone.delete()
        merge.save()
        log(into, "fourfold.merge", user=by, data={"name": merge.name})
    return merge


@transaction.atomic
def undo_merge(merge: OrganisationMerge, *, by, now: datetime) -> Organisation:
    """Make two of one again: what moved and has not moved on goes back. Raises `CannotUndo`."""
    about_to_change.send(Organisation, instance=merge.into)
    merge = OrganisationMerge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at:
        raise CannotUndo("again")
    if Organisation.objects.filter(slug=merge.slug).exists():
        raise CannotUndo("address")
    into = Organisation.objects.select_for_update().get(pk=merge.into_id)
    with acting_as(by):
        back = _restore([merge.gone])[0]
        _change_back(merge)
        for entry in merge.moved:
            model, name = apps.get_model(entry["model"]), entry["field"]
            for row in model._base_manager.filter(pk__in=entry["keys"], **{name: into}):
                setattr(row, name, back)
                row.save(update_fields=[name])
        _change_back(merge, moved=True)
        _restore(merge.dropped)
        merge.undone_at, merge.undone_by = now, by
        merge.save(update_fields=["undone_at", "undone_by"])
        log(into, "fourfold.unmerge", user=by, data={"name": merge.name})
    return back


def moved_to(slug: str) -> Organisation | None:
    """The organisation that took in the one which had this address."""
    merge = OrganisationMerge.objects.standing().select_related("into").filter(slug=slug).first()
    return merge.into if merge else None


# Moving


def _refuse(gone, into) -> None:
    if gone.pk == into.pk:
        raise CannotMerge


def _relations():
    """Every foreign key to an organisation, those that its forms show as parts too."""
    return [
        relation for relation in Organisation._meta.related_objects if not relation.many_to_many
    ]


def _rows(relation, organisation):
    return relation.related_model._base_manager.filter(**{relation.field.name: organisation.pk})


def _parted(relation, gone, into) -> tuple[list[Model], list[Model]]:
    """(rows that can move, rows of which `into` has one already)."""
    rows = list(_rows(relation, gone).order_by("pk"))
    if not rows:
        return [], []
    taken: set[int] = set()
    for others, condition in _uniques(relation):
        if not others:
            continue  # one for each organisation: settled by `_step_back`
        theirs, ours = _rows(relation, into), _rows(relation, gone)
        if condition is not None:
            theirs, ours = theirs.filter(condition), ours.filter(condition)
        there = set(theirs.values_list(*others))
        taken |= {key for key, *values in ours.values_list("pk", *others) if tuple(values) in there}
    return (
        [row for row in rows if row.pk not in taken],
        [row for row in rows if row.pk in taken],
    )


def _uniques(relation) -> Iterator[tuple[list[str], object]]:
    """(the other fields, a condition or None) of each constraint that allows an organisation once."""
    for constraint in relation.related_model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and relation.field.name in constraint.fields:
            others = [name for name in constraint.fields if name != relation.field.name]
            yield others, constraint.condition


def _move(relation, gone, into, merge) -> None:
    name, model = relation.field.name, relation.related_model
    moved, dropped = _parted(relation, gone, into)
    for row in dropped:
        _fold_into(row, into, merge)
        if _depends_on(row):
            raise CannotMerge
        merge.dropped.append(_stored(row))
        row.delete()
    for row in moved:
        _step_back(row, relation, into, merge)
        setattr(row, name, into)
        row.save(update_fields=[name])
    if moved:
        keys = [row.pk for row in moved]
        merge.moved.append({"model": model._meta.label_lower, "field": name, "keys": keys})


def _step_back(row, relation, into, merge) -> None:
    """Where an organisation may have one such row, as its primary number, that of `into` stays the one."""
    for others, condition in _uniques(relation):
        if others or condition is None:
            continue
        rows = _rows(relation, into).filter(condition)
        mine = relation.related_model._base_manager.filter(condition, pk=row.pk)
        if rows.exists() and mine.exists():
            _change(row, "is_primary", False, merge)


def _fold_into(row, into, merge) -> None:
    """Of two memberships the higher role stays; of two parts in a group the one that says something."""
    if isinstance(row, Membership):
        there = Membership.objects.get(organisation=into, user=row.user_id)
        if RANK[row.role] > RANK[there.role]:
            _change(there, "role", row.role, merge)
    elif isinstance(row, WorkingGroupMember):
        there = WorkingGroupMember.objects.get(organisation=into, group=row.group_id)
        if row.statement and not there.statement:
            _change(there, "statement", row.statement, merge)


def _take_over(gone, into, merge) -> None:
    """Names and facts of `gone` that `into` does not have."""
    for name in FILLED:
        if getattr(gone, name) and not getattr(into, name):
            _change(into, name, getattr(gone, name), merge)
    known = {into.folded, *into.alternative_names.values_list("folded", flat=True)}
    for other in (gone.name, gone.short_name):
        if other and fold(other) not in known:
            known.add(fold(other))
            made = AlternativeName.objects.create(organisation=into, name=other)
            merge.changed.append(
                {"model": made._meta.label_lower, "key": made.pk, "field": "", "before": None}
            )


def _depends_on(row) -> bool:
    """Whether anything points at a row that would go."""
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: row.pk}).exists()
        for relation in row._meta.related_objects
    )


# Changing and storing


def _change(row, name, value, merge) -> None:
    merge.changed.append(
        {
            "model": row._meta.label_lower,
            "key": row.pk,
            "field": name,
            "before": getattr(row, name),
            "after": value,
        }
    )
    setattr(row, name, value)
    row.save(update_fields=[row._meta.get_field(name.removesuffix("_id")).name])


def _change_back(merge, *, moved=False) -> None:
    """Take back what the merge changed, where it still stands. moved: in rows that went along, else in the others."""
    went = {(entry["model"], key) for entry in merge.moved for key in entry["keys"]}
    for entry in merge.changed:
        if ((entry["model"], entry["key"]) in went) is not moved:
            continue
        row = apps.get_model(entry["model"])._base_manager.filter(pk=entry["key"]).first()
        if row is None:
            continue
        if not entry["field"]:
            row.delete()
        elif getattr(row, entry["field"]) == entry["after"]:
            setattr(row, entry["field"], entry["before"])
            row.save(update_fields=[row._meta.get_field(entry["field"].removesuffix("_id")).name])


def _stored(row) -> dict:
    return serializers.serialize("python", [row])[0]


def _restore(stored: list[dict]) -> list[Model]:
    """Put rows back with the keys they had; not those whose other end is gone or that came again."""
    rows = []
    for entry in stored:
        row = next(iter(serializers.deserialize("python", [entry]))).object
        if _has_its_ends(row) and not row._meta.model._base_manager.filter(pk=row.pk).exists():
            row._state.adding = True
            row.save(force_insert=True)
            rows.append(row)
    return rows


def _has_its_ends(row) -> bool:
    return all(
        getattr(row, field.attname) is None
        or field.related_model._base_manager.filter(pk=getattr(row, field.attname)).exists()
        for field in row._meta.concrete_fields
        if field.is_relation
    )
