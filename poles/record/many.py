"""Many records read and written at once, in a few statements for all of them."""

from collections import defaultdict
from collections.abc import Collection as Numbers
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import prefetch_related_objects

from networks.models import User
from poles.composition import assess_pole
from poles.models import Pole
from poles.recognition import BreaksRecognition, broken_poles, regularise
from poles.record.changes import Change
from poles.record.fields import FIELDS, Json
from poles.record.rows import COLLECTIONS, Collection, is_new, split_key
from poles.record.writing import (
    compare_periods_at_the_end,
    compare_periods_now,
    told_in_french,
    uncrossed,
)
from poles.sentences import headline

_RELATED = {"members": "memberships"}
_MANY = tuple(name for name, field in FIELDS.items() if field.many)


def read_whole(poles: Sequence[Pole], collections: Iterable[str] = tuple(COLLECTIONS)) -> None:
    """Reads all that the values of ``poles`` hold, however many they are: ten statements or so."""
    prefetch_related_objects(poles, "seat", "legal_person", *_MANY)
    read_rows(poles, collections)


def read_rows(poles: Sequence[Pole], collections: Iterable[str]) -> None:
    """Reads the rows of those collections, with the organisations that they name."""
    for name in collections:
        path = _RELATED.get(name, name)
        further = {"members": f"{path}__organisation", "projects": f"{path}__members"}.get(name)
        prefetch_related_objects(poles, path, *([further] if further else []))


def values_of(pole: Pole, collections: Iterable[str] = tuple(COLLECTIONS)) -> dict[str, Json]:
    """As `current_values`, of a pole that `read_whole` has read."""
    values: dict[str, Json] = {name: field.read(pole) for name, field in FIELDS.items()}
    for name in collections:
        collection = COLLECTIONS[name]
        rows = getattr(pole, _RELATED.get(name, name)).all()
        values |= {collection.key(row): collection.read(row) for row in rows}
    return values


def write_many(
    changes: Mapping[int, Iterable[Change]],
    *,
    by: User | None = None,
    regularising: Numbers[int] = (),
    reason: str = "",
) -> None:
    """Writes the changes of each pole, by its number, in one transaction on their locked rows.

    The same as `write`, but for two things: what waits for the commit waits for it, and an error
    does not say whose it is. ``regularising``: the poles that may move to regularisation. No change
    describes an organisation that is still to be made.
    """
    with told_in_french():
        locked = list(
            Pole.objects.select_for_update(of=("self",)).filter(pk__in=changes).order_by("pk")
        )
        read_whole(locked)
        to_write = [(pole, uncrossed(changes[pole.pk], values_of(pole))) for pole in locked]
        compare_periods_at_the_end()
        for collection in COLLECTIONS.values():
            _write_rows(collection, to_write)
        _write_columns(to_write)
        for name in _MANY:
            _write_set(name, to_write)
        compare_periods_now()
        _settle(set(regularising), by, reason)


def _settle(regularising: set[int], by: User | None, reason: str) -> None:
    broken = broken_poles()
    assessments = {pole.pk: assess_pole(pole) for pole in broken}
    refused = {pk: said for pk, said in assessments.items() if pk not in regularising}
    if refused:
        raise BreaksRecognition(refused)
    for pole in broken:
        regularise(pole, reason or headline(assessments[pole.pk]), officer=by)


def _write_rows(collection: Collection, to_write: Sequence[tuple[Pole, list[Change]]]) -> None:
    """Rows that go, then those that change, then those that come."""
    gone: list[Any] = []
    changed: list[Any] = []
    come: list[Any] = []
    sets: list[tuple[Any, str, list[int]]] = []
    for pole, changes in to_write:
        known = {
            str(getattr(row, collection.natural)): row
            for row in getattr(pole, _RELATED.get(collection.name, collection.name)).all()
        }
        for change in changes:
            of, name = split_key(change.key)
            if of is not collection:
                continue
            row = None if is_new(name) else known.get(name)
            if change.after is None:
                gone += [row] if row else []
                continue
            instance = row or collection.model(pole=pole)
            for column, pks in collection.assign(instance, change.after).items():
                sets.append((instance, column, pks))
            _clean(instance, collection.columns, change.key)
            (changed if row else come).append(instance)
    manager = collection.model._default_manager
    if gone:
        manager.filter(pk__in=[row.pk for row in gone]).delete()
    plain = [name for name in collection.columns if not collection.column(name).many_to_many]
    if changed:
        manager.bulk_update(changed, plain)
    if come:
        manager.bulk_create(come)
    for column in {column for _, column, _ in sets}:
        _set(collection.model, column, {row.pk: pks for row, name, pks in sets if name == column})


def _write_columns(to_write: Sequence[tuple[Pole, list[Change]]]) -> None:
    names: set[str] = set()
    written = []
    for pole, changes in to_write:
        mine = [c for c in changes if c.key in FIELDS and not FIELDS[c.key].many]
        for change in mine:
            FIELDS[change.key].assign(pole, change.after)
        if mine:
            _clean(pole, [change.key for change in mine])
            names |= {change.key for change in mine}
            written.append(pole)
    if written:
        # The version is not sent: the rows are locked, and the database moves it.
        Pole.objects.bulk_update(written, sorted(names))


def _write_set(name: str, to_write: Sequence[tuple[Pole, list[Change]]]) -> None:
    wanted = {
        pole.pk: list(change.after or [])
        for pole, changes in to_write
        for change in changes
        if change.key == name
    }
    if wanted:
        _set(Pole, name, wanted)


def _set(model: type[models.Model], name: str, wanted: Mapping[int, Iterable[int]]) -> None:
    """Makes the related numbers of each row those that are wanted: three statements at most."""
    field: Any = model._meta.get_field(name)
    through, here, there = (
        field.remote_field.through,
        field.m2m_column_name(),
        field.m2m_reverse_name(),
    )
    links = through._default_manager.filter(**{f"{here}__in": list(wanted)}).order_by("pk")
    known: dict[int, dict[int, int]] = defaultdict(dict)
    for link in links:
        known[getattr(link, here)][getattr(link, there)] = link.pk
    stale = [
        pk
        for row, pks in wanted.items()
        for other, pk in known[row].items()
        if other not in set(pks)
    ]
    new = [
        through(**{here: row, there: other})
        for row, pks in wanted.items()
        for other in dict.fromkeys(pks)
        if other not in known[row]
    ]
    if stale:
        through._default_manager.filter(pk__in=stale).delete()
    if new:
        through._default_manager.bulk_create(new)


def _clean(instance: models.Model, columns: Iterable[str], key: str = "") -> None:
    """The checks of the columns that need no statement; raises ValidationError."""
    checked = {name for name in columns if not instance._meta.get_field(name).is_relation}
    try:
        instance.clean_fields(exclude={f.name for f in instance._meta.fields} - checked)
        instance.clean()
    except ValidationError as error:
        raise ValidationError({key: error.messages}) if key else error from error
