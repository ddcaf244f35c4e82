"""Invitations: the only way to an account, and to a position in a network."""

from django.db import models
from django.db.models import Q

from core.history import tracked
from networks.models.networks import Network, StaffRole
from networks.models.people import AddressField, Role, User


@tracked(exclude=["email", "token_digest"])
class Invitation(models.Model):
    """To a position in ``network``, or to the ministry where there is none.

    The link that is mailed holds a token of which only the digest is kept.
    """

    email = AddressField("adresse électronique")
    network = models.ForeignKey(
        Network,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name="réseau",
    )
    staff_role = models.CharField(
        "rôle dans le réseau", max_length=11, choices=StaffRole, blank=True
    )
    role = models.CharField("rôle", max_length=15, choices=Role, default=Role.NETWORK)
    token_digest = models.CharField("empreinte du lien", max_length=64, unique=True)
    invited_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name="invité par"
    )
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    expires_at = models.DateTimeField("expire le")
    accepted_at = models.DateTimeField("acceptée le", null=True, blank=True)
    withdrawn_at = models.DateTimeField("retirée le", null=True, blank=True)

    class Meta:
        verbose_name = "invitation"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(network=None, staff_role="")
                & Q(role__in=[Role.OFFICER, Role.ADMINISTRATOR, Role.AUDITOR])
                | Q(network__isnull=False, staff_role__in=StaffRole.values, role=Role.NETWORK),
                name="networks_invitation_place",
                violation_error_message="Une invitation est à un réseau, ou au ministère.",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None),
                name="networks_invitation_end",
                violation_error_message="Une invitation acceptée ne se retire plus.",
            ),
            models.UniqueConstraint(
                fields=["email", "network"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                nulls_distinct=False,
                name="networks_invitation_once",
                violation_error_message="Cette personne est déjà invitée.",
            ),
        ]

    def __str__(self) -> str:
        return f"Invitation n° {self.pk}"


@tracked()
class FactorReset(models.Model):
    """A second factor that someone removed for its owner: who, for whom, when and why."""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="factor_resets", verbose_name="compte"
    )
    by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name="retirée par"
    )
    reason = models.CharField("motif", max_length=500)
    reset_at = models.DateTimeField("retirée le", auto_now_add=True)

    class Meta:
        verbose_name = "double authentification retirée"
        verbose_name_plural = "doubles authentifications retirées"
        ordering = ["-reset_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="networks_factorreset_reason",
                violation_error_message="Dites pourquoi la double authentification est retirée.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} n° {self.pk}"
