"""Accounts, and what their role opens."""

import re
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from core.history import tracked

# Applications whose tables are no records of the registry.
_FOR_ADMINISTRATORS = {
    *("auth", "core", "dsfr", "django_tasks_database"),
    *("account", "mfa", "socialaccount", "usersessions"),
}


# Whose pages show what was mailed, and to whom.
_NOT_FOR_AUDITORS = {"django_tasks_database", "account", "mfa", "socialaccount", "usersessions"}

# The domain of the addresses that stand for erased ones: no mail can be sent to it.
NOWHERE = "efface.invalid"


class Role(models.TextChoices):
    NETWORK = "reseau", "personnel d’un réseau"
    OFFICER = "agent", "agent du ministère"
    ADMINISTRATOR = "administrateur", "administrateur"
    AUDITOR = "auditeur", "auditeur"


class AddressField(models.EmailField):
    """An e-mail address, kept and looked for in small letters: one mailbox, however it is typed."""

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return prepared.lower() if isinstance(prepared, str) else prepared

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            value = value.lower()
            setattr(model_instance, self.attname, value)
        return value


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """An account; ``email`` is compared without regard to case."""
        user = self.model(email=email.strip(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        return self.create_user(email, password, role=Role.ADMINISTRATOR, **extra)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


@tracked(exclude=["email", "full_name", "password", "last_login"])
class User(AbstractBaseUser):
    """An account. All that says who it is can be erased: the history keeps only its number.

    ``former_as``: what is shown of an erased one, « ancien agent du réseau … ».
    """

    email = AddressField("adresse électronique", unique=True)
    full_name = models.CharField("nom", max_length=150, blank=True)
    role = models.CharField("rôle", max_length=15, choices=Role, default=Role.NETWORK)
    is_active = models.BooleanField("actif", default=True)
    date_joined = models.DateTimeField("créé le", auto_now_add=True)
    erased_at = models.DateTimeField("effacé le", null=True, blank=True, editable=False)
    former_as = models.CharField(
        "montré après son départ", max_length=300, blank=True, editable=False
    )

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
            models.CheckConstraint(
                condition=Q(erased_at=None, former_as="")
                | Q(
                    erased_at__isnull=False,
                    is_active=False,
                    full_name="",
                    last_login=None,
                    email__regex=rf"^efface-[0-9]+@{re.escape(NOWHERE)}$",
                    password__startswith=UNUSABLE_PASSWORD_PREFIX,
                )
                & ~Q(former_as=""),
                name="networks_user_erased",
                violation_error_message="D’un compte effacé, il ne reste que le numéro.",
            ),
        ]

    def __str__(self) -> str:
        return self.former_as or self.full_name or self.email

    @property
    def is_officer(self) -> bool:
        return self.is_active and self.role in {Role.OFFICER, Role.ADMINISTRATOR}

    @property
    def is_administrator(self) -> bool:
        return self.is_active and self.role == Role.ADMINISTRATOR

    @property
    def is_auditor(self) -> bool:
        """Reads all that the admin site shows, its journal included, and writes nothing."""
        return self.is_active and self.role == Role.AUDITOR

    @property
    def is_staff(self) -> bool:
        """Whether the admin site opens."""
        return self.is_officer or self.is_auditor

    @property
    def is_superuser(self) -> bool:
        return self.is_administrator

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Officers keep the registry; accounts and settings are the administrators'.

        Auditors look at both.
        """
        if self.is_administrator:
            return True
        app, _, codename = perm.partition(".")
        if self.is_auditor:
            return codename.startswith("view_") and app not in _NOT_FOR_AUDITORS
        if codename.endswith("_user") or app in _FOR_ADMINISTRATORS:
            return False
        return self.is_officer

    def has_perms(self, perm_list: list[str], obj: object = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        if self.is_auditor:
            return app_label not in _NOT_FOR_AUDITORS
        return self.is_administrator or (self.is_officer and app_label not in _FOR_ADMINISTRATORS)
