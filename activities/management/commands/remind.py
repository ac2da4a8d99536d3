from django.core.management.base import BaseCommand
from django.utils import timezone

from activities.reminders import remind


class Command(BaseCommand):
    help = "Tell people of new overlaps, what waits for their answer and what is due. Run it once a day."

    def handle(self, *args, **options):
        counts = remind(now=timezone.now())
        self.stdout.write(", ".join(f"{name}: {number}" for name, number in counts.items()))
