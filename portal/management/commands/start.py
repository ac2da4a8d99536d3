"""Bring this machine's database up to date, load the demo once, and serve the portal."""

import errno
import os
import sys

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.servers.basehttp import WSGIServer, get_internal_wsgi_application
from django.core.servers.basehttp import run as serve_requests
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from portal.lib.bootstrap import end, start_beside

DEMOS = {"": "load_demo", "example": "load_example", "none": None}


class Command(BaseCommand):
    help = (
        "Migrate, load the demo unless there is a strategy already, and serve at a local address."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, host, port, **options):
        demo = getattr(settings, "DEMO", "")
        if demo not in DEMOS:
            raise CommandError(
                f"DEMO is “{demo}”: leave it out, or type DEMO=example or DEMO=none."
            )
        try:
            self.migrate()
            if DEMOS[demo]:
                self.load(DEMOS[demo])
        except KeyboardInterrupt:
            raise CommandError("Interrupted: the same command goes on from here.") from None
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {str(error).strip()}") from error
        self.serve(host, port, with_accounts=bool(DEMOS[demo]))

    def migrate(self):
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            self.say(f"Preparing the database ({len(plan)} steps) ...")
            call_command("migrate", verbosity=0, interactive=False)

    def load(self, command):
        """Load places, rates and the demo, unless a strategy is there: what is there stays."""
        if apps.get_model("strategy", "Strategy").objects.exists():
            return
        for sentence, name in [
            ("Loading places ...", "load_places"),
            ("Loading exchange rates ...", "load_rates"),
            ("Loading the demo, which takes a minute or two ...", command),
        ]:
            self.say(sentence)
            call_command(name)

    def serve(self, host, port, *, with_accounts):
        application = get_internal_wsgi_application()
        beside = []

        def announce(bound_port):
            shown = "localhost" if host in {"127.0.0.1", "0.0.0.0"} else host  # noqa: S104
            self.say(f"\nFourfold is at http://{shown}:{bound_port}/  (Ctrl+C stops it)\n")
            if with_accounts:
                call_command("demo_accounts")
            beside.append(start_beside(sys.executable))

        try:
            serve_requests(
                host, port, application, threading=True, on_bind=announce, server_cls=WSGIServer
            )
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CommandError(f"Port {port} is in use: choose another with PORT=.") from error
            raise
        except KeyboardInterrupt:
            for process in beside:
                end(process)
            self.say("\nStopped.")
            sys.stdout.flush()
            os._exit(0)

    def say(self, sentence):
        self.stdout.write(sentence)
        self.stdout.flush()
