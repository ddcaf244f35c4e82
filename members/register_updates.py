"""What the State's register changes of an organisation: it fills the unknown, and no more."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from members.kinds import CERTAIN_FACTS, FACT_LABELS, FACTS, OrganisationKind
from members.models import EvidenceOrigin, FactEvidence, Organisation
from members.register import Claim, Unit, propose

_WORDS: dict[object, str] = {True: "oui", False: "non"}
_LABELS = {"kind": "nature", **FACT_LABELS}


@dataclass
class Outcome:
    """``changed`` by column, before and after; what waits for a person; what contradicts."""

    changed: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    proposed: list[str] = field(default_factory=list)
    disagreements: list[str] = field(default_factory=list)


def apply(organisation: Organisation, unit: Unit) -> Outcome:
    """Fills what nobody knows, with its evidence, in one transaction on the locked row.

    What a person said, and what is known already, is never overwritten: it is told. Raises
    IntegrityError where the database refuses the change, such as a closing that would break the
    composition of a recognised pole; nothing is written then.
    """
    with transaction.atomic():
        locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
        outcome = Outcome()
        _identity(locked, unit, outcome)
        evidence = _facts(locked, unit, outcome)
        if outcome.changed:
            locked.save()
            FactEvidence.objects.bulk_create(evidence)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return outcome


def accept(organisation: Organisation, unit: Unit, aspect: str, officer: Any) -> None:
    """A person takes over what the register only proposes: the evidence is then theirs.

    Raises ValidationError if there is nothing to accept any more, or if it contradicts the rest.
    """
    with transaction.atomic():
        locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
        claim = propose(unit).get(aspect)
        if claim is None or _stored(locked)[aspect] is not None:
            raise ValidationError("Il n’y a plus rien à accepter\u00a0: la fiche a changé.")
        values = {aspect: claim.value}
        if aspect == "kind":
            values |= CERTAIN_FACTS[OrganisationKind(str(claim.value))]
        for column, value in values.items():
            setattr(locked, column, value)
        locked.validate_constraints()
        locked.save()
        FactEvidence.objects.create(
            organisation=locked,
            aspect=aspect,
            value=str(_WORDS.get(claim.value, claim.value)),
            origin=EvidenceOrigin.OFFICER,
            stated_by=officer,
            source=f"{unit.page} – {claim.reason}",
            stated_on=timezone.localdate(),
        )


def _identity(organisation: Organisation, unit: Unit, outcome: Outcome) -> None:
    # Whether a name may be written is the register's to say.
    _set(organisation, "publication_status", unit.publication_status, outcome)
    for column, value in (
        ("siret", unit.siret),
        ("legal_category", unit.legal_category),
        ("closed_on", unit.ceased_on if unit.ceased else None),
    ):
        known = getattr(organisation, column)
        if value and not known:
            _set(organisation, column, value, outcome)
        elif value and known != value:
            outcome.disagreements.append(f"{column}\u00a0: {known} ici, {value} à l’annuaire")
    if unit.ceased and not unit.ceased_on and not organisation.closed_on:
        outcome.proposed.append("fermée, à une date que l’annuaire ne donne pas")
    if not unit.ceased and organisation.closed_on:
        outcome.disagreements.append("fermée ici, active à l’annuaire")


def _stored(organisation: Organisation) -> dict[str, Any]:
    """What is known by aspect, None being unknown."""
    stored: dict[str, Any] = {fact: getattr(organisation, fact) for fact in FACTS}
    known = organisation.kind != OrganisationKind.UNKNOWN
    return stored | {"kind": organisation.kind if known else None}


def _set(organisation: Organisation, column: str, value: Any, outcome: Outcome) -> None:
    before = getattr(organisation, column)
    if before != value:
        setattr(organisation, column, value)
        outcome.changed[column] = (before, value)


def _facts(organisation: Organisation, unit: Unit, outcome: Outcome) -> list[FactEvidence]:
    claims = propose(unit)
    by_people = set(
        organisation.evidence.filter(
            origin__in=[EvidenceOrigin.DECLARED, EvidenceOrigin.OFFICER]
        ).values_list("aspect", flat=True)
    )
    stored = _stored(organisation)
    wanted: dict[str, Claim] = {}
    for aspect, claim in claims.items():
        if stored[aspect] == claim.value:
            continue
        told = f"{_LABELS[aspect]} = {_WORDS.get(claim.value, claim.value)} ({claim.reason})"
        if stored[aspect] is not None:
            outcome.disagreements.append(told)
        elif not claim.certain or aspect in by_people:
            outcome.proposed.append(told)
        else:
            wanted[aspect] = claim
    _leave_out_what_contradicts(organisation, stored, wanted, outcome)
    for aspect, claim in wanted.items():
        _set(organisation, aspect, claim.value, outcome)
    return [
        FactEvidence(
            organisation=organisation,
            aspect=aspect,
            value=str(_WORDS.get(claim.value, claim.value)),
            origin=EvidenceOrigin.REGISTER,
            source=f"{unit.page} – {claim.reason}",
            stated_on=timezone.localdate(),
        )
        for aspect, claim in wanted.items()
    ]


def _leave_out_what_contradicts(
    organisation: Organisation,
    stored: dict[str, Any],
    wanted: dict[str, Claim],
    outcome: Outcome,
) -> None:
    """A kind comes with its facts or not at all; a fact never against what is known."""
    after = {**stored, **{aspect: claim.value for aspect, claim in wanted.items()}}
    trial = Organisation(
        name=organisation.name,
        slug=organisation.slug,
        kind=after.pop("kind") or OrganisationKind.UNKNOWN,
        **after,
    )
    rules = {"members_organisation_kind_facts", "members_organisation_commercial_or_ess"}
    for constraint in Organisation._meta.constraints:
        if constraint.name in rules and not _holds(constraint, trial):
            outcome.disagreements += [
                f"{_LABELS[aspect]} ({claim.reason})" for aspect, claim in wanted.items()
            ]
            wanted.clear()
            return


def _holds(constraint: Any, trial: Organisation) -> bool:
    try:
        constraint.validate(Organisation, trial)
    except ValidationError:
        return False
    return True
