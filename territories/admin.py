from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from core.admin import RegistryAdmin, RegistryForm
from core.admin.exchange import keys
from core.admin.filters import GivenFilter
from territories.models import FormerCommune, Territory, TerritoryKind

# What the loader writes, and leaves alone once a person has corrected it.
LOADED_FIELDS = (
    "name",
    "slug",
    "zone",
    "epci_type",
    "postal_codes",
    "population",
    "latitude",
    "longitude",
    "approximate",
    "region",
    "departement",
    "epci",
    "gone_on",
)


# A bare code is enough where only one kind of territory has it.
keys.declare(Territory, ("kind", "code"), ("code",))
keys.declare(FormerCommune, ("kind", "code"))


class RegionFilter(admin.SimpleListFilter):
    """The rows of a région, by the path from the row to a territory; see ``region_filter``."""

    title = "région"
    parameter_name = "region"
    path = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(
            Territory.objects.regions().order_by("normalised_name").values_list("code", "name")
        )

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        code = self.value()
        if not code:
            return None
        start = f"{self.path}__" if self.path else ""
        within = {f"{start}region__code": code}
        itself = {f"{start}kind": TerritoryKind.REGION, f"{start}code": code}
        return queryset.filter(Q(**within) | Q(**itself))


def region_filter(path: str) -> type[RegionFilter]:
    """The filter of rows whose territory is at ``path`` ("seat")."""
    return type("RegionFilter", (RegionFilter,), {"path": path})


class TerritoryForm(RegistryForm):
    """Typed corrections are remembered, so that no load undoes them."""

    corrected = forms.MultipleChoiceField(
        label="Corrigé à la main",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=(
            "Le chargement ne touche plus ces champs. Un champ que vous modifiez ici se coche tout "
            "seul ; décochez-le pour le rendre au chargement."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "corrected" in self.fields:
            self.fields["corrected"].choices = [  # type: ignore[attr-defined]
                (name, Territory._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
                for name in LOADED_FIELDS
            ]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if cleaned is not None and self.instance.pk:
            typed = [name for name in LOADED_FIELDS if name in self.changed_data]
            kept = [name for name in cleaned.get("corrected", []) if name not in typed]
            cleaned["corrected"] = sorted({*kept, *typed})
        return cleaned


@admin.register(Territory)
class TerritoryAdmin(RegistryAdmin):
    form = TerritoryForm
    list_display = ("label", "kind", "code", "region", "population", "approximate", "gone_on")
    list_filter = (
        "kind",
        RegionFilter,
        "approximate",
        ("gone_on", GivenFilter),
    )
    list_select_related = ("region",)
    search_fields = ("normalised_name__contains", "code__istartswith")
    search_help_text = "Nom, code INSEE ou SIREN, ou code postal à cinq chiffres."
    autocomplete_fields = ("region", "departement", "epci")
    readonly_fields = ("searched_name",)
    only_administrators_delete = True
    fieldsets = (
        (None, {"fields": ("kind", "code", "name", "slug", "zone", "epci_type", "gone_on")}),
        ("Rattachements", {"fields": ("region", "departement", "epci")}),
        (
            "Population et position",
            {"fields": ("population", "postal_codes", "latitude", "longitude", "approximate")},
        ),
        ("Registre", {"fields": ("corrected", "searched_name")}),
    )

    @admin.display(description="nom", ordering="normalised_name")
    def label(self, obj: Territory) -> str:
        return obj.label

    def option_label(self, obj: Any) -> str:
        kind = TerritoryKind(obj.kind)
        gone = ", disparu" if obj.gone_on else ""
        if kind is TerritoryKind.COMMUNE:
            return f"{obj.label}{gone}"
        return f"{obj.label} – {kind.label}{gone}"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        found, duplicates = super().get_search_results(request, queryset, search_term)
        term = search_term.strip()
        if len(term) == 5 and term.isdecimal():
            found |= queryset.filter(postal_codes__contains=[term])
        return found, duplicates

    def view_on_site(self, obj: Territory) -> str | None:
        pages = {TerritoryKind.REGION, TerritoryKind.DEPARTEMENT}
        return obj.get_absolute_url() if obj.kind in pages else None


@admin.register(FormerCommune)
class FormerCommuneAdmin(RegistryAdmin):
    list_display = ("name", "code", "kind", "commune")
    list_filter = ("kind",)
    list_select_related = ("commune",)
    search_fields = ("normalised_name__contains", "code__istartswith")
    search_help_text = "Nom ou code INSEE."
    autocomplete_fields = ("commune",)
    readonly_fields = ("searched_name",)
    fields = ("code", "name", "kind", "commune", "searched_name")
