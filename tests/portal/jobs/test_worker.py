"""The worker as a process of its own: killed in the middle, started again, stopped with its server."""

import os
import signal
import subprocess
import sys

import pytest

from tests.portal.jobs.worker_site import ROOT, site, wait_until

__all__ = ["site"]

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
    folder, _manage, shell = site
    worker = [str(ROOT / "manage.py"), "worker", "--with-parent", "--interval", "0.1"]
    start = "import subprocess, sys; subprocess.Popen([sys.executable, *sys.argv[1:]]).wait()"
    parent = subprocess.Popen(
        [sys.executable, "-c", start, *worker],
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
