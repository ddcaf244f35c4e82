"""What a letter says in the place of each field that its text names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from calls.models import Application
from core.templatetags.french import day, euros
from networks.models import User

_FIELD = re.compile(r"\{(\w+)\}")
_BLANK = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")


@dataclass(frozen=True)
class Written:
    """A text with its fields written; ``missing``: those that have nothing to say."""

    text: str
    missing: list[str]


# The file that shows what a text looks like, where there is none yet.
TYPICAL = {
    "pole": "Pôle d’exemple du Val d’Œuvre",
    "beneficiaire": "Association «\u00a0L’Œuvre du Val\u00a0»",
    "appel": "Appel à projets d’exemple",
    "vague": "Vague d’exemple",
    "volet": "Volet d’exemple",
    "numero_dossier": "12345678",
    "date_reception": "3 mars 2026",
    "date_decision": "1er juin 2026",
    "comite": "Comité d’exemple",
    "montant": "60\u202f000\u00a0€",
    "motifs": "Les motifs s’écrivent ici, pour chaque dossier, au moment de l’envoi.",
    "date_du_jour": "15 juin 2026",
    "agent": "Prénom Nom",
}


def values_of(file: Application, officer: User, reasons: str, today: date) -> dict[str, str]:
    """By field; "" for what is not known of this file."""
    return {
        "pole": file.pole.name,
        "beneficiaire": file.beneficiary.name if file.beneficiary else "",
        "appel": file.call.name,
        "vague": file.wave.name if file.wave else "",
        "volet": file.strand.name if file.strand else "",
        "numero_dossier": file.file_number or f"R-{file.pk}",
        "date_reception": day(file.received_on),
        "date_decision": day(file.decided_on),
        "comite": file.session.committee if file.session else "",
        "montant": euros(file.amount_eur),
        "motifs": reasons.strip(),
        "date_du_jour": day(today),
        "agent": str(officer),
    }


def written(text: str, values: Mapping[str, str]) -> Written:
    """Each field once: what a value says is never read again."""
    missing = dict.fromkeys(name for name in _FIELD.findall(text) if not values.get(name))
    return Written(_FIELD.sub(lambda found: values.get(found[1], ""), text), list(missing))


def paragraphs(body: str) -> list[list[str]]:
    """The lines of each paragraph."""
    clean = body.replace("\r\n", "\n").strip()
    return [each.split("\n") for each in _BLANK.split(clean)]
