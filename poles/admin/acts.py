"""What officers do to many poles at once, each by the rule that one alone obeys."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.admin.acts import ActForm, BulkAct
from core.allowed import Allowed
from networks.models import Network, User
from poles.models import Pole, Recognition, RecordState
from poles.publishing import publish, take_as_reference
from poles.recognition import can_decide_recognition, recognise
from poles.reminding import REMIND_DAYS, remind


class ReferenceForm(ActForm):
    network = forms.ModelChoiceField(
        Network.objects.order_by("name"),
        label="Réseau de référence",
        error_messages={"required": "Choisissez un réseau."},
    )
    field_order = ("network", "why")


class RecognitionForm(ActForm):
    on = forms.DateField(
        label="Date de la décision",
        initial=timezone.localdate,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    field_order = ("on", "why")


def _are_officers(user: Any) -> Allowed:
    if user.is_authenticated and user.is_officer:
        return Allowed()
    return Allowed("Seul un agent du ministère agit sur plusieurs pôles à la fois.")


def _decide(user: Any) -> Allowed:
    return can_decide_recognition(cast(User, user), Pole())


def _publish(pole: Pole, user: User, data: dict[str, Any]) -> str:
    if pole.record_state == RecordState.PUBLISHED:
        raise ValidationError("La fiche est déjà publiée.")
    was = pole.get_record_state_display()
    publish(pole, by=user, reason=data["why"])
    return f"publiée ({was} jusque-là)"


def _recognise(pole: Pole, user: User, data: dict[str, Any]) -> str:
    if pole.recognition == Recognition.RECOGNISED:
        raise ValidationError("Ce pôle est déjà reconnu.")
    recognise(pole, user, data["why"], on=data["on"])
    return "reconnu"


def _assign(pole: Pole, user: User, data: dict[str, Any]) -> str:
    before = pole.reference_network
    take_as_reference(pole, data["network"], by=user, reason=data["why"])
    return f"{data['network']}" + (f", à la place de {before}" if before else "")


def _remind(pole: Pole, user: User, data: dict[str, Any]) -> str:
    return remind(pole, by=user)


ACTS = (
    BulkAct(
        "publish",
        "Publier les fiches",
        "Les fiches complètes, en brouillon ou soumises, deviennent publiques. Qui les avait "
        "soumises est prévenu.",
        "Publier",
        _publish,
        _are_officers,
    ),
    BulkAct(
        "recognise",
        "Reconnaître les pôles",
        "Les pôles dont la composition satisfait la composition minimale deviennent reconnus. Une "
        "exception se décide pôle par pôle.",
        "Reconnaître",
        _recognise,
        _decide,
        RecognitionForm,
        needs_reason=True,
    ),
    BulkAct(
        "assign",
        "Confier à un réseau de référence",
        "Le réseau choisi répond désormais de ces fiches, à la place de celui qui en répondait.",
        "Confier",
        _assign,
        _are_officers,
        ReferenceForm,
    ),
    BulkAct(
        "remind",
        "Relancer pour confirmation",
        "Le contact de chaque pôle publié reçoit le lien par lequel il confirme ou corrige sa "
        "fiche. Sans contact, les responsables de son réseau de référence sont prévenus. Personne "
        f"n’est relancé deux fois en {REMIND_DAYS} jours.",
        "Relancer",
        _remind,
        _are_officers,
    ),
)
