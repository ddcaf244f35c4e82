"""How fields are shown and loaded, on a page of the admin and in its inlines."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin, InlineModelAdmin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.http import HttpRequest

from core.admin.forms import RowForm, RowFormSet
from core.admin.numbers import FrenchDecimalField
from core.admin.widgets import LoadedSelect, LoadedSelectMultiple


class Fields(BaseModelAdmin):
    """What a page and its inlines have in common: how fields are shown and loaded."""

    formfield_overrides = {
        # A line each: the words of the sources have commas in them.
        ArrayField: {
            "delimiter": "\n",
            "widget": forms.Textarea(attrs={"rows": 3, "cols": 60}),
        },
        models.DecimalField: {"form_class": FrenchDecimalField},
    }

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", LoadedSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", LoadedSelectMultiple(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and hasattr(field.widget, "can_delete_related"):
            # Beside a choice, one looks at it or adds one; it is changed on its own page.
            field.widget.can_change_related = field.widget.can_delete_related = False
        return field

    def loaded(self, queryset: models.QuerySet) -> models.QuerySet:
        """``queryset`` with all that its forms name."""
        names = {f.name: f for f in queryset.model._meta.get_fields()}
        shown = [names[n] for n in [*self.autocomplete_fields, *self.loaded_fields]]
        one = [f.name for f in shown if not f.many_to_many]
        many = [f.name for f in shown if f.many_to_many]
        queryset = queryset.select_related(*one) if one else queryset
        return queryset.prefetch_related(*many)

    loaded_fields: tuple[str, ...] = ()


class _Inline(Fields, InlineModelAdmin):
    form = RowForm
    formset = RowFormSet
    extra = 0
    # As those of the page that it is on.
    personal_columns: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return self.loaded(super().get_queryset(request))


class RegistryTabular(_Inline, admin.TabularInline):
    template = "admin/tabular.html"


class RegistryStacked(_Inline, admin.StackedInline):
    template = "admin/stacked.html"
