"""A new organisation, from plain values and from what the State's register says of it.

The values are those that a form, a draft or a proposal holds: columns of `NEW_FIELDS`, ``source``
(where its kind and facts are known from) and ``unit`` (`unit_values`), all of them optional but the
name.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from core.text import normalise, slug_of
from members.kinds import CERTAIN_FACTS, FACTS, OrganisationKind
from members.models import (
    EvidenceOrigin,
    FactEvidence,
    Organisation,
    OrganisationFormerSlug,
)
from members.register import Unit, propose
from members.register_updates import apply

STATED = ("kind", *FACTS)
NEW_FIELDS = ("name", "acronym", "siren", "website", *STATED)
_WORDS: dict[object, str] = {True: "oui", False: "non", None: "inconnu"}


def create(values: Mapping[str, Any], *, by: Any = None) -> Organisation:
    """The organisation, and the evidence of what is said of it; or the one that has its SIREN.

    To be run in a transaction. Raises ValidationError, by field.
    """
    siren = values.get("siren") or None
    known = Organisation.objects.filter(siren=siren).first() if siren else None
    if known is not None:
        return known
    kind = OrganisationKind(values.get("kind") or OrganisationKind.UNKNOWN)
    facts = {fact: values.get(fact) for fact in FACTS}
    certain = CERTAIN_FACTS[kind]
    organisation = Organisation(
        name=" ".join(str(values.get("name") or "").split()),
        acronym=values.get("acronym") or "",
        siren=siren,
        website=values.get("website") or "",
        kind=kind,
        **{fact: certain.get(fact) if value is None else value for fact, value in facts.items()},
    )
    organisation.slug = _free_slug(organisation.name)
    organisation.full_clean()
    organisation.save()
    stated = {"kind": kind if kind != OrganisationKind.UNKNOWN else None, **facts}
    FactEvidence.objects.bulk_create(
        evidence_of(organisation, aspect, value, by=by, source=str(values.get("source") or ""))
        for aspect, value in stated.items()
        if value is not None
    )
    unit = unit_of(values.get("unit"))
    if unit is not None and unit.siren == siren:
        apply(organisation, unit)
        organisation.refresh_from_db()
    return organisation


def stated_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """The kind and the facts that `create` would give, those of the register included."""
    unit = unit_of(values.get("unit"))
    claims = propose(unit) if unit is not None else {}
    certain = {aspect: claim.value for aspect, claim in claims.items() if claim.certain}
    said = values.get("kind") or OrganisationKind.UNKNOWN
    kind = OrganisationKind(
        str(certain.get("kind", said)) if said == OrganisationKind.UNKNOWN else said
    )
    facts = {}
    for fact in FACTS:
        known = CERTAIN_FACTS[kind].get(fact, values.get(fact))
        facts[fact] = certain.get(fact) if known is None else known
    return {"kind": kind.value, **facts}


def evidence_of(
    organisation: Organisation, aspect: str, value: Any, *, by: Any, source: str
) -> FactEvidence:
    """That ``by`` states today a kind or a fact; not saved."""
    officer = by is not None and by.is_officer
    return FactEvidence(
        organisation=organisation,
        aspect=aspect,
        value=str(value) if isinstance(value, str) else _WORDS[value],
        origin=EvidenceOrigin.OFFICER if officer else EvidenceOrigin.DECLARED,
        stated_by=by,
        source=source,
        stated_on=timezone.localdate(),
    )


def unit_values(unit: Unit) -> dict[str, Any]:
    """A unit of the register as JSON holds it."""
    ceased = unit.ceased_on.isoformat() if unit.ceased_on else None
    return {**asdict(unit), "ceased_on": ceased}


def unit_of(values: Any) -> Unit | None:
    """The unit of such values; None where there is none, or of another time."""
    known = {each.name for each in fields(Unit)}
    if not isinstance(values, Mapping) or not values.get("siren") or set(values) - known:
        return None
    ceased = values.get("ceased_on")
    try:
        return Unit(**{**values, "ceased_on": date.fromisoformat(ceased) if ceased else None})
    except (TypeError, ValueError):
        return None


def _free_slug(name: str) -> str:
    if not normalise(name):
        raise ValidationError({"name": "Une organisation a un nom."})
    begins = {"slug__startswith": slug_of(name, ())}
    taken = set(Organisation.objects.filter(**begins).values_list("slug", flat=True))
    taken |= set(OrganisationFormerSlug.objects.filter(**begins).values_list("slug", flat=True))
    return slug_of(name, taken)
