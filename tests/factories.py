"""Made-up rows for tests, the same at every run; their codes collide with no real ones."""

from datetime import date
from typing import Any

import factory
from django.utils.text import slugify
from stdnum import luhn

from calls.models import Application, Call, CallKind, Instalment, Strand, Wave
from members.kinds import CERTAIN_FACTS, OrganisationKind
from members.models import FactEvidence, Organisation
from networks.models import Network, NetworkKind, NetworkRegion, NetworkStaff, Role, User
from poles.models import (
    Alert,
    ImportRun,
    Membership,
    Pole,
    PoleCoverage,
    PoleFigures,
    PoleNetwork,
    PoleProject,
    PoleSource,
    PoleTheme,
    Proposal,
    Report,
    Study,
    Theme,
)
from territories.models import FormerCommune, Territory
from tests.staffing import editor_beside_a_manager

_REAL_REGIONS = {1, 2, 3, 4, 6, 11, 24, 27, 28, 32, 44, 52, 53, 75, 76, 84, 93, 94}
_FREE_REGIONS = [f"{n:02d}" for n in range(100) if n not in _REAL_REGIONS]
PASSWORD = "une phrase de passe pour les essais"


def valid_siren(number: int) -> str:
    """The SIREN made of ``number`` and its key."""
    stem = f"{number:08d}"
    return stem + luhn.calc_check_digit(stem)


def valid_siret(siren: str, number: int = 1) -> str:
    """The SIRET of the ``number``-th establishment of ``siren``."""
    stem = f"{siren}{number:04d}"
    return stem + luhn.calc_check_digit(stem)


class TerritoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Territory
        django_get_or_create = ("kind", "code")
        abstract = True

    slug = factory.LazyAttribute(lambda o: slugify(f"{o.name}-{o.code}"))


class RegionFactory(TerritoryFactory):
    kind = "region"
    code = factory.Sequence(lambda n: _FREE_REGIONS[n % len(_FREE_REGIONS)])
    name = factory.LazyAttribute(lambda o: f"Région d’essai {o.code}")


class DepartementFactory(TerritoryFactory):
    kind = "departement"
    code = factory.Sequence(lambda n: ("96", "97", "98", "99", "00", "20")[n % 6])
    name = factory.LazyAttribute(lambda o: f"Département d’essai {o.code}")
    region = factory.SubFactory(RegionFactory)


class EpciFactory(TerritoryFactory):
    kind = "epci"
    code = factory.Sequence(lambda n: f"9{n:08d}")
    name = factory.LazyAttribute(lambda o: f"Communauté d’essai {o.code}")
    epci_type = "CC"


class CommuneFactory(TerritoryFactory):
    kind = "commune"
    code = factory.Sequence(lambda n: f"{96000 + n % 1000}")
    name = factory.LazyAttribute(lambda o: f"Bourg d’essai {o.code}")
    departement = factory.SubFactory(DepartementFactory)
    region = factory.SelfAttribute("departement.region")
    postal_codes = factory.LazyAttribute(lambda o: [o.code])
    latitude = factory.Sequence(lambda n: 45 + n % 1000 / 1000)
    longitude = factory.Sequence(lambda n: 2 + n % 1000 / 1000)


class FormerCommuneFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FormerCommune

    code = factory.Sequence(lambda n: f"{99000 + n % 1000}")
    name = factory.Sequence(lambda n: f"Ancien bourg d’essai {n}")
    kind = "commune déléguée"
    commune = factory.SubFactory(CommuneFactory)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"compte{n}@exemple.invalid")
    full_name = factory.Sequence(lambda n: f"Compte d’essai {n}")
    role = Role.NETWORK
    password = factory.django.Password(PASSWORD)

    class Params:
        officer = factory.Trait(role=Role.OFFICER)
        administrator = factory.Trait(role=Role.ADMINISTRATOR)
        auditor = factory.Trait(role=Role.AUDITOR)


class NetworkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Network

    name = factory.Sequence(lambda n: f"Réseau d’essai {n}")
    slug = factory.Sequence(lambda n: f"reseau-d-essai-{n}")
    kind = NetworkKind.REGIONAL_CHAMBER


class NetworkRegionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NetworkRegion

    network = factory.SubFactory(NetworkFactory)
    region = factory.SubFactory(RegionFactory)


class NetworkStaffFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NetworkStaff

    network = factory.SubFactory(NetworkFactory)
    user = factory.SubFactory(UserFactory)
    role = factory.LazyAttribute(editor_beside_a_manager)


class OrganisationFactory(factory.django.DjangoModelFactory):
    """An organisation of unknown kind; give a ``kind`` and the facts that follow from it come."""

    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Organisation d’essai {n}")
    slug = factory.Sequence(lambda n: f"organisation-d-essai-{n}")

    class Params:
        numbered = factory.Trait(
            siren=factory.Sequence(lambda n: valid_siren(99_000_000 + n)),
            siret=factory.LazyAttribute(lambda o: valid_siret(o.siren)),
        )

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        certain = CERTAIN_FACTS[OrganisationKind(kwargs.get("kind", "inconnu"))]
        return {**certain, **kwargs}


class FactEvidenceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FactEvidence

    organisation = factory.SubFactory(OrganisationFactory)
    aspect = "kind"
    value = "association"
    origin = "presse"
    source = "https://exemple.invalid/page"
    stated_on = date(2024, 3, 1)


class ThemeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Theme

    name = factory.Sequence(lambda n: f"Thème d’essai {n}")
    slug = factory.Sequence(lambda n: f"theme-d-essai-{n}")
    position = factory.Sequence(lambda n: 1000 + n)


class PoleFactory(factory.django.DjangoModelFactory):
    """A draft; ``published=True`` for one that the public sees."""

    class Meta:
        model = Pole

    name = factory.Sequence(lambda n: f"Pôle d’essai {n}")
    slug = factory.Sequence(lambda n: f"pole-d-essai-{n}")

    class Params:
        published = factory.Trait(record_state="publie")


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    pole = factory.SubFactory(PoleFactory)
    organisation = factory.SubFactory(OrganisationFactory)


class PoleThemeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PoleTheme

    pole = factory.SubFactory(PoleFactory)
    theme = factory.SubFactory(ThemeFactory)


class PoleCoverageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PoleCoverage

    pole = factory.SubFactory(PoleFactory)
    territory = factory.SubFactory(CommuneFactory)


class PoleNetworkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PoleNetwork

    pole = factory.SubFactory(PoleFactory)
    network = factory.SubFactory(NetworkFactory)


class PoleSourceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PoleSource

    pole = factory.SubFactory(PoleFactory)
    url = factory.Sequence(lambda n: f"https://exemple.invalid/source/{n}")


class PoleProjectFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PoleProject

    pole = factory.SubFactory(PoleFactory)
    title = factory.Sequence(lambda n: f"Projet d’essai {n}")


class PoleFiguresFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PoleFigures

    pole = factory.SubFactory(PoleFactory)
    year = factory.Sequence(lambda n: 1990 + n % 100)


class StudyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Study

    title = factory.Sequence(lambda n: f"Étude d’essai {n}")


class ProposalFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Proposal

    pole = factory.SubFactory(PoleFactory)
    base_version = 1
    changes = factory.LazyFunction(lambda: {"summary": {"before": "", "after": "Un autre résumé"}})
    origin = "public"


class AlertFactory(factory.django.DjangoModelFactory):
    """Asked for a theme, and not yet confirmed."""

    class Meta:
        model = Alert

    email = factory.Sequence(lambda n: f"suivi{n}@exemple.invalid")
    frequency = "semaine"
    theme = factory.SubFactory(ThemeFactory)


class ReportFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Report

    name = factory.Sequence(lambda n: f"Signalement d’essai {n}")
    commune = factory.SubFactory(CommuneFactory)
    does = "Un jardin, une cuisine et une recyclerie ensemble"


class ImportRunFactory(factory.django.DjangoModelFactory):
    """A file whose columns are still to be designated."""

    class Meta:
        model = ImportRun

    author = factory.SubFactory(UserFactory)
    file_name = "tableau.csv"
    content = "Nom;Sigle\nPôle d’un tableau;PT\n".encode()


class CallFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Call

    code = factory.Sequence(lambda n: f"appel-d-essai-{n}")
    name = factory.Sequence(lambda n: f"Appel d’essai {n}")
    kind = CallKind.OTHER


class WaveFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Wave

    call = factory.SubFactory(CallFactory)
    code = factory.Sequence(lambda n: f"vague-{n}")
    name = factory.Sequence(lambda n: f"Vague {n}")


class StrandFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Strand

    call = factory.SubFactory(CallFactory)
    code = factory.Sequence(lambda n: f"volet-{n}")
    name = factory.Sequence(lambda n: f"Volet {n}")


class ApplicationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Application

    call = factory.SubFactory(CallFactory)
    pole = factory.SubFactory(PoleFactory)


class InstalmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Instalment

    application = factory.SubFactory(ApplicationFactory, decision="laureat", amount_eur=100_000)
    amount_eur = 1000
