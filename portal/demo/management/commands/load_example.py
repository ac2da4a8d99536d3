from django.core.management.base import BaseCommand, CommandError

from portal.demo.accounts import make_accounts, may_have_accounts
from portal.demo.example_loader import load_example
from portal.demo.exceptions import StrategyInForce

HOMES = {
    "example-fund": "alder-foundation",
    "example-members-association": "tidewater-legal-clinic",
}


class Command(BaseCommand):
    help = (
        "Load the invented coalition, for trying the workflows: organisations, activities, grants and "
        "requirements of 2025 to 2028. All of it or nothing; run again, it changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--with-accounts",
            action="store_true",
            help="Make the demo accounts on a site with production settings too.",
        )

    def handle(self, *, with_accounts, verbosity, **options):
        try:
            report = load_example()
        except StrategyInForce as refusal:
            raise CommandError(
                f"The strategy “{refusal.strategy}” is in force: the example goes into a database of its own. "
                "Nothing was loaded."
            ) from refusal
        if verbosity:
            for sentence in report.sentences():
                self.stdout.write(sentence)
        if with_accounts or may_have_accounts():
            made = make_accounts(HOMES)
            self.stdout.write(f"Demo accounts made: {made}.")
        else:
            self.stdout.write("No demo accounts on this site (--with-accounts makes them).")
