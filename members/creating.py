"""A new organisation, from plain values and from what the State's register says of it.

The values are those that a form, a draft or a proposal holds: columns of `NEW_FIELDS`, ``source``
(where its kind and facts are known from) and ``unit`` (`unit_values`), all of them optional but the
name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from core.slugs import new_slugs
from core.text import normalise
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
    organisation = _described(values)
    (organisation.slug,) = _free_slugs([organisation.name])
    organisation.full_clean()
    organisation.save()
    FactEvidence.objects.bulk_create(_evidence(organisation, values, by))
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


def create_many(described: Sequence[Mapping[str, Any]], *, by: Any = None) -> list[Organisation]:
    """As `create` for each, in their order; seven statements at most, and no ``unit``.

    To be run in a transaction. Raises ValidationError, without saying whose.
    """
    sirens = {values["siren"] for values in described if values.get("siren")}
    known: dict[str | None, Organisation] = {
        each.siren: each for each in Organisation.objects.filter(siren__in=sirens)
    }
    made: list[Organisation] = []
    new: dict[int, Organisation] = {}
    for place, values in enumerate(described):
        siren = values.get("siren") or None
        organisation = known.get(siren) if siren else None
        if organisation is None:
            organisation = new[place] = _described(values)
            known |= {siren: organisation} if siren else {}
        made.append(organisation)
    slugs = _free_slugs([each.name for each in new.values()])
    for organisation, slug in zip(new.values(), slugs, strict=True):
        organisation.slug = slug
        organisation.clean_fields(exclude={"seat"})
    Organisation.objects.bulk_create(new.values())
    FactEvidence.objects.bulk_create(
        evidence
        for place, organisation in new.items()
        for evidence in _evidence(organisation, described[place], by)
    )
    return made


def _described(values: Mapping[str, Any]) -> Organisation:
    """The organisation of such values, without an address and not saved."""
    kind = OrganisationKind(values.get("kind") or OrganisationKind.UNKNOWN)
    certain = CERTAIN_FACTS[kind]
    facts = {fact: values.get(fact) for fact in FACTS}
    name = " ".join(str(values.get("name") or "").split())
    if not normalise(name):
        raise ValidationError({"name": "Une organisation a un nom."})
    return Organisation(
        name=name,
        acronym=values.get("acronym") or "",
        siren=values.get("siren") or None,
        website=values.get("website") or "",
        kind=kind,
        **{fact: certain.get(fact) if value is None else value for fact, value in facts.items()},
    )


def _evidence(organisation: Organisation, values: Mapping[str, Any], by: Any) -> list[FactEvidence]:
    kind = organisation.kind if organisation.kind != OrganisationKind.UNKNOWN else None
    stated = {"kind": kind, **{fact: values.get(fact) for fact in FACTS}}
    return [
        evidence_of(organisation, aspect, value, by=by, source=str(values.get("source") or ""))
        for aspect, value in stated.items()
        if value is not None
    ]


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


def _free_slugs(names: Sequence[str]) -> list[str]:
    return new_slugs(names, Organisation.objects.all(), OrganisationFormerSlug.objects.all())
