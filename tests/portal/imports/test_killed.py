"""An import whose worker is killed, at any moment, ends as if it had not been killed."""

import signal
import sqlite3
import time

import pytest

from tests.portal.jobs.worker_site import site, wait_until

__all__ = ["site"]
ROWS = 1200

PREPARE = """
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.utils import timezone
    from portal.imports import services
    from tests.factories import MembershipFactory, ObjectiveFactory, PlaceFactory
    ObjectiveFactory(code="1.1", title="Aim", short_title="Aim")
    PlaceFactory(code="KE", name="Kenya")
    person = MembershipFactory(user__name="A").user
    lines = ["Title,Objectives,Places,Description", *(f"Row {{n}},1.1,KE,Words {{n}}" for n in range({rows}))]
    file = SimpleUploadedFile("a.csv", "\\n".join(lines).encode())
    whole = services.receive(file, "activities", organisation=None, by=person, now=timezone.now())
    targets = [column["target"] for column in whole.columns]
    services.match(whole, targets, order="", remember=False, by=person, now=timezone.now())
"""
SAVE = """
    from django.utils import timezone
    from portal.imports import services
    from portal.imports.models import Import
    whole = Import.objects.get()
    services.start_saving(whole, by=whole.uploaded_by, now=timezone.now())
"""
RESULT = """
    from activities.models import Activity, ActivityObjective, Review
    from portal.imports.models import Import
    from wagtail.models import ModelLogEntry
    whole = Import.objects.get()
    print(whole.state, whole.counts, whole.result["finished"])
    print(Activity.objects.count(), ActivityObjective.objects.count(), Review.objects.count())
    print(ModelLogEntry.objects.filter(action="fourfold.import").count())
"""


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.0, 0.6])
def test_killed_import_ends_as_if_it_had_not_been_killed(site, seconds):
    folder, manage, shell = site
    assert shell(PREPARE.format(rows=ROWS)) == ""

    def states():
        with sqlite3.connect(f"file:{folder}/jobs.sqlite3?mode=ro", uri=True) as database:
            return dict(database.execute("SELECT kind, state FROM jobs_job").fetchall())

    def kill_while(kind):
        worker = manage("worker", "--interval", "0.05")
        wait_until(lambda: states()[kind] != "waiting")
        time.sleep(seconds)
        worker.send_signal(signal.SIGKILL)
        worker.communicate()
        out, _ = manage("worker", "--once").communicate(timeout=300)
        assert states()[kind] == "done", out

    kill_while("imports.check")
    assert shell(SAVE) == ""
    kill_while("imports.save")

    assert shell(RESULT).splitlines() == [
        f"done {{'added': {ROWS}}} True",
        f"{ROWS} {ROWS} {ROWS}",
        "1",
    ]
