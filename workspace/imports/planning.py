"""What an import would do, row by row: nothing is written but the plan itself."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence

from networks.models import User
from networks.permissions import can_create, can_propose, can_write
from poles.models import ImportQuestion, ImportRow, ImportRun, Pole, RowOutcome
from poles.recognition import BreaksRecognition
from poles.record import FIELDS
from poles.record.fields import Json
from poles.record.many import read_whole, values_of
from workspace.imports.asking import BROKEN, LEAVE, TAKE, Question, Undecided
from workspace.imports.cells import CellError, quoted, tidy_line
from workspace.imports.changes import RowReader
from workspace.imports.columns import FIGURES, MEMBERS, POLES, PROJECTS, tables
from workspace.imports.context import Context
from workspace.imports.of_poles import read_pole
from workspace.imports.of_rows import read_row
from workspace.imports.reading import as_row, load_rows, mentions_of, save_rows, sources_of
from workspace.imports.row import Row, RowChanges
from workspace.imports.since import over_current, values_then
from workspace.imports.subjects import Subjects, number_of
from workspace.imports.trying import Group, Writer, in_words, try_out

_POLES_AT_ONCE = 100
_FOUND = ("subject", "label", "outcome", "reason")
_WRITTEN = ("subject", "outcome", "reason", "notes", "changes", "told")

# The column that names a row of a collection.
_NAMING = {MEMBERS: "organisation", PROJECTS: "title", FIGURES: "year"}

Progress = Callable[[int], None]


def plan(run: ImportRun, user: User, progress: Progress | None = None) -> None:
    """Fills the rows of ``run`` with what would become of each; raises FileRefusedError."""
    run.total, run.done = load_rows(run), 0
    run.save(update_fields=["total", "done", "moved_at"])
    Planner(run, user).plan(progress or (lambda done: None))


class Planner:
    def __init__(self, run: ImportRun, user: User) -> None:
        self.run, self.user = run, user
        self.sources = {source.table: source for source in sources_of(run)}
        self.separator = run.options.get("separator", ";")
        answers = dict(run.questions.exclude(answer="").values_list("key", "answer"))
        self.context = Context(mentions_of(self._rows(), self.separator), answers)
        self.subjects = Subjects(self.context.answers)
        self.subjects.read(self._rows())
        self.reader = RowReader(
            self.context,
            self.separator,
            run.options.get("from_1904", False),
            run.options.get("erases", False),
            run.file_name,
        )
        self.writer = Writer(user, run.network_id)
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)

    def plan(self, progress: Progress) -> None:
        self._find_subjects()
        done = self.run.rows.exclude(outcome="").count()
        for rows in self._by_pole():
            self._plan_poles(rows)
            done += len(rows)
            progress(done)
        for table, outcome in self.run.rows.order_by().values_list("table", "outcome"):
            self.counts[table][outcome] += 1
        self._keep_questions()
        self.run.counts = {
            name: dict(self.counts[name]) for name in tables() if name in self.counts
        }
        self.run.done = self.run.total
        self.run.save(update_fields=["counts", "done", "moved_at"])

    def _rows(self) -> Iterator[Row]:
        for row in self.run.rows.order_by("pk").iterator(chunk_size=500):
            yield as_row(row, self.sources)

    def _find_subjects(self) -> None:
        """Says of each row which pole it is of, before the rows of one pole come together."""
        batch: list[ImportRow] = []
        for row in self.run.rows.order_by("pk").iterator(chunk_size=500):
            cells = as_row(row, self.sources)
            row.label = self._label(cells)
            try:
                row.subject = self.subjects.of(cells)
            except CellError as error:
                _refuse(row, _sentence(str(error)))
            except Undecided as error:
                _wait(row, error.question)
            batch.append(row)
            if len(batch) == 500:
                save_rows(batch, _FOUND)
                batch = []
        save_rows(batch, _FOUND)

    def _label(self, cells: Row) -> str:
        """What the row is about, for who reads the preview."""
        about = tidy_line(cells.get("name")) or tidy_line(cells.get("id"))
        of = _NAMING.get(cells.table)
        named = tidy_line(cells.get(of)) if of else ""
        return f"{named} – {about}"[:300] if named else about[:300]

    def _by_pole(self) -> Iterator[list[ImportRow]]:
        """The rows that have a subject, whole poles together, about a hundred poles at a time."""
        order = {name: rank for rank, name in enumerate(tables())}
        subjects = self.run.rows.filter(outcome="").order_by("subject").values_list("subject")
        distinct = [subject for (subject,) in subjects.distinct()]
        for start in range(0, len(distinct), _POLES_AT_ONCE):
            some = distinct[start : start + _POLES_AT_ONCE]
            rows = self.run.rows.filter(subject__in=some, outcome="")
            yield sorted(rows, key=lambda row: (row.subject, order[row.table], row.line))

    def _plan_poles(self, rows: Sequence[ImportRow]) -> None:
        by_subject: dict[str, list[ImportRow]] = defaultdict(list)
        for row in rows:
            by_subject[row.subject].append(row)
        pks = [pk for subject in by_subject if (pk := number_of(subject)) is not None]
        poles = list(Pole.objects.filter(pk__in=pks).order_by("pk"))
        read_whole(poles)
        self.context.remember(poles)
        known = {pole.pk: pole for pole in poles}
        groups = []
        for subject, mine in by_subject.items():
            pk = number_of(subject)
            group = self._group(subject, known.get(pk) if pk is not None else None, mine)
            if group.rows:
                groups.append(group)
        if groups:
            try_out(groups, self.writer, self._cannot_write)
        for group in groups:
            for row, found in group.rows:
                _succeed(row, found, group)
        save_rows(rows, _WRITTEN)

    def _group(self, subject: str, pole: Pole | None, rows: Sequence[ImportRow]) -> Group:
        """What is to be written of a pole; the rows that change nothing are told so already."""
        group = Group(subject, pole.pk if pole else None, [])
        if pole is None:
            allowed = can_create(self.user, self.run.network_id)
        elif not (allowed := can_write(self.user, pole)):
            allowed, group.proposes = can_propose(self.user, pole), True
        if not allowed:
            for row in rows:
                _refuse(row, allowed.reason)
            return group
        group.regularises = self.context.answers.known(f"{BROKEN}:{subject}") == TAKE
        current = values_of(pole) if pole else _NEW
        merged: dict[str, tuple[int, Json]] = {}
        for row in rows:
            if pole is None and row.table != POLES and not group.rows:
                _refuse(row, "La ligne du pôle lui-même n’est pas importée.")
                continue
            found = self._read(row, pole, current)
            if found is not None and not self._contradicts(row, found, merged):
                group.rows.append((row, found))
        return group

    def _read(
        self, row: ImportRow, pole: Pole | None, current: dict[str, Json]
    ) -> RowChanges | None:
        """What the row asks for; None once it is told that it asks for nothing, or cannot be."""
        cells = as_row(row, self.sources)
        read = read_pole if row.table == POLES else read_row
        try:
            exported = self._exported_version(cells, pole)
            over = values_then(pole, exported) if pole and exported else current
            found = read(self.reader, cells, over)
            row.notes = found.notes
            if found.errors:
                _refuse(row, " ".join(found.errors))
                return None
            if pole and exported:
                over_current(found, current, pole, exported, self.context.answers)
        except Undecided as error:
            _wait(row, error.question)
            return None
        except CellError as error:
            _refuse(row, _sentence(str(error)))
            return None
        if not found.changes:
            row.outcome = RowOutcome.UNCHANGED
            return None
        return found

    def _exported_version(self, cells: Row, pole: Pole | None) -> int | None:
        """The version that the row was exported at, where the record has changed since."""
        number = tidy_line(cells.get("version"))
        if pole is None or not number.isdecimal() or int(number) == pole.version:
            return None
        return int(number[:9])

    def _contradicts(
        self, row: ImportRow, found: RowChanges, merged: dict[str, tuple[int, Json]]
    ) -> bool:
        """Whether an earlier row of the same pole says another thing; refuses it then."""
        for key, (_, after) in found.changes.items():
            if key in merged and merged[key][1] != after:
                _refuse(row, f"La ligne {merged[key][0]}, du même pôle, dit autre chose.")
                return True
        for key, (_, after) in found.changes.items():
            merged.setdefault(key, (row.line, after))
        return False

    def _cannot_write(self, row: ImportRow, error: Exception) -> None:
        if not isinstance(error, BreaksRecognition):
            _refuse(row, _sentence(in_words(error)))
            return
        falls = " ".join(each.falls for each in error.broken)
        question = Question(
            BROKEN,
            row.subject,
            f"Le pôle {quoted(error.broken[0].pole.name)} est reconnu, et ce changement romprait "
            f"sa composition. {falls}",
            [
                (TAKE, "Enregistrer, et passer le pôle en régularisation\u00a0; on prévient"),
                (LEAVE, "Ne pas importer cette ligne"),
            ],
        )
        try:
            self.context.answers.to(question)
            _refuse(row, "Vous avez renoncé à ce changement, qui romprait la composition du pôle.")
        except Undecided:
            _wait(row, question)

    def _keep_questions(self) -> None:
        """Those that are asked now, with what was answered; the others go."""
        asked = self.context.answers.asked
        known = {question.key: question for question in self.run.questions.all()}
        kept = asked.keys() | self.context.answers.used
        stale = [question.pk for key, question in known.items() if key not in kept]
        self.run.questions.filter(pk__in=stale).delete()
        ImportQuestion.objects.bulk_create(
            ImportQuestion(
                run=self.run,
                key=key,
                kind=question.kind,
                text=question.text,
                options=[list(option) for option in question.options],
            )
            for key, question in asked.items()
            if key not in known
        )


def _blank_pole() -> dict[str, Json]:
    pole = Pole()
    return {name: [] if field.many else field.read(pole) for name, field in FIELDS.items()}


_NEW = _blank_pole()


def _refuse(row: ImportRow, reason: str) -> None:
    row.outcome, row.reason = RowOutcome.REFUSED, reason


def _wait(row: ImportRow, question: Question) -> None:
    row.outcome, row.reason = RowOutcome.WAITING, question.text


def _succeed(row: ImportRow, found: RowChanges, group: Group) -> None:
    if row.outcome:
        return
    if group.proposes:
        row.outcome = RowOutcome.PROPOSED
    elif found.creates or (group.pk is None and row.table == POLES):
        row.outcome = RowOutcome.CREATED
    else:
        row.outcome = RowOutcome.CHANGED
    row.told = found.told
    row.changes = {
        key: {"before": before, "after": after} for key, (before, after) in found.changes.items()
    }


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."
