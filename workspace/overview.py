"""What is filled of a record and what is missing, section by section."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from core.admin.values import shown
from poles.models import Maturity, PositionOrigin
from poles.record import FIELDS, SECTIONS

_LONGEST = 160


@dataclass
class Card:
    """A section as the record's page shows it."""

    slug: str
    title: str
    url: str
    told: list[tuple[str, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def tell(self, label: str, text: str) -> None:
        if text:
            self.told.append((label, text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"))

    def need(self, what: str, *, unless: object) -> None:
        if not unless:
            self.missing.append(what)


def cards(pole: Any) -> list[Card]:
    """``pole``: as `queries.poles.with_overview` reads it."""
    made = []
    for section in SECTIONS.values():
        card = Card(section.slug, section.title, section_url(pole.pk, section.slug))
        _TELL[section.slug](card, pole)
        made.append(card)
    return made


def section_url(pole: int, slug: str) -> str:
    return reverse("workspace:section", args=[pole, slug])


def _tell_fields(card: Card, pole: Any, *names: str) -> None:
    for name in names:
        column = FIELDS[name].column
        card.tell(_capital(FIELDS[name].label), shown(column, getattr(pole, name)))


def _identity(card: Card, pole: Any) -> None:
    _tell_fields(card, pole, "name", "acronym", "summary")
    card.tell("Thèmes", ", ".join(pole.theme_names))
    _tell_fields(card, pole, "website")
    card.need("un résumé", unless=pole.summary)
    card.need("les thèmes", unless=pole.theme_names)


def _place(card: Card, pole: Any) -> None:
    if pole.seat:
        card.tell("Siège", pole.seat.label)
    _tell_fields(card, pole, "address")
    if pole.latitude is not None:
        card.tell("Position", f"{PositionOrigin(pole.position_origin).label}")
    elif pole.seat:
        card.tell("Position", "au centre de son siège, faute d’adresse")
    card.need("le siège", unless=pole.seat)
    card.need("la position exacte", unless=pole.latitude is not None)


def _coverage(card: Card, pole: Any) -> None:
    card.tell("Territoires", ", ".join(pole.coverage_names))
    _tell_fields(card, pole, "coverage_words")
    card.need(
        "les territoires où il agit", unless=pole.coverage_names or pole.coverage_words.strip()
    )


def _state(card: Card, pole: Any) -> None:
    known = pole.maturity != Maturity.UNKNOWN
    if known:
        year = f" (en {pole.maturity_year})" if pole.maturity_year else ""
        card.tell("Maturité", f"{pole.get_maturity_display()}{year}")
    _tell_fields(card, pole, "founding_year", "closed_on")
    if pole.legal_person:
        card.tell("Personne morale du pôle", pole.legal_person.name)
    _tell_fields(card, pole, "legal_form")
    card.need("la maturité", unless=known)
    card.need("l’année de création", unless=pole.founding_year or pole.maturity == Maturity.PROJECT)


def _members(card: Card, pole: Any) -> None:
    card.tell("Structure porteuse", pole.lead_name or "")
    if pole.members_count:
        card.tell("Participations en cours", str(pole.members_count))
    _tell_fields(card, pole, "members_confirmed_on")
    card.need("les membres", unless=pole.members_count)
    card.need("la structure porteuse", unless=pole.lead_name)
    card.need("la confirmation de la liste", unless=pole.members_confirmed_on)


def _projects(card: Card, pole: Any) -> None:
    if pole.projects_count:
        card.tell("Projets", str(pole.projects_count))
    card.need("les projets du pôle et ce qu’ils mettent en commun", unless=pole.projects_count)


def _figures(card: Card, pole: Any) -> None:
    card.tell("Années", ", ".join(map(str, pole.years)))
    card.need("les chiffres d’une année", unless=pole.years)


def _contact(card: Card, pole: Any) -> None:
    _tell_fields(card, pole, "contact_email", "contact_phone", "contact_name")
    card.need("une adresse fonctionnelle", unless=pole.contact_email)


def _zoning(card: Card, pole: Any) -> None:
    _tell_fields(card, pole, "rural_area", "priority_district")
    card.need("s’il est en zone rurale", unless=pole.rural_area is not None)
    card.need("s’il est en quartier prioritaire", unless=pole.priority_district is not None)


def _networks(card: Card, pole: Any) -> None:
    if pole.reference_network:
        card.tell("Réseau de référence", pole.reference_network.name)
    card.tell("Réseaux qui l’accompagnent", ", ".join(n.name for n in pole.networks.all()))
    if pole.sources_count:
        card.tell("Sources", str(pole.sources_count))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_TELL = {
    "identite": _identity,
    "lieu": _place,
    "territoire": _coverage,
    "etat": _state,
    "membres": _members,
    "projets": _projects,
    "chiffres": _figures,
    "contact": _contact,
    "zonages": _zoning,
    "reseaux": _networks,
}
