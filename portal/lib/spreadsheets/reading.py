"""The parent of the reading process: starts it, bounds it, and says what it found."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from enum import Enum
from pathlib import Path

CHILD = Path(__file__).with_name("child.py")
SECONDS = 60
MEMORY = 1 << 30  # bytes
#: Endings that are read, and how.
KINDS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".ods": "ods",
    ".xls": "xls",
}
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class Reason(Enum):
    """Why a file is not read."""

    KIND = "kind"
    EMPTY = "empty"
    SIZE = "size"
    ROWS = "rows"
    COLUMNS = "columns"
    CELLS = "cells"
    LETTERS = "letters"
    UNPACKED = "unpacked"
    PARTS = "parts"
    ENTITIES = "entities"
    DAMAGED = "damaged"
    ENCODING = "encoding"
    PASSWORD = "password"  # noqa: S105
    NO_SHEET = "no_sheet"
    TOO_LARGE_INSIDE = "too_large_inside"
    TIME = "time"


class BadFile(Exception):
    """A file that is not read. facts: `line`, `found`, `most`, `words`, as far as they are known."""

    def __init__(self, reason: Reason, **facts: object) -> None:
        super().__init__(f"{reason.value} {facts}")
        self.reason, self.facts = reason, facts


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that a file may hold; bytes for sizes."""

    size: int = 10 * 1024 * 1024
    unpacked: int = 200 * 1024 * 1024
    parts: int = 500
    rows: int = 25_000
    columns: int = 200
    cells: int = 1_500_000
    letters: int = 20_000


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Grid:
    """The first visible sheet of a file: its name ("" for CSV) and its rows of texts, the first being line 1."""

    sheet: str
    rows: Sequence[Sequence[str]] = field(default_factory=list)


def kind_of_file(path: Path, name: str) -> str:
    """`csv`, `xlsx`, `ods` or `xls`, by ending and first bytes, which must agree. Raises `BadFile`."""
    kind = KINDS.get(Path(name).suffix.lower())
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise BadFile(Reason.EMPTY)
    looks = "zip" if start.startswith(ZIP) else "ole" if start.startswith(OLE) else "text"
    wanted = {"csv": "text", "xlsx": "zip", "ods": "zip", "xls": "ole"}
    if kind is None:
        raise BadFile(Reason.KIND)
    if kind == "xlsx" and looks == "ole":  # a workbook with a password is wrapped
        raise BadFile(Reason.PASSWORD)
    if wanted[kind] != looks:
        raise BadFile(Reason.DAMAGED, words="")
    return kind


def read(path: Path, name: str, limits: Limits = LIMITS) -> Grid:
    """The rows of a file. name: what its owner calls it. Raises `BadFile`; nothing of the file stays behind."""
    size = path.stat().st_size
    if size > limits.size:
        raise BadFile(Reason.SIZE, found=size, most=limits.size)
    kind = kind_of_file(path, name)
    command = [sys.executable, "-I", str(CHILD), str(path), kind]
    command.append(json.dumps({**asdict(limits), "memory": MEMORY, "seconds": SECONDS}))
    try:
        child = subprocess.run(  # noqa: S603 our own script, and no shell
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            env={"PYTHONUTF8": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise BadFile(Reason.TIME, most=SECONDS) from None
    lines = child.stdout.decode(errors="replace").splitlines()
    if child.returncode != 0 or not lines:
        killed = child.returncode < 0 or b"MemoryError" in child.stderr or b"alloc" in child.stderr
        raise BadFile(Reason.TOO_LARGE_INSIDE if killed else Reason.DAMAGED, words="")
    rows, sheet = [], ""
    for line in lines:
        said = json.loads(line)
        if isinstance(said, list):
            rows.append(said)
        elif "bad" in said:
            raise BadFile(Reason(said["bad"]), **said["facts"])
        else:
            sheet = said["sheet"]
    if not rows:
        raise BadFile(Reason.EMPTY)
    return Grid(sheet, rows)
