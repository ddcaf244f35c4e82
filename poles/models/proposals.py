from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q

from core.history import tracked
from members.models import Organisation
from poles.models.pole import Pole


class ProposalOrigin(models.TextChoices):
    EDITOR = "redacteur", "rédacteur d’un réseau"
    POLE = "pole", "le pôle lui-même"
    PUBLIC = "public", "le public"


class ProposalState(models.TextChoices):
    WAITING = "attente", "en attente"
    ACCEPTED = "acceptee", "acceptée"
    PARTLY = "partielle", "acceptée en partie"
    REFUSED = "refusee", "refusée"
    WITHDRAWN = "retiree", "retirée par son auteur"


class AreChanges(Func):
    """Whether a JSON value is an object of keys, each with its value before and after."""

    function = "poles_are_changes"
    arity = 1
    output_field = models.BooleanField()


@tracked(exclude=["author_email", "message", "changes"])
class Proposal(models.Model):
    """A change wished by someone who may not publish it: field values against a version.

    ``changes``: of each key of the record (``poles/record``), its value ``before`` and ``after``.
    Once answered they stand, but for the name of a person, which can be taken back: that is why
    they are no part of the history. Nor are the free words of ``message`` and the address.
    """

    pole = models.ForeignKey(
        Pole,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name="pôle",
    )
    organisation = models.ForeignKey(
        Organisation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name="organisation",
    )
    base_version = models.PositiveIntegerField("version de départ")
    changes = models.JSONField("valeurs proposées", default=dict, blank=True)
    message = models.TextField("mots libres", blank=True)
    accepted = ArrayField(
        models.CharField(max_length=60), verbose_name="acceptées", default=list, blank=True
    )
    origin = models.CharField("origine", max_length=9, choices=ProposalOrigin)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="auteur",
    )
    author_email = models.EmailField("adresse de l’auteur", blank=True)
    state = models.CharField(
        "état", max_length=9, choices=ProposalState, default=ProposalState.WAITING
    )
    reason = models.TextField("motif de la décision", blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="décidée par",
    )
    decided_at = models.DateTimeField("décidée le", null=True, blank=True)
    created_at = models.DateTimeField("reçue le", auto_now_add=True)

    class Meta:
        verbose_name = "proposition"
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(pole__isnull=False, organisation=None)
                | Q(pole=None, organisation__isnull=False),
                name="poles_proposal_one_object",
                violation_error_message="Une proposition porte sur un pôle ou une organisation.",
            ),
            models.CheckConstraint(
                condition=Q(origin__in=ProposalOrigin.values, state__in=ProposalState.values),
                name="poles_proposal_values",
                violation_error_message="L’origine ou l’état de la proposition n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(state="attente") | Q(decided_at__isnull=False),
                name="poles_proposal_decided",
                violation_error_message="Une proposition tranchée a une date de décision.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["refusee", "partielle"]) | ~Q(reason=""),
                name="poles_proposal_reason",
                violation_error_message="Un refus dit son motif.",
            ),
            models.CheckConstraint(
                condition=Q(AreChanges(F("changes"))) & (~Q(changes={}) | ~Q(message="")),
                name="poles_proposal_changes",
                violation_error_message=(
                    "Une proposition dit ce qui change, avant et après, ou l’écrit en mots."
                ),
            ),
            models.UniqueConstraint(
                fields=["pole", "author"],
                condition=Q(state="attente", author__isnull=False),
                name="poles_proposal_one_waiting_pole",
                violation_error_message=(
                    "Cette personne a déjà une proposition en attente sur ce pôle."
                ),
            ),
            models.UniqueConstraint(
                fields=["organisation", "author"],
                condition=Q(state="attente", author__isnull=False),
                name="poles_proposal_one_waiting_organisation",
                violation_error_message=(
                    "Cette personne a déjà une proposition en attente sur cette organisation."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} – {self.get_state_display()}"

    @property
    def subject(self) -> Pole | Organisation:
        return self.pole or self.organisation  # type: ignore[return-value]
