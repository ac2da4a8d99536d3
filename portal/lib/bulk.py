"""Rows into a table by the shortest way that the database has."""

import io
from collections.abc import Iterable, Sequence

from django.db import connection, models

#: From this many rows on PostgreSQL is given them by COPY.
COPY_FROM = 200
#: Values in one statement; SQLite takes 32,766.
_MOST_VALUES = 10_000


def insert_rows(table: str, columns: Sequence[str], rows: Sequence[Sequence]) -> None:
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


def _copied(value) -> str:
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


def _batches(rows: Sequence, width: int):
    size = max(1, _MOST_VALUES // width)
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
