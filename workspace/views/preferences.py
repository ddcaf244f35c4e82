"""How a person wants to be told of what concerns them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from networks.models import NoticeChoice
from networks.notices import choices_of, choose
from workspace.access import staff_page
from workspace.breadcrumb import breadcrumb


class PreferencesForm(forms.Form):
    choice = forms.ChoiceField(
        label="Quand une fiche, une proposition ou un commentaire vous concerne",
        choices=NoticeChoice.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez l’une des trois possibilités."},
    )


@staff_page
def preferences(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = PreferencesForm(
        request.POST if request.method == "POST" else None,
        initial={"choice": choices_of([user.pk])[user.pk]},
    )
    if request.method == "POST" and form.is_valid():
        choose(user, form.cleaned_data["choice"])
        messages.success(request, "Votre choix est enregistré.")
        return redirect("workspace:preferences")
    return render(
        request,
        "workspace/preferences.html",
        {
            "title": "Mes courriels",
            "breadcrumb_data": breadcrumb("Mes courriels"),
            "form": form,
        },
    )
