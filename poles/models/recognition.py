"""The decisions on the recognition of a pole, each kept with the verdict of its day."""

from django.conf import settings
from django.db import models

from poles.models.pole import Pole
from poles.models.states import CompositionVerdict, Recognition


class RecognitionDecision(models.Model):
    """A change of recognition, written by the database and never changed since.

    ``evidence``: the members that took part on ``assessed_on``, their facts, and where those come
    from, as ``poles_composition_evidence`` of ``poles/sql/recognition.sql`` gives them.
    """

    pole = models.ForeignKey(
        Pole, models.PROTECT, related_name="recognition_decisions", verbose_name="pôle"
    )
    state = models.CharField("état", max_length=14, choices=Recognition)
    decided_on = models.DateField("date", null=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="agent",
    )
    reason = models.TextField("motif", blank=True)
    regularise_by = models.DateField("en régularisation jusqu’au", null=True)
    heard_on = models.DateField("pôle entendu le", null=True)
    exception_until = models.DateField("exception valable jusqu’au", null=True)
    exception_reason = models.TextField("exception : motif", blank=True)
    rule = models.CharField("règle", max_length=11)
    verdict = models.CharField("verdict du jour", max_length=14, choices=CompositionVerdict)
    assessed_on = models.DateField("verdict au")
    evidence = models.JSONField("composition et preuves")
    recorded_at = models.DateTimeField("enregistrée le")

    class Meta:
        verbose_name = "décision de reconnaissance"
        verbose_name_plural = "décisions de reconnaissance"
        ordering = ["-recorded_at", "-id"]

    def __str__(self) -> str:
        return f"{self.pole} : {self.get_state_display()}"
