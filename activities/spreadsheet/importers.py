"""Activities from spreadsheets: each row judged, those that are new or changed written, and taken back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.directory.access import viewer_of
from portal.history.signals import about_to_change
from portal.imports import told
from portal.imports.choices import Outcome
from portal.imports.kinds import Column, Row, Saved, TakenBack, Tell, Verdict
from portal.lib.bulk import insert
from portal.notices.services import notify
from portal.records.choices import ReviewState

from ..choices import ReviewStep
from ..models import Activity, ActivityIdentifier, Overlap, Review
from ..overlaps import mark_changed, update_overlaps
from ..personal_data import look_at
from ..reviewing import review_is_on, secretariat_people
from .bulk import (
    OWN_NUMBER,
    Values,
    change,
    from_plain,
    log_rows,
    make,
    plain,
    set_fields,
)
from .columns import BY_KEY, COLUMNS
from .effects import cells_of, effects, shown_effects
from .judging import STEP, Judge, Judged
from .names import Names


class ActivityImport:
    """The importer of activities."""

    key = "activities"
    label = gettext_lazy("Activities")
    help = gettext_lazy("Who does what, where and when")
    columns = COLUMNS

    def may_import(self, user) -> bool:
        viewer = viewer_of(user)
        return viewer.is_secretariat or bool(viewer.editable_organisations)

    def choices_of(self, column: Column) -> list[str]:
        from .exporters import objective_texts, short_lists

        if column.key == "objectives":
            return objective_texts()
        return [] if column.several else short_lists().get(column.listed, [])

    def check(self, whole, rows: Sequence[Row], *, by, tell: Tell | None = None) -> list[Verdict]:
        return [one.verdict for one in Judge(whole, by).judge(rows, tell)]

    def save(self, whole, rows: Sequence[Row], *, by, now: datetime, tell: Tell) -> Saved:
        about_to_change.send(Activity, instance=None)
        judge = Judge(whole, by, lock=True)
        saved = Saved()
        judged = judge.judge(rows, tell)
        ready = []
        for one in judged:
            if one.verdict.outcome in (Outcome.ADDED, Outcome.CHANGED):
                ready.append(one)
            else:  # somebody changed the record, or took away what the row names, since it was shown
                saved.left[one.row.line] = one.verdict
        new = [one for one in ready if one.before is None]
        old = [one for one in ready if one.before is not None]
        state = effects(cells_of(one.values for one in ready), by)
        self._add(new, judge, saved, by, now)
        self._change(old, judge, saved, by, now)
        held = [one for one in ready if one.row.choices.get("texts")]
        for one in held:
            look_at(Activity.objects.get(pk=saved.records[one.row.line]), now=now)
        mark_changed(saved.records.values())
        reviewed = self._submit(new, old, saved, whole, by, now)
        saved.result = {
            "covered": state.newly_covered(),
            "reviewed": reviewed,
            "held": len(held),
        }
        return saved

    def _add(self, new: Sequence[Judged], judge: "Judge", saved: Saved, by, now) -> None:
        state = ReviewState.SUBMITTED if judge.is_reviewed else ReviewState.ACCEPTED
        made = make(
            [one.values for one in new], review_state=state, by=by, now=now, slugs=judge.slugs
        )
        entries = []
        for one, activity in zip(new, made, strict=True):
            values = _plain_values(one.values)
            saved.records[one.row.line] = activity.pk
            saved.undo[one.row.line] = {"after": values}
            changes = {key: [None, value] for key, value in values.items() if value}
            entries.append((activity.pk, one.values["title"], "fourfold.create", changes))
        log_rows(entries, by=by, now=now)

    def _change(self, old: Sequence[Judged], judge: "Judge", saved: Saved, by, now) -> None:
        many = {one.verdict.record_id: one.values for one in old}
        before = {one.verdict.record_id: one.before for one in old}
        change(many, before, by=by, now=now, slugs=judge.slugs)
        entries = []
        for one in old:
            names = [key for key, value in one.values.items() if value != one.before[key]]
            fresh = {key: plain(one.values[key]) for key in names}
            was = {key: plain(one.before[key]) for key in names}
            saved.records[one.row.line] = one.verdict.record_id
            saved.undo[one.row.line] = {"before": was, "after": fresh}
            changes = {key: [was[key], fresh[key]] for key in names}
            entries.append((one.verdict.record_id, one.values["title"], "fourfold.edit", changes))
        log_rows(entries, by=by, now=now)

    def _submit(self, new, old, saved: Saved, whole, by, now: datetime) -> int:
        """Review as after the form: what is new, a draft or returned waits, or is accepted where nobody looks."""
        reviewed = review_is_on() and not viewer_of(by).is_secretariat
        step = ReviewStep.SUBMITTED if reviewed else ReviewStep.ACCEPTED
        keys = [saved.records[one.row.line] for one in new]
        open_states = (ReviewState.DRAFT, ReviewState.RETURNED)
        back = Activity.objects.filter(pk__in=[one.verdict.record_id for one in old])
        again = [
            pk
            for pk, state in back.order_by().values_list("pk", "review_state")
            if state in open_states
        ] if old else []  # fmt: skip
        set_fields(again, review_state=ReviewState(step.value))
        insert([Review(activity_id=pk, step=step, by=by, at=now) for pk in (*keys, *again)])
        if reviewed and (keys or again):
            notify(secretariat_people(), told.WAITS, whole, now=now)
        return len(keys) + len(again) if reviewed else 0

    def after_commit(self, whole, records: Iterable[int]) -> None:
        update_overlaps(list(records))

    def take_back(self, whole, rows: Iterable, *, by, now: datetime, tell: Tell) -> TakenBack:
        about_to_change.send(Activity, instance=None)
        rows = list(rows)
        keys = [row.record_id for row in rows]
        current = Judge.locked(keys)
        back, gone, restored, before, entries = TakenBack(), [], {}, {}, []
        names = Names.read()
        for number, row in enumerate(rows):
            if number % STEP == 0:
                tell(number)
            now_is = current.get(row.record_id)
            after = row.undo["after"]
            if now_is is None:
                back.kept.append((row.label, _("It was removed since.")))
                continue
            since = [key for key, value in after.items() if plain(now_is[key]) != value]
            if "before" not in row.undo:
                if since:
                    back.kept.append((row.label, _changed_since(since)))
                    continue
                gone.append(row.record_id)
                entries.append((row.record_id, row.label, "fourfold.delete", {}))
                continue
            if since:
                back.kept.append((row.label, _changed_since(since)))
            was = {key: value for key, value in row.undo["before"].items() if key not in since}
            was = {key: value for key, value in was.items() if _is_there(key, value, names)}
            if was:
                restored[row.record_id] = now_is | {
                    key: from_plain(key, value) for key, value in was.items()
                }
                before[row.record_id] = now_is
                changes = {key: [plain(now_is[key]), value] for key, value in was.items()}
                entries.append((row.record_id, row.label, "fourfold.edit", changes))
        change(restored, before, by=None, now=now, slugs=Judge.slugs_of(restored.values()))
        self._remove(gone, by, now)
        log_rows(entries, by=by, now=now)
        mark_changed([*gone, *restored])
        back.removed, back.restored = len(gone), len(restored)
        return back

    def _remove(self, keys: Sequence[int], by, now: datetime) -> None:
        set_fields(keys, removed_at=now, removed_by=by, updated_at=now)
        for start in range(0, len(keys), 500):
            some = keys[start : start + 500]
            own = ActivityIdentifier.objects.filter(activity__in=some)
            own.filter(source__startswith=OWN_NUMBER).delete()

    def my_rows(self, user) -> bytes:
        from .exporters import activities_xlsx

        mine = Activity.objects.editable_by(user)
        viewer = viewer_of(user)
        if not viewer.is_secretariat:
            mine = mine.owned_by(viewer.editable_organisations)
        return activities_xlsx(list(mine.order_by("title", "pk").values_list("pk", flat=True)))

    def template(self) -> bytes:
        from .exporters import activities_xlsx

        return activities_xlsx([])

    def mistakes(self, rows: Sequence[tuple[Mapping[str, str], str]]) -> bytes:
        from .exporters import rows_xlsx

        return rows_xlsx(rows)

    def record_url(self, key: int) -> str:
        return reverse("dashboards:activity", args=[key])

    def list_url(self, whole) -> str:
        if whole.organisation:
            return reverse("dashboards:organisation", args=[whole.organisation.slug])
        return reverse("dashboards:work")

    def shown_effects(self, whole) -> list[tuple[str, str, str]]:
        return shown_effects(whole)

    def found_overlaps(self, whole, records: Sequence[int], user) -> int:
        return 0 if not records else _overlaps(records, user, whole.applied_at)


def _overlaps(records: Sequence[int], user, since: datetime) -> int:
    found = Overlap.objects.visible_to(user).filter(found_at__gte=since)
    wanted = set(records)
    pairs = found.order_by().values_list("first_id", "second_id")
    return sum(1 for first, second in pairs if first in wanted or second in wanted)


def _plain_values(values: Values) -> dict[str, Any]:
    return {key: plain(value) for key, value in values.items()}


def _changed_since(keys: Sequence[str]) -> str:
    headers = ", ".join(str(BY_KEY[key].column.header) for key in keys)
    return _("Somebody has changed this since: %(fields)s.") % {"fields": headers}


def _is_there(key: str, value: Any, names: Names) -> bool:
    """Whether what a value names still exists."""
    books = {"objectives": names.objectives, "places": names.places}
    if key in books:
        return all(node in books[key].texts for node, _share in value)
    if key == "participants":
        return all(node in names.organisations.texts for node, _role in value)
    return True
