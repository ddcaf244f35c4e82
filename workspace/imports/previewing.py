"""What an import would do, as its page shows it; and the answers that the page sends."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from poles.models import ImportQuestion, ImportRow, ImportRun, ImportState, RowOutcome
from workspace.imports.asking import BROKEN, KEEP, LEAVE, NEW, ORGANISATION, POLE, STALE, TAKE
from workspace.imports.columns import tables

QUESTIONS_SHOWN = 30
FIRST = "premier"
# What each outcome is called before and after the writing, and the badge that it wears.
OUTCOMES = {
    RowOutcome.CREATED: ("à créer", "créées", "new"),
    RowOutcome.CHANGED: ("à modifier", "modifiées", "info"),
    RowOutcome.PROPOSED: ("à proposer", "proposées", "info"),
    RowOutcome.UNCHANGED: ("inchangées", "inchangées", ""),
    RowOutcome.WAITING: ("à décider", "laissées sans réponse", "warning"),
    RowOutcome.REFUSED: ("refusées", "refusées", "error"),
}
_ROW_WORDS = {
    RowOutcome.CREATED: ("à créer", "créé"),
    RowOutcome.CHANGED: ("à modifier", "modifié"),
    RowOutcome.PROPOSED: ("à proposer", "proposé"),
    RowOutcome.UNCHANGED: ("inchangé", "inchangé"),
    RowOutcome.WAITING: ("à décider", "sans réponse"),
    RowOutcome.REFUSED: ("refusé", "refusé"),
}
_BULK = {
    POLE: (
        "Les pôles qui ressemblent à un autre",
        [
            (FIRST, "sont celui qui ressemble le plus"),
            (NEW, "sont à créer"),
            (LEAVE, "sont laissés"),
        ],
    ),
    ORGANISATION: (
        "Les organisations qui ressemblent à une autre",
        [
            (FIRST, "sont celle qui ressemble le plus"),
            (NEW, "sont à créer"),
            (LEAVE, "sont laissées"),
        ],
    ),
    STALE: (
        "Ce que la fiche et le fichier ont changé tous les deux",
        [(TAKE, "est ce que dit le fichier"), (KEEP, "reste ce que dit la fiche")],
    ),
    BROKEN: (
        "Les changements qui rompraient la composition d’un pôle reconnu",
        [(TAKE, "passent, et le pôle est mis en régularisation"), (LEAVE, "sont laissés")],
    ),
}


@dataclass(frozen=True)
class Count:
    """The rows of an outcome, in all the tables."""

    outcome: str
    label: str
    badge: str
    number: int


@dataclass(frozen=True)
class Bulk:
    """One answer for all the questions of a kind that have none."""

    kind: str
    label: str
    options: list[tuple[str, str]]
    number: int


def preview(run: ImportRun, seen: str) -> dict[str, Any]:
    """The counts, the questions and the rows; ``seen``: an outcome, for its rows alone."""
    done = run.state == ImportState.DONE
    counts = _counts(run, done)
    outcome = seen if seen in RowOutcome.values else ""
    rows = run.rows.defer("cells", "faults", "changes").order_by("pk")
    if outcome:
        rows = rows.filter(outcome=outcome)
    questions: list[ImportQuestion] = []
    if not done and any(count.outcome == RowOutcome.WAITING for count in counts):
        questions = list(run.questions.filter(answer="")[: QUESTIONS_SHOWN + 1])
    numbers = {count.outcome: count.number for count in counts}
    return {
        "done": done,
        "counts": counts,
        "tables": {name: tables()[name].title for name in run.counts},
        "by_table": _by_table(run),
        "seen": outcome,
        "seen_label": OUTCOMES[RowOutcome(outcome)][done] if outcome else "",
        "rows": _Told(rows, done),
        "questions": questions[:QUESTIONS_SHOWN],
        "more_questions": len(questions) > QUESTIONS_SHOWN,
        "bulk": _bulk(run) if len(questions) > 1 else [],
        "to_write": sum(
            numbers.get(each, 0)
            for each in (RowOutcome.CREATED, RowOutcome.CHANGED, RowOutcome.PROPOSED)
        ),
        "refused": numbers.get(RowOutcome.REFUSED, 0) + numbers.get(RowOutcome.WAITING, 0),
    }


class _Told:
    """The rows of a page, each with its words; counted and sliced by a paginator."""

    ordered = True

    def __init__(self, rows: Any, done: bool) -> None:
        self._rows, self._done = rows, done

    def count(self) -> int:
        return self._rows.count()

    def __getitem__(self, part: slice) -> list[dict[str, Any]]:
        return [self._told(row) for row in self._rows[part]]

    def _told(self, row: ImportRow) -> dict[str, Any]:
        outcome = RowOutcome(row.outcome)
        number = row.subject if row.subject.isdecimal() else ""
        return {
            "line": row.line,
            "table": tables()[row.table].title,
            "outcome": _ROW_WORDS[outcome][self._done],
            "badge": OUTCOMES[outcome][2],
            "name": row.label,
            "pole": int(number) if number else None,
            "reason": row.reason,
            "notes": row.notes,
            "told": row.told,
            "creates": outcome == RowOutcome.CREATED,
        }


def _counts(run: ImportRun, done: bool) -> list[Count]:
    totals: dict[str, int] = {}
    for numbers in run.counts.values():
        for outcome, number in numbers.items():
            totals[outcome] = totals.get(outcome, 0) + number
    return [
        Count(outcome, words[done], words[2], totals[outcome])
        for outcome, words in OUTCOMES.items()
        if totals.get(outcome)
    ]


def _by_table(run: ImportRun) -> list[tuple[str, list[int]]]:
    """For each table, how many of each outcome that there is."""
    present = [o for o in OUTCOMES if any(o in numbers for numbers in run.counts.values())]
    return [
        (tables()[name].title, [numbers.get(outcome, 0) for outcome in present])
        for name, numbers in run.counts.items()
    ]


def _bulk(run: ImportRun) -> list[Bulk]:
    waiting: dict[str, int] = {}
    for (kind,) in run.questions.filter(answer="").order_by().values_list("kind"):
        waiting[kind] = waiting.get(kind, 0) + 1
    return [
        Bulk(kind, label, options, waiting[kind])
        for kind, (label, options) in _BULK.items()
        if waiting.get(kind, 0) > 1
    ]


def answer(run: ImportRun, posted: Mapping[str, Any]) -> int:
    """Keeps the answers of a page, those for a whole kind included; how many."""
    answered = []
    for question in run.questions.filter(answer="").order_by("pk"):
        options = [value for value, _ in question.options]
        given = posted.get(f"question-{question.pk}", "")
        if not given and (bulk := posted.get(f"toutes-{question.kind}", "")):
            given = options[0] if bulk == FIRST else bulk
        if given in options:
            question.answer = given
            answered.append(question)
    ImportQuestion.objects.bulk_update(answered, ["answer"])
    return len(answered)
