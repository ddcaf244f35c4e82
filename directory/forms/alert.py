from typing import Any

from django import forms

from catalogue.reference import reference
from core.public_forms import PublicForm
from poles.alerts import Followed
from poles.models import AlertFrequency, Pole, RecordState, Theme
from territories.models import Territory, TerritoryKind


class AlertForm(PublicForm):
    """What to follow, how often, and the address to write to."""

    purpose = "alerte"

    pole = forms.SlugField(required=False, max_length=120, widget=forms.HiddenInput)
    region = forms.ChoiceField(label="Région", required=False)
    theme = forms.ChoiceField(label="Thème", required=False)
    frequency = forms.ChoiceField(
        label="À quel rythme",
        choices=AlertFrequency,
        initial=AlertFrequency.WEEKLY,
        widget=forms.RadioSelect,
        help_text="Aucun message ne part tant que rien n’a changé.",
        error_messages={"required": "Choisissez un rythme."},
    )
    email = forms.EmailField(
        label="Votre adresse électronique",
        max_length=254,
        help_text="Elle ne sert qu’à cette alerte. Exemple\u00a0: nom@exemple.fr",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"required": "Écrivez l’adresse où vous prévenir."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = reference()
        regions = [(place.code, place.name) for place in known.regions.values()]
        self.fields["region"].choices = [("", "Toute la France"), *regions]  # type: ignore[attr-defined]
        self.fields["theme"].choices = [("", "Tous les thèmes"), *known.themes.items()]  # type: ignore[attr-defined]
        self.followed_pole = self._pole()
        if self.followed_pole is not None:
            del self.fields["region"], self.fields["theme"]

    def _pole(self) -> Pole | None:
        given = self.data if self.is_bound else self.initial
        slug = str(given.get("pole") or "").replace("\x00", "")
        return Pole.objects.filter(slug=slug, record_state=RecordState.PUBLISHED).first()

    def clean(self) -> dict[str, Any]:
        if self.data.get("pole") and self.followed_pole is None:
            self.add_error(None, "Ce pôle n’est pas, ou n’est plus, dans le registre.")
            # Sent again, the form follows the région and the theme that it then shows.
            data: Any = self.data.copy()  # type: ignore[attr-defined]
            data["pole"] = ""
            self.data = data
        return super().clean()

    def followed(self) -> Followed:
        if self.followed_pole is not None:
            return Followed(pole=self.followed_pole)
        region, theme = self.cleaned_data["region"], self.cleaned_data["theme"]
        return Followed(
            region=Territory.objects.get(kind=TerritoryKind.REGION, code=region)
            if region
            else None,
            theme=Theme.objects.get(slug=theme) if theme else None,
        )
