"""Who decided what of an application, and on which advice."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from calls.models.call import Call, Strand, Wave
from core.history import tracked


@tracked()
class DecisionSession(models.Model):
    """A committee that decided applications of a call, of a wave or of a strand, on one day."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="sessions", verbose_name="appel")
    wave = models.ForeignKey(Wave, models.PROTECT, null=True, blank=True, verbose_name="vague")
    strand = models.ForeignKey(Strand, models.PROTECT, null=True, blank=True, verbose_name="volet")
    committee = models.CharField("comité", max_length=300)
    held_on = models.DateField("réuni le")
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="enregistrée par",
    )
    recorded_at = models.DateTimeField("enregistrée à", auto_now_add=True)

    class Meta:
        verbose_name = "session de décision"
        verbose_name_plural = "sessions de décision"
        ordering = ["call", "held_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(committee=""),
                name="calls_decisionsession_committee",
                violation_error_message="Une session dit quel comité a décidé.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.committee}, {self.held_on:%d/%m/%Y}"


class ExaminationSubject(models.TextChoices):
    ADMISSIBILITY = "recevabilite", "recevabilité"
    ELIGIBILITY = "eligibilite", "éligibilité"


class Examination(models.Model):
    """What an officer concluded, beside what the registry advised that day; never changed since.

    ``advised``: ``None`` where the registry could not tell. ``findings``: each condition with what
    was found, as ``calls/eligibility.py`` gives them.
    """

    application = models.ForeignKey(
        "calls.Application",
        models.PROTECT,
        related_name="examinations",
        verbose_name="candidature",
    )
    subject = models.CharField("objet", max_length=12, choices=ExaminationSubject)
    conclusion = models.BooleanField("conclusion de l’agent")
    advised = models.BooleanField("conseil du registre", null=True)
    findings = models.JSONField("constats", default=list)
    reason = models.TextField("motif", blank=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="agent",
    )
    recorded_at = models.DateTimeField("enregistrée le", auto_now_add=True)

    class Meta:
        verbose_name = "examen"
        ordering = ["-recorded_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(subject__in=ExaminationSubject.values),
                name="calls_examination_subject",
                violation_error_message="On examine la recevabilité ou l’éligibilité.",
            ),
            models.CheckConstraint(
                # An unknown advice is no agreement.
                condition=Q(advised__isnull=False, advised=F("conclusion")) | ~Q(reason=""),
                name="calls_examination_reason",
                violation_error_message=(
                    "Qui s’écarte du conseil du registre, ou conclut sans lui, dit pourquoi."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_subject_display()} : {'oui' if self.conclusion else 'non'}"
