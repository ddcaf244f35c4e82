import datetime
from itertools import batched
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.db.models.functions import Mod
from django.utils import timezone

from calls.models import Call, CallKind
from core.version import forget_data_version
from members.models import Organisation
from networks.models import Network, NetworkKind, NetworkRegion
from poles.models import CompositionVerdict, Pole, Recognition, RecordState, Theme
from ptce_registry import made_up
from ptce_registry.made_up_walk import SLUG as WALK
from ptce_registry.made_up_walk import walk_through_recognition
from ptce_registry.roles import as_owner
from territories.models import Territory

# Each batch is one transaction: an interrupted command goes on where it stopped.
_BATCH = 1000
_MOST = 50_000
_CALL_YEARS = (2017, 2019, 2021, 2023, 2025)


class Command(BaseCommand):
    help = "Remplit la base de pôles fictifs, marqués comme tels, pour l’essayer en grand."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--size", type=int, required=True, help="nombre de pôles fictifs à atteindre"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        size = options["size"]
        if not settings.DEMONSTRATION:
            raise CommandError(
                "Les pôles fictifs n’ont pas leur place ici : ce n’est pas une démonstration "
                "(DEMONSTRATION=1)."
            )
        if not 1 <= size <= _MOST:
            raise CommandError(f"--size se choisit entre 1 et {_MOST}.")
        made = Pole.objects.filter(slug__startswith=made_up.SLUG_PREFIX).exclude(slug=WALK)
        already = made.count()
        if already >= size:
            self.stdout.write(f"{already} pôles fictifs sont déjà là.")
            return
        maker = made_up.Maker(_ground(), _national_organisations())
        maker.remember(_last_organisations())
        for numbers in batched(range(already, size), _BATCH):
            _save(maker.make(range(numbers[0], numbers[-1] + 1)))
            self.stdout.write(f"{numbers[-1] + 1} pôles fictifs")
        walk_through_recognition()
        # The planner chooses by what it last counted, and autovacuum comes a minute later.
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        forget_data_version()
        real = Pole.objects.exclude(slug__startswith=made_up.SLUG_PREFIX).count()
        if real:
            self.stdout.write(f"À côté d’eux, {real} pôles qui ne sont pas fictifs.")


@transaction.atomic
def _save(made: made_up.Made) -> None:
    # Published last, as a record is: found by the catalogue once, when it is whole.
    for rows in made.lists():
        if rows:
            type(rows[0])._default_manager.bulk_create(rows, batch_size=5000)
    poles = Pole.objects.filter(id__in=[pole.pk for pole in made.poles])
    poles.update(record_state=RecordState.PUBLISHED)
    # One in three of those that may be.
    poles.filter(verdict=CompositionVerdict.SATISFIED).annotate(third=Mod("id", 3)).filter(
        third=0
    ).update(
        recognition=Recognition.RECOGNISED,
        recognition_on=timezone.localdate(),
        recognition_reason=f"Reconnaissance{made_up.MARK}",
    )


def _ground() -> made_up.Ground:
    communes = Territory.objects.communes().current().order_by("code")
    if not communes.exists():
        call_command("load_territories", verbosity=0)
    themes = list(Theme.objects.order_by("slug"))
    if not themes:
        raise CommandError("La liste des thèmes est vide : lancez d’abord load_registry.")
    return made_up.Ground(list(communes.defer("postal_codes")), themes, _networks(), _calls())


def _networks() -> dict[int | None, Network]:
    networks: dict[int | None, Network] = {}
    networks[None], _ = Network.objects.get_or_create(
        slug=f"{made_up.SLUG_PREFIX}reseau-national",
        defaults={"name": f"Réseau national{made_up.MARK}", "kind": NetworkKind.NATIONAL},
    )
    for region in Territory.objects.regions().order_by("code"):
        network, _ = Network.objects.get_or_create(
            slug=f"{made_up.SLUG_PREFIX}reseau-{region.slug}",
            defaults={
                "name": f"Réseau régional – {region.name}{made_up.MARK}",
                "kind": NetworkKind.OTHER,
                "contact_email": f"{region.slug}@fictif.example",
            },
        )
        NetworkRegion.objects.get_or_create(network=network, region=region)
        networks[region.pk] = network
    return networks


def _calls() -> list[Call]:
    return [
        Call.objects.get_or_create(
            code=f"{made_up.SLUG_PREFIX}appel-{year}",
            defaults={
                "name": f"Appel à projets {year}{made_up.MARK}",
                "kind": CallKind.OTHER,
                "opens_on": datetime.date(year, 2, 1),
                "closes_on": datetime.date(year, 5, 1),
                "results_on": datetime.date(year, 9, 1),
            },
        )[0]
        for year in _CALL_YEARS
    ]


def _national_organisations() -> list[Organisation]:
    wanted = [
        made_up.make_organisation(number, seat=None)
        for number in range(made_up.NATIONAL_ORGANISATIONS)
    ]
    Organisation.objects.bulk_create(wanted, ignore_conflicts=True)
    saved = Organisation.objects.in_bulk([each.slug for each in wanted], field_name="slug")
    return [saved[each.slug] for each in wanted]


def _last_organisations() -> list[Organisation]:
    own = Organisation.objects.filter(slug__startswith=made_up.SLUG_PREFIX, seat__isnull=False)
    return list(own.order_by("-id")[: made_up.NEIGHBOURHOOD])[::-1]
