"""A small site in a folder of its own, whose worker is a process that can be killed."""

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

SETTINGS = """
from portal.settings.test import *
DATABASES = {{"default": env.database(default="sqlite:///{folder}/jobs.sqlite3")}}
DATABASES["default"]["NAME"] = "{folder}/jobs.sqlite3"
INSTALLED_APPS = ["worker_app", *INSTALLED_APPS]


class NoMigrations:
    def __contains__(self, app):
        return True

    def __getitem__(self, app):
        return None


STORAGES["private"] = {{
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {{"location": "{folder}/private"}},
}}
MIGRATION_MODULES = NoMigrations()  # the tables as they are, made in seconds
"""
JOBS = """
import time
from pathlib import Path
from portal.jobs.registry import job

@job("tests.slow")
def slow(row):
    count = Path({folder!r}) / f"run-{{row.attempts}}"
    for step in range(30):
        row.tell(step, 30)
        count.write_text(str(step))
        if row.attempts > 1 and step > 3:
            break
        time.sleep(0.2)
    return {{"attempt": row.attempts}}
"""


@pytest.fixture
def site(tmp_path):
    """A small site in a folder; answers a function that runs a command there."""
    app = tmp_path / "worker_app"
    app.mkdir()
    (app / "__init__.py").write_text("urlpatterns = []\n")
    (app / "jobs.py").write_text(JOBS.format(folder=str(tmp_path)))
    (tmp_path / "worker_settings.py").write_text(SETTINGS.format(folder=tmp_path))
    environment = {
        **os.environ,
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "worker_settings",
        "DATABASE_URL": "",
    }

    def manage(*arguments):
        return subprocess.Popen(
            [sys.executable, ROOT / "manage.py", *arguments],
            env=environment,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def shell(code):
        out, _ = manage(
            "shell", "--no-imports", "-v", "0", "-c", textwrap.dedent(code)
        ).communicate()
        return out.strip()

    out, _ = manage("migrate", "--run-syncdb", "-v", "0").communicate()
    assert out == ""
    return tmp_path, manage, shell


def wait_until(there, seconds=60):
    until = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.1)
