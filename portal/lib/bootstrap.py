"""What `make` runs: from a fresh clone to a running portal, its tests and its checks.

It needs nothing but Python's own library, and reads in Pythons too old for the portal, so that
they get a sentence and not a syntax error.
"""

import ctypes.util
import errno
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed-locks"
OLDEST, NEWEST = (3, 11), (3, 13)
PANGO = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}
NO_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|name resolution|Network is unreachable"
    r"|Connection refused|ConnectTimeout|ProxyError|Failed to establish|nodename nor servname",
)
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Stop(Exception):
    """Something a person must do first; the message is the sentence that says what."""


def say(sentence: str) -> None:
    print(sentence, flush=True)


def call(*command: object, env: "dict[str, str] | None" = None) -> None:
    """Run a command that speaks for itself; stop with its own exit code when it fails."""
    code = subprocess.call([str(part) for part in command], cwd=str(ROOT), env=env)
    if code:
        sys.exit(code)


# --- Python, packages, system libraries ---------------------------------------------------------


def version_of(python: "str | Path") -> "tuple[int, ...] | None":
    """(3, 11) for a Python that starts; None for one that does not."""
    try:
        out = subprocess.check_output(
            [str(python), "-c", "import sys; print(*sys.version_info[:2])"],
            stderr=subprocess.DEVNULL,
        )
        return tuple(int(part) for part in out.split())
    except (OSError, subprocess.CalledProcessError, ValueError):
        return None


def suitable_python() -> str:
    """The Python to build with: `PYTHON`, this one, or another in the path."""
    names = [os.environ["PYTHON"]] if os.environ.get("PYTHON") else [sys.executable]
    names += ["python3.13", "python3.12", "python3.11"]
    for name in names:
        version = version_of(name)
        if version and OLDEST <= version <= NEWEST:
            return name
    raise Stop(
        "Fourfold needs Python 3.11, 3.12 or 3.13 and found {}.{} ({}): install one of them, "
        "then type PYTHON=python3.13 make run.".format(*sys.version_info[:2], sys.executable)
    )


def make_venv() -> None:
    version = version_of(PYTHON)
    if version and OLDEST <= version <= NEWEST:
        return
    python = suitable_python()
    say("Making .venv with Python {}.{} ...".format(*(version_of(python) or ())))
    made = subprocess.run(
        [python, "-m", "venv", "--clear", str(VENV)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if made.returncode:
        shutil.rmtree(str(VENV), ignore_errors=True)
        if b"ensurepip" in made.stdout:
            raise Stop(
                "Python's venv module is incomplete here: "
                "type sudo apt-get install python3-venv, then make run."
            )
        raise Stop("Python could not make .venv: " + made.stdout.decode().strip().splitlines()[-1])


def fingerprint(lock: str) -> str:
    """One line that changes with the lock file and with the Python it was installed for."""
    digest = hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()
    return "{} {} {}.{}".format(lock, digest, *(version_of(PYTHON) or ()))


def install(lock: str) -> None:
    """Install the packages of a lock file, unless just these are installed already."""
    locks = ["requirements.txt"] + ([lock] if lock != "requirements.txt" else [])
    wanted = [fingerprint(name) for name in locks]
    installed = STAMP.read_text().splitlines() if STAMP.exists() else []
    if wanted[-1] in installed:
        return
    total = len(re.findall(r"(?m)^[A-Za-z0-9]", (ROOT / lock).read_text()))
    say(f"Installing {total} packages, which takes about a minute ...")
    if STAMP.exists():
        STAMP.unlink()
    command = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--no-input"]
    command += ["--disable-pip-version-check", "--progress-bar", "off", "--retries", "2"]
    lines, fetched = [], 0
    with subprocess.Popen(
        [*command, "-r", lock],
        cwd=str(ROOT),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    ) as pip:
        for line in pip.stdout or ():
            lines.append(line.rstrip())
            if line.startswith("Collecting "):
                fetched += 1
                if fetched % 20 == 0:
                    say(f"  {fetched} of {total} found")
            elif line.startswith("Installing collected"):
                say("  all found; putting them in place ...")
    if pip.returncode:
        if any(NO_NETWORK.search(line) for line in lines):
            raise Stop(
                "The packages could not be fetched because there is no network: "
                "connect, and type the same command again."
            )
        raise Stop("The packages could not be installed: " + " ".join(lines[-3:]))
    STAMP.write_text("\n".join(wanted) + "\n")


def install_pango() -> None:
    """WeasyPrint draws PDFs with Pango, which pip cannot bring; all else works without it."""
    missing = [package for library, package in PANGO.items() if not has_library(library)]
    if not missing:
        return
    if sys.platform == "darwin":
        say("PDFs need Pango: type brew install pango. All else works without it.")
        return
    command = "apt-get install --no-install-recommends -y " + " ".join(missing)
    if not shutil.which("apt-get"):
        say("PDFs need Pango: install it with your system's packages. All else works without it.")
        return
    tried = VENV / "pango-tried"
    if not tried.exists() and may_install():
        tried.touch()
        say("Installing Pango, which draws the PDFs ...")
        if apt_get("update", "-qq") and apt_get(*command.split()[1:], "-qq"):
            return
    say(f"PDFs need Pango: type sudo {command}. All else works without it.")


def has_library(name: str) -> bool:
    return bool(ctypes.util.find_library(name))


def may_install() -> bool:
    """Whether apt-get may be used here without asking anybody for a password."""
    if os.geteuid() == 0:
        return True
    if not shutil.which("sudo"):
        return False
    return not subprocess.call(
        ["sudo", "-n", "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def apt_get(*arguments: str) -> bool:
    command = ["apt-get", *arguments]
    if os.geteuid():
        command = ["sudo", "-n", *command]
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    return not subprocess.call(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


# --- What make's targets do ---------------------------------------------------------------------


def address() -> "tuple[str, str]":
    """(host, port) to listen on; stops when the port is no port, or taken."""
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise Stop(f"PORT is {port!r}, which is no port: type PORT=8000 make run.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            if error.errno == errno.EACCES:
                reason = f"Port {port} is for the system's own services"
            elif error.errno == errno.EADDRINUSE:
                reason = f"Port {port} is in use"
            else:
                reason = f"Port {port} of {host} cannot be used ({error.strerror})"
            other = 8124 if port == "8123" else 8123
            raise Stop(f"{reason}: choose another, as in PORT={other} make run.") from None
    return host, port


def run() -> None:
    """The portal with its demo, for trying it on this machine."""
    host, port = address()
    make_venv()
    install("requirements.txt")
    install_pango()
    os.environ.setdefault("DEBUG", "0")
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.dev"
    replace_with(PYTHON, "manage.py", "start", "--host", host, "--port", port)


def serve() -> None:
    """The portal for others, with the production settings."""
    host, port = address()
    make_venv()
    install("requirements.txt")
    install_pango()
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.production"
    say("Bringing the database up to date ...")
    call(PYTHON, "manage.py", "migrate", "--verbosity", "0")
    call(PYTHON, "manage.py", "createcachetable")
    collect_static()
    workers = os.environ.get("WORKERS") or "2"
    say(f"Serving at http://{host}:{port} with {workers} workers.")
    granian = VENV / "bin" / "granian"
    options = ["--interface", "wsgi", "--workers", workers, "--blocking-threads", "4"]
    options += ["--respawn-failed-workers", "--no-ws"]
    start_beside(PYTHON)
    replace_with(granian, *options, "--host", host, "--port", port, "portal.wsgi:application")


def start_beside(python: "str | Path") -> "subprocess.Popen[bytes]":
    """Start what runs background jobs beside the server that this process is, or is about to become."""
    command = [str(python), "-I", str(Path(__file__).resolve()), "beside"]
    return subprocess.Popen(command, cwd=str(ROOT), start_new_session=True)


def beside() -> None:
    """The worker, for as long as the process that started this lives; started again when it ends by itself."""
    parent, stopped = os.getppid(), []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    command = [sys.executable, "manage.py", "worker", "--with-parent"]

    def over() -> bool:
        return bool(stopped) or os.getppid() != parent

    while not over():
        worker = subprocess.Popen(command, cwd=str(ROOT))
        while worker.poll() is None and not over():
            time.sleep(0.3)
        if over():
            end(worker)
            return
        say("The worker for background jobs ended; it starts again in 5 seconds.")
        until = time.monotonic() + 5
        while time.monotonic() < until and not over():
            time.sleep(0.3)


def end(process: "subprocess.Popen[bytes]", patience: float = 10) -> None:
    """Ask a process to finish what it does; end it when that takes too long: its jobs can be run again."""
    process.terminate()
    try:
        process.wait(timeout=patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def collect_static() -> None:
    """Compress the static files, unless just these were compressed already."""
    stamp = ROOT / "var" / "static-stamp"
    digest = hashlib.sha256(fingerprint("requirements.txt").encode())
    for path in sorted((ROOT / "portal" / "static").rglob("*")):
        if path.is_file():
            digest.update(str(path).encode() + path.read_bytes())
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    say("Compressing the static files, which takes half a minute ...")
    call(PYTHON, "manage.py", "collectstatic", "--noinput", "--clear", "--verbosity", "0")
    stamp.write_text(digest.hexdigest())


def test() -> None:
    """The test suite, on `DATABASE_URL` or on SQLite in memory."""
    make_venv()
    install("requirements-dev.txt")
    install_pango()
    if not any(shutil.which(name) for name in CHROMIUM):
        say("Browser tests are skipped: there is no Chromium (sudo apt-get install chromium).")
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
    replace_with(PYTHON, "-m", "pytest", *arguments())


def bench() -> None:
    """Speed, measured on this machine, on SQLite and on PostgreSQL where it is there."""
    make_venv()
    install("requirements-dev.txt")
    replace_with(PYTHON, "manage.py", "bench", *arguments())


def lint() -> None:
    """Every check but the tests; the first that finds something stops."""
    make_venv()
    install("requirements-dev.txt")
    tool = VENV / "bin"
    strict = [PYTHON, "-W", "error", "manage.py"]
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
    steps = [
        ("code", [tool / "ruff", "check", "--quiet", "."]),
        ("layout of code", [tool / "ruff", "format", "--quiet", "--check", "."]),
        ("templates", [tool / "djlint", "--quiet", "--lint", "templates"]),
        ("direction of imports", [tool / "lint-imports", "--no-cache", "--no-logo"]),
        ("types", [tool / "mypy", "portal/lib", "strategy/analysis"]),
        ("missing migrations", [*strict, "makemigrations", "--check", "--dry-run"]),
    ]
    for name, command in steps:
        say(f"Checking the {name} ...")
        call(*command)
    say("Checking the production settings ...")
    call(*strict, "check", "--deploy", "--fail-level", "WARNING", env=production())
    say("Nothing found.")


def production() -> "dict[str, str]":
    """An environment in which the production settings are complete; for checks alone."""
    return dict(
        os.environ,
        DJANGO_SETTINGS_MODULE="portal.settings.production",
        SECRET_KEY=hashlib.sha512(os.urandom(64)).hexdigest(),
        DATABASE_URL="sqlite:///:memory:",
        ALLOWED_HOSTS="fourfold.example.org",
        BASE_URL="https://fourfold.example.org",
        MAIL_FROM="fourfold@example.org",
        EMAIL_URL="consolemail://",
        REDIS_URL="",
    )


def lock() -> None:
    """Choose the newest versions that the .in files allow, and write them down with hashes."""
    make_venv()
    install("requirements-dev.txt")
    uv = [VENV / "bin" / "uv", "pip", "compile", "--quiet", "--upgrade", "--universal"]
    uv += ["--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-config"]
    call(*uv, "requirements.in", "-o", "requirements.txt")
    call(*uv, "requirements-dev.in", "-c", "requirements.txt", "-o", "requirements-dev.txt")


def arguments() -> "list[str]":
    return os.environ.get("ARGS", "").split()


def replace_with(*command: object) -> None:
    """Become another program, so that Ctrl+C and the exit code are its own."""
    os.chdir(str(ROOT))
    sys.stdout.flush()
    os.execv(str(command[0]), [str(part) for part in command])


TARGETS = {target.__name__: target for target in (run, serve, test, bench, lint, lock, beside)}


def main() -> None:
    try:
        TARGETS[sys.argv[1]]()
    except Stop as stop:
        sys.exit(str(stop))
    except KeyboardInterrupt:
        sys.exit("\nInterrupted; the same command goes on from here.")


if __name__ == "__main__":
    main()
