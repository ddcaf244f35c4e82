"""What the registry advises of an application: admissible, eligible, and why.

Pure functions over plain values, as in ``poles/article9.py``. An advice decides nothing: an officer
does, by name. Source of the conditions: décret n° 2015-431, art. 3, as each call takes them up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from poles.article9 import Assessment, Known, Verdict
from poles.sentences import french_date, headline
from poles.sentences import sentences as composition_sentences


@dataclass(frozen=True)
class Finding:
    """A condition, whether it is met (``None``: the registry cannot tell), and what was found.

    ``hint``: what an officer may still find out; no reason to give anybody.
    """

    condition: str
    met: Known
    found: str
    hint: str = ""

    def as_json(self) -> dict[str, object]:
        return {"condition": self.condition, "met": self.met, "found": self.found}


@dataclass(frozen=True)
class Advice:
    findings: tuple[Finding, ...]

    @property
    def advised(self) -> Known:
        """No if a condition is not met, yes if all are, unknown otherwise."""
        met = [finding.met for finding in self.findings]
        return False if False in met else None if None in met else True

    @property
    def against(self) -> str:
        """What speaks against it, or leaves it open, as a reason may say it."""
        wanted = False if self.advised is False else None
        return " ".join(finding.found for finding in self.findings if finding.met is wanted)


@dataclass(frozen=True)
class File:
    """What was sent: ``missing_part`` names the wave or strand that the file should be in."""

    received_on: date | None
    beneficiary: str
    missing_part: str = ""


@dataclass(frozen=True)
class Calendar:
    """When files could be sent to the call, or to the wave."""

    opens_on: date | None
    closes_on: date | None


@dataclass(frozen=True)
class Person:
    """Who would receive the aid. ``category``: its legal-category code in the State's register."""

    name: str
    category: str = ""
    kind: str = ""
    is_legal_person: Known = None


@dataclass(frozen=True)
class Support:
    """What an earlier call gave the pole; ``granted``: it was a laureate, else accompanied."""

    call: str
    granted: bool


@dataclass(frozen=True)
class Conditions:
    """What the call asks; ``None`` where nobody said, which asks nothing."""

    private_law: bool | None = None
    first_support: bool | None = None


def admissibility(file: File, calendar: Calendar) -> Advice:
    """Whether the file can be examined: received in time, by someone, in its part of the call."""
    findings = [_in_time(file, calendar)]
    findings.append(
        Finding("Bénéficiaire désigné", True, f"Bénéficiaire\u00a0: {file.beneficiary}.")
        if file.beneficiary
        else Finding("Bénéficiaire désigné", False, "Le dossier ne désigne aucun bénéficiaire.")
    )
    if file.missing_part:
        told = f"Le dossier n’est rattaché à aucun élément de l’appel\u00a0: {file.missing_part}."
        findings.append(Finding("Vague et volet de l’appel", False, told))
    return Advice(tuple(findings))


def _in_time(file: File, calendar: Calendar) -> Finding:
    condition = "Reçu dans les délais"
    received = file.received_on
    if received is None:
        return Finding(condition, None, "La date de réception n’est pas renseignée.")
    told = f"Reçu le {french_date(received)}"
    if calendar.opens_on is not None and received < calendar.opens_on:
        early = f"{told}, avant l’ouverture du {french_date(calendar.opens_on)}."
        return Finding(condition, False, early)
    if calendar.closes_on is None:
        return Finding(condition, True, f"{told}\u00a0; aucune date de clôture n’est fixée.")
    closing = french_date(calendar.closes_on)
    if received > calendar.closes_on:
        return Finding(condition, False, f"{told}, après la clôture du {closing}.")
    return Finding(condition, True, f"{told}, pour une clôture le {closing}.")


def eligibility(
    assessment: Assessment,
    conditions: Conditions,
    person: Person | None,
    supports: Sequence[Support],
    territory: str,
) -> Advice:
    """Whether the conditions are met; ``territory``: where the pole acts, as it was recorded."""
    findings = [_composition(assessment)]
    if conditions.private_law:
        findings.append(_private_law(person))
    if conditions.first_support:
        findings.append(_first_support(supports))
    findings.append(
        Finding("Territoire délimité", True, f"Territoire\u00a0: {territory}.")
        if territory
        else Finding("Territoire délimité", False, "Le pôle n’a ni siège ni territoire d’action.")
    )
    return Advice(tuple(findings))


def _composition(assessment: Assessment) -> Finding:
    condition = f"Composition\u00a0: {assessment.rule.name}"
    if assessment.verdict is None:
        return Finding(condition, True, headline(assessment))
    met = {Verdict.SATISFIED: True, Verdict.NOT_SATISFIED: False, Verdict.UNDETERMINED: None}
    told = composition_sentences(assessment)
    if assessment.verdict is Verdict.UNDETERMINED:
        # What would settle it is on the pole's own page, with its questions.
        told = told[:-1]
    return Finding(condition, met[assessment.verdict], " ".join(told))


_PUBLIC = ("4", "7")
_PRIVATE = ("5", "6", "8", "9")
_PRIVATE_KINDS = ("association", "ess")


def is_private_law(person: Person) -> Known:
    """Whether it is a legal person of private law, from its category, or else from its kind."""
    if person.is_legal_person is False or person.category[:1] in ("1", "2"):
        return False
    if person.category[:1] in _PUBLIC or person.kind == "collectivite":
        return False
    if person.category[:1] in _PRIVATE or person.kind in _PRIVATE_KINDS:
        return True
    if person.kind == "entreprise" and person.is_legal_person:
        return True
    return None


def _private_law(person: Person | None) -> Finding:
    condition = "Personne morale de droit privé"
    if person is None:
        return Finding(condition, None, "Sans bénéficiaire désigné, sa forme n’est pas connue.")
    met = is_private_law(person)
    name = f"«\u00a0{person.name}\u00a0»"
    category = f" (catégorie juridique {person.category})" if person.category else ""
    told = {
        True: f"{name} est une personne morale de droit privé{category}.",
        False: f"{name} n’est pas une personne morale de droit privé{category}.",
        None: f"La forme juridique de {name} n’est pas connue du registre.",
    }
    return Finding(condition, met, told[met])


def _first_support(supports: Iterable[Support]) -> Finding:
    condition = "Projet jamais soutenu par l’État dans un appel antérieur"
    known = list(supports)
    granted = _listed(one.call for one in known if one.granted)
    if granted:
        told = f"Le pôle a déjà été lauréat\u00a0: {granted}."
        return Finding(condition, False, told, "Reste à savoir si le projet est autre.")
    accompanied = _listed(one.call for one in known)
    if accompanied:
        return Finding(condition, None, f"Le pôle a déjà été accompagné\u00a0: {accompanied}.")
    return Finding(condition, True, "Aucun soutien antérieur n’est connu du registre.")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"«\u00a0{name}\u00a0»" for name in dict.fromkeys(names))
