"""What can be done with a record as a whole, in words: its states, its network."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.allowed import Allowed
from networks.models import Network, User
from networks.permissions import (
    can_archive,
    can_publish,
    can_submit,
    can_take_as_reference,
    positions_of,
)
from poles import publishing
from poles.models import Pole, RecordState

DRAFT, SUBMITTED, PUBLISHED, ARCHIVED = (
    RecordState.DRAFT,
    RecordState.SUBMITTED,
    RecordState.PUBLISHED,
    RecordState.ARCHIVED,
)


@dataclass(frozen=True)
class Act:
    """``told``: what the person reads before; ``reason``: the label of the words that go with it.

    ``does`` raises PermissionDenied and ValidationError. ``states``: in which it makes sense.
    """

    slug: str
    button: str
    told: str
    done: str
    states: tuple[RecordState, ...]
    allowed: Callable[[User, Any], Allowed]
    does: Callable[..., object]
    reason: str = ""
    reason_required: bool = False
    complete: bool = False
    gentle: bool = True


def can_take_back(user: User, pole: Pole) -> Allowed:
    """Who may publish refuses instead, with a reason."""
    if can_publish(user, pole):
        return Allowed("Vous pouvez publier cette fiche, ou la renvoyer avec un motif.")
    return can_submit(user, pole)


def can_hand_over(user: User, pole: Pole) -> Allowed:
    """Who may publish has nobody to submit to."""
    if can_publish(user, pole):
        return Allowed("Vous pouvez publier cette fiche vous-même.")
    return can_submit(user, pole)


def networks_that_could_take(user: User, pole: Pole) -> list[Network]:
    """Those of the person's networks that could answer for the record; one statement at most."""
    if pole.reference_network_id is not None and not user.is_officer:
        return []
    if user.is_officer:
        return list(Network.objects.exclude(pk=pole.reference_network_id or 0).order_by("name"))
    able = [
        position.network
        for position in positions_of(user)
        if can_take_as_reference(user, pole, position.network)
    ]
    return list(Network.objects.filter(pk__in=able).order_by("name")) if able else []


ACTS = {
    act.slug: act
    for act in (
        Act(
            "soumettre",
            "Soumettre la fiche",
            "Les responsables du réseau de référence sont prévenus\u00a0: ils publient la fiche, "
            "ou vous la renvoient en disant ce qui manque. D’ici là, vous pouvez la reprendre.",
            "La fiche est soumise\u00a0: ceux qui peuvent la publier sont prévenus.",
            (DRAFT,),
            can_hand_over,
            publishing.submit,
            reason="Un mot pour qui va la relire (facultatif)",
            complete=True,
        ),
        Act(
            "publier",
            "Publier la fiche",
            "Tout le monde verra la fiche dans le registre, sur la carte et dans les données "
            "ouvertes. Qui l’a soumise est prévenu.",
            "La fiche est publiée.",
            (DRAFT, SUBMITTED),
            can_publish,
            publishing.publish,
            complete=True,
        ),
        Act(
            "renvoyer",
            "Renvoyer en brouillon",
            "La fiche redevient un brouillon, et qui l’a soumise reçoit votre motif.",
            "La fiche est renvoyée en brouillon, avec votre motif.",
            (SUBMITTED,),
            can_publish,
            publishing.refuse,
            reason="Ce qui est à reprendre",
            reason_required=True,
            gentle=False,
        ),
        Act(
            "reprendre",
            "Reprendre en brouillon",
            "La fiche n’attend plus sa publication\u00a0: vous pourrez la soumettre de nouveau.",
            "La fiche est de nouveau un brouillon.",
            (SUBMITTED,),
            can_take_back,
            publishing.take_back,
        ),
        Act(
            "effacer",
            "Effacer ce brouillon",
            "Le brouillon disparaît avec tout ce qu’il contient. Personne ne l’a jamais vu dans le "
            "registre\u00a0; l’historique garde la trace de son passage.",
            "Le brouillon est effacé.",
            (DRAFT,),
            can_publish,
            publishing.discard,
            gentle=False,
        ),
        Act(
            "archiver",
            "Archiver la fiche",
            "La fiche quitte le registre, la carte et les données ouvertes. Son adresse répond "
            "désormais qu’elle a été retirée, avec votre motif, que tout le monde peut lire.",
            "La fiche est archivée.",
            (PUBLISHED,),
            can_archive,
            publishing.archive,
            reason="Motif, lisible par tous",
            reason_required=True,
            gentle=False,
        ),
        Act(
            "restaurer",
            "Reprendre de l’archive",
            "La fiche redevient un brouillon\u00a0: relisez-la avant de la publier de nouveau.",
            "La fiche est de nouveau un brouillon.",
            (ARCHIVED,),
            can_archive,
            publishing.restore,
            reason="Pourquoi la reprendre",
            reason_required=True,
        ),
    )
}


def acts_for(user: User, pole: Pole) -> list[Act]:
    """Those that make sense now and that this person may do, in their order."""
    state = RecordState(pole.record_state)
    return [act for act in ACTS.values() if state in act.states and act.allowed(user, pole)]
