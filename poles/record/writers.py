"""Who wrote the values of a record, from its history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from networks.models import User
from poles.models import Pole
from poles.record.fields import FIELDS
from poles.record.rows import split_key

# Of a record that changes every hour, who wrote a field long ago is not told.
_MOST_EVENTS = 300


@dataclass(frozen=True)
class Written:
    """When a value was written, and by whom in words; ``by`` is empty where nobody is known."""

    at: datetime
    by: str


@dataclass
class _Found:
    at: datetime
    context: Any

    @property
    def user(self) -> int | None:
        return (self.context or {}).get("user")


def last_written(pole: Pole, keys: Iterable[str]) -> dict[str, Written]:
    """For each key that the history tells of, who last changed its value."""
    keys = list(keys)
    columns = [k for k in keys if k in FIELDS and FIELDS[k].remembered and not FIELDS[k].many]
    found = _of_columns(pole, columns) if columns else {}
    for key in keys:
        event = None if key in FIELDS and not FIELDS[key].many else _of_rows(pole, key)
        if event is not None:
            found[key] = event
    names = User.objects.in_bulk({each.user for each in found.values() if each.user is not None})
    return {key: Written(each.at, _by(each, names)) for key, each in found.items()}


def _of_columns(pole: Pole, names: list[str]) -> dict[str, _Found]:
    attributes = {name: FIELDS[name].column.attname for name in names}
    events = (
        Pole.pgh_event_model.objects.filter(pgh_obj_id=pole.pk)  # type: ignore[attr-defined]
        .order_by("-pgh_id")
        .values("pgh_created_at", "pgh_context__metadata", *attributes.values())
    )
    found: dict[str, _Found] = {}
    values: dict[str, Any] = {}
    settled: set[str] = set()
    for event in events[:_MOST_EVENTS]:
        for name, attribute in attributes.items():
            if name in settled:
                continue
            if values.setdefault(name, event[attribute]) != event[attribute]:
                settled.add(name)
            else:
                found[name] = _Found(event["pgh_created_at"], event["pgh_context__metadata"])
    return found


def _of_rows(pole: Pole, key: str) -> _Found | None:
    """The last event of a row of a collection, or of a set of what the pole is tied to."""
    collection, row = split_key(key)
    if collection is None:
        of: dict[str, Any] = {}
        model: Any = getattr(Pole, row).through
    elif row.isdecimal():
        of = {"pgh_obj_id" if collection.natural == "pk" else collection.natural: int(row)}
        model = collection.model
    else:
        return None
    events = model.pgh_event_model.objects.filter(pole_id=pole.pk, **of).order_by("-pgh_id")
    told = events.values_list("pgh_created_at", "pgh_context__metadata").first()
    return _Found(*told) if told else None


def _by(event: _Found, users: dict[int, User]) -> str:
    if event.user is None:
        return "un traitement automatique" if event.context and "command" in event.context else ""
    return str(users[event.user]) if event.user in users else "une personne qui n’a plus de compte"
