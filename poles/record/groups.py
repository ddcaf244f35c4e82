"""Fields that mean something only together: what two people changed of one is held as a whole."""

from collections.abc import Iterable, Mapping

from poles.record.changes import Change
from poles.record.fields import Json

GROUPS = (
    ("latitude", "longitude", "position_origin", "geocoding_score", "geocoding_label"),
    ("maturity", "maturity_year"),
    ("contact_name", "contact_consent_on"),
    ("rural_area", "rural_basis", "rural_on"),
    ("priority_district", "priority_basis", "priority_on"),
)
_GROUP_OF = {name: group for group in GROUPS for name in group}


def group_of(key: str) -> tuple[str, ...]:
    """The keys that go with ``key``, itself included."""
    return _GROUP_OF.get(key, (key,))


def together(
    changes: Iterable[Change], before: Mapping[str, Json], after: Mapping[str, Json]
) -> list[Change]:
    """``changes``, and for each the fields of its group that ``after`` leaves as they were.

    These are written only over the value that was read: else a latitude would come from one person
    and the longitude from another.
    """
    changes = list(changes)
    known = {change.key for change in changes}
    mates = dict.fromkeys(mate for change in changes for mate in group_of(change.key))
    return changes + [
        Change(mate, before.get(mate), after.get(mate, before.get(mate)))
        for mate in mates
        if mate not in known and mate in before
    ]
