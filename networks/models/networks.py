"""The networks of the ESS, where they work, and their staff."""

from django.db import models
from django.db.models import Q

from core.history import tracked
from networks.models.people import User
from territories.models import Territory


class NetworkKind(models.TextChoices):
    REGIONAL_CHAMBER = "chambre-regionale", "chambre régionale de l’ESS"
    NATIONAL = "reseau-national", "réseau national"
    STATE_SERVICE = "service-etat", "service de l’État"
    OTHER = "autre", "autre réseau"


@tracked()
class Network(models.Model):
    """An ESS network; without a région it is national."""

    name = models.CharField("nom", max_length=200, unique=True)
    acronym = models.CharField("sigle", max_length=50, blank=True)
    slug = models.SlugField("adresse", max_length=120, unique=True)
    kind = models.CharField("nature", max_length=20, choices=NetworkKind)
    regions = models.ManyToManyField(
        Territory,
        through="NetworkRegion",
        related_name="networks",
        verbose_name="régions",
        blank=True,
    )
    website = models.URLField("site internet", max_length=500, blank=True)
    contact_email = models.EmailField("adresse de contact", blank=True)
    contact_phone = models.CharField("téléphone", max_length=30, blank=True)
    sources = models.TextField("sources", blank=True, help_text="Une adresse par ligne.")

    class Meta:
        verbose_name = "réseau"
        verbose_name_plural = "réseaux"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=NetworkKind.values),
                name="networks_network_kind",
                violation_error_message="Cette nature de réseau n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
                name="networks_network_slug_form",
                violation_error_message=(
                    "L’adresse s’écrit en minuscules sans accent, avec des traits d’union."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class NetworkRegion(models.Model):
    network = models.ForeignKey(Network, models.CASCADE, verbose_name="réseau")
    region = models.ForeignKey(
        Territory, models.PROTECT, verbose_name="région", limit_choices_to={"kind": "region"}
    )

    class Meta:
        verbose_name = "région d’un réseau"
        verbose_name_plural = "régions des réseaux"
        constraints = [
            models.UniqueConstraint(
                fields=["network", "region"],
                name="networks_networkregion_once",
                violation_error_message="Cette région est déjà celle du réseau.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.network} – {self.region}"


class StaffRole(models.TextChoices):
    EDITOR = "redacteur", "rédacteur"
    MANAGER = "responsable", "responsable"


@tracked()
class NetworkStaff(models.Model):
    network = models.ForeignKey(
        Network, models.CASCADE, related_name="staff", verbose_name="réseau"
    )
    user = models.ForeignKey(
        User, models.CASCADE, related_name="staff_positions", verbose_name="compte"
    )
    role = models.CharField("rôle", max_length=11, choices=StaffRole, default=StaffRole.EDITOR)

    class Meta:
        verbose_name = "personnel de réseau"
        verbose_name_plural = "personnel des réseaux"
        constraints = [
            models.UniqueConstraint(
                fields=["network", "user"],
                name="networks_networkstaff_once",
                violation_error_message="Cette personne est déjà dans le réseau.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=StaffRole.values),
                name="networks_networkstaff_role",
                violation_error_message="Ce rôle n’existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.network}"
