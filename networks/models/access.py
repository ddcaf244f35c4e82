"""Requests of people without an account, which an officer answers."""

from django.db import models
from django.db.models import Q

from core.history import tracked
from networks.models.networks import Network
from networks.models.people import AddressField, User


class AccessState(models.TextChoices):
    WAITING = "attente", "en attente"
    ACCEPTED = "acceptee", "acceptée"
    REFUSED = "refusee", "refusée"


@tracked(exclude=["email", "full_name", "network_words", "message", "reason"])
class AccessRequest(models.Model):
    """What a person asks; what is personal in it is nowhere else, and goes with it after a year."""

    email = AddressField("adresse électronique")
    full_name = models.CharField("nom", max_length=150)
    network = models.ForeignKey(
        Network,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="réseau",
    )
    network_words = models.CharField("réseau, selon la personne", max_length=200, blank=True)
    message = models.TextField("ce que la personne dit", max_length=2000)
    created_at = models.DateTimeField("reçue le")
    state = models.CharField("état", max_length=8, choices=AccessState, default=AccessState.WAITING)
    answered_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="répondu par",
    )
    answered_at = models.DateTimeField("répondu le", null=True, blank=True)
    reason = models.TextField("motif du refus", max_length=2000, blank=True)

    class Meta:
        verbose_name = "demande d’accès"
        verbose_name_plural = "demandes d’accès"
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(full_name="") & ~Q(message=""),
                name="networks_accessrequest_said",
                violation_error_message="Une demande d’accès dit de qui elle vient, et pourquoi.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=AccessState.values),
                name="networks_accessrequest_state",
                violation_error_message="Cet état de demande n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(state="attente", answered_at=None)
                | ~Q(state="attente") & Q(answered_at__isnull=False),
                name="networks_accessrequest_answered",
                violation_error_message="Une demande qui a sa réponse en a la date, et elle seule.",
            ),
            models.CheckConstraint(
                condition=~Q(state="refusee") | ~Q(reason=""),
                name="networks_accessrequest_reason",
                violation_error_message="Qui refuse un accès dit pourquoi.",
            ),
            models.UniqueConstraint(
                fields=["email"],
                condition=Q(state="attente"),
                name="networks_accessrequest_once",
                violation_error_message="Une demande de cette adresse attend déjà une réponse.",
            ),
        ]

    def __str__(self) -> str:
        return f"Demande d’accès n°\u00a0{self.pk}"
