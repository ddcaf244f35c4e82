"""Asking for an access, without an account."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from core.public_forms import PublicForm
from core.sendings import Limit
from networks.access import ask
from networks.models import Network

_PLACE = ("network", "network_words")


class AccessForm(PublicForm):
    purpose = "acces"
    from_one_place = Limit(hourly=5, daily=15)

    full_name = forms.CharField(
        label="Prénom et nom",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Écrivez votre prénom et votre nom."},
    )
    email = forms.EmailField(
        label="Adresse électronique professionnelle",
        help_text="Format attendu\u00a0: nom@domaine.fr. La réponse y est envoyée.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"required": "Écrivez l’adresse à laquelle vous répondre."},
    )
    network = forms.ModelChoiceField(
        label="Votre réseau",
        help_text="Obligatoire\u00a0: dans la liste, ou écrit juste après",
        queryset=Network.objects.order_by("name"),
        required=False,
        empty_label="Il n’est pas dans la liste",
        error_messages={"invalid_choice": "Choisissez un réseau de la liste."},
    )
    network_words = forms.CharField(
        label="S’il n’y est pas, son nom",
        help_text="Ou votre direction, au ministère",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    message = forms.CharField(
        label="Pourquoi cet accès",
        help_text="Votre fonction, et les pôles ou la région que vous suivez",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Dites en quelques mots pourquoi vous le demandez."},
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        # A choice that is wrong already says so.
        if not any(given.get(name) for name in _PLACE) and "network" not in self.errors:
            self.add_error("network", "Choisissez votre réseau, ou écrivez son nom.")
        return given


@cache_control(private=True, no_cache=True)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_access(request: HttpRequest) -> HttpResponse:
    form = AccessForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid() and form.may_be_sent():
        names = ("full_name", "email", "message", *_PLACE)
        ask(**{name: form.cleaned_data[name] for name in names})
        return redirect("access_asked")
    return render(request, "account/ask_for_access.html", {"form": form}, status=form.status)


@cache_control(private=True, no_cache=True)
@require_safe
def access_asked(request: HttpRequest) -> HttpResponse:
    return render(request, "account/access_asked.html")
