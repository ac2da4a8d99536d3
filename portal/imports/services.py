"""The steps of an import: received, matched, checked, corrected, saved, taken back, thrown away."""

import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from django.core.files import File
from django.db import transaction
from django.utils import translation

from portal.history.services import log_import
from portal.jobs.services import start_job
from portal.lib.bulk import insert
from portal.lib.spreadsheets import LIMITS, Grid, read
from portal.lib.spreadsheets.reading import BadFile, Reason
from portal.lib.text import fold
from portal.notices.services import notify

from . import told
from .choices import SAVED_OUTCOMES, ImportState, Outcome, Sureness
from .exceptions import ColumnMissing, ColumnTwice, DateOrderUnclear, TooLate, WrongState
from .kinds import Row, TakenBack, Verdict, kind_of
from .matching import date_order, header_line, match_columns
from .models import FILE_KEPT_FOR, Import, ImportRow, KeptMatch

_JOBS = {
    ImportState.CHECKING: "imports.check",
    ImportState.SAVING: "imports.save",
    ImportState.UNDOING: "imports.undo",
}


def receive(uploaded, kind: str, *, organisation, by, now: datetime) -> Import:
    """Read an uploaded file and propose where its columns go. Raises `BadFile`, and keeps nothing of it."""
    if uploaded.size > LIMITS.size:
        raise BadFile(Reason.SIZE, found=uploaded.size, most=LIMITS.size)
    with tempfile.NamedTemporaryFile(prefix="import-") as temporary:
        for piece in uploaded.chunks():
            temporary.write(piece)
        temporary.flush()
        grid = read(Path(temporary.name), uploaded.name)
        columns = kind_of(kind).columns
        line = header_line(grid.rows, columns)
        headers, body = grid.rows[line], grid.rows[line + 1 :]
        kept = _kept(kind, organisation, by)
        matches = match_columns(headers, body, columns, kept)
        rows = sum(1 for row in body if any(row))
        if not rows:
            raise BadFile(Reason.EMPTY)
        with Path(temporary.name).open("rb") as file, transaction.atomic():
            whole = Import(
                kind=kind,
                organisation=organisation,
                uploaded_by=by,
                uploaded_at=now,
                language=translation.get_language() or "en",
                file_name=Path(uploaded.name).name[-200:],
                sheet=grid.sheet[:200],
                header_line=line + 1,
                row_count=rows,
                columns=[match.as_json() for match in matches],
            )
            whole.date_order, _asked = date_order(_dates(grid, whole))
            whole.file.save("file", File(file), save=False)
            whole.save()
    return whole


@transaction.atomic
def match(
    whole: Import, targets: Sequence[str], *, order: str, remember: bool, by, now: datetime
) -> Import:
    """Say where each column goes ("" for nowhere), and let the rows be checked.

    Raises, and changes nothing, `ColumnTwice`, `ColumnMissing`, `DateOrderUnclear` or `WrongState`.
    """
    whole = _locked(whole, ImportState.COLUMNS, ImportState.ROWS)
    kind = kind_of(whole.kind)
    by_key = {column.key: column for column in kind.columns}
    used = Counter(target for target in targets if target)
    for target, count in used.items():
        if count > 1:
            raise ColumnTwice(by_key[target])
    missing = [column for column in kind.columns if column.needed and column.key not in used]
    if missing and not any(column.private and column.key in used for column in kind.columns):
        raise ColumnMissing(missing)
    for column, target in zip(whole.columns, targets, strict=True):
        if column["target"] != target:
            column["target"] = target
            column["sure"] = Sureness.KEPT if target else Sureness.NONE
    found, unclear = date_order(_dates(_grid(whole), whole))
    whole.date_order = found or order
    if unclear and not order:
        raise DateOrderUnclear
    if remember:
        _remember(whole, by)
    whole.state, whole.counts = ImportState.CHECKING, {}
    return _begin(whole, _JOBS[whole.state], by, now)


def check(whole: Import, job) -> dict:
    """Read the file again and judge each row. May be run twice: the rows are made anew."""
    if whole.state != ImportState.CHECKING:
        return whole.counts
    kind = kind_of(whole.kind)
    grid = _grid(whole)
    rows = list(_rows(grid, whole))
    job.tell(0, len(rows))
    with translation.override(whole.language):
        verdicts = kind.check(whole, rows, by=whole.uploaded_by, tell=job.tell)
    with transaction.atomic():
        whole = _locked(whole, ImportState.CHECKING)
        ImportRow.objects.filter(whole=whole).delete()
        insert(
            [
                _judged(ImportRow(whole=whole, line=row.line, cells=dict(row.said)), verdict)
                for row, verdict in zip(rows, verdicts, strict=True)
            ]
        )
        whole.state = ImportState.ROWS
        return _count(whole)


def correct(
    whole: Import, changed: Mapping[int, tuple[dict, dict, bool]], *, by, now: datetime
) -> Import:
    """Take a person's corrections of some rows, and judge these rows again.

    changed: line -> texts by column, decisions, whether it is left out.
    """
    with transaction.atomic():
        whole = _locked(whole, ImportState.ROWS)
        rows = list(whole.rows.filter(line__in=changed).order_by("line"))
        for row in rows:
            fixes, choices, row.left_out = changed[row.line]
            row.fixes = {
                key: text
                for key, text in {**row.fixes, **fixes}.items()
                if text != row.cells.get(key, "")
            }
            row.choices = {**row.choices, **choices}
        judged = [row for row in rows if not row.left_out]
        with translation.override(whole.language):
            verdicts = kind_of(whole.kind).check(
                whole, [Row(row.line, row.said, row.choices) for row in judged], by=by
            )
        for row, verdict in zip(judged, verdicts, strict=True):
            _judged(row, verdict)
        for row in rows:
            if row.left_out:
                row.outcome = Outcome.SKIPPED
            row.save()
        _count(whole)
    return whole


@transaction.atomic
def start_saving(whole: Import, *, by, now: datetime) -> Import:
    """Have the rows that are ready written; rows that still need a person are left out. Raises `WrongState`."""
    whole = _locked(whole, ImportState.ROWS)
    whole.state = ImportState.SAVING
    return _begin(whole, _JOBS[whole.state], by, now)


def save(whole: Import, job, *, now: datetime) -> dict:
    """Write all rows that are ready, in one transaction; one entry in the history."""
    kind = kind_of(whole.kind)
    if whole.state == ImportState.SAVING:
        with transaction.atomic(), translation.override(whole.language):
            whole = _locked(whole, ImportState.SAVING)
            rows = list(
                whole.rows.filter(outcome__in=SAVED_OUTCOMES).order_by("line").only(
                    "line", "cells", "fixes", "choices", "outcome", "whole"
                )
            )  # fmt: skip
            job.tell(0, len(rows))
            given = [Row(row.line, row.said, row.choices) for row in rows]
            saved = kind.save(whole, given, by=whole.uploaded_by, now=now, tell=job.tell)
            for row in rows:
                row.record_id = saved.records.get(row.line)
                row.undo = saved.undo.get(row.line, {})
            done = [row for row in rows if row.line in saved.records]
            _write(ImportRow, done, ("record_id", "undo"))
            left = {row.line: row for row in whole.rows.filter(line__in=list(saved.left))}
            for line, verdict in saved.left.items():
                _judged(left[line], verdict).save()
            whole.state, whole.applied_at, whole.result = ImportState.DONE, now, saved.result
            _count(whole)
            log_import(whole, summary=_summary(whole, done))
            notify([whole.uploaded_by], told.SAVED, whole, now=now)
    if whole.state == ImportState.DONE and not whole.result.get("finished"):
        keys = list(whole.rows.exclude(undo={}).values_list("record_id", flat=True))
        kind.after_commit(whole, keys)
        whole.result["finished"] = True
        whole.save(update_fields=["result"])
    return whole.counts


@transaction.atomic
def start_undo(whole: Import, *, by, now: datetime) -> Import:
    """Take a saved import back, within its days. Raises `TooLate` or `WrongState`."""
    whole = _locked(whole, ImportState.DONE)
    if now > whole.undo_until:
        raise TooLate
    whole.state = ImportState.UNDOING
    return _begin(whole, _JOBS[whole.state], by, now)


def undo(whole: Import, job, *, by, now: datetime) -> dict:
    """Put back what the import changed, in one transaction; what somebody changed since stays, and is named."""
    if whole.state != ImportState.UNDOING:
        return whole.undo_result
    kind = kind_of(whole.kind)
    with transaction.atomic(), translation.override(whole.language):
        whole = _locked(whole, ImportState.UNDOING)
        rows = list(whole.rows.exclude(undo={}).order_by("line"))
        job.tell(0, len(rows))
        back: TakenBack = kind.take_back(whole, rows, by=by, now=now, tell=job.tell)
        whole.state, whole.undone_at = ImportState.UNDONE, now
        whole.undo_result = {
            "removed": back.removed,
            "restored": back.restored,
            "kept": back.kept,
        }
        whole.save()
        log_import(whole, summary={"taken_back": True, **whole.undo_result})
    kind.after_commit(whole, [row.record_id for row in rows])
    return whole.undo_result


@transaction.atomic
def try_again(whole: Import, *, by, now: datetime) -> Import:
    """Ask again for the work that failed on our side. Raises `WrongState` where none did."""
    whole = Import.objects.select_for_update(of=("self",)).get(pk=whole.pk)
    if not whole.is_busy or (whole.job and not whole.job.is_failed):
        raise WrongState(whole)
    return _begin(whole, _JOBS[whole.state], by, now)


@transaction.atomic
def throw_away(whole: Import) -> None:
    """Delete an import of which nothing is saved, with its file. Raises `WrongState`."""
    whole = Import.objects.select_for_update(of=("self",)).get(pk=whole.pk)
    if not whole.is_open:
        raise WrongState(whole)
    _delete_file(whole)
    whole.delete()


def prune(*, now: datetime) -> int:
    """Delete files after 30 days, with what their rows said; imports that were never saved go as a whole."""
    old = Import.objects.filter(uploaded_at__lt=now - FILE_KEPT_FOR)
    count = 0
    for whole in old.filter(applied_at=None):
        _delete_file(whole)
        whole.delete()
        count += 1
    for whole in old.exclude(applied_at=None).exclude(file=""):
        with transaction.atomic():
            _delete_file(whole)
            whole.file = ""
            whole.save(update_fields=["file"])
            whole.rows.update(cells={}, fixes={}, undo={}, changes={})
        count += 1
    return count


def _delete_file(whole: Import) -> None:
    """The file goes when the transaction is through."""
    if whole.file:
        storage, name = whole.file.storage, whole.file.name
        transaction.on_commit(lambda: storage.delete(name))


def _locked(whole: Import, *states: str) -> Import:
    locked = Import.objects.select_for_update(of=("self",)).get(pk=whole.pk)
    if locked.state not in states:
        raise WrongState(locked)
    return locked


def _begin(whole: Import, kind: str, by, now: datetime) -> Import:
    whole.job = start_job(kind, key=f"{whole.pk}", by=by, now=now, import_id=whole.pk)
    whole.save()
    return whole


def _grid(whole: Import) -> Grid:
    with tempfile.NamedTemporaryFile(prefix="import-") as temporary:
        with whole.file.open("rb") as file:
            for piece in file.chunks():
                temporary.write(piece)
        temporary.flush()
        return read(Path(temporary.name), whole.file_name)


def _rows(grid: Grid, whole: Import) -> Iterable[Row]:
    targets = [
        (at, column["target"]) for at, column in enumerate(whole.columns) if column["target"]
    ]
    for number, row in enumerate(grid.rows[whole.header_line :], start=whole.header_line + 1):
        said = {target: row[at] for at, target in targets if at < len(row) and row[at]}
        if said:
            yield Row(number, {target: said.get(target, "") for _at, target in targets})


def _dates(grid: Grid, whole: Import) -> list[str]:
    """The cells of columns that hold days."""
    days = {column.key for column in kind_of(whole.kind).columns if column.is_date}
    places = [at for at, column in enumerate(whole.columns) if column["target"] in days]
    return [row[at] for row in grid.rows[whole.header_line :] for at in places if at < len(row)]


def _judged(row: ImportRow, verdict: Verdict) -> ImportRow:
    row.outcome = verdict.outcome
    row.label = verdict.label[:300]
    row.problems = [list(problem) for problem in verdict.problems]
    row.changes = {key: list(pair) for key, pair in verdict.changes.items()}
    row.record_id = verdict.record_id
    row.like = {"id": verdict.like[0], "label": verdict.like[1]} if verdict.like else {}
    return row


def _count(whole: Import) -> dict:
    whole.counts = dict(Counter(whole.rows.values_list("outcome", flat=True).order_by()))
    whole.save()
    return whole.counts


def _write(model, rows: Sequence, fields: Sequence[str]) -> None:
    """Bring the same fields of many rows up to date: one statement, many times over."""
    from django.db import connection

    columns = [model._meta.get_field(name) for name in fields]
    marks = ", ".join(f'"{field.column}" = %s' for field in columns)
    with connection.cursor() as cursor:
        cursor.executemany(
            f'UPDATE "{model._meta.db_table}" SET {marks} WHERE id = %s',  # noqa: S608 our own names
            [
                [*(field.get_db_prep_save(getattr(row, field.attname), connection) for field in columns), row.pk]
                for row in rows
            ],
        )  # fmt: skip


def _summary(whole: Import, rows: Sequence[ImportRow]) -> dict:
    """What the history keeps of the import: each record that it touched, by line."""
    return {
        "file": whole.file_name,
        "kind": whole.kind,
        "counts": whole.counts,
        "added": [row.record_id for row in rows if row.outcome == Outcome.ADDED],
        "changed": [row.record_id for row in rows if row.outcome == Outcome.CHANGED],
    }


def _kept(kind: str, organisation, person) -> dict[str, str]:
    mine = KeptMatch.objects.filter(kind=kind, organisation=organisation)
    if organisation is None:
        mine = mine.filter(person=person)
    return dict(mine.values_list("header", "target"))


def _remember(whole: Import, by) -> None:
    person = None if whole.organisation_id else by
    for column in whole.columns:
        header = fold(column["header"])[:200]
        if header and column["sure"] != Sureness.PERSONAL:
            KeptMatch.objects.update_or_create(
                kind=whole.kind,
                organisation=whole.organisation,
                person=person,
                header=header,
                defaults={"target": column["target"]},
            )
