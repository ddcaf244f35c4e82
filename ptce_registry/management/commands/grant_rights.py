from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ptce_registry.roles import grant_rights


class Command(BaseCommand):
    help = "Donne au compte des pages ses droits sur les tables, comme après chaque migration."

    def handle(self, *args: Any, **options: Any) -> None:
        if not grant_rights():
            raise CommandError("DATABASE_OWNER_URL manque\u00a0: le compte qui possède les tables.")
        self.stdout.write("Les droits sont donnés.")
