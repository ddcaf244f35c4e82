"""What became of a record: who submitted, published, refused or archived it, when and why."""

from django.conf import settings
from django.db import models

from networks.models import Network
from poles.models.pole import Pole
from poles.models.states import RecordState


class RecordAct(models.TextChoices):
    CREATION = "creation", "création"
    SUBMISSION = "soumission", "soumission"
    PUBLICATION = "publication", "publication"
    REFUSAL = "refus", "renvoi en brouillon"
    ARCHIVING = "archivage", "archivage"
    RETURN = "reprise", "reprise de l’archive"
    CHARGE = "prise-en-charge", "réseau de référence"


class RecordStep(models.Model):
    """A change of the state of a record, or of its reference network, whatever made it.

    Written by the database (``poles/sql/steps.sql``) and never changed since; only the account of
    its author, or the network, can be erased. ``by``: None for a command. ``before``: empty where
    the record begins.
    """

    pole = models.ForeignKey(Pole, models.CASCADE, related_name="record_steps", verbose_name="pôle")
    act = models.CharField("acte", max_length=15, choices=RecordAct)
    before = models.CharField("état précédent", max_length=9, choices=RecordState, blank=True)
    after = models.CharField("état", max_length=9, choices=RecordState)
    network = models.ForeignKey(
        Network,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="réseau de référence",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="par"
    )
    reason = models.TextField("motif", blank=True)
    recorded_at = models.DateTimeField("enregistré le")

    class Meta:
        verbose_name = "étape d’une fiche"
        verbose_name_plural = "étapes des fiches"
        ordering = ["-recorded_at", "-id"]

    def __str__(self) -> str:
        return f"{self.pole} : {self.get_act_display()}"
