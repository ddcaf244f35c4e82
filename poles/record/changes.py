"""Changes of a record, and where two people changed the same thing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from poles.record.fields import Json


@dataclass(frozen=True)
class Change:
    """A key whose value was read as ``before`` and is wished to be ``after``."""

    key: str
    before: Json
    after: Json

    def as_json(self) -> dict[str, Json]:
        return {"before": self.before, "after": self.after}


@dataclass(frozen=True)
class Conflict:
    """Since ``change`` was begun, someone else wrote ``saved`` there."""

    change: Change
    saved: Json


class Conflicted(Exception):  # noqa: N818
    """Nothing was written: others changed the same keys to something else meanwhile."""

    def __init__(self, conflicts: list[Conflict]) -> None:
        super().__init__(", ".join(conflict.change.key for conflict in conflicts))
        self.conflicts = conflicts


def between(before: Mapping[str, Json], after: Mapping[str, Json]) -> list[Change]:
    """What differs; a key that is missing on one side is None there."""
    return [
        Change(key, before.get(key), after.get(key))
        for key in dict.fromkeys([*before, *after])
        if before.get(key) != after.get(key)
    ]


def sort_out(
    changes: Iterable[Change], saved: Mapping[str, Json]
) -> tuple[list[Change], list[Conflict]]:
    """Those still to be written over what is saved, and those that others have crossed."""
    to_write, conflicts = [], []
    for change in changes:
        now = saved.get(change.key)
        if now == change.after:
            continue
        if now == change.before:
            to_write.append(change)
        else:
            conflicts.append(Conflict(change, now))
    return to_write, conflicts
