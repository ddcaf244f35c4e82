"""What a call gives to read: its specification is a field of its own, the rest is here."""

from django.db import models
from django.db.models import Q

from calls.models.call import Call
from core.history import tracked


@tracked()
class CallDocument(models.Model):
    """A form, a guide, a list of questions and answers: where it is read."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="documents", verbose_name="appel")
    title = models.CharField("titre", max_length=200)
    url = models.URLField("adresse", max_length=1000)

    class Meta:
        verbose_name = "document"
        verbose_name_plural = "autres documents"
        ordering = ["call", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "url"],
                name="calls_calldocument_once",
                violation_error_message="Ce document est déjà parmi ceux de l’appel.",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & Q(url__regex=r"^https?://"),
                name="calls_calldocument_said",
                violation_error_message="Un document a un titre et une adresse (https://…).",
            ),
        ]

    def __str__(self) -> str:
        return self.title
