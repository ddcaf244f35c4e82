from django.conf import settings
from django.db import models
from django.db.models import Q

from poles.models.pole import Pole


class Comment(models.Model):
    """Words between those who keep a record, on one of its sections; settled, with an answer.

    ``section``: the name of one of ``poles.record.SECTIONS``.
    """

    pole = models.ForeignKey(Pole, models.CASCADE, related_name="comments", verbose_name="pôle")
    section = models.CharField("partie de la fiche", max_length=20)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="auteur",
    )
    text = models.TextField("commentaire")
    created_at = models.DateTimeField("écrit le", auto_now_add=True)
    closed_at = models.DateTimeField("réglé le", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="réglé par",
    )
    answer = models.TextField("réponse", blank=True)

    class Meta:
        verbose_name = "commentaire"
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="poles_comment_text",
                violation_error_message="Un commentaire dit quelque chose.",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False) | Q(closed_by=None, answer=""),
                name="poles_comment_closed",
                violation_error_message="Un commentaire qui a sa réponse est réglé, à une date.",
            ),
        ]
        indexes = [
            models.Index(fields=["pole"], condition=Q(closed_at=None), name="poles_comment_open"),
        ]

    def __str__(self) -> str:
        return f"{self.pole} – {self.section}"
