"""Writing an import that was looked through: all of it in one transaction, or nothing."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

import pghistory
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.utils import timezone

from core.admin.refusals import refusal
from networks.models import User
from networks.permissions import can_create, can_propose, can_write
from poles.models import ImportRow, ImportRun, ImportState, Pole, RowOutcome
from poles.recognition import BreaksRecognition
from poles.record import Conflicted
from poles.record.writing import check_now, told_in_french
from workspace.imports.asking import BROKEN, TAKE
from workspace.imports.cells import split_list
from workspace.imports.columns import POLES
from workspace.imports.reading import as_row, save_rows, sources_of
from workspace.imports.row import RowChanges
from workspace.imports.subjects import known_subject, number_of
from workspace.imports.trying import Group, Writer, in_words

_POLES_AT_ONCE = 100
_TO_WRITE = (RowOutcome.CREATED, RowOutcome.CHANGED, RowOutcome.PROPOSED)


class NothingWritten(Exception):  # noqa: N818
    """Something has changed since the preview; its text says what."""


def apply(run: ImportRun, user: User, progress: Callable[[int], None] | None = None) -> None:
    """Writes what the rows of ``run`` ask for; raises NothingWritten."""
    with pghistory.context(why=why(run)):
        try:
            with told_in_french():
                Applier(run, user).apply(progress or (lambda done: None))
                check_now()
        except (ValidationError, Conflicted) as error:
            raise NothingWritten(in_words(error)) from error
        except BreaksRecognition as error:
            names = ", ".join(each.pole.name for each in error.broken)
            raise NothingWritten(
                f"La composition d’un pôle reconnu serait rompue\u00a0: {names}."
            ) from error
        except DatabaseError as error:
            message = refusal(error)
            if not message:
                raise
            raise NothingWritten(message) from error


def why(run: ImportRun) -> str:
    return f"Import du fichier «\u00a0{run.file_name}\u00a0»"


class Applier:
    def __init__(self, run: ImportRun, user: User) -> None:
        self.run, self.user = run, user
        self.sources = {source.table: source for source in sources_of(run)}
        self.separator = run.options.get("separator", ";")
        self.writer = Writer(user, run.network_id)
        answered = run.questions.filter(kind=BROKEN, answer=TAKE).values_list("key", flat=True)
        self.regularised = {key.partition(":")[2] for key in answered}

    def apply(self, progress: Callable[[int], None]) -> None:
        done = 0
        for groups in self._groups():
            self._check_rights(groups)
            created = self.writer.write([group for group in groups if not group.proposes])
            self._name_created(groups, created)
            for group in groups:
                if group.proposes:
                    self.writer.propose(
                        group, f"Import du fichier «\u00a0{self.run.file_name}\u00a0»"
                    )
            done += sum(len(group.rows) for group in groups)
            progress(done)
        self.run.state = ImportState.DONE
        self.run.applied_at = timezone.now()
        self.run.content = None
        self.run.message = ""
        self.run.save(update_fields=["state", "applied_at", "content", "message", "moved_at"])

    def _groups(self) -> Iterator[list[Group]]:
        """Whole poles, in the order of their numbers, those to be made first."""
        to_write = self.run.rows.filter(outcome__in=_TO_WRITE)
        subjects = to_write.order_by("subject").values_list("subject", flat=True).distinct()
        distinct = list(subjects)
        for start in range(0, len(distinct), _POLES_AT_ONCE):
            some = distinct[start : start + _POLES_AT_ONCE]
            rows = sorted(
                to_write.filter(subject__in=some),
                key=lambda row: (row.subject, row.table != POLES, row.pk),
            )
            yield [
                self._group(subject, list(mine))
                for subject, mine in groupby(rows, key=lambda row: row.subject)
            ]

    def _group(self, subject: str, rows: Sequence[ImportRow]) -> Group:
        return Group(
            subject,
            number_of(subject),
            [(row, self._changes(row)) for row in rows],
            proposes=rows[0].outcome == RowOutcome.PROPOSED,
            regularises=subject in self.regularised,
        )

    def _changes(self, row: ImportRow) -> RowChanges:
        found = RowChanges()
        for key, change in row.changes.items():
            found.add(key, change["before"], change["after"])
        if row.table == POLES:
            found.theme_words = split_list(as_row(row, self.sources).get("themes"), self.separator)
        return found

    def _check_rights(self, groups: Sequence[Group]) -> None:
        """Who was allowed when the preview was made may no longer be."""
        pks = [group.pk for group in groups if group.pk is not None]
        poles = Pole.objects.filter(pk__in=pks).order_by("pk").select_related("seat")
        known = {pole.pk: pole for pole in poles.prefetch_related("networks", "coverage")}
        for group in groups:
            if group.pk is None:
                allowed = can_create(self.user, self.run.network_id)
            elif group.pk not in known:
                raise NothingWritten("Un des pôles n’est plus au registre.")
            else:
                may = can_propose if group.proposes else can_write
                allowed = may(self.user, known[group.pk])
            if not allowed:
                raise NothingWritten(allowed.reason)

    def _name_created(self, groups: Sequence[Group], created: dict[str, int]) -> None:
        """The rows of new poles lead to them."""
        rows = []
        for group in groups:
            if group.subject in created:
                for row, _ in group.rows:
                    row.subject = known_subject(created[group.subject])
                    rows.append(row)
        save_rows(rows, ["subject"])
