from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.notices.services import send_daily


class Command(BaseCommand):
    help = "Send the daily mails that something waits, and those that could not be sent at once."

    def handle(self, *args, **options):
        sent = send_daily(now=timezone.now())
        self.stdout.write(f"{sent} mails sent.")
