"""Instalments, on their file's page and on their own: each refusal beside what it is about."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Sum
from django.http import HttpRequest

from calls.models import Application, Instalment
from calls.models.applications import InstalmentState
from calls.waiting import waiting
from core.admin import RegistryAdmin, RegistryForm, RegistryTabular
from core.admin.forms import RowForm, RowFormSet
from core.admin.waiting import waiting_filter
from core.templatetags.french import euros


def _say_what_lacks(form: forms.ModelForm) -> None:
    cleaned = form.cleaned_data
    paid = cleaned.get("state") == InstalmentState.PAID
    if paid and not cleaned.get("paid_on"):
        form.add_error("paid_on", "Un versement fait a sa date.")
    elif cleaned.get("state") and not paid and cleaned.get("paid_on"):
        form.add_error("paid_on", "Seul un versement fait a une date de versement.")
    if cleaned.get("state") == InstalmentState.SUSPENDED and not cleaned.get("reason"):
        form.add_error("reason", "Un versement suspendu dit pourquoi.")


def _too_much(file: Application, promised: Decimal) -> str:
    """As ``calls/sql/amounts.sql`` refuses it, for the field where it was typed; "" if it holds."""
    if file.imported or promised <= (file.amount_eur or 0):
        return ""
    award = "aucun" if file.amount_eur is None else euros(file.amount_eur)
    return (
        f"Les versements faits et prévus ({euros(promised)}) passent le montant engagé\u00a0: "
        f"{award}."
    )


class InstalmentForm(RegistryForm):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        _say_what_lacks(self)
        file, amount = cleaned.get("application"), cleaned.get("amount_eur")
        if file is None or amount is None or cleaned.get("state") == InstalmentState.SUSPENDED:
            return cleaned
        others = Instalment.objects.filter(application=file).exclude(pk=self.instance.pk)
        others = others.exclude(state=InstalmentState.SUSPENDED)
        promised = others.aggregate(sum=Sum("amount_eur"))["sum"] or Decimal()
        if told := _too_much(file, promised + amount):
            self.add_error("amount_eur", told)
        return cleaned


class InstalmentRow(RowForm):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        _say_what_lacks(self)
        return cleaned


class InstalmentRows(RowFormSet):
    def clean(self) -> None:
        super().clean()
        gone = self.deleted_forms
        rows = [row for row in self.forms if row not in gone]
        changed = [row for row in rows if row.has_changed()]
        if not changed or any(row.errors for row in rows):
            return
        promised = sum(
            (
                row.instance.amount_eur
                for row in rows
                if row.instance.amount_eur is not None
                and row.instance.state != InstalmentState.SUSPENDED
            ),
            Decimal(),
        )
        if told := _too_much(self.instance, promised):
            changed[-1].add_error("amount_eur", told)


class InstalmentInline(RegistryTabular):
    model = Instalment
    form = InstalmentRow
    formset = InstalmentRows
    fields = ("planned_on", "amount_eur", "state", "paid_on", "reference", "reason")
    formfield_overrides = {
        **RegistryTabular.formfield_overrides,
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 2, "cols": 30})},
    }


@admin.register(Instalment)
class InstalmentAdmin(RegistryAdmin):
    form = InstalmentForm
    list_display = ("pole", "call", "planned_on", "amount_eur", "state", "paid_on", "reference")
    list_display_links = ("pole",)
    list_filter = (waiting_filter(waiting), "state")
    date_hierarchy = "planned_on"
    search_fields = (
        "application__pole__normalised_name__contains",
        "application__call__code__icontains",
        "reference__icontains",
    )
    search_help_text = "Nom du pôle, code de l’appel ou référence comptable."
    autocomplete_fields = ("application",)

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        return rows.select_related("application__pole", "application__call")

    @admin.display(description="pôle", ordering="application__pole__normalised_name")
    def pole(self, obj: Instalment) -> str:
        return str(obj.application.pole)

    @admin.display(description="appel", ordering="application__call__code")
    def call(self, obj: Instalment) -> str:
        return str(obj.application.call)
