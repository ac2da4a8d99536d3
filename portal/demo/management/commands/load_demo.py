from django.core.management.base import BaseCommand, CommandError

from portal.demo.accounts import make_accounts, may_have_accounts
from portal.demo.exceptions import StrategyInForce
from portal.demo.loader import load_demo
from portal.demo.us.integrity import DamagedFile


class Command(BaseCommand):
    help = (
        "Load the demo from public records: United States anti-trafficking grants 2001 to 2014. "
        "All of it or nothing; run again, it changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--with-accounts",
            action="store_true",
            help="Make the demo accounts on a site with production settings too.",
        )

    def handle(self, *, with_accounts, verbosity, **options):
        try:
            report = load_demo()
        except DamagedFile as damage:
            raise CommandError(f"{damage}. Nothing was loaded.") from damage
        except StrategyInForce as refusal:
            raise CommandError(
                f"The strategy “{refusal.strategy}” is in force: a demo goes into a database of its own. "
                "Nothing was loaded."
            ) from refusal
        if verbosity:
            for sentence in report.sentences():
                self.stdout.write(sentence)
        if with_accounts or may_have_accounts():
            made = make_accounts()
            self.stdout.write(f"Demo accounts made: {made}.")
        else:
            self.stdout.write("No demo accounts on this site (--with-accounts makes them).")
