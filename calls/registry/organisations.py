"""Writes the organisations that the poles name: each once, with the evidence of its nature."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from calls.registry.plan import Plan, PlannedOrganisation
from calls.registry.report import RegistryReport
from calls.registry.rows import assign
from core.history import written_by_hand
from core.text import slug_of
from members.kinds import FACTS, OrganisationKind
from members.models import EvidenceOrigin, FactEvidence, Organisation, OrganisationFormerSlug
from members.naming import organisation_key
from poles.merging.successors import successors
from poles.models import Merge

_YES_NO = {True: "oui", False: "non"}


@dataclass
class Organisations:
    """The registry's organisation for each key of a plan, and the keys that fit several."""

    by_key: dict[str, Organisation] = field(default_factory=dict)
    ambiguous: set[str] = field(default_factory=set)


def write_organisations(plan: Plan, report: RegistryReport) -> Organisations:
    known = _known(plan)
    for key, pk in (standing := _standing()):
        if key in plan.organisations and not known[key]:
            known[key] = list(Organisation.objects.filter(pk=pk).select_related("seat"))
    by_hand = written_by_hand(Organisation) | written_by_hand(FactEvidence, "organisation_id")
    # A person said that two names are one organisation: none of them is written anew.
    by_hand |= {pk for _, pk in standing}
    # What the State's register established is worth more than a page of the press.
    better = FactEvidence.objects.exclude(origin=EvidenceOrigin.PRESS)
    by_hand |= set(better.values_list("organisation_id", flat=True))
    taken = set(Organisation.objects.values_list("slug", flat=True)) | set(
        OrganisationFormerSlug.objects.values_list("slug", flat=True)
    )
    written = Organisations()
    created: list[Organisation] = []
    evidenced: list[tuple[Organisation, PlannedOrganisation]] = []
    report.organisations.read = len(plan.organisations)
    for planned in plan.organisations.values():
        report.kinds[planned.kind.label] += 1
        candidates = known[planned.key]
        if len(candidates) > 1:
            written.ambiguous.add(planned.key)
            continue
        if not candidates:
            organisation = Organisation(slug=slug_of(planned.name, taken), name=planned.name)
            assign(organisation, _said(planned))
            taken.add(organisation.slug)
            created.append(organisation)
            evidenced.append((organisation, planned))
        else:
            (organisation,) = candidates
            if organisation.pk in by_hand:
                report.organisations.count("left", organisation.name)
            else:
                evidenced.append((organisation, planned))
        written.by_key[planned.key] = organisation
    Organisation.objects.bulk_create(created)
    moved = _write_evidence(evidenced)
    new = {organisation.pk for organisation in created}
    for organisation, planned in evidenced:
        if organisation.pk in new:
            report.organisations.count("created", organisation.name)
            continue
        changed = assign(organisation, _said(planned))
        if changed:
            organisation.save()
        outcome = "changed" if changed or organisation.pk in moved else "unchanged"
        report.organisations.count(outcome, organisation.name)
    return written


def _known(plan: Plan) -> dict[str, list[Organisation]]:
    """For each key of the plan, the organisations that bear it."""
    keys = {
        pk: key
        for pk, name in Organisation.objects.order_by("id").values_list("pk", "name")
        if (key := organisation_key(name)) in plan.organisations
    }
    known: dict[str, list[Organisation]] = defaultdict(list)
    for organisation in Organisation.objects.filter(pk__in=keys).select_related("seat"):
        known[keys[organisation.pk]].append(organisation)
    return known


def _standing() -> list[tuple[str, int]]:
    """The key of each organisation that was merged, and the number of the one that stands."""
    rows = list(
        Merge.objects.filter(undone_at=None, merged_organisation__isnull=False)
        .order_by("pk")
        .values_list("merged_name", "merged_organisation")
    )
    today = successors(number for _, number in rows if number is not None)
    return [(organisation_key(name), today[number]) for name, number in rows if number in today]


def _said(planned: PlannedOrganisation) -> dict[str, Any]:
    """What the sources say; where they say nothing of its nature, what is known stays."""
    said: dict[str, Any] = {}
    if planned.words or planned.stated_facts:
        said = {"kind": planned.kind, "source_words": planned.words}
        said |= {fact: planned.facts.get(fact) for fact in FACTS}
    if planned.acronym:
        said["acronym"] = planned.acronym
    if planned.seat:
        said["seat"] = planned.seat
    return said


def _write_evidence(evidenced: list[tuple[Organisation, PlannedOrganisation]]) -> set[int]:
    """Makes the evidence from public pages what the sources say; the organisations it moved."""
    known: dict[int, dict[tuple[str, str, str], int]] = defaultdict(dict)
    rows = FactEvidence.objects.filter(
        organisation__in=[organisation.pk for organisation, _ in evidenced],
        origin=EvidenceOrigin.PRESS,
    )
    for row in rows:
        known[row.organisation_id][row.aspect, row.value, row.source] = row.pk
    wanted: list[FactEvidence] = []
    stale: list[int] = []
    moved: set[int] = set()
    for organisation, planned in evidenced:
        evidence = _evidence(planned)
        have = known[organisation.pk]
        new = [row for row in evidence if row not in have]
        # A file that says nothing of its nature takes back nothing that another said.
        old = [pk for row, pk in have.items() if evidence and row not in evidence]
        wanted += [
            FactEvidence(
                organisation=organisation,
                aspect=aspect,
                value=value,
                origin=EvidenceOrigin.PRESS,
                source=source,
            )
            for aspect, value, source in new
        ]
        stale += old
        if new or old:
            moved.add(organisation.pk)
    FactEvidence.objects.filter(pk__in=stale).delete()
    FactEvidence.objects.bulk_create(wanted)
    return moved


def _evidence(planned: PlannedOrganisation) -> list[tuple[str, str, str]]:
    """Aspect, value and source of each thing known."""
    words = ", ".join(f"« {word} »" for word in planned.words)
    pages = [
        f"{words} dans la fiche de {pole}, d’après : {' '.join(sources) or 'source inconnue'}"
        for pole, sources in planned.named_by.items()
    ]
    stated = "\n".join(pages)
    evidence = []
    if planned.kind != OrganisationKind.UNKNOWN:
        evidence.append(("kind", planned.kind.value, stated))
    for fact, value in planned.facts.items():
        source = f"{planned.why}\n{stated}" if fact in planned.stated_facts else stated
        evidence.append((fact, _YES_NO[value], source))
    return evidence
