import socket

import pytest

from portal.lib import bootstrap

FAKE_PIP = """#!/bin/sh
if [ "$1" = -c ]; then echo 3 11; exit 0; fi
echo "Collecting django"
echo "{line}"
exit {code}
"""


@pytest.fixture
def fake_venv(monkeypatch, tmp_path):
    """A project with one locked package, whose pip says `line` and ends with `code`."""
    (tmp_path / "requirements.txt").write_text("django==5.2.19 \\\n    --hash=sha256:00\n")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "installed-locks")
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / "python")

    def make(line, code):
        bootstrap.PYTHON.write_text(FAKE_PIP.format(line=line, code=code))
        bootstrap.PYTHON.chmod(0o755)

    return make


def test_install_is_done_once_for_each_lock(fake_venv, capsys):
    fake_venv("Installing collected packages", 0)

    bootstrap.install("requirements.txt")
    first = capsys.readouterr().out
    bootstrap.install("requirements.txt")

    assert first.startswith("Installing 1 packages")
    assert capsys.readouterr().out == ""


def test_install_is_done_again_when_the_lock_changes(fake_venv, capsys):
    fake_venv("Installing collected packages", 0)
    bootstrap.install("requirements.txt")
    (bootstrap.ROOT / "requirements.txt").write_text("django==5.2.20\nwagtail==8.0.1\n")
    capsys.readouterr()

    bootstrap.install("requirements.txt")

    assert capsys.readouterr().out.startswith("Installing 2 packages")


def test_install_says_when_there_is_no_network(fake_venv):
    fake_venv("NewConnectionError: Failed to establish a new connection", 1)

    with pytest.raises(bootstrap.Stop, match="there is no network"):
        bootstrap.install("requirements.txt")
    assert not bootstrap.STAMP.exists()


def test_install_passes_on_what_pip_says_of_other_failures(fake_venv):
    fake_venv("ERROR: hashes do not match", 1)

    with pytest.raises(bootstrap.Stop, match="hashes do not match"):
        bootstrap.install("requirements.txt")


def test_python_too_old_gets_a_sentence(monkeypatch):
    monkeypatch.setattr(bootstrap, "version_of", lambda python: (3, 10))

    with pytest.raises(bootstrap.Stop, match=r"needs Python 3.11, 3.12 or 3.13"):
        bootstrap.suitable_python()


def test_python_is_looked_for_in_the_path_when_this_one_is_too_old(monkeypatch):
    versions = {"python3.12": (3, 12)}
    monkeypatch.delenv("PYTHON", raising=False)
    monkeypatch.setattr(bootstrap, "version_of", lambda python: versions.get(python, (3, 9)))

    assert bootstrap.suitable_python() == "python3.12"


def test_address_refuses_a_port_in_use_and_names_another(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        monkeypatch.setenv("PORT", port)
        monkeypatch.delenv("HOST", raising=False)

        with pytest.raises(bootstrap.Stop, match=f"Port {port} is in use: choose another"):
            bootstrap.address()


@pytest.mark.parametrize("port", ["abc", "0", "70000"])
def test_address_refuses_what_is_no_port(monkeypatch, port):
    monkeypatch.setenv("PORT", port)

    with pytest.raises(bootstrap.Stop, match="which is no port"):
        bootstrap.address()


def test_pango_missing_is_a_sentence_and_no_failure(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(bootstrap, "has_library", lambda name: False)
    monkeypatch.setattr(bootstrap, "may_install", lambda: False)

    bootstrap.install_pango()

    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert "PDFs need Pango: " in said
