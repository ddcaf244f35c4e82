"""Field by field, which of two records the one that remains takes its value from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from members.kinds import CERTAIN_FACTS, FACTS, NEVER_GROUPINGS, OrganisationKind
from poles.models import Maturity
from poles.record.fields import Field, Json

KEPT, MERGED = "garder", "prendre"
_NOTHING: tuple[Any, ...] = (None, "", [], str(OrganisationKind.UNKNOWN), str(Maturity.UNKNOWN))


@dataclass(frozen=True)
class Choice:
    """Fields that go together, and whose values stand: ``source`` is `KEPT` or `MERGED`.

    ``open``: both say something, and not the same: the person chooses.
    """

    key: str
    fields: tuple[str, ...]
    source: str
    open: bool


def choices(
    groups: Mapping[str, tuple[str, ...]],
    kept: Mapping[str, Json],
    merged: Mapping[str, Json],
    wished: Mapping[str, str],
) -> list[Choice]:
    """What is chosen of each group, by its first field; what one leaves empty the other fills."""
    made = []
    for key, fields in groups.items():
        mine, theirs = ([values[name] for name in fields] for values in (kept, merged))
        if mine == theirs or _empty(theirs):
            source, is_open = KEPT, False
        elif _empty(mine):
            source, is_open = MERGED, False
        else:
            source, is_open = wished.get(key, KEPT), True
        made.append(Choice(key, fields, MERGED if source == MERGED else KEPT, is_open))
    return made


def chosen(
    made: list[Choice], kept: Mapping[str, Json], merged: Mapping[str, Json]
) -> dict[str, Json]:
    """The values of the kept record that change, by field."""
    return {
        name: merged[name]
        for choice in made
        if choice.source == MERGED
        for name in choice.fields
        if merged[name] != kept[name]
    }


def completed(
    values: dict[str, Json], kept: Mapping[str, Json], other: Mapping[str, Json]
) -> dict[str, Json]:
    """The same, the facts that the chosen one leaves unknown taken from the other where they fit.

    ``kept``: the record as it is; ``other``: the one whose kind was not chosen.
    """
    stands = {name: values.get(name, kept[name]) for name in ("kind", *FACTS)}
    filled = {
        name: other[name] for name in FACTS if stands[name] is None and other[name] is not None
    }
    if not filled or not _coherent({**stands, **filled}):
        return values
    return {**values, **filled}


def _coherent(values: Mapping[str, Json]) -> bool:
    kind = OrganisationKind(values["kind"])
    fits = all(values[name] in (None, value) for name, value in CERTAIN_FACTS[kind].items())
    grouping = kind in NEVER_GROUPINGS and values["is_non_ess_grouping"]
    return fits and not grouping and not (values["is_commercial"] and values["is_ess"])


def _empty(values: list[Json]) -> bool:
    return all(value in _NOTHING for value in values)


def grouped(fields: Mapping[str, Field], *together: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The fields by the first of those that go together, each group once, in their order."""
    group_of = {name: group for group in together for name in group}
    groups = (group_of.get(name, (name,)) for name in fields)
    return {group[0]: group for group in groups}
