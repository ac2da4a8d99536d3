"""Rows into a table by the shortest way that the database has."""

import io
import struct
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from django.db import connection, models

if TYPE_CHECKING:
    import numpy as np

#: From this many rows on PostgreSQL is given them by COPY.
COPY_FROM = 200
#: Values in one statement; SQLite takes 32,766.
_MOST_VALUES = 10_000

#: What `insert_rows` and a query's parameters may hold.
Plain = int | str | None
Row = TypeVar("Row")


def insert_rows(table: str, columns: Sequence[str], rows: Sequence[Sequence[Plain]]) -> None:
    """Rows of plain values (whole numbers, truth values, words without control characters, None)."""
    if not rows:
        return
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(rows) >= COPY_FROM:
            lines = "".join("\t".join(map(_copied, row)) + "\n" for row in rows)
            cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', io.StringIO(lines))
            return
        marks = f"({', '.join(['%s'] * len(columns))})"
        insert = f'INSERT INTO "{table}" ({names}) VALUES '  # noqa: S608 names of our own tables
        if connection.vendor == "sqlite" and len(rows) >= COPY_FROM:
            cursor.executemany(insert + marks, rows)
            return
        for batch in _batches(rows, len(columns)):
            cursor.execute(
                insert + ", ".join([marks] * len(batch)), [value for row in batch for value in row]
            )


def _copied(value: Plain) -> str:
    return r"\N" if value is None else str(value)


def insert(instances: Sequence[models.Model]) -> None:
    """Unsaved instances of one model, as `bulk_create` does without asking for their keys."""
    if not instances:
        return
    meta = instances[0]._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    rows = [
        [field.get_db_prep_save(field.pre_save(one, True), connection) for field in fields]
        for one in instances
    ]
    names = ", ".join(f'"{field.column}"' for field in fields)
    marks = f"({', '.join(['%s'] * len(fields))})"
    with connection.cursor() as cursor:
        for batch in _batches(rows, len(fields)):
            cursor.execute(
                f'INSERT INTO "{meta.db_table}" ({names}) VALUES {", ".join([marks] * len(batch))}',  # noqa: S608
                [value for row in batch for value in row],
            )


def delete_keys(table: str, keys: Iterable[int]) -> None:
    """The rows with these keys, of a table that no other table points to."""
    keys = list(keys)
    with connection.cursor() as cursor:
        for batch in _batches(keys, 1):
            marks = ", ".join(["%s"] * len(batch))
            cursor.execute(f'DELETE FROM "{table}" WHERE id IN ({marks})', batch)  # noqa: S608


#: How COPY's binary form begins and ends. Source: PostgreSQL, COPY, File Formats.
_COPY_BEGINS, _COPY_ENDS = b"PGCOPY\n\xff\r\n\0" + bytes(8), struct.pack(">h", -1)
_SIZES: dict[str | None, int] = {"smallint": 2, "integer": 4, "bigint": 8}


def read_numbers(sql: str, params: Sequence[Plain], columns: int) -> "np.ndarray":
    """The rows of a query whose `columns` are whole numbers (bigint on PostgreSQL), none of them null."""
    import numpy as np

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            file = io.BytesIO()
            query = cursor.mogrify(sql, params).decode()
            cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT binary)", file)
            body = file.getbuffer()[len(_COPY_BEGINS) : -len(_COPY_ENDS)]
            rows = np.frombuffer(body, dtype=_copied_row([8] * columns))
            return np.column_stack([rows[f"v{n}"] for n in range(columns)]).astype(np.int64)
        cursor.execute(sql, params)
        flat = np.fromiter(chain.from_iterable(cursor.fetchall()), dtype=np.int64)
        return flat.reshape(-1, columns)


def insert_numbers(model: type[models.Model], columns: Sequence[str], rows: "np.ndarray") -> None:
    """Rows of whole numbers, a column each of these fields."""
    if connection.vendor != "postgresql":
        insert_rows(model._meta.db_table, columns, rows.tolist())
        return
    import numpy as np

    sizes = [_SIZES[model._meta.get_field(name).db_type(connection)] for name in columns]
    packed = np.empty(len(rows), dtype=_copied_row(sizes))
    packed["fields"] = len(columns)
    for number, size in enumerate(sizes):
        column = rows[:, number]
        most = (1 << (8 * size - 1)) - 1
        if len(rows) and not -most - 1 <= column.min() <= column.max() <= most:
            raise OverflowError(f"{columns[number]} holds a number of more than {size} bytes")
        packed[f"n{number}"], packed[f"v{number}"] = size, column
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f'COPY "{model._meta.db_table}" ({names}) FROM STDIN (FORMAT binary)',
            io.BytesIO(_COPY_BEGINS + packed.tobytes() + _COPY_ENDS),
        )


def _copied_row(sizes: Sequence[int]) -> list[tuple[str, str]]:
    """A row in COPY's binary form: how many fields, then of each its length and itself."""
    fields = [("fields", ">i2")]
    for number, size in enumerate(sizes):
        fields += [(f"n{number}", ">i4"), (f"v{number}", f">i{size}")]
    return fields


def _batches(rows: Sequence[Row], width: int) -> Iterator[Sequence[Row]]:
    size = max(1, _MOST_VALUES // width)
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
