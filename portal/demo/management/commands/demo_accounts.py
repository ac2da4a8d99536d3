from django.core.management.base import BaseCommand

from portal.accounts.models import User
from portal.demo.accounts import ACCOUNTS, PASSWORD


class Command(BaseCommand):
    help = "Print the demo accounts that are on this site."

    def handle(self, **options):
        there = set(
            User.objects.filter(email__in=[account.email for account in ACCOUNTS]).values_list(
                "email", flat=True
            )
        )
        accounts = [account for account in ACCOUNTS if account.email in there]
        if not accounts:
            self.stdout.write("There are no demo accounts here.")
            return
        self.stdout.write(f"Demo accounts, password {PASSWORD}:")
        width = max(len(account.email) for account in accounts)
        for account in accounts:
            self.stdout.write(f"  {account.email:<{width}}  {account.what_for}")
