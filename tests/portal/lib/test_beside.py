"""What runs beside the server: started again when it ends, and gone when the server is."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal.lib import bootstrap

WORKER = """
import os, sys, time
with open(sys.argv[0] + ".log", "a") as log:
    log.write(f"{os.getpid()}\\n")
time.sleep(60)
"""
SERVER = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", sys.argv[1]])
time.sleep(60)
"""
BESIDE = """
import sys
sys.path.insert(0, {root!r})
from pathlib import Path
from portal.lib import bootstrap
bootstrap.ROOT = Path({folder!r})
bootstrap.beside()
"""


def wait_until(there):
    until = time.monotonic() + 30
    while not there():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.1)


def is_alive(number):
    try:
        return Path(f"/proc/{number}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="Looks at processes in /proc.")
@pytest.mark.slow
def test_worker_is_started_again_and_goes_when_the_server_is_killed(tmp_path):
    (tmp_path / "manage.py").write_text(WORKER)
    log = tmp_path / "manage.py.log"
    beside = BESIDE.format(root=str(bootstrap.ROOT), folder=str(tmp_path))
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, beside], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    wait_until(log.exists)
    wait_until(lambda: log.read_text().endswith("\n"))
    os.kill(int(log.read_text()), 9)
    wait_until(lambda: len(log.read_text().split()) == 2)

    server.kill()
    server.wait()

    wait_until(lambda: not is_alive(log.read_text().split()[-1]))
