"""Databases of the bench's own, made for it and taken away after it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from portal.lib.env import Settings

POSTGRES = "postgres://postgres@127.0.0.1:5432/fourfold_bench"


class NoDatabase(Exception):
    """There is no database to measure on; the message is the sentence that says why."""


@contextmanager
def sqlite() -> Iterator[str]:
    """The address of a new SQLite database."""
    with TemporaryDirectory(prefix="fourfold-bench-") as folder:
        yield f"sqlite:///{Path(folder) / 'bench.sqlite3'}"


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a new PostgreSQL database: that of `BENCH_DATABASE_URL`, or `fourfold_bench` on this machine.

    Raises `NoDatabase` where no server answers, or where the database is there already: it may be somebody's.
    """
    import psycopg2

    url = os.environ.get("BENCH_DATABASE_URL", "").strip() or POSTGRES
    settings = Settings({"DATABASE_URL": url}).database(default=POSTGRES)
    name = settings["NAME"]
    if "postgres" not in settings["ENGINE"]:
        raise NoDatabase(f"BENCH_DATABASE_URL names no PostgreSQL database: {url}")
    try:
        connection = psycopg2.connect(
            dbname="postgres",
            host=settings["HOST"] or None,
            port=settings["PORT"] or None,
            user=settings["USER"] or None,
            password=settings["PASSWORD"] or None,
            connect_timeout=3,
        )
    except psycopg2.OperationalError:
        raise NoDatabase("PostgreSQL is skipped: no server answers.") from None
    connection.autocommit = True
    quoted = '"' + name.replace('"', '""') + '"'
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {quoted} TEMPLATE template0 ENCODING 'UTF8'")
    except psycopg2.errors.DuplicateDatabase:
        connection.close()
        raise NoDatabase(
            f"PostgreSQL is skipped: there is a database “{name}” already, and the bench makes its own. "
            f"If nobody needs it, type dropdb {name}."
        ) from None
    except psycopg2.errors.InsufficientPrivilege:
        connection.close()
        raise NoDatabase("PostgreSQL is skipped: this user may not make a database.") from None
    try:
        yield url
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {quoted} WITH (FORCE)")
        connection.close()
