from typing import Any

from django import forms
from django.http import HttpRequest

from core.public_forms import PublicForm
from directory.forms.correctable import CommuneField
from poles.finding import Likely, likely_poles
from poles.models import Report
from territories.models import Territory

_LIKELY = (
    "Le registre connaît déjà des pôles qui ressemblent au vôtre. Regardez s’il est parmi "
    "eux\u00a0; sinon, envoyez de nouveau."
)


class ReportForm(PublicForm):
    """A pole or a project that the registry may lack; poles that it may be are shown before."""

    purpose = "signalement"

    # The poles that were shown and are not the one, by primary key.
    dismissed = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    name = forms.CharField(
        label="Le nom du pôle ou du projet",
        max_length=250,
        error_messages={"required": "Écrivez son nom, même provisoire."},
    )
    stage = forms.ChoiceField(
        label="Où en est-il\u00a0?",
        choices=[("existe", "il existe"), ("projet", "il est en projet")],
        widget=forms.RadioSelect,
        error_messages={"required": "Dites s’il existe ou s’il est en projet."},
    )
    commune = CommuneField(
        label="Sa commune",
        help_text="Son nom ou son code postal\u00a0; celle de son siège, ou la plus proche",
        error_messages={"required": "Écrivez sa commune."},
    )
    does = forms.CharField(
        label="Ce qu’il fait",
        help_text="En quelques phrases\u00a0: qui s’y réunit, pour faire quoi ensemble",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Dites en quelques mots ce qu’il fait."},
    )
    website = forms.URLField(
        label="Son site internet",
        help_text="Adresse entière, comme https://exemple.fr",
        required=False,
        max_length=500,
    )
    source = forms.CharField(
        label="D’où le savez-vous\u00a0?",
        help_text="Une page, un document, ou parce que vous en faites partie",
        required=False,
        max_length=600,
    )
    author_name = forms.CharField(
        label="Qui êtes-vous\u00a0?",
        help_text="Facultatif\u00a0: votre structure suffit",
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    author_email = forms.EmailField(
        label="Votre adresse électronique, pour savoir ce qu’il en advient",
        help_text="Facultatif. Elle ne sert qu’à cela, et est effacée au bout de 12 mois.",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )

    def __init__(self, data: Any = None, *, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(data, request=request, **kwargs)
        self.likely: list[Likely] = []

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors:
            self._look_for_likely()
        return self.cleaned_data

    def _look_for_likely(self) -> None:
        commune = Territory.objects.get(pk=self.cleaned_data["commune"])
        self.cleaned_data["commune"] = commune
        likely = likely_poles(self.cleaned_data["name"], commune, published_only=True)
        seen = set(self.cleaned_data["dismissed"].split(","))
        if any(str(each.pole.pk) not in seen for each in likely):
            self.likely = likely
            self.add_error(None, _LIKELY)
            data: Any = self.data.copy()  # type: ignore[attr-defined]
            data["dismissed"] = ",".join(str(each.pole.pk) for each in likely)
            self.data = data

    def reported(self) -> Report:
        values = {name: self.cleaned_data[name] for name in _KEPT}
        return Report(planned=self.cleaned_data["stage"] == "projet", **values)


_KEPT = ("name", "commune", "does", "website", "source", "author_name", "author_email")
