"""The forms of an import: the file, what its columns hold, and what is chosen line by line."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from openpyxl.utils import get_column_letter

from calls.models import Call, CallState, Strand, Wave
from calls.platform.columns import COLUMNS, NEEDED, NOT_READ
from calls.platform.planning import DRAFT, KEEP, LEAVE, TAKE
from calls.platform.reading import Source
from core.sheets import Book, FileRefusedError, open_book

_NAME_LENGTH = 200
_OPEN = (CallState.OPEN, CallState.REVIEW)


class FileForm(forms.Form):
    """``book``, ``raw`` and ``book_name``: the file once it is opened."""

    file = forms.FileField(
        label="Export de la plateforme",
        widget=forms.FileInput(
            attrs={
                "accept": ".xlsx,.csv,text/csv,"
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            }
        ),
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )
    book: Book
    raw: bytes
    book_name: str

    def __init__(self, *args: Any, too_big: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.too_big = too_big
        self.megabytes = settings.UPLOAD_MAX_BYTES // 2**20
        self.fields[
            "file"
        ].help_text = f"Classeur .xlsx ou fichier .csv, {self.megabytes}\u00a0Mo au plus."

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        self.raw = file.read()
        self.book_name = (file.name or "export")[-_NAME_LENGTH:].replace("\x00", "")
        try:
            self.book = open_book(self.raw, self.book_name)
            for sheet in self.book.sheets:
                for _ in islice(self.book.rows(sheet.index), 40):
                    pass
        except FileRefusedError as error:
            raise forms.ValidationError(str(error)) from error
        return file

    def clean(self) -> dict[str, Any]:
        if self.too_big:
            self.errors.pop("file", None)
            self.add_error("file", f"Ce fichier dépasse {self.megabytes}\u00a0Mo.")
        return self.cleaned_data


class ColumnsForm(forms.Form):
    """For each column of the export, what it holds; and the wave and strand of all its files."""

    def __init__(
        self,
        call: Call,
        source: Source,
        waves: Sequence[Wave],
        strands: Sequence[Strand],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.call, self.source = call, source
        self.columns = [
            position
            for position, title in enumerate(source.titles)
            if title or source.samples.get(position)
        ]
        unused = unused_keys(waves, strands)
        choices = [
            (NOT_READ, "Ne pas lire"),
            *(
                (column.key, column.label)
                for column in COLUMNS.values()
                if column.key not in unused
            ),
        ]
        for position in self.columns:
            letter = get_column_letter(position + 1)
            self.fields[f"column-{position}"] = forms.ChoiceField(
                label=source.titles[position] or f"Colonne {letter}, sans titre",
                help_text=" / ".join(source.samples.get(position, [])) or "Colonne vide",
                choices=choices,
                initial=source.columns.get(position, NOT_READ),
                required=False,
            )
        for name, label, parts in (("wave", "Vague", waves), ("strand", "Volet", strands)):
            if parts:
                self.fields[name] = forms.ChoiceField(
                    label=f"{label} des dossiers dont la colonne ne le dit pas",
                    choices=[("", "Aucun"), *((str(part.pk), part.name) for part in parts)],
                    required=False,
                )
        running = [wave for wave in waves if wave.state in _OPEN]
        if len(running) == 1:
            self.initial.setdefault("wave", str(running[0].pk))

    @property
    def of_columns(self) -> list[Any]:
        return [self[f"column-{position}"] for position in self.columns]

    @property
    def of_parts(self) -> list[Any]:
        return [self[name] for name in ("wave", "strand") if name in self.fields]

    def clean(self) -> dict[str, Any]:
        seen: dict[str, str] = {}
        for position in self.columns:
            name = f"column-{position}"
            key = self.cleaned_data.get(name)
            if key and key in seen:
                label = COLUMNS[key].label
                told = f"«\u00a0{label}\u00a0» est déjà la colonne «\u00a0{seen[key]}\u00a0»."
                self.add_error(name, told)
            elif key:
                seen[key] = str(self.fields[name].label)
        for key in NEEDED:
            if key not in seen:
                told = f"Dites quelle colonne donne\u00a0: {COLUMNS[key].label.lower()}."
                self.add_error(None, told)
        if self.call.permanent and "wave" not in seen and not self.cleaned_data.get("wave"):
            told = (
                "Dans un appel permanent, un dossier est celui d’une vague\u00a0: dites laquelle."
            )
            self.add_error("wave" if "wave" in self.fields else None, told)
        return self.cleaned_data

    def chosen(self) -> dict[int, str]:
        """By position, every column of the export, those that are not read included."""
        return {
            position: self.cleaned_data.get(f"column-{position}") or NOT_READ
            for position in self.columns
        }


def unused_keys(waves: Sequence[Wave], strands: Sequence[Strand]) -> set[str]:
    """What a call without waves or strands does not ask of an export."""
    return {name for name, parts in (("wave", waves), ("strand", strands)) if not parts}


def chosen_lines(
    posted: Mapping[str, str], lines: Sequence[Mapping[str, Any]], choices: Mapping[str, Any]
) -> dict[str, dict[str, str]]:
    """``choices`` with what was chosen for ``lines``, those of the page that was sent."""
    kept = {line: dict(choice) for line, choice in choices.items()}
    for row in lines:
        line = str(row["line"])
        typed = " ".join(posted.get(f"typed-{line}", "").replace("\x00", "").split())[:250]
        pole = posted.get(f"pole-{line}", "")
        choice: dict[str, str] = {}
        if typed:
            choice["typed"] = typed
        elif pole in (DRAFT, LEAVE) or (pole.isdecimal() and pole.isascii() and len(pole) < 16):
            choice["pole"] = pole
        if f"shown-{line}" in posted:
            choice["take"] = TAKE if f"take-{line}" in posted else KEEP
        if choice:
            kept[line] = choice
        elif f"asked-{line}" in posted:
            kept.pop(line, None)
    return kept
