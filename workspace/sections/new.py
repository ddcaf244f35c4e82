"""The little that a new record needs."""

from typing import Any

from django import forms
from django.http import QueryDict

from networks.models import Network, User
from networks.permissions import positions_of
from workspace.sections.base import Typed, as_query, frame, of
from workspace.sections.picking import Pick, Territories

SLUG = "nouveau"
_NO_NETWORK = "Aucun pour l’instant"


class NewPoleForm(forms.Form):
    name = of("name", help_text="Celui que le pôle se donne, en toutes lettres.")
    acronym = of("acronym", help_text="S’il en a un.")
    seat = Pick(
        Territories(),
        label="Où a-t-il son siège\u00a0?",
        help_text=(
            "La commune, ou à défaut le territoire le plus précis que vous connaissiez. L’adresse "
            "se dira ensuite."
        ),
    )
    website = of(
        "website",
        label="Site internet",
        assume_scheme="https",
        help_text="S’il en a un\u00a0: il aide à retrouver une fiche qui existerait déjà.",
    )
    network = forms.ModelChoiceField(
        Network.objects.none(),
        label="Réseau de référence",
        empty_label=None,
        help_text="Celui qui aura la charge de la fiche.",
    )

    def __init__(self, user: User, data: Typed | QueryDict | None = None) -> None:
        typed = data if data is None or isinstance(data, QueryDict) else as_query(data)
        super().__init__(typed)
        self.choose_networks(user)
        for field in self.fields.values():
            frame(field.widget)

    def choose_networks(self, user: User) -> None:
        """The person's own; any, or none, for an officer."""
        field: Any = self.fields["network"]
        if user.is_officer:
            field.queryset = Network.objects.order_by("name")
            field.required = False
            field.empty_label = _NO_NETWORK
            return
        own = [position.network for position in positions_of(user)]
        field.queryset = Network.objects.filter(pk__in=own).order_by("name")
        if len(own) == 1:
            # Nothing to choose: nothing to ask.
            field.widget = forms.HiddenInput()
            field.initial = own[0]

    def resume(self, typed: Typed) -> None:
        """Shows a draft, which is not reproached with what it still lacks."""
        data = as_query(typed)
        for name, field in self.fields.items():
            if name != "network" or data.get("network"):
                self.initial[name] = field.widget.value_from_datadict(data, {}, name)
