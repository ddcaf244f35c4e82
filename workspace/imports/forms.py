"""The forms of an import: the file, then what its columns hold."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from openpyxl.utils import get_column_letter

from core.sheets import Book, FileRefusedError, open_book
from networks.models import Network, User
from networks.permissions import positions_of
from workspace.imports.columns import FIGURES, MEMBERS, POLES, PROJECTS, tables
from workspace.imports.recognising import SAMPLE_ROWS, Source

_NAME_LENGTH = 200
NOT_READ = ""
# For each table, the columns of which one at least is needed, and what for.
_NEEDED: dict[str, list[tuple[tuple[str, ...], str]]] = {
    POLES: [(("id", "name"), "le nom du pôle")],
    MEMBERS: [(("id", "name"), "le nom du pôle"), (("organisation",), "le nom du membre")],
    PROJECTS: [(("id", "name"), "le nom du pôle"), (("title",), "l’intitulé du projet")],
    FIGURES: [(("id", "name"), "le nom du pôle"), (("year",), "l’année")],
}


def networks_for(user: User) -> list[Network]:
    """The networks in whose name this person makes new records."""
    known = Network.objects.order_by("name")
    if not user.is_officer:
        known = known.filter(pk__in=[position.network for position in positions_of(user)])
    return list(known)


class FileForm(forms.Form):
    """``book``: the file once it is opened; ``book_name`` and ``raw``: its name and bytes."""

    file = forms.FileField(
        label="Votre fichier",
        widget=forms.FileInput(
            attrs={
                "class": "fr-upload",
                "accept": ".xlsx,.csv,.txt,text/csv,"
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            }
        ),
        error_messages={
            "required": "Choisissez un fichier.",
            "empty": "Ce fichier est vide.",
        },
    )
    network = forms.ChoiceField(
        label="Réseau de référence des nouveaux pôles",
        widget=forms.Select(attrs={"class": "fr-select"}),
        required=False,
    )
    book: Book
    book_name: str
    raw: bytes

    def __init__(self, user: User, networks: Sequence[Network], *args: Any, **kwargs: Any) -> None:
        self.too_big = kwargs.pop("too_big", False)
        super().__init__(*args, **kwargs)
        self.fields[
            "file"
        ].help_text = (
            f"Classeur .xlsx ou fichier .csv, {settings.UPLOAD_MAX_BYTES // 2**20}\u00a0Mo au plus."
        )
        choices = [(str(network.pk), network.name) for network in networks]
        if user.is_officer:
            choices.insert(0, ("", "Aucun"))
        network: Any = self.fields["network"]
        network.choices = choices
        if len(choices) == 1:
            network.widget = forms.HiddenInput()
            self.initial["network"] = choices[0][0]

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        self.raw = file.read()
        self.book_name = name = (file.name or "fichier")[-_NAME_LENGTH:].replace("\x00", "")
        try:
            self.book = open_book(self.raw, name)
            for sheet in self.book.sheets:
                for _ in islice(self.book.rows(sheet.index), SAMPLE_ROWS):
                    pass
        except FileRefusedError as error:
            raise forms.ValidationError(str(error)) from error
        return file

    def clean(self) -> dict[str, Any]:
        if self.too_big:
            self.errors.pop("file", None)
            self.add_error(
                "file",
                f"Ce fichier dépasse {settings.UPLOAD_MAX_BYTES // 2**20}\u00a0Mo. Ôtez-en ce qui "
                "ne sert pas (images, autres feuilles), ou envoyez-le en plusieurs fois.",
            )
        return self.cleaned_data


class ColumnsForm(forms.Form):
    """For each column of the sheets, what of the record it holds; and how cells are read."""

    separator = forms.ChoiceField(
        label="Dans une case qui contient une liste, les éléments sont séparés par",
        choices=[(";", "des points-virgules ou des retours à la ligne"), (",", "des virgules")],
        widget=forms.RadioSelect,
    )
    empty = forms.ChoiceField(
        label="D’un pôle que le registre connaît déjà, une case vide",
        choices=[
            ("keep", "laisse ce que dit la fiche"),
            ("erase", "efface ce que dit la fiche"),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, sources: Sequence[Source], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sources = sources
        for source in sources:
            table = tables()[source.table]
            choices = [(NOT_READ, "Ne pas lire"), *((c.key, c.label) for c in table)]
            for position, title in source.headers.items():
                letter = get_column_letter(position + 1)
                self.fields[name_of(source, position)] = forms.ChoiceField(
                    label=title or f"Colonne {letter}, sans titre",
                    help_text=_samples(source, position),
                    choices=choices,
                    initial=source.columns.get(position, NOT_READ),
                    required=False,
                    widget=forms.Select(attrs={"class": "fr-select"}),
                )

    def columns_of(self, source: Source) -> list[Any]:
        """The fields of a sheet, for the page."""
        return [self[name_of(source, position)] for position in source.headers]

    def clean(self) -> dict[str, Any]:
        for source in self.sources:
            self._check(source)
        return self.cleaned_data

    def _check(self, source: Source) -> None:
        table = tables()[source.table]
        seen: dict[str, str] = {}
        for position in source.headers:
            name = name_of(source, position)
            key = self.cleaned_data.get(name)
            if key and key in seen:
                other = self.fields[seen[key]].label
                label = table.columns[key].label
                self.add_error(
                    name,
                    f"«\u00a0{label}\u00a0» est déjà la colonne «\u00a0{other}\u00a0».",
                )
            elif key:
                seen[key] = name
        for keys, what in _NEEDED[source.table]:
            if not seen.keys() & set(keys):
                sheet = (
                    f" de la feuille «\u00a0{source.title}\u00a0»" if len(self.sources) > 1 else ""
                )
                self.add_error(None, f"Dites quelle colonne{sheet} donne {what}.")

    def chosen(self) -> list[Source]:
        """The sheets with the columns that were chosen."""
        for source in self.sources:
            source.columns = {
                position: key
                for position in source.headers
                if (key := self.cleaned_data.get(name_of(source, position)))
            }
        return list(self.sources)


def name_of(source: Source, position: int) -> str:
    return f"f{source.sheet}-{position}"


def _samples(source: Source, position: int) -> str:
    samples = source.samples.get(position, [])
    return f"Par exemple\u00a0: {' / '.join(samples)}" if samples else "Colonne vide"


def likely_separator(samples: Sequence[str]) -> str:
    """Commas where the lists of the file have no semicolon at all."""
    listed = [text for text in samples if text]
    if any(";" in text for text in listed):
        return ";"
    return "," if sum("," in text for text in listed) > len(listed) / 2 else ";"
