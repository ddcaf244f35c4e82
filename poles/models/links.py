"""What ties a pole to its themes, territories, networks, sources and old addresses."""

from django.db import models

from core.history import tracked
from networks.models import Network
from poles.models.pole import Pole
from poles.models.theme import Theme
from territories.models import Territory


@tracked()
class PoleTheme(models.Model):
    pole = models.ForeignKey(Pole, models.CASCADE, verbose_name="pôle")
    theme = models.ForeignKey(Theme, models.PROTECT, verbose_name="thème")

    class Meta:
        verbose_name = "thème d’un pôle"
        verbose_name_plural = "thèmes des pôles"
        constraints = [
            models.UniqueConstraint(
                fields=["pole", "theme"],
                name="poles_poletheme_once",
                violation_error_message="Ce thème est déjà celui du pôle.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pole} – {self.theme}"


@tracked()
class PoleCoverage(models.Model):
    pole = models.ForeignKey(Pole, models.CASCADE, verbose_name="pôle")
    territory = models.ForeignKey(Territory, models.PROTECT, verbose_name="territoire")

    class Meta:
        verbose_name = "territoire d’action"
        verbose_name_plural = "territoires d’action"
        constraints = [
            models.UniqueConstraint(
                fields=["pole", "territory"],
                name="poles_polecoverage_once",
                violation_error_message="Ce territoire est déjà couvert par le pôle.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pole} – {self.territory}"


@tracked()
class PoleNetwork(models.Model):
    pole = models.ForeignKey(Pole, models.CASCADE, verbose_name="pôle")
    network = models.ForeignKey(Network, models.CASCADE, verbose_name="réseau")

    class Meta:
        verbose_name = "réseau qui accompagne"
        verbose_name_plural = "réseaux qui accompagnent"
        constraints = [
            models.UniqueConstraint(
                fields=["pole", "network"],
                name="poles_polenetwork_once",
                violation_error_message="Ce réseau accompagne déjà le pôle.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pole} – {self.network}"


@tracked()
class PoleSource(models.Model):
    """A page from which facts about the pole were taken."""

    pole = models.ForeignKey(Pole, models.CASCADE, related_name="sources", verbose_name="pôle")
    url = models.URLField("adresse", max_length=1000)
    seen_on = models.DateField("consultée le", null=True, blank=True)

    class Meta:
        verbose_name = "source"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pole", "url"],
                name="poles_polesource_once",
                violation_error_message="Cette source est déjà citée.",
            ),
        ]

    def __str__(self) -> str:
        return self.url


@tracked()
class PoleFormerSlug(models.Model):
    """An address that a pole had, kept by a trigger, so that old links redirect."""

    slug = models.SlugField("ancienne adresse", max_length=120, primary_key=True)
    pole = models.ForeignKey(Pole, models.CASCADE, related_name="former_slugs", verbose_name="pôle")

    class Meta:
        verbose_name = "ancienne adresse de pôle"
        verbose_name_plural = "anciennes adresses de pôles"

    def __str__(self) -> str:
        return self.slug
