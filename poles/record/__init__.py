"""A record as plain values: what forms, drafts, proposals, versions and imports all speak of.

A pole is a flat mapping of keys to JSON values. A key is the name of a field (``summary``,
``themes``) or a row of a collection: ``members/12``, ``figures/2024``, and ``members/+1`` for one
that does not exist yet; the value of a row is a mapping of its columns, None where there is none.
The organisation of a member is a primary key, or for one that is to be made the values of
``members.creating``.
"""

from poles.record.changes import Change, Conflict, Conflicted, between
from poles.record.fields import FIELDS, SECTIONS
from poles.record.groups import group_of, together
from poles.record.organisations import (
    ORGANISATION_FIELDS,
    organisation_values,
    write_organisation,
)
from poles.record.rows import COLLECTIONS
from poles.record.texts import Texts
from poles.record.values import current_values
from poles.record.writing import write

__all__ = [
    "COLLECTIONS",
    "FIELDS",
    "ORGANISATION_FIELDS",
    "SECTIONS",
    "Change",
    "Conflict",
    "Conflicted",
    "Texts",
    "between",
    "current_values",
    "group_of",
    "organisation_values",
    "together",
    "write",
    "write_organisation",
]
