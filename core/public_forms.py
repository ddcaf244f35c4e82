"""Forms that anyone may send: machines are kept out without asking anything of people.

A field that nobody sees and machines fill, a signed time, and a limit on how many come from one
place. Whoever is stopped by one of them is told so in plain words, with all that they typed.
"""

import time
from typing import Any, ClassVar

from django import forms
from django.core import signing
from django.http import HttpRequest

from core.sendings import Limit, address_block, counted

LEAST_SECONDS = 2.0
MOST_SECONDS = 24 * 3600.0
IN_ALL = "everyone"

_TRAPPED = (
    "Un champ caché, qui doit rester vide, a été rempli, peut-être par votre navigateur. Nous "
    "l’avons vidé\u00a0: relisez, puis envoyez de nouveau."
)
_TOO_QUICK = (
    "L’envoi a suivi l’ouverture de la page de trop près, comme le ferait un robot. Rien n’est "
    "perdu\u00a0: envoyez de nouveau."
)
_TOO_OLD = (
    "Cette page est restée ouverte trop longtemps. Rien n’est perdu\u00a0: relisez, puis envoyez "
    "de nouveau."
)
_TOO_MANY = (
    "Beaucoup de messages nous arrivent en ce moment de votre réseau ou de partout. Rien n’est "
    "perdu\u00a0: gardez cette page ouverte et envoyez de nouveau dans une heure."
)

_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.HiddenInput, ""),
    (forms.CheckboxInput, ""),
    (forms.RadioSelect, ""),
    (forms.CheckboxSelectMultiple, ""),
    (forms.Select, "fr-select"),
    (forms.Widget, "fr-input"),
)


class PublicForm(forms.Form):
    """A form for people without an account; ``purpose`` signs its time and names its counter.

    A view writes only after ``is_valid()`` and then ``may_be_sent()``. Shown by the templates of
    ``templates/forms/``: ``_errors.html``, ``_field.html`` for each field, ``_protection.html``.
    """

    purpose: ClassVar[str]
    from_one_place: ClassVar[Limit] = Limit(hourly=20, daily=60)
    from_everywhere: ClassVar[Limit] = Limit(hourly=200, daily=1000)

    complement = forms.CharField(
        label="Ne pas remplir\u00a0: ce champ ne sert qu’à arrêter les robots",
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    moment = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.request = request
        self.status = 200
        self.stopped = self._stopped() if self.is_bound else ""
        if not self.is_bound or self.stopped not in {"", _TOO_QUICK}:
            self._begin_again()
        self._dress()

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """The fields that a person sees."""
        hidden = {"complement", "moment"}
        return [bound for bound in self.visible_fields() if bound.name not in hidden]

    def clean(self) -> dict[str, Any]:
        if self.stopped:
            self.add_error(None, self.stopped)
        return self.cleaned_data

    def may_be_sent(self) -> bool:
        """Counts a sending; says no, as an error of the form, once too many have come."""
        # Whoever sends too much does not use up what the others may send.
        here = counted(self.purpose, address_block(self.request), self.from_one_place)
        if here and counted(self.purpose, IN_ALL, self.from_everywhere):
            return True
        self.add_error(None, _TOO_MANY)
        self.status = 429
        return False

    def _stopped(self) -> str:
        if self.data.get(self.add_prefix("complement")):
            return _TRAPPED
        age = self._age()
        if age is None or age > MOST_SECONDS:
            return _TOO_OLD
        return _TOO_QUICK if age < LEAST_SECONDS else ""

    def _age(self) -> float | None:
        """Seconds since the form was first shown; None when nothing genuine says so."""
        try:
            began = self._signer.unsign(self.data.get(self.add_prefix("moment"), ""))
            return time.time() - float(began)
        except (signing.BadSignature, ValueError):
            return None

    def _begin_again(self) -> None:
        now = self._signer.sign(f"{time.time():.1f}")
        self.initial = {**self.initial, "moment": now}
        if self.is_bound:
            data: Any = self.data.copy()  # type: ignore[attr-defined]
            data[self.add_prefix("moment")] = now
            data[self.add_prefix("complement")] = ""
            self.data = data

    @property
    def _signer(self) -> signing.Signer:
        return signing.Signer(salt=f"core.public_forms.{self.purpose}")

    def _dress(self) -> None:
        for field in self.fields.values():
            name = next(name for kind, name in _CLASSES if isinstance(field.widget, kind))
            if name:
                field.widget.attrs["class"] = (
                    f"{name} {field.widget.attrs.get('class', '')}".strip()
                )
            if isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = (
                    "Cette adresse n’est pas complète\u00a0: écrivez-la comme nom@exemple.fr."
                )
