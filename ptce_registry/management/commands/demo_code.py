from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ptce_registry.demonstration import demo_codes


class Command(BaseCommand):
    help = "Les codes à deux facteurs des comptes de démonstration, en ce moment."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEVELOPMENT:
            raise CommandError("Pour une démonstration seulement.")
        for account, code in demo_codes():
            self.stdout.write(f"{code}  {account.email}")
