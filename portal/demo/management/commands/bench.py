import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from portal.demo.bench import figures, goals, overlaps, pages, saving
from portal.demo.bench.databases import NoDatabase, postgres, sqlite
from portal.demo.bench.timing import Line
from portal.demo.coalition import make_coalition

SMALLER = 20


class Command(BaseCommand):
    help = (
        "Measure speed on a synthetic coalition of a given size, on SQLite and on PostgreSQL where it is there, each "
        "in a database of its own that is dropped afterwards. BENCH_DATABASE_URL names another PostgreSQL server."
    )

    def add_arguments(self, parser):
        parser.add_argument("--activities", type=int, default=20_000, metavar="N")
        parser.add_argument("--grants", type=int, default=8_000, metavar="M")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--only", choices=["sqlite", "postgres"], help="measure on one of the two"
        )
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")
        parser.add_argument(
            "--overlaps",
            action="store_true",
            help="judge the search for overlaps on labelled sets, and measure nothing else",
        )
        parser.add_argument(
            "--here",
            metavar="FILE",
            help="measure in this site's own, empty database; for the bench",
        )

    def handle(self, *, activities, grants, seed, only, here, **options):
        if activities < 1000 or grants < 400:
            raise CommandError("The bench needs 1000 activities and 400 grants at least.")
        size = {"activities": activities, "grants": grants, "seed": seed}
        if here:
            Path(here).write_text(json.dumps(self._measure(size)))
            return
        judged = []
        for found in overlaps.quality_lines(activities):
            self._say(f"overlaps on the labelled set of seed {found.seed}")
            judged.append(found)
        if options["overlaps"]:
            self._report_overlaps(judged, as_json=options["json"])
            return
        results = {}
        for name, database in (("SQLite", sqlite), ("PostgreSQL", postgres)):
            if only and only != database.__name__:
                continue
            try:
                with database() as url:
                    results[name] = self._apart(name, url, size)
            except NoDatabase as reason:
                self.stderr.write(str(reason))
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "size": size,
                        "overlaps": [one.as_dict() for one in judged],
                        "databases": results,
                    },
                    indent=2,
                )
            )
            return
        self._report_overlaps(judged)
        for name, result in results.items():
            lines = [Line(**entry) for entry in result["lines"]]
            title = f"{name} {result['version']}: {activities:,} activities, {grants:,} grants, seed {seed}"
            for sentence in goals.tables(title, lines):
                self.stdout.write(sentence)
            self.stdout.write("")

    def _report_overlaps(self, judged, *, as_json: bool = False) -> None:
        if as_json:
            self.stdout.write(json.dumps([one.as_dict() for one in judged], indent=2))
            return
        for sentence in overlaps.tables(judged):
            self.stdout.write(sentence)

    def _apart(self, name: str, url: str, size: dict) -> dict:
        """Measure in a process of its own, whose database is that at `url`."""
        self.stderr.write(f"{name}:")
        with TemporaryDirectory() as folder:
            out = Path(folder) / "lines.json"
            sizes = [f"--{key}={value}" for key, value in size.items()]
            command = [
                sys.executable,
                str(settings.ROOT / "manage.py"),
                "bench",
                "--here",
                str(out),
                *sizes,
            ]
            environment = {**os.environ, "DATABASE_URL": url, "DEBUG": "0", "REDIS_URL": ""}
            done = subprocess.run(command, env=environment, check=False)  # noqa: S603 our own command
            if done.returncode:
                raise CommandError(f"The bench on {name} ended with an error.")
            return json.loads(out.read_text())

    def _measure(self, size: dict) -> dict:
        self._say("bringing the database up to date")
        call_command("migrate", verbosity=0)
        self._say("counting the queries of pages on a small coalition")
        small = self._small(size)
        self._say("making the coalition")
        made = make_coalition(**size)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")  # as autovacuum does before long
        lines = []
        counts = pages.query_counts()
        for what, measured in (
            ("pages", pages.page_lines(counts, small)),
            ("figures", figures.figure_lines()),
            ("saves", saving.saving_lines()),
            ("overlaps", overlaps.overlap_lines()),
        ):
            self._say(f"measuring {what}")
            lines += measured
        return {
            "version": ".".join(map(str, connection.get_database_version())),
            "made": made,
            "lines": [line.as_dict() for line in lines],
            "goals": [
                {
                    "goal": verdict.goal,
                    "is": verdict.measured,
                    "at_most": verdict.most,
                    "met": verdict.met,
                }
                for verdict in goals.verdicts(lines)
            ],
        }

    def _small(self, size: dict) -> dict[str, int]:
        """Queries of pages on a coalition a twentieth of the size, which is taken back."""
        smaller = {**size, **{key: size[key] // SMALLER for key in ("activities", "grants")}}
        with transaction.atomic():
            make_coalition(**smaller)
            counts = pages.query_counts()
            transaction.set_rollback(True)
        cache.clear()
        return counts

    def _say(self, what: str) -> None:
        self.stderr.write(f"  {what} ...")
        self.stderr.flush()
