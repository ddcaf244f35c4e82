"""Bringing a version back: what differs from today, and the changes that undo the difference."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.wording import Piece, marked
from poles.record.changes import Change
from poles.record.fields import Json
from poles.record.groups import group_of
from poles.record.rows import COLLECTIONS, Collection
from poles.record.texts import Texts

# Confirming is an act of its day, and so is the consent of a person whose name is kept.
NEVER_BACK = frozenset(
    {"confirmed_on", "members_confirmed_on", "contact_name", "contact_consent_on"}
)
_PLACE = "latitude"
_GROUP_LABELS = {
    "latitude": "position",
    "maturity": "maturité",
    "rural_area": "zone rurale",
    "priority_district": "quartier prioritaire",
}


@dataclass(frozen=True)
class Difference:
    """What was otherwise then; ``pieces``: the words that went since, and those that came.

    ``key`` stands for all the fields that go together; ``lost``: why it cannot be brought back.
    """

    key: str
    label: str
    pieces: list[Piece]
    lost: str = ""


def aligned(then: Mapping[str, Json], today: Mapping[str, Json]) -> dict[str, Json]:
    """``then``, its rows under the keys of today's where these took their place.

    A member that was erased and entered again is the same member, under another number.
    """
    moved: dict[str, str] = {}
    for collection in COLLECTIONS.values():
        free = [key for key in _rows(collection, today) if key not in then]
        gone = [key for key in _rows(collection, then) if key not in today]
        # The same values first, then the same name.
        for same in (lambda a, b: a == b, _named_alike(collection)):
            for key in gone:
                match = next((k for k in free if same(then[key], today[k])), None)
                if key not in moved and match is not None:
                    moved[key] = match
                    free.remove(match)
    return {moved.get(key, key): value for key, value in then.items()}


def _rows(collection: Collection, values: Mapping[str, Json]) -> list[str]:
    return [key for key in values if key.startswith(f"{collection.name}/")]


def _named_alike(collection: Collection):  # type: ignore[no-untyped-def]
    first = collection.columns[0]
    return lambda one, other: one[first] == other[first]


def changes_back(
    then: Mapping[str, Json], today: Mapping[str, Json], keys: Iterable[str] | None = None
) -> list[Change]:
    """The changes of today's record that bring back ``keys`` (None: all that may come back).

    ``then``: as `aligned`. The fields that go together come back together.
    """
    wanted = None if keys is None else {mate for key in keys for mate in group_of(key)}
    every = dict.fromkeys([*today, *then])
    return [
        Change(key, today.get(key), then.get(key))
        for key in every
        if key not in NEVER_BACK
        and today.get(key) != then.get(key)
        and (wanted is None or key in wanted)
    ]


def differences(
    then: Mapping[str, Json], today: Mapping[str, Json], texts: Texts
) -> list[Difference]:
    """What may come back, in the order of the record; ``then``: as `aligned`."""
    found: dict[str, Difference] = {}
    for change in changes_back(then, today):
        group = group_of(change.key)
        if group[0] in found:
            continue
        pair = [_text(group, values, texts) for values in (then, today)]
        label = _GROUP_LABELS.get(group[0]) or texts.label(
            change.key, change.after or change.before
        )
        found[group[0]] = Difference(group[0], label, marked(*pair), lost(change, texts))
    order = list(dict.fromkeys(_kind(key) for key in [*today, *then]))
    return sorted(found.values(), key=lambda each: order.index(_kind(each.key)))


def _kind(key: str) -> str:
    return key.partition("/")[0]


def lost(change: Change, texts: Texts) -> str:
    """Why the value of then cannot be written again; empty if it can."""
    gone = texts.erased_in(change.key, change.after)
    return f"N’est plus dans le registre\u00a0: {gone}." if gone else ""


def _text(group: tuple[str, ...], values: Mapping[str, Json], texts: Texts) -> str:
    if group[0] == _PLACE and values.get(_PLACE) is None:
        return "celle du siège"
    told = [texts.text(key, values.get(key)) for key in group]
    return ", ".join(text for text in told if text != "rien") or "rien"
