"""The words of which made-up poles are named and described."""

import random
from collections.abc import Sequence

from members.kinds import OrganisationKind

POLE_HEADS = (
    "Atelier des transitions",
    "Cap coopération",
    "Carrefour solidaire",
    "Coopérative des possibles",
    "Écopôle",
    "Fabrique des filières",
    "Grappe solidaire",
    "Halle commune",
    "La Boucle",
    "La Navette",
    "Le Maillon",
    "Les Communs",
    "Les Filières vives",
    "Maison des coopérations",
    "Pépinière de l’utile",
    "Pôle des savoir-faire",
    "Pôle du bien-vivre",
    "Pôle de coopération",
    "Quai des initiatives",
    "Ruche des métiers",
    "Terres d’entente",
    "Territoire en commun",
    "Trait d’union",
    "Union des ateliers",
)

ORGANISATION_HEADS: dict[OrganisationKind, tuple[str, ...]] = {
    OrganisationKind.ASSOCIATION: (
        "Les Jardins partagés",
        "Le Relais des habitants",
        "Association Main tendue",
        "Café associatif",
        "Les Amis du réemploi",
        "Vélo pour tous",
        "Régie de quartier",
    ),
    OrganisationKind.ESS: (
        "Coopérative de maraîchage",
        "Entreprise d’insertion du bois",
        "Atelier d’insertion textile",
        "Coopérative d’activité et d’emploi",
        "Mutuelle",
        "Ressourcerie coopérative",
    ),
    OrganisationKind.COMMERCIAL: (
        "Menuiserie",
        "Transports",
        "Imprimerie",
        "Conserverie",
        "Bureau d’études thermiques",
    ),
    OrganisationKind.AUTHORITY: ("Ville", "Syndicat mixte", "Communauté de communes"),
    OrganisationKind.TRAINING: ("Centre de formation", "École de la deuxième chance"),
    OrganisationKind.RESEARCH: ("Laboratoire d’économie locale", "Institut des territoires"),
    OrganisationKind.OTHER: ("Chambre des métiers", "Groupement d’intérêt public"),
    OrganisationKind.UNKNOWN: ("Collectif", "Comité", "Les Compagnons"),
}

NATIONAL_ENDINGS = ("de France", "des territoires", "sans frontières", "de l’avenir", "et Cie")

PROJECT_TITLES = (
    "Atelier de réparation ouvert à tous",
    "Cuisine centrale partagée",
    "Flotte de véhicules en commun",
    "Groupement d’employeurs",
    "Magasin de matériaux de réemploi",
    "Plateforme logistique de circuits courts",
    "Tiers-lieu de formation",
)

_FIRST = (
    "Des associations, des entreprises et une collectivité y partagent locaux et emplois.",
    "Il relie des ateliers, des associations et des formateurs autour d’une même filière.",
    "Ses membres partagent un lieu, des achats et un programme de formation.",
)
_SECOND = (
    "Le projet prolonge une démarche engagée par les habitants.",
    "Une étude de faisabilité a précédé son ouverture.",
    "Il accueille des personnes éloignées de l’emploi.",
    "Il mène avec une université un travail sur l’innovation sociale.",
)


def summary(of_place: str, themes: Sequence[str]) -> str:
    return f"Pôle fictif des environs {of_place}, consacré à : {', '.join(themes).lower()}."


def description(place: str, chance: random.Random) -> str:
    return (
        f"Ce pôle n’existe pas : il sert à essayer le site. {chance.choice(_FIRST)} "
        f"{chance.choice(_SECOND)} Son territoire s’organise autour de {place}."
    )
