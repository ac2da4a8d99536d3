from django.core.management.base import BaseCommand
from django.utils import timezone

from activities.digests import send_digests


class Command(BaseCommand):
    help = "Ask by mail whether activities are still true: everybody at most once a month."

    def handle(self, *args, **options):
        sent = send_digests(now=timezone.now())
        self.stdout.write(f"{sent} mails sent.")
