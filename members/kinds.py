"""The kinds of organisation, and the facts that each gives for certain (article 1 of the law)."""

from django.db import models
from django.db.models import Q


class OrganisationKind(models.TextChoices):
    COMMERCIAL = "entreprise", "entreprise commerciale"
    ESS = "ess", "entité de l’ESS"
    TRAINING = "formation", "organisme de formation"
    ASSOCIATION = "association", "association"
    AUTHORITY = "collectivite", "collectivité territoriale ou groupement"
    RESEARCH = "recherche", "recherche ou enseignement supérieur"
    OTHER = "autre", "autre"
    UNKNOWN = "inconnu", "nature non renseignée"


FACT_LABELS = {
    "is_commercial": "entreprise commerciale hors ESS",
    "is_ess": "entité de l’ESS",
    "is_training_body": "organisme de formation déclaré",
    "is_non_ess_grouping": "groupement d’une majorité d’entreprises hors ESS",
    "is_legal_person": "personne morale",
}
FACTS = tuple(FACT_LABELS)

# A fact that is not named here is "as known".
CERTAIN_FACTS: dict[OrganisationKind, dict[str, bool]] = {
    OrganisationKind.COMMERCIAL: {"is_commercial": True, "is_ess": False},
    OrganisationKind.ESS: {"is_commercial": False, "is_ess": True},
    OrganisationKind.ASSOCIATION: {"is_commercial": False, "is_ess": True},
    OrganisationKind.TRAINING: {"is_training_body": True},
    OrganisationKind.RESEARCH: {"is_commercial": False},
    OrganisationKind.AUTHORITY: {"is_commercial": False, "is_ess": False},
    OrganisationKind.OTHER: {},
    OrganisationKind.UNKNOWN: {},
}

# None of these is an enterprise outside the ESS, nor a grouping of them.
NEVER_GROUPINGS = (OrganisationKind.ESS, OrganisationKind.RESEARCH, OrganisationKind.AUTHORITY)


def coherent_facts() -> Q:
    """The condition under which a row's facts are those that its kind gives for certain."""
    coherent = Q()
    for kind, facts in CERTAIN_FACTS.items():
        # A check that comes out as unknown lets the row in: each fact is asked to be known.
        known = {f"{fact}__isnull": False for fact in facts}
        coherent |= Q(kind=kind.value, **facts, **known)
    return coherent & ~Q(kind__in=NEVER_GROUPINGS, is_non_ess_grouping=True)
