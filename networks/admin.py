from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    BaseUserCreationForm,
    UserChangeForm,
)
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.html import format_html

from core.admin import ReadOnlyAdmin, RegistryAdmin, RegistryTabular, RowForm
from core.admin.exchange import keys
from core.admin.waiting import waiting_filter
from networks.admin_leaving import erase_view
from networks.models import Invitation, Network, NetworkRegion, NetworkStaff, Role, User
from networks.people import officers
from networks.waiting import waiting
from territories.admin import region_filter

# Rights come from the role, never from a group.
admin.site.unregister(Group)


keys.declare(Network, ("slug",))


class AccountCreationForm(BaseUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "full_name", "role")
        # The parent's field is a user name, and this one an address.
        field_classes: dict = {}


class AccountForm(UserChangeForm):
    class Meta:
        model = User
        fields = ("email", "password", "full_name", "role", "is_active")
        field_classes: dict = {}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        stays = given.get("is_active") and given.get("role") == Role.ADMINISTRATOR
        others = officers().exclude(pk=self.instance.pk)
        if (
            self.instance.is_administrator
            and not stays
            and others.exists()
            and not others.filter(role=Role.ADMINISTRATOR).exists()
        ):
            raise forms.ValidationError(
                "Le registre garde un administrateur\u00a0: nommez d’abord quelqu’un d’autre."
            )
        return given


class PasswordForm(AdminPasswordChangeForm):
    """Django speaks of directories that the registry has not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "usable_password"
        ].help_text = "Sans mot de passe, la personne ne se connecte plus que par ProConnect."


@admin.register(User)
class AccountAdmin(RegistryAdmin, UserAdmin):
    # An account is opened by an invitation, which its person answers.
    imports_files = False
    form = AccountForm
    add_form = AccountCreationForm
    change_password_form = PasswordForm
    list_display = ("email", "full_name", "role", "is_active", "last_login", "date_joined")
    list_filter = ("role", "is_active")
    search_fields = ("email", "full_name")
    ordering = ("email",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined", "take", "erase")
    acting_fields = ("take", "erase")
    fieldsets = (
        (None, {"fields": ("email", "password", "full_name")}),
        ("Droits", {"fields": ("role", "is_active")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
        ("Données de la personne", {"fields": ("take", "erase")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("email", "full_name", "role", "password1", "password2"),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Of those that were erased nothing is left to keep."""
        return super().get_queryset(request).filter(erased_at=None)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list:
        return [
            path(
                "<str:object_id>/effacer/",
                self.admin_site.admin_view(partial(erase_view, self)),
                name="networks_user_erase",
            ),
            *super().get_urls(),
        ]

    @admin.display(description="prendre ses données")
    def take(self, obj: User) -> str:
        if obj.pk is None:
            return ""
        address = reverse("admin:account_data", args=[obj.pk])
        return format_html('<a href="{}">tout ce que le registre garde d’elle (XLSX)</a>', address)

    @admin.display(description="effacer le compte")
    def erase(self, obj: User) -> str:
        if obj.pk is None:
            return ""
        address = reverse("admin:networks_user_erase", args=[obj.pk])
        return format_html('<a href="{}">ce qui serait effacé, et ce qui resterait</a>', address)


class StaffForm(RowForm):
    """A colleague is named by an address: accounts are for the administrators to look through."""

    email = forms.EmailField(label="Adresse électronique du compte")

    class Meta:
        model = NetworkStaff
        fields = ("role",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["email"].initial = self.instance.user.email

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise forms.ValidationError(
                "Aucun compte à cette adresse. Un administrateur doit d’abord le créer."
            )
        self.instance.user = user
        return email

    def _get_validation_exclusions(self) -> set[str]:
        # The account comes from the address: once found, its uniqueness is checked with the rest.
        found = {"user"} if self.instance.user_id else set()
        return super()._get_validation_exclusions() - found  # type: ignore[misc]


class StaffInline(RegistryTabular):
    model = NetworkStaff
    form = StaffForm
    fields = ("email", "role")
    loaded_fields = ("user",)
    verbose_name = "personne"
    verbose_name_plural = "personnel"


class RegionInline(RegistryTabular):
    model = NetworkRegion
    autocomplete_fields = ("region",)
    verbose_name = "région"
    verbose_name_plural = "régions (aucune : réseau national)"


@admin.register(Network)
class NetworkAdmin(RegistryAdmin):
    list_display = ("name", "acronym", "kind", "covers", "website", "contact_email")
    list_filter = ("kind", region_filter("regions"))
    search_fields = ("name", "acronym", "slug")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (RegionInline, StaffInline)
    fieldsets = (
        (None, {"fields": ("name", "acronym", "slug", "kind")}),
        ("Contact", {"fields": ("website", "contact_email", "contact_phone")}),
        ("Sources", {"fields": ("sources",)}),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("regions")

    @admin.display(description="régions")
    def covers(self, obj: Network) -> str:
        return ", ".join(region.name for region in obj.regions.all()) or "national"


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Sent again and withdrawn where the colleagues of its network are."""

    list_display = ("email", "place", "role_there", "invited_by", "created_at", "expires_at")
    list_filter = (waiting_filter(waiting), "role")
    list_select_related = ("network", "invited_by")
    search_fields = ("email", "network__name")
    fields = (*list_display, "accepted_at", "withdrawn_at", "manage")
    acting_fields = ("manage",)

    @admin.display(description="réseau")
    def place(self, obj: Invitation) -> str:
        return str(obj.network or "le ministère")

    @admin.display(description="rôle")
    def role_there(self, obj: Invitation) -> str:
        return obj.get_staff_role_display() if obj.network else obj.get_role_display()

    @admin.display(description="suite")
    def manage(self, obj: Invitation) -> str:
        network = obj.network
        address = (
            reverse("workspace:colleagues", args=[network.slug])
            if network
            else reverse("workspace:ministry")
        )
        return format_html('<a href="{}">l’envoyer de nouveau, ou la retirer</a>', address)
