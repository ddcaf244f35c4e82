"""An act on a record as a whole: what it will do, then done; the words typed are never lost."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from core.allowed import Allowed
from networks.models import Network
from networks.permissions import can_see, can_take_as_reference, positions_of
from poles.models import Pole, RecordState
from poles.publishing import lacking, take_as_reference
from workspace.access import require, staff_page
from workspace.acts import ACTS, Act, networks_that_could_take
from workspace.breadcrumb import breadcrumb
from workspace.queries.poles import kept_poles

_TOO_LATE = (
    "La fiche est maintenant dans l’état «\u00a0{}\u00a0»\u00a0: cela ne peut plus se faire. "
    "Quelqu’un l’a peut-être déjà fait."
)


class ReasonForm(forms.Form):
    why = forms.CharField(
        max_length=500, widget=forms.Textarea(attrs={"class": "fr-input", "rows": 3})
    )

    def __init__(self, act: Act, data: Any = None) -> None:
        super().__init__(data)
        self.fields["why"].label = act.reason
        self.fields["why"].required = act.reason_required
        self.fields["why"].error_messages["required"] = (
            "Dites pourquoi\u00a0: les personnes concernées liront ce motif."
        )
        if not act.reason:
            del self.fields["why"]

    @property
    def reason(self) -> str:
        return self.cleaned_data.get("why", "")


class TakeForm(forms.Form):
    network = forms.ModelChoiceField(
        queryset=Network.objects.none(),
        label="Réseau de référence",
        empty_label=None,
        widget=forms.Select(attrs={"class": "fr-select"}),
    )

    def __init__(self, networks: list[Network], data: Any = None) -> None:
        super().__init__(data)
        field: Any = self.fields["network"]
        field.queryset = Network.objects.filter(pk__in=[network.pk for network in networks])
        field.choices = [(network.pk, network.name) for network in networks]


@staff_page
def act(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    user: Any = request.user
    if slug not in ACTS:
        raise Http404
    chosen = ACTS[slug]
    pole = get_object_or_404(kept_poles(), pk=pk)
    require(can_see(user, pole))
    if RecordState(pole.record_state) not in chosen.states:
        return _gone_by(request, pole)
    require(chosen.allowed(user, pole))
    missing = lacking(pole) if chosen.complete else []
    form = ReasonForm(chosen, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if _done(form, lambda: _do(chosen, pole, user, form.reason)):
            messages.success(request, chosen.done)
            erased = not Pole.objects.filter(pk=pk).exists()
            return redirect("workspace:dashboard") if erased else redirect("workspace:pole", pk)
        missing = []
    return render(
        request,
        "workspace/record/act.html",
        {
            "title": f"{chosen.button} – {pole.name}",
            "breadcrumb_data": _way(pole, chosen.button),
            "pole": pole,
            "act": chosen,
            "form": form,
            "missing": missing,
        },
    )


@staff_page
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """A network of the person's answers for the record from now on."""
    user: Any = request.user
    pole = get_object_or_404(kept_poles(), pk=pk)
    require(can_see(user, pole))
    networks = networks_that_could_take(user, pole)
    if not networks:
        own = [position.network for position in positions_of(user)]
        require(can_take_as_reference(user, pole, own[0] if own else 0))
    form = TakeForm(networks, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        network = form.cleaned_data["network"]
        if _done(form, lambda: take_as_reference(pole, network, by=user)):
            messages.success(request, f"{network.name} a désormais la charge de cette fiche.")
            return redirect("workspace:pole", pk)
    return render(
        request,
        "workspace/record/take.html",
        {
            "title": f"Prendre en charge – {pole.name}",
            "breadcrumb_data": _way(pole, "Prendre en charge la fiche"),
            "pole": pole,
            "form": form,
        },
    )


def _do(act: Act, pole: Pole, user: Any, reason: str) -> None:
    if act.reason:
        act.does(pole, by=user, reason=reason)
    else:
        act.does(pole, by=user)


def _done(form: forms.Form, do: Any) -> bool:
    try:
        do()
    except ValidationError as error:
        for message in error.messages:
            form.add_error(None, message)
        return False
    except PermissionDenied as refused:
        require(Allowed(str(refused)))
    return True


def _gone_by(request: HttpRequest, pole: Pole) -> HttpResponse:
    messages.warning(request, _TOO_LATE.format(pole.get_record_state_display()))
    return redirect("workspace:pole", pole.pk)


def _way(pole: Pole, current: str) -> dict[str, Any]:
    return breadcrumb(current, (reverse("workspace:pole", args=[pole.pk]), pole.name))
