"""Article 9, the decree and the registry's own rule, as the pages that explain them need them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    title: str
    what: str
    url: str = ""


SOURCES = (
    Source(
        "Loi n° 2014-856 du 31 juillet 2014 relative à l’économie sociale et solidaire",
        "Article 1er : qui relève de l’ESS. Article 9, I : ce qu’est un PTCE. Article 9, II : le "
        "soutien de l’État.",
        "https://www.legifrance.gouv.fr/loda/id/JORFTEXT000029313296/",
    ),
    Source(
        "Décret n° 2015-431 du 15 avril 2015",
        "Article 2 : le comité interministériel. Article 3 : qui peut être retenu. Article 4 : "
        "les avis. Article 5 : la convention, le suivi et l’évaluation. À lire sur Légifrance, "
        "par son numéro.",
    ),
)


@dataclass(frozen=True)
class Condition:
    number: str
    text: str


# Décret n° 2015-431, article 3: all at once.
CONDITIONS = (
    Condition("1°", "être une personne morale de droit privé ;"),
    Condition(
        "2°",
        "réunir au moins trois personnes morales, dont au moins une entreprise de l’ESS, au moins "
        "une entreprise qui n’en est pas par ses statuts (ou un groupement formé en majorité de "
        "telles entreprises) et au moins une autre des personnes que nomme l’article 9 ;",
    ),
    Condition("3°", "suivre une stratégie au service d’un projet innovant ;"),
    Condition("4°", "agir sur un territoire délimité ;"),
    Condition("5°", "respecter le cahier des charges de l’appel ;"),
    Condition(
        "6°",
        "présenter un projet que l’État n’a pas déjà soutenu dans un appel à projets PTCE "
        "antérieur.",
    ),
)


@dataclass(frozen=True)
class RoleRow:
    kind: str
    commercial: str
    outside_ess: str
    ess: str
    training: str


_KNOWN = "selon ce que l’on sait"
# What the kind of an organisation says, for certain, of the roles that it may hold.
ROLES = (
    RoleRow(
        "Entreprise commerciale (société ou entreprise individuelle hors ESS)",
        "oui",
        "oui, si c’est une personne morale",
        "non",
        _KNOWN,
    ),
    RoleRow(
        "Entité de l’ESS (coopérative, mutuelle, fondation, société commerciale de l’ESS)",
        "non",
        "non",
        "oui",
        _KNOWN,
    ),
    RoleRow(
        "Association",
        "non",
        "seulement si elle groupe une majorité d’entreprises hors ESS",
        "oui",
        _KNOWN,
    ),
    RoleRow(
        "Organisme de formation",
        "non, sauf société hors ESS",
        "non, sauf société hors ESS",
        _KNOWN,
        "oui",
    ),
    RoleRow("Établissement de recherche ou d’enseignement supérieur", "non", "non", _KNOWN, _KNOWN),
    RoleRow("Collectivité ou groupement de collectivités", "non", "non", "non", _KNOWN),
    RoleRow(
        "Autre (chambre consulaire, organisation professionnelle, GIE, société civile ou "
        "agricole…)",
        _KNOWN,
        _KNOWN,
        _KNOWN,
        _KNOWN,
    ),
    RoleRow("Nature inconnue", "inconnu", "inconnu", "inconnu", "inconnu"),
)


@dataclass(frozen=True)
class Verdict:
    name: str
    # The colour of the design system's badge; never the only sign, since the name is written.
    colour: str
    text: str


VERDICTS = (
    Verdict(
        "Satisfaite",
        "success",
        "Avec ce que l’on sait de façon certaine, chaque rôle est tenu par un membre différent, "
        "et les membres actifs sont assez nombreux.",
    ),
    Verdict(
        "Non satisfaite",
        "warning",
        "La liste des membres a été confirmée complète, et aucune répartition des rôles n’est "
        "possible, même si tout ce que l’on ignore tournait en faveur du pôle.",
    ),
    Verdict(
        "Indéterminée",
        "info",
        "Tous les autres cas. C’est celui de la plupart des pôles connus par la presse : leur "
        "liste de membres est incomplète, et en conclure à un manquement serait faux.",
    ),
)


@dataclass(frozen=True)
class State:
    name: str
    text: str


RECOGNITION_STATES = (
    State("Aucune", "Aucun agent ne s’est prononcé. C’est l’état ordinaire d’une fiche."),
    State(
        "Reconnu",
        "La composition satisfait la règle du registre, ou bénéficie d’une exception datée et "
        "motivée.",
    ),
    State(
        "En régularisation",
        "La composition a cessé de satisfaire la règle. La structure porteuse et les réseaux sont "
        "prévenus ; ils disposent d’un délai, de 30 jours par défaut.",
    ),
    State(
        "Retiré",
        "Un agent a mis fin à la reconnaissance, en donnant ses motifs, après avoir entendu le "
        "pôle.",
    ),
)

# Four things that public counts mix, hence their disagreement.
DISTINCTIONS = (
    State("Un pôle qui se dit PTCE", "Il emploie le mot pour parler de lui-même."),
    State("Un pôle accompagné", "Un réseau ou un appel l’aide à mûrir son projet."),
    State("Un pôle lauréat", "L’État l’a retenu dans un appel à projets."),
    State(
        "Un pôle reconnu dans le registre",
        "Un agent du ministère a constaté sa composition, à une date donnée.",
    ),
)
