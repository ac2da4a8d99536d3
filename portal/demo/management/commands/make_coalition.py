from django.core.management.base import BaseCommand, CommandError

from portal.demo.coalition import make_coalition
from portal.demo.exceptions import StrategyThere


class Command(BaseCommand):
    help = (
        "Make a synthetic coalition of a given size, to measure speed on: made up from a seed, uneven as real ones "
        "are. It needs a database without a strategy."
    )

    def add_arguments(self, parser):
        parser.add_argument("--activities", type=int, default=20_000, metavar="N")
        parser.add_argument("--grants", type=int, default=8_000, metavar="M")
        parser.add_argument(
            "--seed", type=int, default=1, help="the same seed makes the same coalition"
        )

    def handle(self, *, activities, grants, seed, **options):
        if activities < 0 or grants < 0:
            raise CommandError("The numbers of activities and grants are 0 or more.")
        try:
            made = make_coalition(activities, grants, seed)
        except StrategyThere as refusal:
            raise CommandError(
                f"The strategy “{refusal.strategy}” is in this database: a synthetic coalition goes into a database "
                "of its own. Nothing was made."
            ) from refusal
        self.stdout.write(
            "Made: " + ", ".join(f"{count:,} {kind}" for kind, count in made.items()) + "."
        )
