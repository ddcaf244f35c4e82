"""Trying out what an export would do, undone afterwards, then writing it: all of it or nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from calls.models import Application, CallColumns, PlatformImport
from calls.permissions import can_run_calls
from calls.platform.planning import Planned, Planner
from core.admin.refusals import refusal
from core.slugs import new_slugs
from members.creating import create_many
from members.models import Organisation
from networks.models import User
from poles.models import Pole, PoleFormerSlug


class NothingWrittenError(Exception):
    """In French: why, and what to do."""


def rehearse(arrived: PlatformImport, officer: User) -> list[Planned]:
    """What each line would do, those that the database refuses with its reason; all undone.

    Keeps it on ``arrived``. Raises FileRefusedError.
    """
    with transaction.atomic():
        rows = _rehearsed(arrived, officer)
        transaction.set_rollback(True)
    _keep(arrived, rows)
    return rows


def apply(arrived: PlatformImport, officer: User) -> int:
    """Writes what was shown, and says how many files; raises NothingWrittenError.

    Where something has changed since it was shown, nothing is written and it is shown anew.
    """
    allowed = can_run_calls(officer)
    if not allowed:
        raise NothingWrittenError(allowed.reason)
    with transaction.atomic(), pghistory.context(why=f"Import du fichier {arrived.file_name}"):
        # One at a time for a call: what the second would do depends on the first.
        CallColumns.objects.select_for_update().filter(call=arrived.call_id).first()
        locked = PlatformImport.objects.select_for_update(of=("self",)).get(pk=arrived.pk)
        if locked.applied_at is not None:
            raise NothingWrittenError("Ce fichier est déjà enregistré.")
        locked.call = arrived.call
        rows = _rehearsed(locked, officer)
        same = [row.as_json() for row in rows] == locked.rows
        if same:
            locked.applied_at, locked.content = timezone.now(), None
            locked.save(update_fields=["applied_at", "content", "moved_at"])
        else:
            transaction.set_rollback(True)
    if not same:
        _keep(locked, rows)
        raise NothingWrittenError(
            "Le registre a changé depuis\u00a0: rien n’est enregistré. Voici ce que l’import "
            "ferait maintenant."
        )
    return sum(row.is_written for row in rows)


def _keep(arrived: PlatformImport, rows: Sequence[Planned]) -> None:
    arrived.rows = [row.as_json() for row in rows]
    arrived.save(update_fields=["rows", "moved_at"])


def _rehearsed(arrived: PlatformImport, officer: User) -> list[Planned]:
    """Within a transaction, which holds what was written."""
    rows = Planner(arrived).plan()
    _write([row for row in rows if row.is_written], Writer(arrived, officer))
    return rows


def _write(rows: Sequence[Planned], writer: "Writer") -> None:
    """All at once where it goes; where it does not, by halves, down to the lines that do not."""
    if not rows:
        return
    try:
        with writer.one_or_none(), transaction.atomic():
            writer.write(rows)
    except (DatabaseError, ValidationError) as error:
        if len(rows) == 1:
            rows[0].refuse(_told(error))
            return
        middle = len(rows) // 2
        _write(rows[:middle], writer)
        _write(rows[middle:], writer)


def _told(error: DatabaseError | ValidationError) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    message = refusal(error)
    if not message:
        raise error
    return message


@dataclass
class Writer:
    """``organisations`` and ``poles``: those that lines before have made, by SIREN and by key."""

    arrived: PlatformImport
    officer: User
    organisations: dict[str, int] = field(default_factory=dict)
    poles: dict[Any, int] = field(default_factory=dict)

    @contextmanager
    def one_or_none(self) -> Iterator[None]:
        """Forgets what was made where it is undone."""
        before = dict(self.organisations), dict(self.poles)
        try:
            yield
        except BaseException:
            self.organisations, self.poles = before
            raise

    def write(self, rows: Sequence[Planned]) -> None:
        """Raises DatabaseError or ValidationError: then none of ``rows`` is to be kept."""
        self._organisations(rows)
        self._poles(rows)
        new = []
        known = {row.application.pk: row for row in rows if row.application is not None}
        there = Application.objects.select_for_update().filter(pk__in=known).order_by("pk")
        for file in there:
            row = known[file.pk]
            values = {**row.values, **self._beneficiary(row)}
            for name, value in values.items():
                setattr(file, name, value)
            file.save(update_fields=[*values])
        for row in rows:
            if row.application is None:
                values = {**row.values, **self._beneficiary(row), "pole_id": self._pole(row)}
                new.append(Application(call=self.arrived.call, **values))
        Application.objects.bulk_create(new)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    def _pole(self, row: Planned) -> int | None:
        if row.pole is not None:
            return row.pole.pk
        return self.poles[row.new_pole.key] if row.new_pole is not None else None

    def _beneficiary(self, row: Planned) -> dict[str, int]:
        if row.beneficiary is None:
            return {}
        return {"beneficiary_id": row.beneficiary.pk or self.organisations[row.beneficiary.siren]}

    def _organisations(self, rows: Sequence[Planned]) -> None:
        named = {row.beneficiary.siren: row.beneficiary for row in rows if row.beneficiary}
        numbered = {each.pk or 0: each.siren for each in named.values() if each.gives_siren}
        found = Organisation.objects.select_for_update(of=("self",)).filter(
            pk__in=numbered, siren=None
        )
        for each in found.order_by("pk"):
            each.siren = numbered[each.pk]
            each.save(update_fields=["siren", "version"])
        new = [
            each
            for each in named.values()
            if each.pk is None and each.siren not in self.organisations
        ]
        made = create_many(
            [{"name": each.name, "siren": each.siren} for each in new], by=self.officer
        )
        for said, organisation in zip(new, made, strict=True):
            self.organisations[said.siren] = organisation.pk

    def _poles(self, rows: Sequence[Planned]) -> None:
        """The drafts that an officer asked for."""
        wanted = {
            row.new_pole.key: row.new_pole
            for row in rows
            if row.new_pole is not None and row.new_pole.key not in self.poles
        }
        names = [each.name for each in wanted.values()]
        slugs = new_slugs(names, Pole.objects.all(), PoleFormerSlug.objects.all())
        made = [
            Pole(name=each.name, slug=slug, seat=each.seat)
            for each, slug in zip(wanted.values(), slugs, strict=True)
        ]
        Pole.objects.bulk_create(made)
        self.poles |= {key: pole.pk for key, pole in zip(wanted, made, strict=True)}
