"""The poles as spreadsheets that can be edited and imported back, and the templates of new ones."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import batched
from typing import Any

from django.db import models

from core.sheets import Column as OutColumn
from core.sheets import OutTable
from core.sheets.writing import Value
from poles.models import Pole
from poles.record import COLLECTIONS
from poles.record.fields import Json
from poles.record.many import read_rows, read_whole, values_of
from workspace.imports.cells import tidy
from workspace.imports.columns import GUIDE_TITLE, MEMBERS, POLES, Column, Table, tables
from workspace.imports.context import Context, Mentions

_POLES_AT_ONCE = 500
_PLACES = ("lead", "members")
_RELATED = {"members": "memberships"}


class Export:
    """``pks``: the poles to write, in their order. Read as it is written, some hundreds at once."""

    def __init__(self, pks: Sequence[int]) -> None:
        self.pks = pks
        self.context = Context(Mentions())

    def tables(self, names: Iterable[str] | None = None) -> Iterator[OutTable]:
        """Those that are named, or all; each is read when its rows are asked for."""
        for name in names or tables():
            table = tables()[name]
            rows = self._poles() if name == POLES else self._rows(table)
            yield OutTable(table.title, _out_columns(table, table.written, self.context), rows)

    def _poles(self) -> Iterator[list[Value]]:
        cells = self.context.cells[POLES]
        columns = tables()[POLES].written
        for poles in self._batches():
            read_whole(poles, ["sources"])
            self.context.remember_places(poles)
            for pole in poles:
                values = values_of(pole, ["sources"])
                told = {
                    "id": pole.public_id,
                    "version": pole.version,
                    "record_state": pole.get_record_state_display(),
                    "reference_network": str(pole.reference_network or ""),
                    "sources": "\n".join(
                        value["url"] for key, value in values.items() if key.startswith("sources/")
                    ),
                }
                yield [
                    _shown(told[column.key])
                    if column.key in told
                    else _shown(cells[column.key].show(values[column.key]))
                    for column in columns
                ]

    def _rows(self, table: Table) -> Iterator[list[Value]]:
        collection = COLLECTIONS[table.name]
        for poles in self._batches():
            read_rows(poles, [table.name])
            for pole in poles:
                for row in getattr(pole, _RELATED.get(table.name, table.name)).all():
                    self._remember(table.name, row)
                    values = collection.read(row)
                    yield [
                        _shown(self._cell(table.name, column.key, pole, row, values))
                        for column in table.written
                    ]

    def _cell(self, table: str, key: str, pole: Pole, row: Any, values: dict[str, Json]) -> Value:
        if key in ("id", "version", "name"):
            return {"id": pole.public_id, "version": pole.version, "name": pole.name}[key]
        if key == "row":
            return row.pk
        if table == MEMBERS and key in ("organisation", "siren", "type"):
            organisation = row.organisation
            known = "" if organisation.kind == "inconnu" else organisation.get_kind_display()
            return {
                "organisation": organisation.public_name,
                "siren": organisation.siren,
                "type": known,
            }[key]
        return self.context.cells[table][key].show(values[key])

    def _remember(self, table: str, row: Any) -> None:
        if table == "projects":
            self.context.organisations.remember(row.members.all())

    def _batches(self) -> Iterator[list[Pole]]:
        for some in batched(self.pks, _POLES_AT_ONCE):
            rows = Pole.objects.filter(pk__in=some).select_related("reference_network")
            known = {pole.pk: pole for pole in rows.order_by("pk")}
            yield [known[pk] for pk in some if pk in known]


def template_tables(names: Iterable[str] | None = None) -> Iterator[OutTable]:
    """The tables in which to type new poles: their titles alone."""
    context = Context(Mentions())
    for name in names or tables():
        table = tables()[name]
        yield OutTable(table.title, _out_columns(table, _typed(table), context), [])


def guide(filled: bool) -> OutTable:
    """What to write in each column; ``filled``: of an export, with the columns to leave alone."""
    rows = [
        [table.title, column.label, column.help, column.example]
        for table in tables().values()
        for column in (table.written if filled else _typed(table))
    ]
    head = [
        OutColumn("Feuille", 14),
        OutColumn("Colonne", 32),
        OutColumn("Ce qu’on y écrit", 80),
        OutColumn("Exemple", 40),
    ]
    return OutTable(GUIDE_TITLE, head, rows)


def _typed(table: Table) -> list[Column]:
    """The columns of a template: of a new pole nothing is known but what one types."""
    if table.name == POLES:
        return [c for c in table if not c.locked and (not c.given or c.key in _PLACES)]
    return [c for c in table if c.key not in ("id", "version", "row")]


def _out_columns(table: Table, columns: Iterable[Column], context: Context) -> list[OutColumn]:
    return [
        OutColumn(
            column.label,
            column.width,
            _choices(context.cells[table.name].get(column.key)),
            column.locked,
        )
        for column in columns
    ]


def _choices(cell: Any) -> Sequence[str]:
    """What a list of the spreadsheet offers, where the column has one."""
    column = getattr(cell, "column", None)
    if isinstance(column, models.BooleanField):
        return ("oui", "non")
    choices = getattr(column, "choices", None) or ()
    return [str(label) for value, label in choices if value]


def _shown(value: Value) -> Value:
    return tidy(value) if isinstance(value, str) else value
