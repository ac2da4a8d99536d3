"""What an importer of one kind of record tells the way in, and the registry of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a spreadsheet: its key, its heading, and the other names under which people have it.

    names: in any language. listed: the name of the list that a cell is chosen from; several: a cell may hold more
    than one of them. needed: of every new record. private: bookkeeping that nobody edits.
    """

    key: str
    header: Words
    names: tuple[str, ...] = ()
    help: Words = ""
    width: int = 20
    listed: str = ""
    several: bool = False
    is_date: bool = False
    needed: bool = False
    private: bool = False


@dataclass(slots=True)
class Verdict:
    """What becomes of a row. problems: column, sentence, suggestion; changes: column -> (old text, new text)."""

    outcome: str
    label: str = ""
    problems: list[tuple[str, str, str]] = field(default_factory=list)
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    record_id: int | None = None
    like: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it is to be judged. said: column -> text; choices: what a person decided about it."""

    line: int
    said: Mapping[str, str]
    choices: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Saved:
    """What was written. records: line -> key of the record; undo: line -> what to put back; left: line -> why not."""

    records: dict[int, int] = field(default_factory=dict)
    undo: dict[int, dict] = field(default_factory=dict)
    left: dict[int, Verdict] = field(default_factory=dict)
    result: dict = field(default_factory=dict)


@dataclass(slots=True)
class TakenBack:
    """What was undone: how many records, and what was left because somebody changed it since (label, why)."""

    removed: int = 0
    restored: int = 0
    kept: list[tuple[str, str]] = field(default_factory=list)


Tell = Callable[[int], None]


class ImportKind(Protocol):
    """An importer."""

    key: str
    label: Words
    help: Words
    columns: Sequence[Column]

    def may_import(self, user) -> bool:
        """Whether somebody may write any such record."""
        ...

    def choices_of(self, column: Column) -> list[str]:
        """The texts that a cell of a short closed list may hold; [] for any other column."""
        ...

    def check(self, whole, rows: Sequence[Row], *, by, tell: Tell | None = None) -> list[Verdict]:
        """Judge rows, in their order. Reads, and writes nothing."""
        ...

    def save(self, whole, rows: Sequence[Row], *, by, now: datetime, tell: Tell) -> Saved:
        """Write the rows that are new or changed, within the caller's transaction."""
        ...

    def after_commit(self, whole, records: Iterable[int]) -> None:
        """What other parts of the portal work out from records that were written."""
        ...

    def take_back(self, whole, rows: Iterable, *, by, now: datetime, tell: Tell) -> TakenBack:
        """Put back what `save` changed, unless somebody changed it since; within the caller's transaction."""
        ...

    def my_rows(self, user) -> bytes:
        """The records that somebody may change, as an XLSX file to change and send back."""
        ...

    def template(self) -> bytes:
        """The same file without rows."""
        ...

    def mistakes(self, rows: Sequence[tuple[Mapping[str, str], str]]) -> bytes:
        """Rows as they were sent, each with what is wrong, as an XLSX file."""
        ...

    def record_url(self, key: int) -> str:
        """Where a record can be seen."""
        ...

    def list_url(self, whole) -> str:
        """Where the records can be seen."""
        ...

    def shown_effects(self, whole) -> list[tuple[str, str, str]]:
        """What the import changed for the coalition: kind of check (yes, part), a finding, what it means."""
        ...

    def found_overlaps(self, whole, records: Sequence[int], user) -> int:
        """How many records of others look like these, as far as `user` may see."""
        ...


_KINDS: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> None:
    _KINDS[kind.key] = kind


def import_kinds(user) -> list[ImportKind]:
    """The kinds that somebody may import."""
    return [kind for kind in _KINDS.values() if kind.may_import(user)]


def kind_of(key: str) -> ImportKind:
    """Raises `KeyError`."""
    return _KINDS[key]
