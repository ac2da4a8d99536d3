"""Jobs: run once each, tried again, given up with a sentence, and started by the clock."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from portal.jobs import registry, services
from portal.jobs.choices import JobState
from portal.jobs.exceptions import JobRefused, JobTakenOver, UnknownJob
from portal.jobs.models import Job, PeriodicJob
from portal.jobs.registry import Daily, Every, daily, job
from portal.jobs.running import FAILED, run, run_waiting
from portal.jobs.services import GIVEN_UP, reap, start_due, start_job
from portal.jobs.worker import beat

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


@pytest.fixture
def kinds(monkeypatch):
    """A registry of its own for each test."""
    registry.load()
    monkeypatch.setattr(registry, "KINDS", {})
    periodic = {}
    monkeypatch.setattr(registry, "PERIODIC", periodic)
    monkeypatch.setattr(services, "PERIODIC", periodic)


def test_job_runs_with_its_arguments_as_the_person_who_started_it(kinds, editor_a):
    @job("tests.add")
    def add(row, first, second):
        row.tell(1, 2)
        return {"sum": first + second, "by": row.started_by_id}

    started = start_job("tests.add", by=editor_a, first=2, second=3)
    assert (started.state, run_waiting()) == (JobState.WAITING, 1)

    started.refresh_from_db()
    assert started.state == JobState.DONE
    assert started.result == {"sum": 5, "by": editor_a.pk}
    assert (started.done, started.total, started.attempts, started.percent) == (2, 2, 1, 100)


def test_same_key_is_asked_for_once_until_it_is_done(kinds):
    job("tests.once")(lambda row: None)

    first, second = start_job("tests.once", key="7"), start_job("tests.once", key="7")
    other = start_job("tests.once", key="8")

    assert first == second != other
    assert run_waiting() == 2
    assert start_job("tests.once", key="7") != first


def test_unknown_job_is_refused(kinds):
    with pytest.raises(UnknownJob):
        start_job("tests.nothing")


def test_failed_job_is_tried_again_and_then_given_up_in_plain_words(kinds, caplog):
    @job("tests.fails", tries=2)
    def fails(row):
        raise ZeroDivisionError

    started = start_job("tests.fails")
    run_waiting()
    started.refresh_from_db()
    assert (started.state, started.attempts) == (JobState.WAITING, 1)
    assert run_waiting() == 0  # it waits a little first

    DBTaskResult.objects.update(run_after=timezone.now())
    run_waiting()

    started.refresh_from_db()
    assert (started.state, started.attempts, started.error) == (JobState.FAILED, 2, FAILED)
    assert "ZeroDivisionError" in caplog.text


def test_refused_job_says_why_and_is_not_tried_again(kinds):
    @job("tests.refuses")
    def refuses(row):
        raise JobRefused("The file is empty.")

    started = start_job("tests.refuses")
    run_waiting()

    started.refresh_from_db()
    assert (started.state, started.attempts, started.problem) == (
        JobState.FAILED,
        1,
        "The file is empty.",
    )


def test_second_worker_does_not_run_what_the_first_one_runs(kinds):
    count = []
    job("tests.count")(lambda row: count.append(row.pk))
    started = start_job("tests.count")
    Job.objects.update(state=JobState.RUNNING, attempts=1, heartbeat_at=timezone.now())

    run(started.pk)

    assert count == []


def test_reaper_puts_back_a_job_of_another_machine_after_its_silence_only(kinds):
    job("tests.slow")(lambda row: "done")
    started = start_job("tests.slow")
    now = timezone.now()
    Job.objects.update(state=JobState.RUNNING, attempts=1, heartbeat_at=now, worker="other/1/aa")
    DBTaskResult.objects.update(status="RUNNING")

    assert reap(now=now + services.SILENCE - timedelta(seconds=1)) == 0
    assert reap(now=now + services.SILENCE + timedelta(seconds=1)) == 1

    run_waiting()
    started.refresh_from_db()
    assert (started.state, started.result, started.attempts) == (JobState.DONE, "done", 2)


def test_reaper_gives_up_a_job_that_never_ends(kinds):
    job("tests.kills", tries=2)(lambda row: None)
    started = start_job("tests.kills")
    Job.objects.update(
        state=JobState.RUNNING,
        attempts=2,
        heartbeat_at=timezone.now() - timedelta(days=1),
        worker="other/1/aa",
    )

    assert reap() == 1

    started.refresh_from_db()
    assert (started.state, started.error) == (JobState.FAILED, GIVEN_UP)


def test_reaper_finds_a_job_whose_task_got_lost(kinds):
    job("tests.lost")(lambda row: "found")
    started = start_job("tests.lost")
    DBTaskResult.objects.update(status="RUNNING")  # claimed by a worker that died before it began

    assert reap() == 0
    assert reap(now=timezone.now() + services.LOST_AFTER * 2) == 1

    run_waiting()
    started.refresh_from_db()
    assert started.result == "found"


def test_run_that_was_taken_over_stops_and_writes_nothing(kinds):
    @job("tests.stalls")
    def stalls(row):
        Job.objects.filter(pk=row.pk).update(attempts=2)  # the reaper, and another worker
        beat()
        row.tell(1)
        raise AssertionError("went on")

    started = start_job("tests.stalls")
    run_waiting()

    started.refresh_from_db()
    assert (started.state, started.attempts) == (JobState.RUNNING, 2)
    started.is_taken_over = True
    with pytest.raises(JobTakenOver):
        started.tell(5)


def test_beat_writes_progress(kinds):
    seen = []

    @job("tests.beats")
    def beats(row):
        row.tell(30, 200)
        beat()
        seen.append(Job.objects.get(pk=row.pk).percent)

    start_job("tests.beats")
    run_waiting()

    assert seen == [15]


def test_daily_job_starts_once_a_day_and_makes_up_for_one_missed_day(kinds):
    daily("tests.nightly", at="02:30")(lambda row: None)

    assert start_due(now=NIGHT) == []  # seen for the first time
    assert start_due(now=NIGHT + timedelta(hours=23)) == []
    started = start_due(now=NIGHT + timedelta(hours=24))
    assert [row.kind for row in started] == ["tests.nightly"]
    assert start_due(now=NIGHT + timedelta(hours=25)) == []
    run_waiting()
    assert len(start_due(now=NIGHT + timedelta(days=5))) == 1
    assert PeriodicJob.objects.get().last_slot == datetime(2026, 11, 30, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "now", "slot"),
    [
        (Daily(NIGHT.time()), NIGHT, NIGHT),
        (Daily(NIGHT.time()), NIGHT - timedelta(seconds=1), NIGHT - timedelta(days=1)),
        (
            Every(timedelta(minutes=15)),
            NIGHT + timedelta(minutes=16),
            NIGHT + timedelta(minutes=15),
        ),
    ],
)
def test_slot_is_the_last_moment_it_was_due(when, now, slot):
    assert when.slot(now) == slot


def test_old_jobs_are_deleted(kinds):
    job("tests.old")(lambda row: None)
    start_job("tests.old")
    run_waiting()

    assert services.prune(now=timezone.now() + timedelta(days=89)) == 0
    assert services.prune(now=timezone.now() + timedelta(days=91)) == 1
    assert not DBTaskResult.objects.exists()
