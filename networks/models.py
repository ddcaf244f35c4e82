from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from core.history import tracked
from territories.models import Territory

# Applications whose tables are no records of the registry.
_FOR_ADMINISTRATORS = {"auth", "core", "dsfr", "django_tasks_database"}


class Role(models.TextChoices):
    NETWORK = "reseau", "personnel d’un réseau"
    OFFICER = "agent", "agent du ministère"
    ADMINISTRATOR = "administrateur", "administrateur"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """An account; ``email`` is compared without regard to case."""
        user = self.model(email=self.normalize_email(email), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        return self.create_user(email, password, role=Role.ADMINISTRATOR, **extra)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """An account. Its name and e-mail can be erased: the history keeps only its number."""

    email = models.EmailField("adresse électronique", unique=True)
    full_name = models.CharField("nom", max_length=150, blank=True)
    role = models.CharField("rôle", max_length=15, choices=Role, default=Role.NETWORK)
    is_active = models.BooleanField("actif", default=True)
    date_joined = models.DateTimeField("créé le", auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "email"

    class Meta:
        verbose_name = "compte"
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="networks_user_email",
                violation_error_message="Un compte existe déjà à cette adresse.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="networks_user_role",
                violation_error_message="Ce rôle n’existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def is_officer(self) -> bool:
        return self.is_active and self.role in {Role.OFFICER, Role.ADMINISTRATOR}

    @property
    def is_administrator(self) -> bool:
        return self.is_active and self.role == Role.ADMINISTRATOR

    @property
    def is_staff(self) -> bool:
        """Whether the admin site opens."""
        return self.is_officer

    @property
    def is_superuser(self) -> bool:
        return self.is_administrator

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Officers keep the registry; accounts and settings are the administrators'."""
        if self.is_administrator:
            return True
        app, _, codename = perm.partition(".")
        if codename.endswith("_user") or app in _FOR_ADMINISTRATORS:
            return False
        return self.is_officer

    def has_perms(self, perm_list: list[str], obj: object = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_administrator or (self.is_officer and app_label not in _FOR_ADMINISTRATORS)


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


from networks.notices_models import Notice, NoticeChoice, NoticePreference  # noqa: E402

__all__ = [
    "Network",
    "NetworkKind",
    "NetworkRegion",
    "NetworkStaff",
    "Notice",
    "NoticeChoice",
    "NoticePreference",
    "Role",
    "StaffRole",
    "User",
    "UserManager",
]
