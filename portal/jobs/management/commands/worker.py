"""Run background jobs: imports, digests, the nightly scoring."""

from django.core.management.base import BaseCommand

from portal.jobs.worker import work


class Command(BaseCommand):
    help = "Run background jobs until stopped. Several may run at once, on several machines."

    def add_arguments(self, parser):
        parser.add_argument(
            "--once", action="store_true", help="End when no job waits any more, for cron."
        )
        parser.add_argument(
            "--interval", type=float, default=1.0, help="Seconds between two looks; 1 if not said."
        )
        parser.add_argument(
            "--with-parent",
            action="store_true",
            help="End when the process that started this ends.",
        )

    def handle(self, *, once, interval, with_parent, **options):
        work(once=once, interval=interval, with_parent=with_parent)
