from django.conf import settings
from django.db import models

from poles.models.pole import Pole


class Draft(models.Model):
    """What a person has typed of a section and not saved: theirs alone, and no history.

    ``data``: the fields of the page as they were typed, each a list of texts; ``base``: the values
    of the record that the page was filled from, by key. Without a pole, it is a new one's.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts", verbose_name="compte"
    )
    pole = models.ForeignKey(
        Pole,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="drafts",
        verbose_name="pôle",
    )
    section = models.CharField("partie de la fiche", max_length=20)
    data = models.JSONField("saisie", default=dict)
    base = models.JSONField("valeurs de départ", default=dict, blank=True)
    saved_at = models.DateTimeField("gardé le")

    class Meta:
        verbose_name = "brouillon"
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "pole", "section"],
                nulls_distinct=False,
                name="poles_draft_once",
                violation_error_message="Un brouillon de cette partie est déjà gardé.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pole or 'nouveau pôle'} – {self.section}"
