"""Values that name organisations which were merged since: they name the one that stands."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from members.models import Organisation
from poles.merging.periods import columns_of, settled
from poles.merging.successors import successors
from poles.record.changes import Change
from poles.record.fields import FIELDS, Json
from poles.record.rows import split_key

_MEMBERS = "members/"


def followed_changes(changes: Iterable[Change]) -> list[Change]:
    """The same changes; one statement where they name organisations, none where they do not."""
    changes = list(changes)
    named = {pk for c in changes for value in (c.before, c.after) for pk in _named(c.key, value)}
    known = successors(named)
    if not known:
        return changes
    return [
        Change(c.key, _renumbered(c.key, c.before, known), _renumbered(c.key, c.after, known))
        for c in changes
    ]


def followed_values(every: Iterable[Mapping[str, Json]]) -> list[dict[str, Json]]:
    """The same values, two rows of one member made one; as many statements as for changes."""
    read = [dict(values) for values in every]
    known = successors({pk for values in read for k, v in values.items() for pk in _named(k, v)})
    return [_united(values, known) for values in read] if known else read


def _united(values: dict[str, Json], known: Mapping[int, int]) -> dict[str, Json]:
    renumbered = {key: _renumbered(key, value, known) for key, value in values.items()}
    members: dict[int, list[str]] = defaultdict(list)
    for key, value in renumbered.items():
        if key.startswith(_MEMBERS):
            members[value["organisation"]].append(key)
    for organisation, keys in members.items():
        came = [key for key in keys if values[key]["organisation"] != organisation]
        stood = [key for key in keys if key not in came]
        if not came or len(keys) == 1:
            continue
        rows = [{"key": key, **renumbered.pop(key)} for key in (*stood, *came)]
        found = settled(rows[: len(stood)], rows[len(stood) :])
        for row, period in found.changed:
            renumbered[row["key"]] = {"organisation": organisation, **columns_of(period)}
        for number, period in enumerate(found.new, 1):
            key = f"{_MEMBERS}+{organisation}{number}"
            renumbered[key] = {"organisation": organisation, **columns_of(period)}
    return renumbered


def _named(key: str, value: Json) -> Iterator[int]:
    """The numbers of the organisations that a value names."""
    for each in _columns(key, value):
        yield from (pk for pk in (each if isinstance(each, list) else [each]) if _is_number(pk))


def _columns(key: str, value: Json) -> Iterator[Json]:
    collection, name = split_key(key)
    if collection is None:
        if name in FIELDS and FIELDS[name].column.related_model is Organisation:
            yield value
    elif isinstance(value, dict):
        for column in collection.columns:
            if collection.column(column).related_model is Organisation:
                yield value.get(column)


def _renumbered(key: str, value: Json, known: Mapping[int, int]) -> Json:
    collection, name = split_key(key)
    if collection is None:
        of_one = name in FIELDS and FIELDS[name].column.related_model is Organisation
        return _renamed(value, known) if of_one else value
    if not isinstance(value, dict):
        return value
    named = {
        column: _renamed(value[column], known)
        for column in collection.columns
        if collection.column(column).related_model is Organisation and column in value
    }
    return {**value, **named}


def _renamed(value: Json, known: Mapping[int, int]) -> Json:
    if isinstance(value, list):
        return sorted({known.get(pk, pk) if _is_number(pk) else pk for pk in value})
    return known.get(value, value) if _is_number(value) else value


def _is_number(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
