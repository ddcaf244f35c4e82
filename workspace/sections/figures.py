"""The figures of a pole, year by year: a table to type into, or to paste."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import number_format

from core.typed import number
from poles.models import Pole
from poles.record.fields import Json, plain
from poles.record.rows import COLLECTIONS
from workspace.figures.pasted import COLUMNS, FIGURES, read_figures
from workspace.sections.acting import NEW, Acted, begun
from workspace.sections.base import Typed, comes_back
from workspace.sections.rows import GONE, RowsForm, next_new

_FIRST_YEAR, _LAST_YEAR, _OFFERED = 1990, 2100, 3
PASTED, ANCHOR = "tableau", "cellule"
LABELS = {
    "jobs_fte": "Emplois (ETP)",
    "local_jobs_fte": "dont non délocalisables (ETP)",
    "members": "Membres",
    "turnover_eur": "Chiffre d’affaires (€)",
    "beneficiaries": "Bénéficiaires",
}
_LOCAL = "Les emplois non délocalisables ne peuvent dépasser le total des emplois."


class Figure(forms.CharField):
    """A number as French writes it; cleaned, it is as the record holds it."""

    def __init__(self, name: str) -> None:
        self.column: Any = COLLECTIONS["figures"].column(name)
        self.whole = not isinstance(self.column, models.DecimalField)
        super().__init__(label=LABELS[name], required=False, max_length=30)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> Json:
        text = super().clean(value)
        if not text:
            return None
        try:
            typed = number(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        if typed < 0:
            raise ValidationError("Un chiffre ne peut être négatif.")
        if self.whole and typed != typed.to_integral_value():
            raise ValidationError("Écrivez un nombre entier.")
        held = self.column.to_python(str(int(typed) if self.whole else typed))
        self.column.run_validators(held)
        return plain(self.column, held)


class Year(forms.IntegerField):
    def __init__(self) -> None:
        wrong = f"Écrivez une année, entre {_FIRST_YEAR} et {_LAST_YEAR}."
        super().__init__(
            label="Année",
            required=False,
            min_value=_FIRST_YEAR,
            max_value=_LAST_YEAR,
            error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong},
            widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4}),
        )


@dataclass(frozen=True)
class YearLine:
    """A line of the table: each figure with the box that makes it public."""

    row: str
    year: str
    new: bool
    typed_year: BoundField | None
    cells: list[tuple[BoundField, BoundField]]
    source: BoundField
    gone: BoundField | None

    @property
    def id(self) -> str:
        return f"ligne-{self.row}"


class FiguresForm(RowsForm):
    """A row that is to come is named by the year that it offers: ``n2025``."""

    slug = "chiffres"
    template = "workspace/figures/section.html"
    mark = "source"
    columns: ClassVar[tuple[str, ...]] = (
        "annee",
        *(name for figure in FIGURES for name in (figure, f"{figure}_public")),
        "source",
    )

    def offered(self, values: Mapping[str, Json]) -> Sequence[str]:
        """The last years that are not there yet."""
        last = timezone.localdate().year - 1
        known = {key.removeprefix("figures/") for key in values}
        return [f"n{year}" for year in range(last, last - _OFFERED, -1) if str(year) not in known]

    def fields_of(self, row: str, value: dict[str, Json] | None) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {"annee": Year()} if value is None else {}
        for name in FIGURES:
            fields[name] = Figure(name)
            fields[f"{name}_public"] = forms.BooleanField(label="Public", required=False)
        fields["source"] = forms.CharField(label="Source", required=False, max_length=300)
        return fields

    def initial_of(self, values: Mapping[str, Json]) -> dict[str, Any]:
        initial = super().initial_of(values)
        for row in self.new:
            year = int(row[1:])
            initial[f"annee-{row}"] = year if _FIRST_YEAR <= year <= _LAST_YEAR else None
            for name in FIGURES:
                initial[f"{name}_public-{row}"] = _is_public(name)
        return initial

    def shown_of(self, value: dict[str, Json]) -> dict[str, Any]:
        return {
            **{name: _shown(value[name]) for name in FIGURES},
            **{f"{name}_public": value[f"{name}_public"] for name in FIGURES},
            "source": value["source"],
        }

    def value_of(self, row: str, before: dict[str, Json] | None) -> Json:
        if row in self.new and not self.says(row):
            return None
        source = self.typed("source", row) or ""
        was = (before or {}).get("source")
        kept = was is not None and comes_back(self.fields[f"source-{row}"], was, source)
        return {
            "year": self.typed("annee", row) if row in self.new else int(row),
            **{name: self.typed(name, row) for name in FIGURES},
            **{f"{name}_public": bool(self.typed(f"{name}_public", row)) for name in FIGURES},
            "source": was if kept else source,
        }

    def title_of(self, row: str) -> str:
        return str(self[f"annee-{row}"].value() or "") if row in self.new else row

    def key_of_row(self, row: str) -> str:
        """By the year, so that two people who add the same one are told of each other."""
        if row not in self.new:
            return f"figures/{row}"
        year = (self.cleaned_data if self._looked_at else {}).get(f"annee-{row}")
        return f"figures/{year or '+' + row[1:]}"

    @property
    def _looked_at(self) -> bool:
        return hasattr(self, "cleaned_data")

    def clean(self) -> dict[str, Any]:
        years = {row for row in self.rows if row not in self.new and not self.goes(row)}
        for row in self.rows:
            if self.goes(row) or (row in self.new and not self.says(row)):
                continue
            self._clean_year(row, years)
            jobs, local = self.typed("jobs_fte", row), self.typed("local_jobs_fte", row)
            if jobs is not None and local is not None and Decimal(local) > Decimal(jobs):
                self.add_error(f"local_jobs_fte-{row}", _LOCAL)
        return self.cleaned_data

    def _clean_year(self, row: str, years: set[str]) -> None:
        if row not in self.new or f"annee-{row}" in self.errors:
            return
        year = self.typed("annee", row)
        if year is None:
            self.add_error(f"annee-{row}", "Dites de quelle année sont ces chiffres.")
        elif str(year) in years:
            self.add_error(f"annee-{row}", "Cette année est déjà dans le tableau.")
        years.add(str(year))

    def context(self, request: HttpRequest, pole: Pole) -> dict[str, Any]:
        lines = [self._line(row) for row in self.rows]
        lines.sort(key=lambda line: line.year or "0", reverse=True)
        return {"lines": lines, "labels": list(LABELS.values())}

    def _line(self, row: str) -> YearLine:
        fields = self.bound(row)
        typed_year = fields.get("annee")
        return YearLine(
            row=row,
            year=str(typed_year.value() or "") if typed_year else row,
            new=row in self.new,
            typed_year=typed_year,
            cells=[(fields[name], fields[f"{name}_public"]) for name in FIGURES],
            source=fields["source"],
            gone=fields.get(GONE),
        )

    @classmethod
    def act(cls, typed: Typed, action: str) -> Acted | None:
        if action == "coller":
            return _pasted(typed)
        acted = super().act(typed, action)
        if acted is not None and action == "ajouter":
            # A year of one's own: none is offered.
            acted.typed[f"annee-{acted.focus}"] = [""]
            for name in FIGURES:
                if _is_public(name):
                    acted.typed[f"{name}_public-{acted.focus}"] = ["on"]
        return acted


def _pasted(typed: Typed) -> Acted:
    """The cells that were pasted take the place of those that are typed; nothing is saved."""
    acted = begun(typed)
    anchor = (acted.typed.pop(ANCHOR, None) or [""])[-1]
    text = (acted.typed.pop(PASTED, None) or [""])[-1]
    column, _, year = anchor.partition(":")
    read = read_figures(text, int(year) if _is_year(year) else None, column)
    if read.fault:
        acted.told = read.fault
        return acted
    for year_read in read.years:
        row = _row_of(acted.typed, str(year_read))
        for name in COLUMNS:
            if (year_read, name) in read.cells:
                acted.typed[f"{name}-{row}"] = [read.cells[year_read, name]]
    acted.told = _told(read.years, read.left)
    return acted


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) == 4


def _row_of(typed: dict[str, list[str]], year: str) -> str:
    """The row of a year: one that is there, one to come that says it, else one more."""
    new = typed.setdefault(NEW, [])
    if f"source-{year}" in typed:
        return year
    for row in new:
        if (typed.get(f"annee-{row}") or [row[1:]])[-1] == year:
            return row
    row = f"n{year}" if f"n{year}" not in new else next_new(new)
    new.append(row)
    typed[f"annee-{row}"] = [year]
    for name in FIGURES:
        if _is_public(name):
            typed[f"{name}_public-{row}"] = ["on"]
    return row


def _told(years: Sequence[int], left: Sequence[str]) -> str:
    told = f"Années remplies\u00a0: {', '.join(map(str, years))}. Relisez, puis enregistrez."
    if left:
        titles = ", ".join(f"«\u00a0{title[:60]}\u00a0»" for title in left)
        told += f" Laissé de côté, faute d’être reconnu\u00a0: {titles}."
    return told


def _is_public(name: str) -> bool:
    return bool(COLLECTIONS["figures"].column(f"{name}_public").default)


def _shown(value: Json) -> str:
    if value is None:
        return ""
    held = Decimal(str(value))
    places = max(-int(held.as_tuple().exponent), 0)
    text = number_format(held, decimal_pos=places, use_l10n=True, force_grouping=True)
    return text.replace("\u00a0", "\u202f")
