from django.core.management.base import BaseCommand

from portal.directory.places import load_places


class Command(BaseCommand):
    help = (
        "Load all places: World, UN M49 regions, countries (ISO 3166-1, and Kosovo as the "
        "user-assigned XK) and their first-level divisions (ISO 3166-2). Can be run again: ids "
        "stay, nothing is deleted."
    )

    def handle(self, *args, **options):
        report = load_places()
        self.stdout.write(
            f"Places: {report.read} read, {report.created} made, {report.updated} updated, "
            f"{report.kept} of your own kept."
        )
