"""What a record needs, said in a sentence, with the page where it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from networks.models import User
from networks.permissions import positions_of
from poles.composition import assess_pole, settling
from poles.models import Pole
from poles.needs import NEEDS
from poles.record import SECTIONS
from poles.sentences import french_date, question


@dataclass(frozen=True)
class Told:
    """``urgent``: someone waits for it."""

    text: str
    url: str
    urgent: bool = False


def needs_of(pole: Any, user: User) -> list[Told]:
    """``pole``: as `queries.dashboard.page_rows` reads it. No statement."""
    told = [_TELL[need.slug](pole, user) for need in NEEDS if getattr(pole, need.column)]
    return [each for each in told if each is not None]


def _publishes(user: User, pole: Pole) -> bool:
    """What `can_publish` says of a record that is not archived, without reading its scope."""
    return user.is_officer or any(
        position.manages and position.network == pole.reference_network_id
        for position in positions_of(user)
    )


def _section(pole: Pole, slug: str) -> str:
    return reverse("workspace:section", args=[pole.pk, slug])


def _page(pole: Pole) -> str:
    return reverse("workspace:pole", args=[pole.pk])


def _regularisation(pole: Pole, _: User) -> Told | None:
    until = pole.regularise_by
    if until is None:
        return None
    late = until < timezone.localdate()
    text = (
        f"En régularisation\u00a0: le délai a passé le {french_date(until)}"
        if late
        else f"En régularisation jusqu’au {french_date(until)}"
    )
    return Told(text, _section(pole, "membres"), urgent=True)


def _proposals(pole: Any, user: User) -> Told:
    number = pole.corrections
    counted = f"{number} correction{'s' if number > 1 else ''}"
    if _publishes(user, pole):
        return Told(f"{counted} à examiner", reverse("workspace:proposals"), urgent=True)
    return Told(f"{counted} en attente d’un responsable", _page(pole))


def _submitted(pole: Pole, user: User) -> Told:
    if _publishes(user, pole):
        return Told("Soumise\u00a0: à publier, ou à renvoyer", _page(pole), urgent=True)
    return Told("Soumise\u00a0: attend sa publication", _page(pole))


def _typed(pole: Any, _: User) -> Told:
    if pole.typed in SECTIONS:
        title = SECTIONS[pole.typed].title
        text = f"Votre saisie de «\u00a0{title}\u00a0» n’est pas enregistrée"
        return Told(text, _section(pole, pole.typed))
    return Told("Votre saisie n’est pas enregistrée", _page(pole))


def _comment(pole: Pole, _: User) -> Told:
    return Told("Un commentaire attend", _page(pole))


def _draft(pole: Pole, _: User) -> Told:
    return Told("Brouillon à finir", _page(pole))


def _never_confirmed(pole: Pole, _: User) -> Told:
    return Told("Personne n’a encore confirmé la fiche", _page(pole))


def _again(pole: Pole, _: User) -> Told | None:
    day = pole.confirmed_on
    return Told(f"Confirmée la dernière fois le {french_date(day)}", _page(pole)) if day else None


def _composition(pole: Pole, _: User) -> Told:
    """The one question whose yes would settle it, if there is one."""
    settled = settling(assess_pole(pole, memberships=pole.memberships.all()))
    path = _section(pole, "membres")
    if settled and len(settled[0]) == 1:
        asked = question(settled[0][0], timezone.localdate())
        return Told(f"Composition indéterminée. Un oui y suffirait\u00a0: {asked}", path)
    if settled:
        return Told("Composition indéterminée\u00a0: plusieurs réponses la trancheraient", path)
    return Told("Composition indéterminée\u00a0: il manque des membres", path)


def _position(pole: Pole, _: User) -> Told:
    return Told("Sans position\u00a0: le pôle n’est pas sur la carte", _section(pole, "lieu"))


_TELL: dict[str, Callable[[Any, User], Told | None]] = {
    "regularisation": _regularisation,
    "propositions": _proposals,
    "soumises": _submitted,
    "saisie": _typed,
    "commentaires": _comment,
    "brouillon": _draft,
    "jamais-confirmee": _never_confirmed,
    "ancienne": _again,
    "composition": _composition,
    "position": _position,
}
