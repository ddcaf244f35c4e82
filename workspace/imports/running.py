"""An import from the file to the records: what is done at once, and what the worker does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pghistory
from django.db import connection
from django.db.models import Q
from django.tasks import task
from django.utils import timezone

from core.sheets import FileRefusedError, open_book
from networks.models import User
from poles.models import ImportRun, ImportState
from workspace.imports.applying import NothingWritten, apply
from workspace.imports.planning import plan
from workspace.imports.recognising import Source

# Up to this many rows the person waits for the page; beyond, they see the work go on.
AT_ONCE = 100
# A worker that has said nothing for so long has been stopped.
STALLED = timedelta(minutes=5)
_BUSY = (ImportState.READING, ImportState.WRITING)
_FAULT = (
    "Une erreur de notre côté a interrompu la lecture. Rien n’a été écrit\u00a0: réessayez, ou "
    "écrivez-nous si elle revient."
)


def is_stalled(run: ImportRun) -> bool:
    return run.state in _BUSY and run.moved_at < timezone.now() - STALLED


def begin_reading(run: ImportRun, sources: list[Source], options: dict[str, Any]) -> None:
    """Reads the whole file by these columns; at once if it is short."""
    run.sources = [source.as_json() for source in sources]
    run.options = options
    run.state, run.message, run.done = ImportState.READING, "", 0
    run.save(update_fields=["sources", "options", "state", "message", "done", "moved_at"])
    _do(run, read_in_background, _is_short(run, sources))


def read_again(run: ImportRun) -> None:
    """The same, with the answers given meanwhile."""
    if _claim(run, ImportState.READING, ImportState.READY):
        _do(run, read_in_background, run.total <= AT_ONCE)


def begin_writing(run: ImportRun) -> None:
    """Writes what was looked through, unless it is being written already."""
    if _claim(run, ImportState.WRITING, ImportState.READY):
        _do(run, write_in_background, run.total <= AT_ONCE)


def _claim(run: ImportRun, state: ImportState, before: ImportState) -> bool:
    """Moves the run, for one only of those who ask at the same moment; or again if it stalled."""
    stalled = Q(state__in=_BUSY, moved_at__lt=timezone.now() - STALLED)
    moved = ImportRun.objects.filter(Q(state=before) | stalled, pk=run.pk).update(
        state=state, done=0, message="", moved_at=timezone.now()
    )
    if moved:
        run.refresh_from_db()
    return bool(moved)


def _do(run: ImportRun, work: Any, at_once: bool) -> None:
    if at_once:
        work.call(run.pk)
        run.refresh_from_db()
    else:
        work.enqueue(run.pk)


def _is_short(run: ImportRun, sources: list[Source]) -> bool:
    """Whether there are few rows; what is damaged further on is found when it is read."""
    rows = 0
    try:
        book = open_book(bytes(run.content or b""), run.file_name)
        for source in sources:
            for _ in book.rows(source.sheet):
                rows += 1
                if rows > AT_ONCE:
                    return False
    except FileRefusedError:
        return True
    return True


@task
def read_in_background(pk: int) -> None:
    run, user = _run(pk)
    if run is None or user is None or run.state != ImportState.READING:
        return
    try:
        plan(run, user, lambda done: _tell(pk, done))
        run.state = ImportState.READY
    except FileRefusedError as error:
        run.state, run.message = ImportState.FAILED, str(error)
    except Exception:
        run.state, run.message = ImportState.FAILED, _FAULT
        raise
    finally:
        run.save(update_fields=["state", "message", "moved_at"])


@task
def write_in_background(pk: int) -> None:
    run, user = _run(pk)
    if run is None or user is None or run.state != ImportState.WRITING:
        return
    try:
        with _apart() as tell, _as_person(user):
            apply(run, user, lambda done: tell(pk, done))
    except NothingWritten as error:
        # What would be written now is shown, with what has changed meanwhile.
        ImportRun.objects.filter(pk=pk).update(state=ImportState.READING, done=0)
        read_in_background.call(pk)
        said = f"Rien n’a été écrit. {error} Voici ce que l’import ferait maintenant."
        ImportRun.objects.filter(pk=pk, state=ImportState.READY).update(message=said)
    except Exception:
        ImportRun.objects.filter(pk=pk).update(state=ImportState.READY, message=_FAULT)
        raise


def _run(pk: int) -> tuple[ImportRun | None, User | None]:
    run = ImportRun.objects.select_related("author").filter(pk=pk).first()
    return run, run.author if run else None


def _tell(pk: int, done: int) -> None:
    ImportRun.objects.filter(pk=pk).update(done=done, moved_at=timezone.now())


@contextmanager
def _apart() -> Iterator[Callable[[int, int], None]]:
    """Tells how far the work is on a connection of its own, since its transaction shows nothing."""
    apart = connection.copy()

    def tell(pk: int, done: int) -> None:
        with apart.cursor() as cursor:
            cursor.execute(
                "UPDATE poles_importrun SET done = least(%s, total), moved_at = now()"
                " WHERE id = %s",
                [done, pk],
            )

    try:
        yield tell
    finally:
        apart.close()


@contextmanager
def _as_person(user: User) -> Iterator[None]:
    """In the worker, the history knows who asked; in a page, it knows already."""
    with pghistory.context(user=user.pk):
        yield
