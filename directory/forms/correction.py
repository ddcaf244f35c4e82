"""A correction that anyone suggests: what the page showed, and what is typed over it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest

from core.public_forms import PublicForm
from directory.forms.correctable import (
    ORGANISATION,
    POLE,
    Correctable,
    json_of,
    seat_names,
    typed_of,
)
from members.models import Organisation
from poles.models import Pole, ProposalOrigin
from poles.proposals import propose
from poles.record import (
    FIELDS,
    ORGANISATION_FIELDS,
    Change,
    Conflicted,
    Texts,
    current_values,
)
from poles.record.fields import Json
from poles.record.organisations import organisation_values

_NOTHING = "Dites ce qui est à corriger\u00a0: ouvrez une ligne, ou écrivez-le avec vos mots."
_STALE = (
    "Cette page ne sait plus ce qu’elle vous avait montré. Ce que vous avez écrit est gardé\u00a0: "
    "relisez, puis envoyez de nouveau."
)


@dataclass(frozen=True)
class Row:
    """A line of the form: what it is about, today's value in words, and where to type."""

    label: str
    today: str
    field: forms.BoundField
    many: bool
    open: bool


class CorrectionForm(PublicForm):
    """Each field over the value that was shown, which travels with the page, signed."""

    purpose = "correction"
    origin = ProposalOrigin.PUBLIC

    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    members = forms.CharField(
        label="Les membres",
        help_text="Qui manque, qui n’en est plus, qui porte le pôle, depuis quand",
        required=False,
        max_length=1800,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    other = forms.CharField(
        label="Autre chose",
        help_text="Le territoire d’action, un projet, un chiffre, un doublon, une autre erreur",
        required=False,
        max_length=1800,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    source = forms.CharField(
        label="D’où le savez-vous\u00a0?",
        help_text="Une page, un document, ou parce que vous y travaillez. Cela aide à vérifier.",
        required=False,
        max_length=600,
    )
    email = forms.EmailField(
        label="Votre adresse électronique, pour savoir ce qu’il en advient",
        help_text="Facultatif. Elle ne sert qu’à cela, et est effacée au bout de 12 mois.",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )

    def __init__(
        self, data: Any = None, *, record: Pole | Organisation, request: HttpRequest
    ) -> None:
        self.record = record
        self.is_pole = isinstance(record, Pole)
        self.known = FIELDS if self.is_pole else ORGANISATION_FIELDS
        self.correctables: dict[str, Correctable] = {
            each.key: each for each in (POLE if self.is_pole else ORGANISATION)
        }
        self.today = self._values()
        self.before, self.version = self.today, record.version
        told = self._told(data) if data is not None else None
        self.stale = data is not None and told is None
        if told is not None:
            self.version, self.before = told
        super().__init__(data, request=request)
        if not self.is_pole:
            del self.fields["members"]
        own = {key: each.field(self.known[key]) for key, each in self.correctables.items()}
        self.fields = {**own, **self.fields}
        self._dress()
        self._show(self.before)

    def _values(self) -> dict[str, Json]:
        if isinstance(self.record, Pole):
            return current_values(self.record, self.correctables, ())
        return organisation_values(self.record, self.correctables)

    def _told(self, data: Any) -> tuple[int, dict[str, Json]] | None:
        """The version and the values that the page showed; None when nothing genuine says so."""
        try:
            version, values = signing.loads(data.get("shown", ""), salt=self._salt)
        except signing.BadSignature:
            return None
        return (version, values) if values.keys() == self.today.keys() else None

    @property
    def _salt(self) -> str:
        return f"directory.correction.{self.record._meta.label}.{self.record.pk}"

    def _show(self, values: dict[str, Json]) -> None:
        self.before = values
        names = seat_names(values)
        shown = signing.dumps([self.version, values], salt=self._salt, compress=True)
        typed = {key: typed_of(self.known[key], value, names) for key, value in values.items()}
        self.initial = {**self.initial, **typed, "shown": shown}
        if self.is_bound:
            data: Any = self.data.copy()  # type: ignore[attr-defined]
            data["shown"] = shown
            self.data = data

    def clean(self) -> dict[str, Any]:
        # What is not changed is not sent, and so need not be right.
        for name in set(self.errors) & set(self.correctables) - set(self._changed):
            del self.errors[name]
        if self.stale:
            self.add_error(None, _STALE)
        elif not self.errors and not self.changes() and not self._words():
            self.add_error(None, _NOTHING)
        return super().clean()

    @property
    def _changed(self) -> list[str]:
        """The fields of the record that were sent with something else than what was shown."""
        sent = [name for name in self.correctables if name in self.data]
        return [name for name in sent if self[name]._has_changed()]  # type: ignore[attr-defined]

    def changes(self) -> list[Change]:
        changes = []
        for key in self._changed:
            if key in self.cleaned_data:
                after = json_of(self.known[key], self.cleaned_data[key])
                if after != self.before[key]:
                    changes.append(Change(key, self.before[key], after))
        return changes

    def _words(self) -> str:
        said = {name: self.cleaned_data.get(name, "") for name in ("members", "other")}
        titles = {"members": "Membres", "other": "Autre chose"}
        return "\n\n".join(
            f"{titles[name]}\u00a0: {words}" for name, words in said.items() if words
        )

    def _message(self) -> str:
        source = self.cleaned_data.get("source", "")
        told = [self._words(), f"Source\u00a0: {source}" if source else ""]
        return "\n\n".join(filter(None, told)).replace("\r\n", "\n")

    @property
    def address(self) -> str:
        """Where what became of it is told; empty for nowhere."""
        return str(self.cleaned_data["email"])

    def send(self) -> bool:
        """Whether the proposal waits for its answer; if not, the form says why."""
        try:
            propose(
                self.record,
                self.changes(),
                origin=self.origin,
                base_version=self.version,
                author_email=self.address,
                message=self._message(),
            )
        except Conflicted as crossed:
            self._tell_crossed(crossed)
        except ValidationError as error:
            self._tell_refused(error)
        else:
            return True
        return False

    def _tell_crossed(self, crossed: Conflicted) -> None:
        """The page shows what was written meanwhile, with what was typed still in its place."""
        self.version = type(self.record)._default_manager.get(pk=self.record.pk).version
        now = self.today | {each.change.key: each.saved for each in crossed.conflicts}
        names, data = seat_names(now), self.data.copy()  # type: ignore[attr-defined]
        for key in self.correctables.keys() - set(self._changed):
            typed = typed_of(self.known[key], now[key], names)
            data.setlist(key, typed if isinstance(typed, list) else [typed])
        self.data, self.today = data, now
        self._show(now)
        for each in crossed.conflicts:
            self.add_error(
                each.change.key,
                "Cette ligne vient d’être changée par quelqu’un d’autre. Voyez sa nouvelle valeur, "
                "et envoyez de nouveau si la vôtre est plus juste.",
            )

    def _tell_refused(self, error: ValidationError) -> None:
        said = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: [error]}
        for key, errors in said.items():
            self.add_error(key if key in self.correctables else None, errors)

    @property
    def rows(self) -> list[Row]:
        texts = Texts([self.today], self.known)
        return [
            Row(
                each.label,
                texts.text(key, self.today[key]) if self.today[key] not in _UNKNOWN else "",
                self[key],
                self.known[key].many,
                bool(self.is_bound and (key in self.errors or key in self._changed)),
            )
            for key, each in self.correctables.items()
        ]

    @property
    def other_fields(self) -> list[forms.BoundField]:
        return [each for each in self.own_fields if each.name not in self.correctables]


_UNKNOWN: tuple[Json, ...] = (None, "", [], "non-renseigne", "inconnu")
