"""Writing changes to a record: the one way for forms, proposals, versions and imports."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from networks.models import User
from poles.models import Pole
from poles.recognition import refused_message, settle_broken
from poles.record.changes import Change, Conflicted, sort_out
from poles.record.fields import FIELDS
from poles.record.rows import Collection, is_new, split_key
from poles.record.values import current_values


def write(
    pole: Pole,
    changes: Iterable[Change],
    *,
    by: User | None = None,
    regularising: bool = False,
    reason: str = "",
) -> Pole:
    """Writes ``changes`` over the record as it is now, in one transaction on its locked row.

    Returns the pole as it is then. Raises `Conflicted` where others changed the same keys since
    ``before`` was read; ValidationError, by key, for what a rule refuses; `BreaksRecognition` where
    a recognised pole would lose its composition and ``regularising`` was not accepted.
    """
    changes = list(changes)
    try:
        with transaction.atomic():
            locked = Pole.objects.select_for_update(of=("self",)).get(pk=pole.pk)
            to_write, conflicts = sort_out(changes, _saved(locked, changes))
            if conflicts:
                raise Conflicted(conflicts)
            _write_rows(locked, to_write)
            _write_fields(locked, to_write)
            settle_broken(regularising=regularising, officer=by, reason=reason)
            _check_now()
    except IntegrityError as error:
        raise ValidationError(refused_message(error)) from error
    return Pole.objects.get(pk=pole.pk)


def _saved(pole: Pole, changes: list[Change]) -> dict[str, Any]:
    keys = [split_key(change.key) for change in changes]
    fields = [row for collection, row in keys if collection is None]
    collections = {collection.name for collection, _ in keys if collection is not None}
    return current_values(pole, fields, sorted(collections))


def _write_fields(pole: Pole, changes: list[Change]) -> None:
    errors: dict[str, Any] = {}
    written, sets = [], []
    for change in changes:
        field = FIELDS.get(change.key)
        if field is None:
            continue
        if field.many:
            sets.append((field, change.after))
            continue
        try:
            field.assign(pole, change.after)
        except ValidationError as error:
            errors[field.name] = error
        written.append(field.name)
    if errors:
        raise ValidationError(errors)
    # What belongs to the pole moved its version, which its save must send.
    pole.version = Pole.objects.values_list("version", flat=True).get(pk=pole.pk)
    if written:
        others = {f.name for f in Pole._meta.fields} - set(written)
        pole.full_clean(exclude=others, validate_unique=False)
        pole.save(update_fields=[*written, "version"])
    for field, pks in sets:
        getattr(pole, field.name).set(pks or [])


def _write_rows(pole: Pole, changes: list[Change]) -> None:
    """Rows that go, then those that change, then those that come: periods may be exchanged."""
    rows = []
    for change in changes:
        collection, row = split_key(change.key)
        if collection is not None:
            rows.append((change.after is not None, is_new(row), collection, row, change))
    for stays, _, collection, row, change in sorted(rows, key=lambda each: each[:2]):
        if stays:
            _write_row(pole, collection, row, change)
        else:
            found = collection.model._default_manager.filter(pole=pole)
            found.filter(**{collection.natural: row}).delete()


def _write_row(pole: Pole, collection: Collection, row: str, change: Change) -> None:
    rows = collection.model._default_manager.filter(pole=pole)
    found: Any = None if is_new(row) else rows.filter(**{collection.natural: row}).first()
    instance: Any = found or collection.model(pole=pole)
    try:
        many = collection.assign(instance, change.after)
        instance.full_clean(validate_constraints=False)
        instance.save()
    except ValidationError as error:
        raise ValidationError({change.key: error.messages}) from error
    for name, pks in many.items():
        getattr(instance, name).set(pks)


def _check_now() -> None:
    """What waits for the commit is checked here, while the page can still show it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
