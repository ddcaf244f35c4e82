"""What changed in a pole's record, as the public may read it: no name of a person."""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from poles.models import Maturity, Pole, Recognition, RecordState

_READ, _SHOWN_DAYS = 400, 12

# The columns of a pole whose change is told, in the order and the words in which it is.
FIELDS = {
    "name": "nom",
    "acronym": "sigle",
    "slug": "adresse de la page",
    "summary": "résumé",
    "description": "description",
    "theme_words": "mots d’origine des thèmes",
    "maturity": "maturité",
    "maturity_year": "maturité",
    "maturity_words": "maturité",
    "founding_year": "année de création",
    "closed_on": "date de fermeture",
    "legal_person_id": "personne morale",
    "legal_form": "forme juridique",
    "lead_words": "structure porteuse",
    "seat_id": "siège",
    "address": "adresse",
    "latitude": "position",
    "longitude": "position",
    "coverage_words": "territoire d’action",
    "website": "site internet",
    "contact_email": "contact",
    "contact_phone": "contact",
    "contact_consent_on": "contact",
    "rural_area": "zone rurale",
    "priority_district": "quartier prioritaire",
    "jobs_words": "emplois",
    "reference_network_id": "réseau de référence",
}
STATES = ("record_state", "merged_into_id", "recognition", "confirmed_on", "members_confirmed_on")

# The tables of what belongs to a pole, and the words for it.
PARTS = {
    "poles_membershipevent": "membres",
    "poles_polethemeevent": "thèmes",
    "poles_polecoverageevent": "territoire d’action",
    "poles_poleprojectevent": "projets",
    "poles_polefiguresevent": "chiffres",
    "poles_polesourceevent": "sources",
    "poles_polenetworkevent": "réseaux",
}
_ACTS = {
    "insert": ("ajout", "ajouts"),
    "update": ("modification", "modifications"),
    "delete": ("retrait", "retraits"),
}

# A row of the pole's history as the values that ``compare`` reads.
VALUES = f"jsonb_build_object({', '.join(f"'{name}', {name}" for name in (*FIELDS, *STATES))})"

_POLE = f"""
    SELECT * FROM (
        SELECT pgh_created_at AS at, '' AS part, pgh_id, pgh_label,
            {VALUES}
        FROM poles_poleevent WHERE pgh_obj_id = %(pole)s ORDER BY pgh_id DESC LIMIT {_READ}
    ) AS pole
"""  # noqa: S608
_PARTS_OF_IT = [
    f"""
    SELECT * FROM (
        SELECT pgh_created_at, '{words}', pgh_id, pgh_label, NULL::jsonb
        FROM {table} WHERE pole_id = %(pole)s ORDER BY pgh_id DESC LIMIT {_READ}
    ) AS {table}
    """  # noqa: S608
    for table, words in PARTS.items()
]
_MERGED = "réunion"
_MERGES = f"""
    SELECT created_at, '{_MERGED}', id::integer, 'insert', NULL::jsonb
    FROM poles_merge WHERE pole_id = %(pole)s AND undone_at IS NULL
"""  # noqa: S608
_STATEMENT = " UNION ALL ".join([_POLE, *_PARTS_OF_IT, _MERGES]) + " ORDER BY at, part, pgh_id"


@dataclass
class Day:
    """What happened to the record on a day, one sentence each."""

    on: date
    sentences: list[str] = field(default_factory=list)


@dataclass
class Changes:
    """What happened over a period; ``published``: the record came to be public in it."""

    acts: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    parts: Counter[tuple[str, str]] = field(default_factory=Counter)
    published: bool = False

    def sentences(self) -> list[str]:
        if self.published:
            # Whatever else was written that day was part of publishing the record.
            return self.acts
        changed = list(dict.fromkeys(self.fields))
        for part in dict.fromkeys(part for part, _ in self.parts):
            counts = [
                f"{n}\u00a0{_ACTS[act][n > 1]}"
                for (other, act), n in self.parts.items()
                if other == part
            ]
            changed.append(f"{part} ({', '.join(counts)})")
        return [*self.acts, *([f"Mise à jour\u00a0: {', '.join(changed)}."] if changed else [])]


def history_of(pole: Pole) -> list[Day]:
    """The latest days first, from the publication of the record on; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"pole": pole.pk})
        rows = cursor.fetchall()
    days: dict[date, Changes] = {}
    before: dict[str, Any] | None = None
    for at, part, _, label, values in rows:
        changes = days.setdefault(timezone.localtime(at).date(), Changes())
        if part:
            public = before is not None and before["record_state"] == RecordState.PUBLISHED
            if public and part == _MERGED:
                changes.acts.append("Une autre fiche du même pôle y est réunie.")
            elif public:
                changes.parts[part, label] += 1
        else:
            now = json.loads(values) if isinstance(values, str) else values
            # The oldest event that was read may not be the oldest of all.
            if before is not None or label == "insert":
                compare(changes, before, now)
            before = now
    told = [Day(on, changes.sentences()) for on, changes in reversed(days.items())]
    return [day for day in told if day.sentences][:_SHOWN_DAYS]


def compare(changes: Changes, before: dict[str, Any] | None, now: dict[str, Any]) -> None:
    """Adds what differs between two states of a record; nothing of what was never public."""
    if now["record_state"] != RecordState.PUBLISHED:
        if (
            now["record_state"] == RecordState.ARCHIVED
            and before is not None
            and before["record_state"] == RecordState.PUBLISHED
        ):
            changes.acts.append(
                "Fiche réunie à celle dont elle était le double."
                if now["merged_into_id"]
                else "Fiche archivée\u00a0: elle n’est plus publiée."
            )
        return
    if before is None or before["record_state"] != RecordState.PUBLISHED:
        again = before is not None and before["record_state"] == RecordState.ARCHIVED
        changes.acts.append("Fiche publiée de nouveau." if again else "Fiche ajoutée au registre.")
        changes.published = True
        return
    if now["confirmed_on"] and before["confirmed_on"] != now["confirmed_on"]:
        changes.acts.append("Fiche confirmée.")
    if now["members_confirmed_on"] != before["members_confirmed_on"]:
        changes.acts.append(
            "Liste des membres confirmée complète."
            if now["members_confirmed_on"]
            else "La liste des membres n’est plus confirmée complète."
        )
    if now["recognition"] != before["recognition"]:
        state = Recognition(now["recognition"]).label
        changes.acts.append(f"Reconnaissance dans le registre\u00a0: {state}.")
    if now["maturity"] == Maturity.CLOSED != before["maturity"]:
        changes.acts.append("Le pôle est désormais indiqué clos.")
    changes.fields += [words for name, words in FIELDS.items() if before[name] != now[name]]
