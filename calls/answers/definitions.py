"""What each figure of an answer counts, in the words that are given with it.

What is not counted is said apart, by `Why`.
"""

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """Why something is said apart from a figure."""

    UNDATED = "sans-date"
    UNPLACED = "sans-lieu"
    UNTOLD = "instruction"
    OTHER = "autre-appel"
    UNEXAMINED = "non-examine"
    NO_AMOUNT = "sans-montant"
    CLOSED = "ferme"
    REGULARISED = "regularisation"


@dataclass(frozen=True)
class Definition:
    """``one``, ``many``: what is counted; ``euros``: summed instead, then ``one`` is unused."""

    key: str
    name: str
    sentence: str
    one: str = ""
    many: str = ""
    euros: bool = False


CANDIDATES = Definition(
    "candidates",
    "Candidats",
    "Pôles dont un dossier a été reçu au plus tard ce jour\u00a0; un pôle compte une fois par "
    "appel, quels que soient ses volets et ses vagues. Un dossier dont la réception n’est pas "
    "datée est reçu au plus tard à la clôture de l’appel ou à sa décision.",
    "candidat",
    "candidats",
)
ELIGIBLE = Definition(
    "eligible",
    "Éligibles",
    "Candidats qu’un agent a dits éligibles au plus tard ce jour.",
    "candidat éligible",
    "candidats éligibles",
)
LAUREATES = Definition(
    "laureates",
    "Lauréats",
    "Pôles qu’une décision prise au plus tard ce jour a dits lauréats, une fois par appel.",
    "lauréat",
    "lauréats",
)
SUPPORTED = Definition(
    "supported",
    "Accompagnés",
    "Pôles qu’une décision prise au plus tard ce jour a dits accompagnés, une fois par appel.",
    "accompagné",
    "accompagnés",
)
ENGAGED = Definition(
    "engaged",
    "Euros engagés",
    "Montants que les décisions prises au plus tard ce jour attribuent aux lauréats et aux "
    "accompagnés.",
    euros=True,
)
PAID = Definition(
    "paid",
    "Euros versés",
    "Versements faits au plus tard ce jour\u00a0; ceux qui sont prévus ou suspendus n’y sont pas.",
    euros=True,
)
POLES = Definition(
    "poles",
    "Pôles identifiés",
    "Pôles dont la fiche est publiée, fondés au plus tard ce jour et non fermés ce jour-là, quelle "
    "que soit leur maturité. Un pôle dont l’année de création n’est pas connue compte dès qu’une "
    "candidature datée, une reconnaissance ou sa fiche dans le registre l’atteste.",
    "pôle identifié",
    "pôles identifiés",
)
RECOGNISED = Definition(
    "recognised",
    "Pôles reconnus",
    "Pôles identifiés dont la reconnaissance au titre de l’article\u00a09 de la loi "
    "n°\u00a02014-856 du 31\u00a0juillet 2014 est en vigueur ce jour\u00a0; ceux qui sont en "
    "régularisation sont dits à part.",
    "pôle reconnu",
    "pôles reconnus",
)
DEFINITIONS = (CANDIDATES, ELIGIBLE, LAUREATES, SUPPORTED, ENGAGED, PAID, POLES, RECOGNISED)
BY_KEY = {each.key: each for each in DEFINITIONS}

# What follows the number and the name of what is counted.
APART = {
    Why.UNDATED: "dont on ne sait pas la date",
    Why.UNPLACED: "dont on ne sait pas le territoire ou le thème",
    Why.UNTOLD: "d’un appel encore à l’instruction",
    Why.OTHER: "d’un autre appel que ceux de l’État",
    Why.UNEXAMINED: "dont on ne sait pas l’éligibilité",
    Why.NO_AMOUNT: "dont on ne sait pas le montant",
    Why.CLOSED: "fermés ce jour-là",
    Why.REGULARISED: "en régularisation",
}

STATE_CALLS = (
    "Aucun appel n’étant choisi, candidats, lauréats, accompagnés et euros sont ceux des appels "
    "nationaux de l’État."
)
DECISIONS = (
    "À défaut de sa date, une décision est de celle des résultats de la vague ou de l’appel\u00a0; "
    "celles d’un appel conduit dans le registre comptent une fois l’appel, ou la vague, décidé."
)
SEATS = "La région et le département d’un pôle sont ceux de son siège."
THEMES = "Les thèmes d’un pôle n’ont pas de date\u00a0: ce sont ceux d’aujourd’hui."
KNOWN = (
    "Les chiffres sont ceux des faits de ce jour, tels qu’ils étaient connus du registre quand la "
    "question a été posée."
)
UNDATED_ANNOUNCEMENT = "annonce-sans-date"
CALL_NOTE = "Note du registre sur l’appel"
NOT_ANNOUNCED = "non annoncé"
NO_POLES_ANNOUNCED = (
    "Des totaux de pôles ont été annoncés par communiqué, qui divergent\u00a0; aucun n’a sa source "
    "dans les données du registre."
)
