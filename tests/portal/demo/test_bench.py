import pytest

from portal.demo.bench.databases import NoDatabase, postgres, sqlite
from portal.demo.bench.goals import GOALS, tables, verdicts
from portal.demo.bench.saving import KEPT, WITHOUT
from portal.demo.bench.timing import Line, in_turn, line, measure


def test_line_says_median_p95_and_mean():
    found = line("a page", [float(n) for n in range(1, 102)], queries=4)

    assert found == Line("a page", 51.0, 96.0, 51.0, 101, queries=4)


def test_calls_are_measured_in_turn_after_two_for_warming_up():
    calls = []

    lines = list(in_turn({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, 3))

    assert "".join(calls) == "ab" * 5
    assert [(found.name, found.times) for found in lines] == [("a", 3), ("b", 3)]


def test_what_runs_before_a_call_is_not_measured():
    calls = []

    taken = measure(lambda: calls.append("call"), 2, before=lambda: calls.append("before"))

    assert len(taken) == 2
    assert calls == ["before", "call"] * 4


def test_goal_is_a_ratio_within_the_run():
    lines = [line(KEPT, [12.0, 12.0]), line(WITHOUT, [10.0, 10.0])]

    found = {verdict.goal: verdict for verdict in verdicts(lines)}

    saving = found["saving with everything kept ÷ without"]
    assert (saving.measured, saving.most, saving.met) == (1.2, 1.3, True)
    assert [verdict.met for verdict in found.values()].count(None) == len(GOALS) - 1


@pytest.mark.parametrize(("queries", "small", "met"), [(6, 6, True), (7, 7, False), (6, 5, False)])
def test_queries_of_a_page_are_few_and_do_not_grow(queries, small, met):
    lines = [line("home", [1.0, 1.0], queries=queries, queries_small=small)]

    assert list(verdicts(lines))[-1].met is met


def test_what_was_skipped_says_why():
    said = "\n".join(tables("SQLite", [Line("home", note="skipped: / answers 404")]))

    assert "skipped: / answers 404" in said
    assert said.count("not measured") == len(GOALS)


def test_sqlite_database_is_taken_away():
    from pathlib import Path

    with sqlite() as url:
        path = Path(url.removeprefix("sqlite:///"))
        path.touch()

    assert not path.exists()


def test_server_that_does_not_answer_is_a_sentence(monkeypatch):
    monkeypatch.setenv("BENCH_DATABASE_URL", "postgres://nobody@127.0.0.1:1/fourfold_bench")

    with pytest.raises(NoDatabase, match="no server answers"), postgres():
        pass


def test_other_kind_of_database_is_refused(monkeypatch):
    monkeypatch.setenv("BENCH_DATABASE_URL", "sqlite:///there.sqlite3")

    with pytest.raises(NoDatabase, match="names no PostgreSQL database"), postgres():
        pass
