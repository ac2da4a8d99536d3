"""Settings from the environment, with a sentence for each one that is missing."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured


class MissingSettings(ImproperlyConfigured):
    """Variables that this site needs and does not have; `str()` is one sentence for each."""


class Settings:
    """Reads variables, remembers which are missing, and names all of them at once.

    A missing variable is read as an empty value until `refuse_missing()` is called, so that
    somebody who sets up a site learns of every variable in one go.
    """

    def __init__(self, source: Mapping[str, str] | None = None) -> None:
        self._env = environ.Env()
        self._env.ENVIRON = dict(os.environ if source is None else source)
        self._missing: list[str] = []

    def needed(self, name: str, purpose: str, example: str) -> str:
        """The value of `name`; empty, and remembered as missing, when it is unset or blank."""
        value = self.text(name).strip()
        if not value:
            self._missing.append(f"{name} is not set ({purpose}): type export {name}={example}")
        return value

    def refuse_missing(self) -> None:
        """Raise `MissingSettings` when any needed variable was missing."""
        if self._missing:
            raise MissingSettings("\n".join(self._missing))

    def text(self, name: str, default: str = "") -> str:
        return str(self._env.str(name, default=default))

    def flag(self, name: str, default: bool = False) -> bool:
        """True for 1, true, yes and on; `default` when the variable is unset or blank."""
        return self._env.bool(name, default=default) if self.text(name).strip() else default

    def number(self, name: str, default: int) -> int:
        return self._env.int(name, default=default) if self.text(name).strip() else default

    def words(self, name: str) -> list[str]:
        """The comma-separated parts of a variable, without blanks."""
        return [word.strip() for word in self.text(name).split(",") if word.strip()]

    def database(self, default: str) -> dict[str, Any]:
        """Django's settings for the database at `DATABASE_URL`, else at `default`.

        Connections stay open for a minute: opening one takes longer than answering from what is kept.
        SQLite waits 20 seconds for a lock, takes the lock when a transaction begins (a read that
        turns into a write would fail at once otherwise) and keeps readers going while one writes.
        """
        url = self.text("DATABASE_URL").strip() or default
        database: dict[str, Any] = self._env.db_url_config(url)
        database["CONN_MAX_AGE"] = 60
        options = database.setdefault("OPTIONS", {})
        if database["ENGINE"] == "django.db.backends.sqlite3":
            options |= {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": (
                    "PRAGMA foreign_keys = ON;PRAGMA journal_mode = WAL;PRAGMA synchronous = NORMAL"
                ),
            }
        else:
            database["CONN_HEALTH_CHECKS"] = True
        return database

    def email(self, default: str) -> dict[str, Any]:
        """Django's `EMAIL_…` settings for the mail server at `EMAIL_URL`, else at `default`."""
        return dict(self._env.email_url_config(self.text("EMAIL_URL").strip() or default))


def kept_secret(path: Path) -> str:
    """The secret in the file at `path`; made, and readable by its owner alone, the first time."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        secret = secrets.token_urlsafe(50)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secret + "\n")
        return secret
