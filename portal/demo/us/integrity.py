"""Is a file still the file that was shipped, and if not, at which line does it differ?

`manifest.json` beside the files holds for each its SHA-256 and, for finding the place of damage, the first
four hexadecimal digits of the SHA-256 of every line, one after the other.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

MANIFEST = "manifest.json"
DIGITS = 4  # per line; they only locate damage that the SHA-256 of the whole file has found


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file as it was checked."""

    name: str
    sha256: str
    text: str


class DamagedFile(Exception):
    """A source file is not as it was shipped, or a line of it cannot be read; nothing was loaded.

    `line` counts from 1; None when the file is missing.
    """

    def __init__(self, file: str, line: int | None, reason: str):
        self.file, self.line, self.reason = file, line, reason
        where = file if line is None else f"{file}, line {line}"
        super().__init__(f"{where}: {reason}")


def read_checked(folder: Path, name: str) -> SourceFile:
    """The text of one file of the folder, after comparing it with the manifest.

    A folder without a manifest is read as it is, so that other files of the same shape can be tried.
    Raises `DamagedFile`.
    """
    path = folder / name
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise DamagedFile(name, None, "the file is missing") from None
    sha256 = hashlib.sha256(content).hexdigest()
    manifest = folder / MANIFEST
    if manifest.exists():
        shipped = json.loads(manifest.read_text(encoding="utf-8"))["files"][name]
        if shipped["sha256"] != sha256:
            line, reason = first_difference(content, shipped["lines"])
            raise DamagedFile(name, line, reason)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DamagedFile(name, line, "not readable as UTF-8 text") from None
    return SourceFile(name, sha256, text)


def line_digests(content: bytes) -> str:
    """The short digest of every line, joined."""
    return "".join(
        hashlib.sha256(line).hexdigest()[:DIGITS] for line in content.splitlines(keepends=True)
    )


def first_difference(content: bytes, shipped: str) -> tuple[int, str]:
    """The first line that is not as shipped, and in what way; `shipped` as from `line_digests`."""
    found = line_digests(content)
    expected = [shipped[i : i + DIGITS] for i in range(0, len(shipped), DIGITS)]
    actual = [found[i : i + DIGITS] for i in range(0, len(found), DIGITS)]
    for number, (one, other) in enumerate(zip(expected, actual, strict=False), start=1):
        if one != other:
            return number, "differs from what was shipped"
    if len(actual) < len(expected):
        return len(
            actual
        ) + 1, f"missing: the file ends after {len(actual)} of {len(expected)} lines"
    if len(actual) > len(expected):
        return len(expected) + 1, f"not in what was shipped, which has {len(expected)} lines"
    return 1, "the file differs from what was shipped"


def describe(folder: Path, names: list[str]) -> dict:
    """What `manifest.json` says of the files: made once, when the files are put there."""
    files = {}
    for name in names:
        content = (folder / name).read_bytes()
        files[name] = {
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "lines": line_digests(content),
        }
    return {"files": files}
