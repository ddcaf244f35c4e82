"""The opinions that a call asks of a network: those that wait, and one of them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from calls.models import Application, Opinion, RegionalOpinion
from calls.opinions import asked_of, give
from calls.permissions import can_give_opinion
from networks.models import Network
from poles.composition import assess_pole
from poles.sentences import headline
from workspace.access import require, staff_page
from workspace.breadcrumb import breadcrumb


class OpinionForm(forms.Form):
    opinion = forms.ChoiceField(
        label="Votre avis",
        choices=[(value, label.capitalize()) for value, label in Opinion.choices],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un avis."},
    )
    text = forms.CharField(
        label="Vos motifs",
        required=False,
        max_length=5000,
        help_text="Obligatoires pour un avis réservé ou défavorable. Lus par le ministère.",
        widget=forms.Textarea(attrs={"class": "fr-input", "rows": 6}),
    )
    rank = forms.IntegerField(
        label="Rang dans la région",
        required=False,
        min_value=1,
        max_value=999,
        help_text="Facultatif\u00a0: 1 pour le premier des dossiers de votre région.",
        widget=forms.TextInput(attrs={"class": "fr-input", "inputmode": "numeric"}),
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        needs_text = cleaned.get("opinion") in {Opinion.RESERVED, Opinion.UNFAVOURABLE}
        if needs_text and not cleaned.get("text", "").strip():
            self.add_error("text", "Un avis réservé ou défavorable dit pourquoi.")
        return cleaned


@staff_page
def opinions(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    return render(
        request,
        "workspace/opinions/list.html",
        {
            "title": "Avis demandés",
            "breadcrumb_data": breadcrumb("Avis demandés"),
            "asked": asked_of(user),
        },
    )


@staff_page
def opinion(request: HttpRequest, pk: int, network: int) -> HttpResponse:
    user: Any = request.user
    rows = Application.objects.select_related("call", "wave", "strand", "pole__seat", "beneficiary")
    application = get_object_or_404(rows, pk=pk)
    require(can_give_opinion(user, application, network))
    given = RegionalOpinion.objects.filter(application=application, network=network).first()
    shown = {"opinion": given.opinion, "text": given.text, "rank": given.rank} if given else {}
    form = OpinionForm(request.POST if request.method == "POST" else None, initial=shown)
    if form.is_valid():
        try:
            give(application, network, user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, f"Votre avis sur {application.pole.name} est enregistré.")
            return redirect("workspace:opinions")
    return render(
        request,
        "workspace/opinions/opinion.html",
        {
            "title": f"Avis – {application.pole.name}",
            "breadcrumb_data": breadcrumb(
                application.pole.name, (reverse("workspace:opinions"), "Avis demandés")
            ),
            "application": application,
            "network": Network.objects.get(pk=network),
            "composition": headline(assess_pole(application.pole)),
            "form": form,
        },
    )
