"""A made-up pole that went from undetermined to recognised, to regularisation, and back.

Each step is a transaction of its own, made by the functions that officers use, so that its history
and its decisions read as those of a real pole would. It says in its name that it is made up.
"""

import datetime

from django.db import transaction
from django.utils import timezone

from members.kinds import CERTAIN_FACTS, OrganisationKind
from members.models import EvidenceOrigin, FactEvidence, Organisation
from networks.models import Role, User
from poles.models import Maturity, Membership, MembershipRole, Pole, RecordState
from poles.recognition import guarded, recognise
from ptce_registry.made_up import MARK, SLUG_PREFIX
from territories.models import Territory

SLUG = f"{SLUG_PREFIX}pole-des-quatre-etapes"
_MEMBERS = (
    ("Association des Quatre Chemins", OrganisationKind.ASSOCIATION),
    ("Menuiserie des Quatre Chemins", OrganisationKind.COMMERCIAL),
    ("Transports des Quatre Chemins", OrganisationKind.COMMERCIAL),
    ("École des Quatre Chemins", OrganisationKind.OTHER),
)


def walk_through_recognition() -> None:
    """Makes the pole and takes it through the steps, unless it is there already."""
    if Pole.objects.filter(slug=SLUG).exists():
        return
    pole, school = _undetermined()
    _settle(school)
    officer = _officer()
    recognise(pole, officer, f"Composition établie au vu des déclarations{MARK}")
    _departure(pole, school)
    _arrival(pole)
    recognise(pole, officer, f"Un autre organisme de formation a rejoint le pôle{MARK}")


@transaction.atomic
def _undetermined() -> tuple[Pole, Organisation]:
    """An association, two companies and a school of which nobody has said what it is."""
    today = timezone.localdate()
    seat = Territory.objects.communes().current().order_by("-population", "code").first()
    pole = Pole.objects.create(
        name=f"Pôle des quatre étapes{MARK}",
        slug=SLUG,
        summary="Pôle fictif, qui montre le chemin d’une reconnaissance, aller et retour.",
        maturity=Maturity.EXISTING,
        maturity_year=today.year,
        seat=seat,
        contact_email="pole-des-quatre-etapes@fictif.example",
        record_state=RecordState.PUBLISHED,
    )
    organisations = [_organisation(name, kind) for name, kind in _MEMBERS]
    for rank, organisation in enumerate(organisations):
        Membership.objects.create(
            pole=pole,
            organisation=organisation,
            role=MembershipRole.ACTIVE if rank else MembershipRole.LEAD,
            begins_on=today - datetime.timedelta(days=400),
        )
    return pole, organisations[-1]


@transaction.atomic
def _settle(school: Organisation) -> None:
    school.is_training_body = school.is_legal_person = True
    school.save()
    for fact in ("is_training_body", "is_legal_person"):
        FactEvidence.objects.create(
            organisation=school,
            aspect=fact,
            value="oui",
            origin=EvidenceOrigin.DECLARED,
            source=f"Déclaration de l’école{MARK}",
            stated_on=timezone.localdate(),
        )


def _departure(pole: Pole, school: Organisation) -> None:
    with guarded(regularising=True, reason=f"L’école a quitté le pôle{MARK}"):
        yesterday = timezone.localdate() - datetime.timedelta(days=1)
        membership = pole.memberships.get(organisation=school)
        membership.ends_on = yesterday
        membership.save()


@transaction.atomic
def _arrival(pole: Pole) -> None:
    other = _organisation("Campus des Quatre Chemins", OrganisationKind.TRAINING)
    other.is_legal_person = True
    other.save()
    Membership.objects.create(pole=pole, organisation=other, begins_on=timezone.localdate())


def _organisation(name: str, kind: OrganisationKind) -> Organisation:
    slug = f"{SLUG_PREFIX}{name.lower().replace(' ', '-').replace('é', 'e')}"
    return Organisation.objects.create(
        name=f"{name}{MARK}", slug=slug, kind=kind, **CERTAIN_FACTS[kind]
    )


def _officer() -> User:
    officer, _ = User.objects.get_or_create(
        email="agent@fictif.example",
        defaults={"full_name": f"Agent{MARK}", "role": Role.OFFICER, "is_active": False},
    )
    return officer
