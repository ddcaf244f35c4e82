"""Poles and projects that somebody tells the registry of."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.history import tracked
from poles.models.pole import Pole
from territories.models import Territory


class ReportState(models.TextChoices):
    WAITING = "attente", "à traiter"
    ACCEPTED = "acceptee", "retenu"
    REFUSED = "refusee", "non retenu"
    DUPLICATE = "doublon", "déjà dans le registre"


@tracked(exclude=["author_name", "author_email"])
class Report(models.Model):
    """A pole, or the project of one, that the registry may lack, in the words of who told of it."""

    name = models.CharField("nom", max_length=250)
    planned = models.BooleanField("encore en projet", default=False)
    commune = models.ForeignKey(
        Territory,
        models.PROTECT,
        related_name="+",
        verbose_name="commune",
        limit_choices_to={"kind": "commune"},
    )
    does = models.TextField("ce qu’il fait")
    website = models.URLField("site internet", max_length=500, blank=True)
    source = models.CharField("d’où on le sait", max_length=600, blank=True)
    author_name = models.CharField("qui le signale", max_length=150, blank=True)
    author_email = models.EmailField("son adresse", blank=True)
    state = models.CharField("état", max_length=9, choices=ReportState, default=ReportState.WAITING)
    pole = models.ForeignKey(
        Pole,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name="pôle",
        help_text="La fiche qui en est née, ou celle qui existait déjà.",
    )
    reason = models.TextField("motif de la réponse", blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="traité par",
    )
    decided_at = models.DateTimeField("traité le", null=True, blank=True)
    created_at = models.DateTimeField("reçu le", auto_now_add=True)

    class Meta:
        verbose_name = "signalement"
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(does=""),
                name="poles_report_said",
                violation_error_message="Un signalement dit le nom du pôle et ce qu’il fait.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReportState.values),
                name="poles_report_state",
                violation_error_message="Cet état de signalement n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(state="attente") | Q(decided_at__isnull=False),
                name="poles_report_decided",
                violation_error_message="Un signalement traité a la date de sa réponse.",
            ),
            models.CheckConstraint(
                condition=~Q(state="refusee") | ~Q(reason=""),
                name="poles_report_reason",
                violation_error_message="Qui ne retient pas un signalement dit pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} – {self.get_state_display()}"

    @property
    def region(self) -> int | None:
        """The primary key of the région that it is in."""
        return self.commune.region_id
