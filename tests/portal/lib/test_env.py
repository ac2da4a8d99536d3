import stat

import pytest

from portal.lib.env import MissingSettings, Settings, kept_secret


def test_missing_settings_are_named_all_at_once():
    env = Settings({"B": " "})

    env.needed("A", "says who", "me")
    env.needed("B", "says what", "this")

    with pytest.raises(MissingSettings) as missing:
        env.refuse_missing()
    assert str(missing.value).splitlines() == [
        "A is not set (says who): type export A=me",
        "B is not set (says what): type export B=this",
    ]


def test_missing_settings_refuses_nothing_when_all_are_there():
    env = Settings({"A": " value "})

    assert env.needed("A", "says who", "me") == "value"
    assert env.refuse_missing() is None


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("true", True), ("0", False), ("no", False), ("", True)]
)
def test_flag_reads_words_and_falls_back_when_blank(value, expected):
    assert Settings({"HTTPS": value}).flag("HTTPS", default=True) is expected


def test_words_are_parted_by_commas():
    assert Settings({"HOSTS": "a.org, b.org,,"}).words("HOSTS") == ["a.org", "b.org"]


def test_database_sqlite_locks_at_the_start_of_a_transaction():
    database = Settings({}).database(default="sqlite:///:memory:")
    options = database["OPTIONS"]

    assert database["CONN_MAX_AGE"] == 60
    assert options["transaction_mode"] == "IMMEDIATE"
    assert options["timeout"] == 20
    assert "journal_mode = WAL" in options["init_command"]
    assert "foreign_keys = ON" in options["init_command"]


def test_database_url_wins_over_the_default():
    env = Settings({"DATABASE_URL": "postgres://me@127.0.0.1/fourfold"})

    database = env.database(default="sqlite:///:memory:")

    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["NAME"], database["USER"], database["HOST"]) == (
        "fourfold",
        "me",
        "127.0.0.1",
    )
    assert database["CONN_HEALTH_CHECKS"] is True


def test_kept_secret_is_made_once_and_read_by_its_owner_alone(tmp_path):
    path = tmp_path / "secret"

    first, second = kept_secret(path), kept_secret(path)

    assert first == second
    assert len(first) > 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
