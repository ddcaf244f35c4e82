from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.http import HttpRequest

from core.admin import RegistryAdmin, RegistryTabular, RowForm
from networks.models import Network, NetworkRegion, NetworkStaff, User
from territories.admin import region_filter

# Rights come from the role, never from a group.
admin.site.unregister(Group)


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


@admin.register(User)
class AccountAdmin(UserAdmin):
    form = AccountForm
    add_form = AccountCreationForm
    list_display = ("email", "full_name", "role", "is_active", "last_login", "date_joined")
    list_filter = ("role", "is_active")
    search_fields = ("email", "full_name")
    ordering = ("email",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    show_full_result_count = False
    list_per_page = 50
    fieldsets = (
        (None, {"fields": ("email", "password", "full_name")}),
        ("Droits", {"fields": ("role", "is_active")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
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
