from django.core.management.base import BaseCommand

from strategy.rates import load_central_bank_rates


class Command(BaseCommand):
    help = (
        "Load the European Central Bank's history of exchange rates as a package ships it: no "
        "network. Can be run again. Rates of other currencies come by upload."
    )

    def add_arguments(self, parser):
        parser.add_argument("currencies", nargs="*", metavar="USD", help="only these; else all")

    def handle(self, *args, currencies, **options):
        report = load_central_bank_rates([code.upper() for code in currencies])
        self.stdout.write(
            f"Exchange rates: {report.read} read, {report.created} made, {report.updated} updated, "
            f"{report.first} to {report.last}."
        )
