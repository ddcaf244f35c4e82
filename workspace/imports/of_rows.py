"""A row of members, projects or figures: that of its number, else the one named, else a new one."""

from core.text import normalise
from poles.record.fields import Json
from workspace.imports.cells import CellError, Reading, quoted, tidy_line
from workspace.imports.changes import Current, RowReader
from workspace.imports.columns import FIGURES, MEMBERS
from workspace.imports.organisations import mentioned, told
from workspace.imports.row import Row, RowChanges, blank, column_of


def read_row(reader: RowReader, row: Row, current: Current) -> RowChanges:
    """The changes of ``row`` over the values of its pole; raises `Undecided`."""
    found, reading = reader.begin(row)
    organisation: Json = None
    if row.table == MEMBERS:
        organisation = _organisation(reader, row, current, found)
        if organisation is None:
            return found
    try:
        key = _key(reader, row, current, organisation)
    except CellError as error:
        found.errors.append(f"{str(error)[:1].upper()}{str(error)[1:]}.")
        return found
    before = current.get(key)
    found.creates = before is None
    after = dict(before or blank(row.table))
    if organisation is not None:
        _tell_organisation(reader, key, before, organisation, found)
        after["organisation"] = organisation
        if before is None and not row.get("source_words"):
            after["source_words"] = tidy_line(row.get("type"))[:200]
    for name, cell in reader.context.cells[row.table].items():
        if name not in row.cells:
            continue
        value = reader.value(row, name, after[name], found, reading)
        if value != after[name] or (before is None and value not in (None, "", [])):
            was = cell.text(after[name]) if before is not None else ""
            found.tell(key, column_of(row.table, name).label, was, cell.text(value))
        after[name] = value
    if after != before:
        found.add(key, before, after)
    return found


def _tell_organisation(
    reader: RowReader, key: str, before: Json, organisation: Json, found: RowChanges
) -> None:
    named = reader.context.organisations.named
    was = before["organisation"] if before else None
    if organisation != was:
        found.tell(key, "Organisation", told(was, named), told(organisation, named))


def _organisation(reader: RowReader, row: Row, current: Current, found: RowChanges) -> Json:
    """Its number or the values of a new one; None once the error is told."""
    organisations = reader.context.organisations
    text = tidy_line(row.get("organisation"))
    known = current.get(f"{MEMBERS}/{tidy_line(row.get('row'))}")
    try:
        who = mentioned(text, tidy_line(row.get("siren")))
        if not text:
            raise CellError("elle n’est pas nommée")
        if known and text == tidy_line(organisations.named.told.get(known["organisation"], "")):
            written = organisations.named.written.get(known["organisation"], "")
            if not who.siren or f"SIREN {who.siren})" in written:
                return known["organisation"]
        organisation = organisations.find(who, tidy_line(row.get("type")), reader.source(row))
        if who.siren and isinstance(organisation, int):
            _note_other_number(organisation, who.siren, reader, found)
        return organisation
    except CellError as error:
        found.refuse("Organisation", error)
        return None


def _note_other_number(organisation: int, siren: str, reader: RowReader, found: RowChanges) -> None:
    """A number that the organisation does not have is not given to it from here."""
    named = reader.context.organisations.named
    if f"SIREN {siren})" not in named.written[organisation]:
        found.notes.append(
            f"Le SIREN {siren} n’est pas enregistré\u00a0: ajoutez-le sur la fiche de "
            f"l’organisation {quoted(named.told[organisation])}."
        )


def _key(reader: RowReader, row: Row, current: Current, organisation: Json) -> str:
    """The key of the record that the row is of."""
    number = tidy_line(row.get("row"))
    if number:
        key = f"{row.table}/{number}"
        if key not in current:
            raise CellError(f"ce pôle n’a pas, ou plus, de ligne {quoted(number)}")
        return key
    if row.table == FIGURES:
        year = reader.context.cells[FIGURES]["year"].read(row.get("year"), Reading())
        if year is None:
            raise CellError("l’année manque")
        return f"{FIGURES}/{year}"
    mine = {key: value for key, value in current.items() if key.startswith(f"{row.table}/")}
    if row.table == MEMBERS:
        same = [
            key
            for key, value in mine.items()
            if value["organisation"] == organisation and value["ends_on"] is None
        ]
    else:
        title = normalise(row.get("title"))
        if not title:
            raise CellError("l’intitulé manque")
        same = [key for key, value in mine.items() if normalise(value["title"]) == title]
    return same[0] if len(same) == 1 else f"{row.table}/+{row.line}"
