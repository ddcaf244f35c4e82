from django.core.management import call_command
from django.core.management.base import BaseCommand

# What the calendar asks for, in this order; each can be run by itself and again.
SCHEDULED = ("refresh_catalogue", "clearsessions")


class Command(BaseCommand):
    help = "Tout ce qui se fait chaque nuit."

    def handle(self, *args: object, **options: object) -> None:
        for name in SCHEDULED:
            call_command(name, stdout=self.stdout)
