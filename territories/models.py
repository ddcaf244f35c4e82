from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from core.expressions import Normalise
from core.history import tracked


class TerritoryKind(models.TextChoices):
    REGION = "region", "région"
    DEPARTEMENT = "departement", "département"
    EPCI = "epci", "EPCI"
    COMMUNE = "commune", "commune"


class TerritoryQuerySet(models.QuerySet["Territory"]):
    def current(self) -> "TerritoryQuerySet":
        return self.filter(gone_on=None)

    def regions(self) -> "TerritoryQuerySet":
        return self.filter(kind=TerritoryKind.REGION)

    def departements(self) -> "TerritoryQuerySet":
        return self.filter(kind=TerritoryKind.DEPARTEMENT)

    def epcis(self) -> "TerritoryQuerySet":
        return self.filter(kind=TerritoryKind.EPCI)

    def communes(self) -> "TerritoryQuerySet":
        return self.filter(kind=TerritoryKind.COMMUNE)


@tracked(exclude=["normalised_name"])
class Territory(models.Model):
    """A région, département, EPCI or commune, by its INSEE code (an EPCI: its SIREN)."""

    kind = models.CharField("nature", max_length=11, choices=TerritoryKind)
    code = models.CharField("code", max_length=9)
    name = models.CharField("nom", max_length=150)
    slug = models.SlugField("adresse", max_length=160)
    normalised_name = models.GeneratedField(
        expression=Normalise("name"), output_field=models.TextField(), db_persist=True
    )
    zone = models.CharField("zone", max_length=5, blank=True, help_text="metro ou drom")
    epci_type = models.CharField("forme de l’EPCI", max_length=10, blank=True)
    postal_codes = ArrayField(
        models.CharField(max_length=5), verbose_name="codes postaux", default=list, blank=True
    )
    population = models.PositiveIntegerField("population", null=True, blank=True)
    latitude = models.DecimalField(
        "latitude", max_digits=8, decimal_places=5, null=True, blank=True
    )
    longitude = models.DecimalField(
        "longitude", max_digits=8, decimal_places=5, null=True, blank=True
    )
    approximate = models.BooleanField(
        "position approximative",
        default=False,
        help_text="Déduite des communes voisines, faute de coordonnées propres.",
    )
    region = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="région"
    )
    departement = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="département"
    )
    epci = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="EPCI"
    )
    corrected = ArrayField(
        models.CharField(max_length=30),
        verbose_name="corrigé à la main",
        default=list,
        blank=True,
        help_text="Les champs qu’une personne a corrigés : le chargement ne les touche plus.",
    )
    gone_on = models.DateField("disparu le", null=True, blank=True)

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = "territoire"
        ordering = ["kind", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code"],
                name="territories_territory_kind_code",
                violation_error_message="Ce code existe déjà pour cette nature de territoire.",
            ),
            models.UniqueConstraint(
                fields=["slug"],
                condition=Q(kind="region"),
                name="territories_territory_region_slug",
                violation_error_message="Cette adresse de région existe déjà.",
            ),
            models.CheckConstraint(
                condition=Q(kind="region", code__regex=r"^\d{2}$")
                | Q(kind="departement", code__regex=r"^(\d{2}|2[AB]|97\d)$")
                | Q(kind="epci", code__regex=r"^\d{9}$")
                | Q(kind="commune", code__regex=r"^(\d{5}|2[AB]\d{3})$"),
                name="territories_territory_code_form",
                violation_error_message="Le code n’a pas la forme attendue pour ce territoire.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["region", "epci"], departement=None)
                | Q(kind="departement", departement=None, region__isnull=False)
                | Q(kind="commune", departement__isnull=False, region__isnull=False),
                name="territories_territory_parents",
                violation_error_message=(
                    "Une commune a un département et une région ; un département a une région."
                ),
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="territories_territory_coordinates",
                violation_error_message=(
                    "Il faut une latitude et une longitude, ou aucune des deux."
                ),
            ),
        ]
        indexes = [
            GinIndex(
                OpClass(F("normalised_name"), name="gin_trgm_ops"),
                name="territory_name_trigrams",
            ),
            models.Index(fields=["kind", "normalised_name"], name="territory_kind_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        if self.kind == TerritoryKind.REGION:
            return reverse("directory:region", args=[self.slug])
        if self.kind == TerritoryKind.DEPARTEMENT:
            return reverse("directory:departement", args=[self.code])
        return reverse("directory:commune", args=[self.code]) if self.kind == "commune" else ""

    @property
    def label(self) -> str:
        """The name as a reader recognises it: Vannes (56), Hérault (34), Bretagne."""
        if self.kind == TerritoryKind.COMMUNE:
            departement = self.code[:3] if self.code.startswith("97") else self.code[:2]
            return f"{self.name} ({departement})"
        if self.kind == TerritoryKind.DEPARTEMENT:
            return f"{self.name} ({self.code})"
        return self.name


@tracked(exclude=["normalised_name"])
class FormerCommune(models.Model):
    """An old name or code of a commune, which resolves to today's commune."""

    code = models.CharField("code", max_length=5)
    name = models.CharField("nom", max_length=150)
    normalised_name = models.GeneratedField(
        expression=Normalise("name"), output_field=models.TextField(), db_persist=True
    )
    kind = models.CharField("nature", max_length=30)
    commune = models.ForeignKey(
        Territory, models.CASCADE, related_name="former_names", verbose_name="commune actuelle"
    )

    class Meta:
        verbose_name = "ancienne commune"
        verbose_name_plural = "anciennes communes"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "kind"],
                name="territories_formercommune_code_kind",
                violation_error_message="Cette ancienne commune existe déjà.",
            ),
        ]
        indexes = [models.Index(fields=["normalised_name"], name="formercommune_name")]

    def __str__(self) -> str:
        return self.name
