"""Writing changes to a record: the one way for forms, proposals, versions and imports."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction

from members.creating import create
from networks.models import User
from poles.models import Pole
from poles.recognition import refused_message, settle_broken
from poles.record.changes import Change, Conflicted, sort_out
from poles.record.fields import FIELDS, Field, Json
from poles.record.followed import followed_changes
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
    changes = followed_changes(changes)
    with told_in_french():
        locked = Pole.objects.select_for_update(of=("self",)).get(pk=pole.pk)
        to_write = _with_organisations(uncrossed(changes, saved_values(locked, changes)), by)
        _write_rows(locked, to_write)
        _write_fields(locked, to_write)
        settle_broken(regularising=regularising, officer=by, reason=reason)
        check_now()
    return Pole.objects.get(pk=pole.pk)


def _with_organisations(changes: list[Change], by: User | None) -> list[Change]:
    """The same, once the organisations that they describe are made; before any row is written,
    since what the register says of one is checked at once."""
    made = []
    for change in changes:
        new = change.after.get("organisation") if isinstance(change.after, dict) else None
        if isinstance(new, dict):
            try:
                organisation = create(new, by=by)
            except ValidationError as error:
                raise ValidationError({change.key: error.messages}) from error
            change = replace(change, after={**change.after, "organisation": organisation.pk})
        made.append(change)
    return made


@contextmanager
def told_in_french() -> Iterator[None]:
    """One transaction, of which the rule that the database refuses is a ValidationError."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise ValidationError(refused_message(error)) from error


def uncrossed(changes: Iterable[Change], saved: Mapping[str, Json]) -> list[Change]:
    """The changes that are still to be written; raises `Conflicted`."""
    to_write, conflicts = sort_out(changes, saved)
    if conflicts:
        raise Conflicted(conflicts)
    return to_write


def saved_values(pole: Pole, changes: Iterable[Change]) -> dict[str, Json]:
    """What the database holds now of the fields and the collections that ``changes`` name."""
    keys = [split_key(change.key) for change in changes]
    fields = [row for collection, row in keys if collection is None]
    collections = {collection.name for collection, _ in keys if collection is not None}
    return current_values(pole, fields, sorted(collections))


def _write_fields(pole: Pole, changes: list[Change]) -> None:
    sets = [(c.key, c.after) for c in changes if c.key in FIELDS and FIELDS[c.key].many]
    columns = {c.key: c.after for c in changes if c.key in FIELDS and not FIELDS[c.key].many}
    # What belongs to the pole moved its version, which its save must send.
    pole.version = Pole.objects.values_list("version", flat=True).get(pk=pole.pk)
    save_columns(pole, columns, FIELDS)
    for name, pks in sets:
        getattr(pole, name).set(pks or [])


def save_columns(
    record: models.Model, values: Mapping[str, Json], fields: Mapping[str, Field]
) -> None:
    """Writes ``values`` over the columns of a versioned row; raises ValidationError by field."""
    errors: dict[str, Any] = {}
    for name, value in values.items():
        try:
            fields[name].assign(record, value)
        except ValidationError as error:
            errors[name] = error
    if errors:
        raise ValidationError(errors)
    if values:
        others = {f.name for f in record._meta.fields} - set(values)
        record.full_clean(exclude=others, validate_unique=False)
        record.save(update_fields=[*values, "version"])


def _write_rows(pole: Pole, changes: list[Change]) -> None:
    """Rows that go, then those that change, then those that come: periods may be exchanged."""
    rows = []
    for change in changes:
        collection, row = split_key(change.key)
        if collection is not None:
            rows.append((change.after is not None, is_new(row), collection, row, change))
    if len(rows) > 1:
        compare_periods_at_the_end()
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
        raise ValidationError({change.key: _told(error)}) from error
    for name, pks in many.items():
        getattr(instance, name).set(pks)


def _told(error: ValidationError) -> list[str]:
    """What was erased since it was chosen is said so, where Django would say its number."""
    by_field = getattr(error, "error_dict", None)
    each_of = chain.from_iterable(by_field.values()) if by_field else error.error_list
    return [GONE if "pk" in (each.params or {}) else each.messages[0] for each in each_of]


GONE = "Ce qui était choisi n’est plus dans le registre\u00a0: choisissez à nouveau."
_PERIODS = "poles_membership_one_lead, poles_membership_no_overlap"


def compare_periods_at_the_end() -> None:
    """Two members may exchange their periods: each alone would overlap the other for a moment."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {_PERIODS} DEFERRED")


def compare_periods_now() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {_PERIODS} IMMEDIATE")


def check_now() -> None:
    """What waits for the commit is checked here, while the page can still show it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
