"""The rows of a file, kept beside the run: as they are sent back if they are refused."""

from collections.abc import Iterator, Sequence
from itertools import islice

from calls.registry.leads import read_lead
from calls.registry.mapping import Mapping as Words
from core.sheets import FileRefusedError, SheetRow, limits, open_book
from poles.models import ImportRow, ImportRun
from workspace.imports.cells import CellError, split_list, tidy_line
from workspace.imports.columns import MEMBERS, POLES, PROJECTS
from workspace.imports.context import Mentions, known_words
from workspace.imports.organisations import Mentioned, mentioned
from workspace.imports.recognising import Source
from workspace.imports.row import Row

_BATCH = 500


def sources_of(run: ImportRun) -> list[Source]:
    return [Source.from_json(said) for said in run.sources]


def load_rows(run: ImportRun) -> int:
    """Reads the file anew; returns how many rows it has. Raises FileRefusedError."""
    run.rows.all().delete()
    book = open_book(bytes(run.content or b""), run.file_name)
    total = 0
    for source in sources_of(run):
        rows = (row for row in book.rows(source.sheet) if _says_something(row, source))
        while batch := list(islice(rows, _BATCH)):
            total += len(batch)
            if total > limits.ROWS:
                raise FileRefusedError(
                    f"{run.file_name} : le fichier a plus de {limits.ROWS:,} lignes. Envoyez-le en "
                    "plusieurs fois.".replace(",", "\u202f")
                )
            ImportRow.objects.bulk_create(
                ImportRow(
                    run=run,
                    table=source.table,
                    line=row.line,
                    cells=list(row.cells),
                    faults={str(position): fault for position, fault in row.faults.items()},
                )
                for row in batch
            )
    if not total:
        raise FileRefusedError(f"{run.file_name} : il n’y a aucune ligne sous les titres.")
    return total


def _says_something(row: SheetRow, source: Source) -> bool:
    if row.line <= source.header:
        return False
    return any(
        position in row.faults or (position < len(row.cells) and row.cells[position].strip())
        for position in source.columns
    )


def as_row(row: ImportRow, sources: dict[str, Source]) -> Row:
    """The cells of the columns that are read, by key."""
    columns = sources[row.table].columns
    return Row(
        row.table,
        row.line,
        {
            key: row.cells[position] if position < len(row.cells) else ""
            for position, key in columns.items()
        },
        {
            columns[int(position)]: fault
            for position, fault in row.faults.items()
            if int(position) in columns
        },
    )


def mentions_of(rows: Iterator[Row], separator: str) -> Mentions:
    """What the rows name, to be looked up at once."""
    places: set[str] = set()
    organisations: set[Mentioned] = set()
    words = known_words()
    for row in rows:
        if row.table == POLES:
            places.add(tidy_line(row.get("seat")))
            places.update(split_list(row.get("coverage"), separator))
            places.update(tidy_line(row.get(key)) for key in ("seat_commune", "seat_code"))
        organisations.update(_organisations(row, separator, words))
    return Mentions(sorted(places - {""}), sorted(organisations, key=str))


def _organisations(row: Row, separator: str, words: Words) -> Iterator[Mentioned]:
    if row.table == MEMBERS:
        texts = [(row.get("organisation"), row.get("siren"))]
    elif row.table == PROJECTS:
        texts = [(part, "") for part in split_list(row.get("members"), separator)]
    else:
        parts = split_list(row.get("members"), separator)
        named = [part.rpartition("|")[0] or part for part in parts]
        lead = read_lead(tidy_line(row.get("lead")), row.get("name"), words)
        texts = [(text, "") for text in (row.get("legal_person"), lead.name, *named)]
    for text, siren in texts:
        if text:
            try:
                yield mentioned(text, siren)
            except CellError:
                yield Mentioned(tidy_line(text))


def save_rows(rows: Sequence[ImportRow], columns: Sequence[str]) -> None:
    """Writes those columns of many rows: in one statement that is short, where an UPDATE grows."""
    ImportRow.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=columns
    )
