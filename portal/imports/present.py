"""What the import's pages show of an import, ready for templates; and what their forms sent."""

import re
from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.lib.numbers import whole as number

from .choices import Outcome, Sureness
from .kinds import ImportKind
from .models import Import, ImportRow

#: Field names of the rows' form: what-line or what-line-column.
FIELD = re.compile(r"^(fix|take|like|field|texts|out|on)-(\d+)(?:-([\w:]+))?$")
#: How long a closed list may be to be shown as one to choose from.
LONGEST_LIST = 80

STATUS = {
    Sureness.KEPT: "done",
    Sureness.EXACT: "done",
    Sureness.ALIKE: "half",
    Sureness.NONE: "plan",
    Sureness.PERSONAL: "late",
}


def column_rows(whole: Import, kind: ImportKind) -> list[dict]:
    """The columns of the file with where they go."""
    options = [(column.key, str(column.header)) for column in kind.columns]
    rows = []
    for at, column in enumerate(whole.columns):
        target = column["target"]
        sure = Sureness(column["sure"])
        rows.append(
            {
                "at": at,
                "header": column["header"] or _("Column %(number)s") % {"number": at + 1},
                "samples": " · ".join(column["samples"]),
                "is_personal": sure == Sureness.PERSONAL,
                "options": [(key, label, key == target) for key, label in options],
                "status": STATUS[sure],
                "label": sure.label,
                "why": column["why"] or _alike(sure, column["percent"]),
            }
        )
    return rows


def _alike(sure: str, percent: int) -> str:
    if sure != Sureness.ALIKE:
        return ""
    return _("The names are %(percent)s%% alike") % {"percent": percent}


def tabs(whole: Import, shown: str) -> list[tuple[str, str, str, bool]]:
    """(address, label, number, whether it is shown) of the lists of rows; those with nothing in them left out."""
    labels = [
        (Outcome.ASKED, _("Need you")),
        (Outcome.ADDED, _("New")),
        (Outcome.CHANGED, _("Changed")),
        (Outcome.UNCHANGED, _("Unchanged")),
        (Outcome.REFUSED, _("Refused")),
        (Outcome.SKIPPED, _("Left out")),
    ]
    address = reverse("imports:rows", args=[whole.pk])
    return [
        (f"{address}?show={outcome}", label, number(whole.count(outcome)), outcome == shown)
        for outcome, label in labels
        if whole.count(outcome) or outcome == shown
    ]


def first_tab(whole: Import) -> str:
    """The list that is shown first: what needs a person, then what changes."""
    order = (Outcome.ASKED, Outcome.CHANGED, Outcome.ADDED, Outcome.REFUSED, Outcome.UNCHANGED)
    return next((outcome for outcome in order if whole.count(outcome)), Outcome.ADDED)


def parts(whole: Import) -> list[dict]:
    """The bar over the rows: ready, to decide, refused and left out; widths in percent."""
    total = max(1, sum(whole.counts.values()))
    ready = whole.count(Outcome.ADDED) + whole.count(Outcome.CHANGED)
    found = [
        (ready, "ready", _("%(number)s ready")),
        (whole.count(Outcome.UNCHANGED), "same", _("%(number)s unchanged")),
        (whole.count(Outcome.ASKED), "asked", _("%(number)s to look at")),
        (whole.count(Outcome.REFUSED), "refused", _("%(number)s refused")),
        (whole.count(Outcome.SKIPPED), "skipped", _("%(number)s left out")),
    ]
    return [
        {"width": 100 * count / total, "css": css, "label": words % {"number": number(count)}}
        for count, css, words in found
        if count
    ]


def shown_rows(rows: Iterable[ImportRow], kind: ImportKind) -> list[dict]:
    """Rows for the table, with an input for each mistake."""
    by_key = {column.key: column for column in kind.columns}
    lists: dict[str, list[str]] = {}
    return [_row(row, kind, by_key, lists) for row in rows]


def _row(row: ImportRow, kind: ImportKind, by_key, lists) -> dict:
    shown = {
        "row": row,
        "line": row.line,
        "label": row.label or _("(no title)"),
        "url": kind.record_url(row.record_id) if row.record_id else "",
        "like": row.like and {**row.like, "url": kind.record_url(row.like["id"])},
        "chosen": row.choices.get("like", ""),
        "sentences": [],
        "inputs": [],
        "both": [],
        "texts": False,
        "changes": [
            (by_key[key].header, old, new)
            for key, (old, new) in row.changes.items()
            if key in by_key
        ],
    }
    seen = {}
    for key, sentence, suggestion in row.problems:
        if key == "texts":
            shown["texts"] = True
        elif key.startswith("field:"):
            name = key.removeprefix("field:")
            shown["both"].append(
                {
                    "name": f"field-{row.line}-{name}",
                    "label": by_key[name].header,
                    "sentence": sentence,
                    "chosen": row.choices.get(key, ""),
                }
            )
        elif key in by_key and not by_key[key].private and row.outcome != Outcome.REFUSED:
            if key in seen:
                seen[key]["sentences"].append(sentence)
                continue
            seen[key] = _input(row, by_key[key], sentence, suggestion, kind, lists)
            shown["inputs"].append(seen[key])
        else:
            shown["sentences"].append(sentence)
    return shown


def _input(row, column, sentence, suggestion, kind, lists) -> dict:
    if (column.listed and not column.several) or column.key in ("objectives",):
        if column.key not in lists:
            lists[column.key] = kind.choices_of(column)
        options = lists[column.key]
    else:
        options = []
    said = row.said.get(column.key, "")
    return {
        "name": f"fix-{row.line}-{column.key}",
        "id": f"r{row.line}-{column.key}",
        "label": column.header,
        "sentences": [sentence],
        "said": said,
        "suggestion": suggestion,
        "take": f"take-{row.line}-{column.key}",
        "is_long": len(said) > 60,
        "options": options if 0 < len(options) <= LONGEST_LIST and not suggestion else [],
    }


def corrections(data) -> dict[int, tuple[dict, dict, bool]]:
    """What the rows' form sent: line -> texts by column, decisions, whether it is left out."""
    found: dict[int, tuple[dict, dict, bool]] = {}
    for name in data:
        match = FIELD.match(name)
        if not match:
            continue
        what, line, column = match[1], int(match[2]), match[3] or ""
        fixes, choices, out = found.get(line, ({}, {}, False))
        value = data[name].strip()
        if what == "take" or (what == "fix" and f"take-{line}-{column}" not in data):
            fixes[column] = value
        elif what == "like" and value:
            choices["like"] = value
        elif what == "field" and value in ("mine", "theirs"):
            choices[f"field:{column}"] = value
        elif what == "texts":
            choices["texts"] = True
        found[line] = (fixes, choices, out or what == "out")
    return found


def seconds_left(whole: Import, now: datetime) -> int | None:
    """How long it will take, by how long it took so far; None while nobody can say."""
    job = whole.job
    if job is None or not job.started_at or not job.total or not job.done:
        return None
    spent = (now - job.started_at).total_seconds()
    return max(1, round(spent * (job.total - job.done) / job.done))
