"""Letters to those who applied: the texts that officers keep, and each letter as it was sent."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from calls.models.applications import Application
from calls.models.call import Call
from core.history import tracked


class LetterKind(models.TextChoices):
    """The values of those that tell a decision are the decisions' own."""

    RECEIVED = "recu", "accusé de réception"
    ADMISSIBLE = "recevable", "dossier recevable"
    NOT_ADMISSIBLE = "irrecevable", "dossier non recevable"
    LAUREATE = "laureat", "lauréat"
    SUPPORTED = "accompagne", "accompagné"
    REFUSED = "refuse", "refusé"
    REMINDER = "relance", "relance"


# What a text may name, and what is written there; calls/letters/fields.py writes it.
LETTER_FIELDS = {
    "pole": "nom du pôle",
    "beneficiaire": "nom du bénéficiaire",
    "appel": "nom de l’appel",
    "vague": "nom de la vague",
    "volet": "nom du volet",
    "numero_dossier": "numéro du dossier\u00a0: celui de la plateforme de dépôt, sinon du registre",
    "date_reception": "date de réception du dossier",
    "date_decision": "date de la décision",
    "comite": "comité qui a décidé",
    "montant": "montant engagé",
    "motifs": "motifs, écrits à l’envoi pour chaque dossier",
    "date_du_jour": "date du courrier",
    "agent": "nom de l’agent qui envoie le courrier",
}
_NAMED = re.compile(r"\{([^{}]*)\}")
_ONLY_KNOWN = rf"^([^{{}}]|\{{({'|'.join(LETTER_FIELDS)})\}})*$"
_ADVERSE = (LetterKind.NOT_ADMISSIBLE, LetterKind.REFUSED)
_APPEAL = (
    "Un courrier défavorable donne ses motifs, par le champ {motifs}, et dit les voies et délais "
    "de recours."
)


def wrong_fields(text: str) -> str:
    """What a text names that does not exist, in French; "" if nothing."""
    unknown = [f"{{{name}}}" for name in _NAMED.findall(text) if name not in LETTER_FIELDS]
    known = ", ".join(f"{{{name}}}" for name in LETTER_FIELDS)
    if unknown:
        words = "Ce champ n’existe pas" if len(unknown) == 1 else "Ces champs n’existent pas"
        found = ", ".join(dict.fromkeys(unknown))
        return f"{words}\u00a0: {found}. Les champs sont\u00a0: {known}."
    if set(_NAMED.sub("", text)) & {"{", "}"}:
        return f"Une accolade est seule. Un champ s’écrit entre deux accolades\u00a0: {known}."
    return ""


@tracked()
class LetterTemplate(models.Model):
    """The text of a kind of letter: of every call, or of one that has its own.

    ``body``: paragraphs separated by an empty line.
    """

    kind = models.CharField("nature", max_length=11, choices=LetterKind)
    call = models.ForeignKey(
        Call,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="letter_templates",
        verbose_name="appel",
        help_text="Vide\u00a0: le texte de tous les appels qui n’ont pas le leur.",
    )
    subject = models.CharField("objet", max_length=200)
    body = models.TextField("texte", max_length=20_000)

    class Meta:
        verbose_name = "modèle de courrier"
        verbose_name_plural = "modèles de courriers"
        ordering = ["kind", "call"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "call"],
                name="calls_lettertemplate_once",
                nulls_distinct=False,
                violation_error_message="Ce courrier a déjà son modèle\u00a0: modifiez celui-là.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=LetterKind.values),
                name="calls_lettertemplate_kind",
                violation_error_message="Cette nature de courrier n’existe pas.",
            ),
            models.CheckConstraint(
                condition=~Q(subject="")
                & Q(subject__regex=_ONLY_KNOWN)
                & ~Q(body="")
                & Q(body__regex=_ONLY_KNOWN),
                name="calls_lettertemplate_fields",
                violation_error_message=(
                    "Un modèle a un objet et un texte, qui ne nomment que des champs qui existent."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=_ADVERSE)
                | (Q(body__contains="{motifs}") & Q(body__icontains="recours")),
                name="calls_lettertemplate_appeal",
                violation_error_message=_APPEAL,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.call or 'tous les appels'}"

    def clean(self) -> None:
        """What the constraints refuse, said beside the field."""
        wrong = {
            name: found
            for name, text in (("subject", self.subject), ("body", self.body))
            if (found := wrong_fields(text))
        }
        says_all = "{motifs}" in self.body and "recours" in self.body.casefold()
        if self.kind in _ADVERSE and not says_all:
            wrong.setdefault("body", _APPEAL)
        if wrong:
            raise ValidationError(wrong)

    def names(self, field: str) -> bool:
        return f"{{{field}}}" in self.subject + self.body


class Letter(models.Model):
    """A letter as it was sent; never changed since, but for what erases a person.

    ``about_on``: the day of what it tells; ``None`` if it is not known. ``printed``: sent on
    paper, for want of an address; an ``address`` can be erased. ``recipient``: lines.
    """

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="letters", verbose_name="candidature"
    )
    kind = models.CharField("nature", max_length=11, choices=LetterKind)
    about_on = models.DateField("porte sur ce qui date du", null=True)
    sender = models.CharField("expéditeur", max_length=300)
    recipient = models.TextField("destinataire")
    address = models.EmailField("adresse", blank=True)
    printed = models.BooleanField("sur papier", default=False)
    subject = models.TextField("objet")
    body = models.TextField("texte")
    because = models.TextField("envoyé de nouveau, parce que", blank=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="envoyé par",
    )
    sent_at = models.DateTimeField("envoyé le", auto_now_add=True)

    class Meta:
        verbose_name = "courrier"
        ordering = ["-sent_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind", "about_on"],
                condition=Q(because=""),
                name="calls_letter_once",
                nulls_distinct=False,
                violation_error_message=(
                    "Ce courrier a déjà été envoyé\u00a0: dites pourquoi l’envoyer de nouveau."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=LetterKind.values) & ~Q(subject="") & ~Q(body=""),
                name="calls_letter_values",
                violation_error_message="Un courrier a sa nature, son objet et son texte.",
            ),
            models.CheckConstraint(
                condition=Q(printed=False) | Q(address=""),
                name="calls_letter_printed",
                violation_error_message="Un courrier part par courriel ou sur papier.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.application}"
