"""What the State's register changes of an organisation: it fills the unknown, and no more."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from members.kinds import CERTAIN_FACTS, FACT_LABELS, FACTS, OrganisationKind
from members.models import EvidenceOrigin, FactEvidence, Organisation, PublicationStatus
from members.register import Claim, Unit, propose

_WORDS: dict[object, str] = {True: "oui", False: "non"}
_LABELS = {"kind": "nature", **FACT_LABELS}
_IDENTITY = ("publication_status", "siret", "legal_category", "closed_on")
_RULES = {"members_organisation_kind_facts", "members_organisation_commercial_or_ess"}


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
        decided = _decided_by_people(locked)
        _identity(locked, unit, decided, outcome)
        evidence = _facts(locked, unit, decided, outcome)
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


def _decided_by_people(organisation: Organisation) -> set[str]:
    """The columns of which a person said something, or made what they are, even blank.

    Who writes by hand leaves no command's name in the history: a value that a person took back is
    not filled again.
    """
    decided = set(
        organisation.evidence.filter(
            origin__in=[EvidenceOrigin.DECLARED, EvidenceOrigin.OFFICER]
        ).values_list("aspect", flat=True)
    )
    columns = ("kind", *FACTS, *_IDENTITY)
    events = Organisation.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        pgh_obj_id=organisation.pk
    ).order_by("pgh_id")
    blank = Organisation()
    before = {column: getattr(blank, column) for column in columns}
    by_hand: set[str] = set()
    for event in events.values(*columns, "pgh_context__metadata"):
        moved = {column for column in columns if event[column] != before[column]}
        by_command = "command" in (event["pgh_context__metadata"] or {})
        by_hand = by_hand - moved if by_command else by_hand | moved
        before = event
    return decided | by_hand


def _identity(organisation: Organisation, unit: Unit, decided: set[str], outcome: Outcome) -> None:
    masked = organisation.publication_status == PublicationStatus.PARTIAL
    if masked and unit.publication_status != "P" and "publication_status" in decided:
        outcome.disagreements.append("masquée ici par une personne, diffusible à l’annuaire")
    else:
        # Whether a name may be written is the register's to say; who masks it may always do so.
        _set(organisation, "publication_status", unit.publication_status, outcome)
    for column, label, value in (
        ("siret", "SIRET du siège", unit.siret),
        ("legal_category", "catégorie juridique", unit.legal_category),
        ("closed_on", "fermée le", unit.ceased_on if unit.ceased else None),
    ):
        known = getattr(organisation, column)
        if value and not known and column not in decided:
            _set(organisation, column, value, outcome)
        elif value and known != value:
            here = known or "effacé par une personne"
            outcome.disagreements.append(f"{label}\u00a0: {here} ici, {value} à l’annuaire")
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


def _facts(
    organisation: Organisation, unit: Unit, decided: set[str], outcome: Outcome
) -> list[FactEvidence]:
    stored = _stored(organisation)
    wanted: dict[str, Claim] = {}
    for aspect, claim in propose(unit).items():
        if stored[aspect] == claim.value:
            continue
        if stored[aspect] is not None:
            outcome.disagreements.append(_told(aspect, claim))
        elif not claim.certain or aspect in decided:
            outcome.proposed.append(_told(aspect, claim))
        else:
            wanted[aspect] = claim
    taken = _what_fits(stored, wanted)
    for aspect, claim in wanted.items():
        if aspect in taken:
            _set(organisation, aspect, claim.value, outcome)
        else:
            outcome.disagreements.append(_told(aspect, claim))
    return [
        FactEvidence(
            organisation=organisation,
            aspect=aspect,
            value=str(_WORDS.get(claim.value, claim.value)),
            origin=EvidenceOrigin.REGISTER,
            source=f"{unit.page} – {claim.reason}",
            stated_on=timezone.localdate(),
        )
        for aspect, claim in taken.items()
    ]


def _told(aspect: str, claim: Claim) -> str:
    return f"{_LABELS[aspect]} = {_WORDS.get(claim.value, claim.value)} ({claim.reason})"


def _what_fits(stored: dict[str, Any], wanted: dict[str, Claim]) -> dict[str, Claim]:
    """A kind with its facts or not at all; then each fact that nothing known contradicts."""
    with_kind = {"kind"}
    if "kind" in wanted:
        with_kind |= CERTAIN_FACTS[OrganisationKind(str(wanted["kind"].value))].keys()
    taken: dict[str, Claim] = {}
    for group in (with_kind, *({aspect} for aspect in wanted if aspect != "kind")):
        trial = taken | {aspect: wanted[aspect] for aspect in wanted if aspect in group}
        if _holds(stored | {aspect: claim.value for aspect, claim in trial.items()}):
            taken = trial
    return taken


def _holds(values: dict[str, Any]) -> bool:
    """Whether the rules on kind and facts let these values in."""
    trial = Organisation(**{**values, "kind": values["kind"] or OrganisationKind.UNKNOWN})
    try:
        for constraint in Organisation._meta.constraints:
            if constraint.name in _RULES:
                constraint.validate(Organisation, trial)
    except ValidationError:
        return False
    return True
