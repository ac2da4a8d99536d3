from time import perf_counter

from django.core.management.base import BaseCommand

from activities.overlaps import score_all


class Command(BaseCommand):
    help = (
        "Compare all activities from nothing and keep which are alike. Run it once a night: it also counts anew how "
        "rare words are. Decisions and statements stay."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--keep-counts",
            action="store_true",
            help="judge by the counts of the last pass, as single edits are judged in between",
        )

    def handle(self, *, keep_counts, **options):
        start = perf_counter()
        pairs = score_all(recount=not keep_counts)
        self.stdout.write(f"{pairs} pairs are alike. {perf_counter() - start:.1f} s")
