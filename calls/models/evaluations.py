"""What follows an award: committees, the final evaluation, and what officers were told of both."""

from django.db import models
from django.db.models import Q

from calls.models.applications import Application
from core.history import tracked


class EvaluationKind(models.TextChoices):
    FOLLOW_UP = "suivi", "comité de suivi"
    FINAL = "finale", "évaluation finale par un tiers"


@tracked()
class Evaluation(models.Model):
    """A committee or an evaluation: planned, then held on a day with its conclusions.

    That it follows the award, and that the final one is by a third party, is refused by
    ``calls/sql/evaluations.sql``.
    """

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="evaluations", verbose_name="candidature"
    )
    kind = models.CharField("nature", max_length=6, choices=EvaluationKind)
    planned_on = models.DateField("prévu le", null=True, blank=True)
    held_on = models.DateField("tenu le", null=True, blank=True)
    author = models.CharField("par", max_length=200, blank=True)
    text = models.TextField("conclusions", blank=True)

    class Meta:
        verbose_name = "suivi"
        verbose_name_plural = "comités de suivi et évaluation finale"
        ordering = ["application", "held_on", "planned_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=EvaluationKind.values),
                name="calls_evaluation_kind",
                violation_error_message="Cette nature d’évaluation n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(planned_on__isnull=False) | Q(held_on__isnull=False),
                name="calls_evaluation_date",
                violation_error_message="Un comité ou une évaluation a une date, prévue ou tenue.",
            ),
            models.CheckConstraint(
                condition=Q(held_on=None, text="") | Q(held_on__isnull=False) & ~Q(text=""),
                name="calls_evaluation_held",
                violation_error_message=(
                    "Ce qui est tenu a une date et des conclusions ; ce qui n’est que prévu n’a ni "
                    "l’une ni les autres."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind="suivi") | Q(held_on=None) | ~Q(author=""),
                name="calls_evaluation_author",
                violation_error_message="Une évaluation finale nomme le tiers qui l’a faite.",
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(kind="finale"),
                name="calls_evaluation_final",
                violation_error_message="Un dossier a une seule évaluation finale.",
            ),
        ]

    def __str__(self) -> str:
        on = f"{self.held_on:%d/%m/%Y}" if self.held_on else f"prévu le {self.planned_on:%d/%m/%Y}"
        return f"{self.get_kind_display()}, {on}"


class DueTold(models.Model):
    """That officers were told of a thing that falls due; ``thing``: its key within the file."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="+", verbose_name="candidature"
    )
    thing = models.CharField("échéance", max_length=60)
    told_at = models.DateTimeField("dite le", auto_now_add=True)

    class Meta:
        verbose_name = "échéance dite aux agents"
        verbose_name_plural = "échéances dites aux agents"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "thing"],
                name="calls_duetold_once",
                violation_error_message="Cette échéance a déjà été dite aux agents.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} : {self.thing}"
