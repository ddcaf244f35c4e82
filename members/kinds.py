"""The kinds of organisation, and the facts that each gives for certain (article 1 of the law)."""

from collections.abc import Mapping

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


def facts_of(kind: str, stored: Mapping[str, bool | None]) -> dict[str, bool | None]:
    """The five facts, with what the kind and the other facts leave no doubt about.

    ``stored``: the facts as they were established, ``None`` being unknown. Article 1, II, of the
    law counts only legal persons in the ESS; a local authority is one by nature. The constraint on
    the table already holds the facts of ``CERTAIN_FACTS``. `facts_sql` says the same in SQL.
    """
    facts = {name: stored[name] for name in FACTS}
    if stored["is_ess"]:
        facts["is_commercial"] = False
    elif stored["is_ess"] is None and (
        stored["is_commercial"] or stored["is_legal_person"] is False
    ):
        facts["is_ess"] = False
    if kind in NEVER_GROUPINGS:
        facts["is_non_ess_grouping"] = False
    if stored["is_legal_person"] is None and (
        stored["is_ess"] or kind == OrganisationKind.AUTHORITY
    ):
        facts["is_legal_person"] = True
    return facts


def facts_sql(row: str) -> dict[str, str]:
    """For each fact, the SQL expression of `facts_of` over the organisation that ``row`` names."""
    never = ", ".join(f"'{kind.value}'" for kind in NEVER_GROUPINGS)
    return {
        "is_commercial": f"CASE WHEN {row}.is_ess THEN false ELSE {row}.is_commercial END",
        "is_ess": (
            f"coalesce({row}.is_ess, CASE WHEN {row}.is_commercial"
            f" OR NOT {row}.is_legal_person THEN false END)"
        ),
        "is_training_body": f"{row}.is_training_body",
        "is_non_ess_grouping": (
            f"CASE WHEN {row}.kind IN ({never}) THEN false ELSE {row}.is_non_ess_grouping END"
        ),
        "is_legal_person": (
            f"coalesce({row}.is_legal_person, CASE WHEN {row}.is_ess"
            f" OR {row}.kind = '{OrganisationKind.AUTHORITY.value}' THEN true END)"
        ),
    }


def coherent_facts() -> Q:
    """The condition under which a row's facts are those that its kind gives for certain."""
    coherent = Q()
    for kind, facts in CERTAIN_FACTS.items():
        # A check that comes out as unknown lets the row in: each fact is asked to be known.
        known = {f"{fact}__isnull": False for fact in facts}
        coherent |= Q(kind=kind.value, **facts, **known)
    return coherent & ~Q(kind__in=NEVER_GROUPINGS, is_non_ess_grouping=True)
