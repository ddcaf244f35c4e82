"""An import made from a table, for tests: sent, read by its likely columns, and written."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.sheets import open_book
from networks.models import Network, User
from poles.models import ImportRow, ImportRun
from tests.spreadsheets import workbook
from tests.workspace.staff import Kept
from workspace.imports.applying import apply
from workspace.imports.planning import plan
from workspace.imports.recognising import recognise

Rows = Sequence[Sequence[Any]]


def run_of(
    table: Rows | bytes, user: User, network: Network | None = None, **options: Any
) -> ImportRun:
    """An import whose columns are those that were recognised."""
    raw = table if isinstance(table, bytes) else workbook(table)
    name = "essai.xlsx" if raw.startswith(b"PK") else "essai.csv"
    sources = [source.as_json() for source in recognise(open_book(raw, name))]
    return ImportRun.objects.create(
        author=user,
        network=network,
        file_name=name,
        content=raw,
        sources=sources,
        options={"separator": ";", "erases": False, **options},
        state="lecture",
    )


def planned(
    table: Rows | bytes, user: User, network: Network | None = None, **options: Any
) -> ImportRun:
    run = run_of(table, user, network, **options)
    plan(run, user)
    return run


def answered(run: ImportRun, answers: Mapping[str, str] | str) -> ImportRun:
    """The same import, once its questions were answered."""
    for question in run.questions.all():
        answer = answers if isinstance(answers, str) else answers.get(question.kind, "")
        question.answer = answer
        question.save()
    plan(run, run.author)
    return run


def imported(
    table: Rows | bytes, user: User, network: Network | None = None, **options: Any
) -> ImportRun:
    run = planned(table, user, network, **options)
    apply(run, user)
    return run


def outcomes(run: ImportRun) -> list[str]:
    return [row.outcome for row in rows(run)]


def rows(run: ImportRun) -> list[ImportRow]:
    return list(run.rows.order_by("pk"))


def told(row: ImportRow) -> dict[str, tuple[str, str]]:
    """Label: before and after."""
    return {each["label"]: (each["before"], each["after"]) for each in row.told}


def changed(row: ImportRow) -> dict[str, Any]:
    """What each key is to become."""
    return {key: change["after"] for key, change in row.changes.items()}


def one(table: list[list[Any]], record: Kept, user: Any = None, **options: Any) -> ImportRow:
    run = planned(table, user or record.manager, record.network, **options)
    (row,) = rows(run)
    return row
