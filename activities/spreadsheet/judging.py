"""What becomes of each row of a spreadsheet: judged against the records that are there now."""

import base64
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from portal.directory.access import viewer_of
from portal.directory.models import Organisation
from portal.imports.choices import Outcome
from portal.imports.kinds import Row, Tell, Verdict
from portal.lib.text import fold
from portal.records.choices import Visibility

from ..models import Activity, ActivityIdentifier
from ..personal_data import hits_in
from ..reviewing import review_is_on
from .bulk import Values, own_source, plain, read_values
from .columns import BY_KEY, FIELDS, RECORD, VERSION
from .names import Names, Unclear

#: Every this many rows the reader is told how far it is.
STEP = 200
PREFIX = "A-"
MARK = 5  # letters of a field's mark in a version


def version_of(values: Mapping[str, Any]) -> str:
    """A mark for each field, so that a file remembers what its record said when it was made."""
    return "1" + "".join(_mark(values[field.column.key]) for field in FIELDS)


def _marks(version: str) -> dict[str, str]:
    """The marks of a version by column; none for an empty or foreign one."""
    if len(version) != 1 + MARK * len(FIELDS) or version[0] != "1":
        return {}
    return {
        field.column.key: version[1 + at * MARK : 1 + (at + 1) * MARK]
        for at, field in enumerate(FIELDS)
    }


def _mark(value: Any) -> str:
    said = json.dumps(plain(value), sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(said.encode()).digest()
    return base64.b32encode(digest)[:MARK].decode()


@dataclass(slots=True)
class Judged:
    """A row with its values: of a new record, or what an existing one is brought to."""

    row: Row
    verdict: Verdict
    values: Values = field(default_factory=dict)
    before: Values | None = None


class Judge:
    """Judges rows against what is there now. Reads names once, and the records of the rows."""

    def __init__(self, whole, by, *, lock: bool = False) -> None:
        self.whole, self.by, self.lock = whole, by, lock
        self.viewer = viewer_of(by)
        self.names = Names.read()
        self.is_reviewed = review_is_on() and not self.viewer.is_secretariat
        self.slugs = dict(Organisation.objects.values_list("pk", "slug"))
        self.default = self._default_organisation()
        self.mapped = [column["target"] for column in whole.columns if column["target"] in BY_KEY]
        self._cells: dict[tuple[str, str], Any] = {}

    @staticmethod
    def locked(keys: Sequence[int]) -> dict[int, Values]:
        """The values of activities, with their rows locked."""
        ordered = sorted({key for key in keys if key})
        there: list[int] = []
        for start in range(0, len(ordered), 500):
            some = Activity.objects.select_for_update(of=("self",)).filter(
                pk__in=ordered[start : start + 500], removed_at=None
            )
            there += some.order_by("pk").values_list("pk", flat=True)
        return read_values(there)

    @staticmethod
    def slugs_of(many: Iterable[Values]) -> dict[int, str]:
        return dict(Organisation.objects.values_list("pk", "slug"))

    def _default_organisation(self) -> int | None:
        if self.whole.organisation_id:
            return self.whole.organisation_id
        own = self.viewer.editable_organisations
        return next(iter(own)) if len(own) == 1 else None

    def may_write_for(self, organisation: int) -> bool:
        return self.viewer.is_secretariat or organisation in self.viewer.editable_organisations

    def judge(self, rows: Sequence[Row], tell: Tell | None) -> list[Judged]:
        """The rows, judged, in their order."""
        records = [self._record_of(row) for row in rows]
        self._read_records({key for key in records if key})
        self._read_alike(rows, records)
        self.seen: dict[Any, int] = {}
        judged = []
        for number, (row, record) in enumerate(zip(rows, records, strict=True)):
            if tell and number % STEP == 0:
                tell(number)
            judged.append(self._one(row, record))
        return judged

    # Which record a row is about

    def _record_of(self, row: Row) -> int | None:
        """The key in the cell “Record”, A-123 or 123; None for an empty one, 0 for one that is no number."""
        text = row.said.get(RECORD, "").strip().upper().removeprefix(PREFIX)
        if not text:
            like = row.choices.get("like")
            return int(like) if like and like != "new" else None
        return int(text) if text.isdigit() and len(text) < 18 else 0

    def _read_records(self, keys: set[int]) -> None:
        keys = {key for key in keys if key}
        editable: list[int] = []
        ordered = sorted(keys)
        for start in range(0, len(ordered), 500):
            some = Activity.objects.editable_by(self.by).filter(pk__in=ordered[start : start + 500])
            editable += some.order_by().values_list("pk", flat=True)
        self.values = self.locked(editable) if self.lock else read_values(editable)

    def _read_alike(self, rows: Sequence[Row], records: Sequence[int | None]) -> None:
        """Own records by title and by own number, for rows that name none. Two queries."""
        self.by_title: dict[tuple[int, str], list[int]] = defaultdict(list)
        self.by_number: dict[tuple[str, str], int] = {}
        if all(record for record in records):
            return
        mine = Activity.objects.editable_by(self.by)
        for key, organisation, title in mine.order_by("pk").values_list(
            "pk", "reporting_organisation_id", "title"
        ):
            self.by_title[organisation, _title_key(title)].append(key)
        numbers = ActivityIdentifier.objects.filter(activity__in=mine)
        for key, source, number in numbers.values_list("activity_id", "source", "identifier"):
            self.by_number[source, number] = key

    # One row

    def _one(self, row: Row, record: int | None) -> Judged:
        said, problems, hard = self._read(row)
        verdict = Verdict(Outcome.ASKED, row.said.get("title", ""), problems)
        judged = Judged(row, verdict)
        if record is not None and record not in self.values:
            verdict.outcome = Outcome.REFUSED
            shown = row.said.get(RECORD) or f"{PREFIX}{record}"
            sentence = _("There is no record %(record)s that you may change.") % {"record": shown}
            problems.insert(0, (RECORD, sentence, ""))
            return judged
        organisation = said.get("reporting_organisation") or self.default
        if record is not None:
            organisation = organisation if said.get("reporting_organisation") else None
        if organisation and not self.may_write_for(organisation):
            verdict.outcome = Outcome.REFUSED
            sentence = _("You may not write for %(name)s.") % {
                "name": self.names.organisations.texts[organisation]
            }
            problems.insert(0, ("reporting_organisation", sentence, ""))
            return judged
        if record is None:
            record = self._like(said, organisation, judged)
            if judged.verdict.like:
                verdict.outcome = Outcome.ASKED
                return judged
        if record is None:
            self._new(judged, said, organisation)
        else:
            self._existing(judged, said, record, by_version=bool(row.said.get(VERSION)))
        if hard or problems:
            verdict.outcome = Outcome.ASKED
        elif verdict.outcome in (Outcome.ADDED, Outcome.CHANGED):
            self._look_for_persons(judged)
        self._look_for_twins(judged)
        return judged

    def _read(self, row: Row) -> tuple[Values, list, bool]:
        """The values of the filled cells, and what is wrong with the others."""
        said, problems = {}, []
        for key in self.mapped:
            text = row.said.get(key, "")
            if not text:
                continue
            try:
                said[key] = self._cell(key, text)
            except Unclear as unclear:
                problems.append((key, unclear.sentence, unclear.suggestion))
        return said, problems, bool(problems)

    def _cell(self, key: str, text: str) -> Any:
        known = self._cells.get((key, text))
        if known is None:
            try:
                known = BY_KEY[key].read(text, self.names, self.whole.date_order)
            except Unclear as unclear:
                known = unclear
            if len(text) < 100:
                self._cells[key, text] = known
        if isinstance(known, Unclear):
            raise known
        return known

    def _like(self, said: Values, organisation: int | None, judged: Judged) -> int | None:
        """The record that a row without a number is about: by own number, or by title as a person says."""
        if organisation is None:
            return None
        number = said.get("reference")
        if number and (key := self.by_number.get((own_source(self.slugs[organisation]), number))):
            self._read_one(key)
            return key
        if judged.row.choices.get("like") == "new":
            return None
        alike = self.by_title.get((organisation, _title_key(said.get("title", ""))), ())
        for key in alike:
            self._read_one(key)
            if all(self.values[key].get(name) == value for name, value in said.items()):
                return key
        if alike:
            judged.verdict.like = (alike[0], f"{PREFIX}{alike[0]}")
        return None

    def _read_one(self, key: int) -> None:
        if key not in self.values:
            self.values |= self.locked([key]) if self.lock else read_values([key])

    def _new(self, judged: Judged, said: Values, organisation: int | None) -> None:
        values = {field.column.key: said.get(field.column.key, field.empty) for field in FIELDS}
        values["reporting_organisation"] = organisation
        for key in ("objectives", "places"):
            values[key] = values[key] or {}
        self._check(judged, values, known=None)
        if organisation is None:
            judged.verdict.problems.append(
                ("reporting_organisation", _("Say whose activity it is."), "")
            )
        judged.values = values
        judged.verdict.outcome = Outcome.ADDED

    def _existing(self, judged: Judged, said: Values, record: int, *, by_version: bool) -> None:
        row, verdict = judged.row, judged.verdict
        now_is = self.values[record]
        marks = _marks(row.said.get(VERSION, ""))
        values = dict(now_is)
        verdict.record_id = record
        verdict.label = verdict.label or now_is["title"]
        wrong = {problem[0] for problem in verdict.problems}
        for key in self.mapped:
            if key in wrong or (
                key not in said and (not by_version or not row.said.keys() & {key})
            ):
                continue
            mine = said[key] if key in said else _empty_of(key)
            if key == "reporting_organisation" and mine is None:
                continue
            if mine == now_is[key] or (marks and _mark(mine) == marks[key]):
                continue  # said already, or not touched by whoever edited the file
            if marks and _mark(now_is[key]) != marks[key] and not self._takes(judged, key, mine):
                continue
            values[key] = mine
        self._check(judged, values, known=now_is)
        verdict.changes = {
            key: (self._text(key, now_is[key]), self._text(key, value))
            for key, value in values.items()
            if value != now_is[key]
        }
        judged.values, judged.before = values, now_is
        verdict.outcome = Outcome.CHANGED if verdict.changes else Outcome.UNCHANGED

    def _takes(self, judged: Judged, key: str, mine: Any) -> bool:
        """Both changed a field: whether a person decided for the file's; asked where nobody decided."""
        decided = judged.row.choices.get(f"field:{key}")
        if decided is None:
            now_is = self.values[judged.verdict.record_id][key]
            sentence = _("Changed meanwhile. Now: “%(theirs)s”. In your file: “%(mine)s”.") % {
                "theirs": self._text(key, now_is),
                "mine": self._text(key, mine),
            }
            judged.verdict.problems.append((f"field:{key}", sentence, ""))
        return decided == "mine"

    def _text(self, key: str, value: Any) -> str:
        if value is None or (isinstance(value, dict) and not value):
            return ""
        return BY_KEY[key].write(value, self.names)

    def _check(self, judged: Judged, values: Values, known: Values | None) -> None:
        """What the form would refuse. What a record lacks already is no fault of the row."""
        problems, wrong = judged.verdict.problems, {row[0] for row in judged.verdict.problems}

        def say(key: str, sentence: str) -> None:
            if key not in wrong:
                problems.append((key, sentence, ""))
                wrong.add(key)

        for key, sentence in (
            ("title", _("Give it a title.")),
            ("objectives", _("Choose at least one objective.")),
            ("places", _("Say where, even if only the country.")),
        ):
            if not values[key] and (known is None or known[key]):
                say(key, sentence)
        for first, last in (("planned_start", "planned_end"), ("actual_start", "actual_end")):
            if values[first] and values[last] and values[last] < values[first]:
                say(last, _("This is before the start."))
        if values["budget_amount"] is not None and not values["budget_currency"]:
            say("budget_currency", _("Say in which currency the budget is."))
        if values["budget_amount"] is None and values["budget_currency"]:
            if known is None or known["budget_amount"] is None:
                values["budget_currency"] = ""  # a column that says USD in every row
            else:
                say("budget_amount", _("Give the budget and its currency, or neither."))
        if values["visibility"] == Visibility.WORKING_GROUP and not values["working_groups"]:
            say("working_groups", _("Name the working groups that may see it."))
        new_groups = values["working_groups"] - (known["working_groups"] if known else frozenset())
        if not self.viewer.is_secretariat and new_groups - self.viewer.working_groups:
            say("working_groups", _("Share it with working groups that you take part in."))
        number = values["reference"]
        organisation = values["reporting_organisation"]
        if number and organisation and (known is None or known["reference"] != number):
            other = self.by_number.get((own_source(self.slugs[organisation]), number))
            if other is not None and other != judged.verdict.record_id:
                say("reference", _("Another of your activities has this number."))

    def _look_for_persons(self, judged: Judged) -> None:
        before = judged.before or {}
        texts = {
            key: judged.values[key]
            for key in ("title", "description", "contact")
            if judged.values[key] and judged.values[key] != before.get(key)
        }
        if not texts or self.lock or judged.row.choices.get("texts"):
            return  # where rows are saved, their texts were looked at when they were shown
        hits = hits_in(texts)
        for hit in hits:
            judged.verdict.problems.append((hit.field, hit.hit.sentence, ""))
        if hits:
            judged.verdict.problems.append(("texts", "", ""))
            judged.verdict.outcome = Outcome.ASKED

    def _look_for_twins(self, judged: Judged) -> None:
        """Two rows about one record, or that say the same twice."""
        verdict = judged.verdict
        if verdict.outcome == Outcome.REFUSED:
            return
        keys: list[Any] = []
        if verdict.record_id:
            keys.append(verdict.record_id)
        elif judged.values:
            one = judged.values
            days = (one["planned_start"], one["planned_end"], str(plain(one["places"])))
            keys.append((one["reporting_organisation"], _title_key(one["title"]), *days))
            if one["reference"]:
                keys.append((one["reporting_organisation"], "number", one["reference"]))
        for key in keys:
            other = self.seen.setdefault(key, judged.row.line)
            if other != judged.row.line and not judged.row.choices.get("twin"):
                verdict.outcome = Outcome.REFUSED
                sentence = _("Row %(line)s says the same already.") % {"line": other}
                verdict.problems.insert(0, ("", sentence, ""))
                return


def _empty_of(key: str) -> Any:
    empty = BY_KEY[key].empty
    return {} if key in ("objectives", "places") else empty


def _title_key(title: str) -> str:
    """The same for titles with the same words in any order."""
    words = "".join(char if char.isalnum() else " " for char in fold(title)).split()
    return " ".join(sorted(words))
