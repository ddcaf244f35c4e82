"""Whom the registry writes to when something changes in a région, a theme or a pole."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from poles.models.pole import Pole
from poles.models.theme import Theme
from territories.models import Territory


class AlertFrequency(models.TextChoices):
    DAILY = "jour", "chaque jour"
    WEEKLY = "semaine", "chaque semaine"


class Alert(models.Model):
    """An address that asked to be told of changes; of a pole, or of a région and a theme or of all.

    ``told_until``: the moment up to which its mails have told, from the confirmation on.
    """

    email = models.EmailField("adresse électronique")
    frequency = models.CharField("fréquence", max_length=7, choices=AlertFrequency)
    region = models.ForeignKey(
        Territory,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="région",
        limit_choices_to={"kind": "region"},
    )
    theme = models.ForeignKey(
        Theme, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="thème"
    )
    pole = models.ForeignKey(
        Pole, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="pôle"
    )
    asked_at = models.DateTimeField("demandée le", auto_now_add=True)
    confirmed_at = models.DateTimeField("confirmée le", null=True, blank=True)
    told_until = models.DateTimeField("a dit ce qui a changé jusqu’au", null=True, blank=True)

    class Meta:
        verbose_name = "alerte"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "region",
                "theme",
                "pole",
                name="poles_alert_once",
                nulls_distinct=False,
                violation_error_message="Cette adresse a déjà demandé cette alerte.",
            ),
            models.CheckConstraint(
                condition=Q(pole=None) | Q(region=None, theme=None),
                name="poles_alert_subject",
                violation_error_message=(
                    "Une alerte porte sur un pôle, ou bien sur une région et un thème."
                ),
            ),
            models.CheckConstraint(
                condition=Q(frequency__in=AlertFrequency.values),
                name="poles_alert_frequency",
                violation_error_message="Cette fréquence n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, told_until=None)
                | Q(confirmed_at__isnull=False, told_until__isnull=False),
                name="poles_alert_told",
                violation_error_message="Une alerte ne dit rien avant d’être confirmée.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject}, {self.get_frequency_display()}"

    @property
    def subject(self) -> str:
        """What the alert is on, in words: « Bretagne, culture »."""
        if self.pole:
            return self.pole.name
        parts = [self.region.name if self.region else "", self.theme.name if self.theme else ""]
        return ", ".join(filter(None, parts)) or "toute la France"
