"""An organisation as plain values, written in the one way of the records."""

from collections.abc import Iterable

from members.creating import STATED, evidence_of
from members.kinds import CERTAIN_FACTS, OrganisationKind
from members.models import FactEvidence, Organisation
from networks.models import User
from poles.recognition import settle_broken
from poles.record.changes import Change
from poles.record.fields import Field, Json
from poles.record.writing import check_now, save_columns, told_in_french, uncrossed

ORGANISATION_FIELDS = {
    name: Field(name, Organisation)
    for name in ("name", "acronym", "siren", "siret", *STATED, "seat", "website", "closed_on")
}


def organisation_values(
    organisation: Organisation, fields: Iterable[str] = tuple(ORGANISATION_FIELDS)
) -> dict[str, Json]:
    """The values of the organisation's record, by key."""
    return {name: ORGANISATION_FIELDS[name].read(organisation) for name in fields}


def write_organisation(
    organisation: Organisation,
    changes: Iterable[Change],
    *,
    by: User | None = None,
    regularising: bool = False,
    reason: str = "",
    source: str = "",
) -> Organisation:
    """As `write` does for a pole: the same errors, in one transaction on the locked row.

    A kind brings the facts that it gives for certain; what is stated of kind and facts leaves its
    evidence, ``source`` saying where it comes from.
    """
    with told_in_french():
        locked = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
        changes = list(changes)
        saved = organisation_values(locked, [change.key for change in changes])
        values = {change.key: change.after for change in uncrossed(changes, saved)}
        if "kind" in values:
            certain = CERTAIN_FACTS[OrganisationKind(values["kind"])]
            values = {**certain, **values}
        save_columns(locked, values, ORGANISATION_FIELDS)
        FactEvidence.objects.bulk_create(
            evidence_of(locked, aspect, value, by=by, source=source)
            for aspect, value in values.items()
            if aspect in STATED
        )
        settle_broken(regularising=regularising, officer=by, reason=reason)
        check_now()
    return Organisation.objects.get(pk=organisation.pk)
