"""Reads one file and writes its rows as JSON, one a line. Run as a script; it imports nothing of the portal's.

Arguments: path, kind, limits as JSON. The first line out is `{"sheet": name}`, then one line a row: a list of
texts. What is wrong comes as `{"bad": reason, "facts": {...}}`, and is the last line.
"""

import csv
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

Limits = dict[str, int]
Line = list[str] | dict[str, str]  # a row, or the name of the sheet

CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
REPEATED = re.compile(rb'number-(columns|rows)-repeated="(\d{1,10})"')
PIECE = 1 << 20
ENTITIES = (b"<!DOCTYPE", b"<!ENTITY")


class Bad(Exception):
    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(reason)
        self.reason, self.facts = reason, facts


def bound(limits: Limits) -> None:
    """So much memory and time, no files of its own, and no trace of a crash."""
    memory = () if sys.platform == "darwin" else ((resource.RLIMIT_AS, limits["memory"]),)
    for what, most in (
        *memory,
        (resource.RLIMIT_CPU, limits["seconds"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main(path: str, kind: str, limits: Limits) -> None:
    out = sys.stdout
    bound(limits)
    try:
        rows = csv_rows(path, limits) if kind == "csv" else book_rows(path, kind, limits)
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
    except Bad as bad:
        out.write(json.dumps({"bad": bad.reason, "facts": bad.facts}) + "\n")
    except MemoryError:
        out.write(json.dumps({"bad": "too_large_inside", "facts": {}}) + "\n")


def book_rows(path: str, kind: str, limits: Limits) -> Iterator[Line]:
    from python_calamine import CalamineWorkbook

    if kind in ("xlsx", "ods"):
        check_zip(path, kind, limits)
    try:
        book = CalamineWorkbook.from_path(path)
        name = next(
            (
                sheet.name
                for sheet in book.sheets_metadata
                if "Visible" in str(sheet.visible) and "WorkSheet" in str(sheet.typ)
            ),
            None,
        )
        if name is None:
            raise Bad("no_sheet")
        sheet = book.get_sheet_by_name(name)
    except Bad:
        raise
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, MemoryError)):
            raise
        password = "assword" in str(error) or "ncrypt" in str(error)
        raise Bad("password" if password else "damaged", words=str(error)[:200]) from None
    yield {"sheet": name}
    height, width = sheet.total_height, sheet.total_width
    if width > limits["columns"]:
        raise Bad("columns", found=width, most=limits["columns"])
    if height * width > limits["cells"]:
        raise Bad("cells", found=height * width, most=limits["cells"])
    yield from bounded(
        ([text_of(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)), limits
    )


def check_zip(path: str, kind: str, limits: Limits) -> None:
    """Look at what an archive says of itself, and for far cells, before anybody unpacks it."""
    try:
        archive = zipfile.ZipFile(path)
        names = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Bad("damaged", words=str(error)[:200]) from None
    if len(names) > limits["parts"]:
        raise Bad("parts", found=len(names), most=limits["parts"])
    unpacked = sum(one.file_size for one in names)
    if unpacked > limits["unpacked"]:
        raise Bad("unpacked", found=unpacked, most=limits["unpacked"])
    if any(one.flag_bits & 0x1 for one in names):
        raise Bad("password")
    for one in names:
        inner = one.filename
        if kind == "xlsx" and re.search(r"worksheets/[^/]+\.xml$", inner):
            look_at_sheet(archive, one, limits)
        elif kind == "ods" and inner == "content.xml":
            look_at_ods(archive, one, limits)
        elif inner.endswith((".xml", ".rels")):
            for _piece in pieces(archive, one):
                pass


def pieces(archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """The unpacked part, piece by piece, each with the end of the one before; refuses what declares entities."""
    before, total = b"", 0
    try:
        with archive.open(one) as file:
            while piece := file.read(PIECE):
                total += len(piece)
                if total > one.file_size:
                    raise Bad("damaged", words=one.filename)
                both = before + piece
                if any(word in both for word in ENTITIES):
                    raise Bad("entities", words=one.filename)
                yield both, len(before)
                before = piece[-300:]
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise Bad("damaged", words=f"{one.filename}: {error}"[:200]) from None
    except Exception as error:  # zlib.error, lzma.LZMAError
        if isinstance(error, Bad):
            raise
        raise Bad("damaged", words=f"{one.filename}: {error}"[:200]) from None


def look_at_sheet(archive: zipfile.ZipFile, one: zipfile.ZipInfo, limits: Limits) -> None:
    widest = deepest = 0
    for piece, _known in pieces(archive, one):
        for letters, row in CELL.findall(piece):
            column = 0
            for letter in letters:
                column = column * 26 + letter - 64
            widest, deepest = max(widest, column), max(deepest, int(row))
    if widest > limits["columns"]:
        raise Bad("columns", found=widest, most=limits["columns"])
    if deepest > limits["rows"]:
        raise Bad("rows", found=deepest, most=limits["rows"])


def look_at_ods(archive: zipfile.ZipFile, one: zipfile.ZipInfo, limits: Limits) -> None:
    """Empty cells and rows may be repeated to the sheet's end: that alone is no fault, so only full ones count."""
    cells = 0
    full = re.compile(
        rb'<table:table-cell\b[^>]*?number-columns-repeated="(\d{1,10})"[^>]*?(?<!/)>', re.DOTALL
    )
    for piece, known in pieces(archive, one):
        for match in full.finditer(piece):
            if match.end() <= known:
                continue
            cells += int(match.group(1))
            if int(match.group(1)) > limits["columns"]:
                raise Bad("columns", found=int(match.group(1)), most=limits["columns"])
        if cells > limits["cells"]:
            raise Bad("cells", found=cells, most=limits["cells"])


def csv_rows(path: str, limits: Limits) -> Iterator[Line]:
    with open(path, "rb") as file:
        raw = file.read()
    if b"\x00" in raw and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Bad("damaged", words="NUL")
    text = decoded(raw)
    first = text.split("\n", 1)[0]
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text = first.strip()[4], text.split("\n", 1)[1]
    else:
        delimiter = delimiter_of(text)
    csv.field_size_limit(1 << 20)
    yield {"sheet": ""}
    number = 0

    def rows() -> Iterator[list[str]]:
        nonlocal number
        reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise Bad("damaged", line=reader.line_num, words=str(error)[:200]) from None
            number += 1
            yield [cell.strip() for cell in row]

    yield from bounded(rows(), limits)


def decoded(raw: bytes) -> str:
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if wide else ["utf-8-sig", "cp1252"]:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError as error:
            at = raw[: error.start].count(b"\n") + 1
    raise Bad("encoding", line=at)


def delimiter_of(text: str) -> str:
    """What parts the first lines into equally many cells, most of them; a comma where nothing does."""
    lines = [line for line in text.splitlines()[:30] if line.strip()]
    best, found = ",", (0, 0)
    for delimiter in (",", ";", "\t", "|"):
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        except csv.Error:
            continue
        if not widths or max(widths) < 2:
            continue
        common = max(set(widths), key=lambda width: (widths.count(width), width))
        score = (widths.count(common) if common > 1 else 0, common)
        if score > found:
            best, found = delimiter, score
    return best


def bounded(rows: Iterable[list[str]], limits: Limits) -> Iterator[list[str]]:
    """The rows, without the empty ones at the end; more than may be stops the reading."""
    empty, cells = 0, 0
    for number, row in enumerate(rows, start=1):
        while row and not row[-1]:
            row.pop()
        if not row:
            empty += 1
            continue
        if number > limits["rows"]:
            raise Bad("rows", found=number, most=limits["rows"])
        if len(row) > limits["columns"]:
            raise Bad("columns", found=len(row), most=limits["columns"], line=number)
        cells += len(row)
        if cells > limits["cells"]:
            raise Bad("cells", found=cells, most=limits["cells"])
        if any(len(cell) > limits["letters"] for cell in row):
            raise Bad("letters", line=number, most=limits["letters"])
        yield from ([] for _ in range(empty))
        empty = 0
        yield row


def text_of(cell: object) -> str:
    """A cell as a text: numbers with a point and without idle zeros, days as 2027-03-15."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell).strip()


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]))
