from django.conf import settings
from django.db import models

from poles.models.pole import Pole


class VoiceLink(models.Model):
    """That a pole was sent the link by which it speaks for itself; never the link, nor to whom.

    ``sent_by``: who asked for it; None for the yearly one, and for one that the pole renewed.
    """

    pole = models.ForeignKey(Pole, models.CASCADE, related_name="voice_links", verbose_name="pôle")
    sent_at = models.DateTimeField("envoyé le")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="demandé par",
    )

    class Meta:
        verbose_name = "lien d’un pôle"
        verbose_name_plural = "liens des pôles"
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["pole", "sent_at"], name="poles_voicelink_last")]

    def __str__(self) -> str:
        return f"{self.pole} – {self.sent_at:%Y-%m-%d}"
