"""The worker as a process of its own: killed in the middle, started again, stopped with its server."""

import os
import signal
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


STATE = """
    from portal.jobs.models import Job
    row = Job.objects.get()
    print(row.state, row.attempts, row.result)
"""


@pytest.mark.slow
def test_worker_killed_in_the_middle_starts_the_job_again(site):
    folder, manage, shell = site
    shell("""
        from portal.jobs.services import start_job
        start_job("tests.slow")
    """)
    worker = manage("worker", "--interval", "0.1")
    wait_until(lambda: (folder / "run-1").exists() and (folder / "run-1").read_text() >= "5")
    worker.send_signal(signal.SIGKILL)
    worker.communicate()
    assert shell(STATE) == "running 1 None"

    out, _ = manage("worker", "--once", "--interval", "0.1").communicate(timeout=120)

    assert shell(STATE) == "done 2 {'attempt': 2}", out
    assert int((folder / "run-1").read_text()) < 29  # the killed run never ended


@pytest.mark.slow
def test_worker_finishes_its_job_when_told_to_stop_and_leaves_with_its_parent(site):
    folder, manage, shell = site
    parent = subprocess.Popen(
        [sys.executable, "-c", "import subprocess, sys; subprocess.Popen(sys.argv[1:]).wait()"]
        + [sys.executable, str(ROOT / "manage.py"), "worker", "--with-parent", "--interval", "0.1"],
        env={
            **os.environ,
            "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}",
            "DJANGO_SETTINGS_MODULE": "worker_settings",
            "DATABASE_URL": "",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    shell("""
        from portal.jobs.services import start_job
        start_job("tests.slow")
    """)
    wait_until((folder / "run-1").exists)

    parent.kill()
    parent.wait()

    wait_until(lambda: shell(STATE).startswith("done 1"), seconds=90)
