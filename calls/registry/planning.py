"""Works out what the poles' file asks for, row by row, before anything is written."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from calls.models import Application, Call, Decision
from calls.registry.leads import Lead, read_lead
from calls.registry.mapping import Mapping, MemberType
from calls.registry.matching import TerritoryMatcher, organisation_entry
from calls.registry.plan import (
    Plan,
    PlannedApplication,
    PlannedMember,
    PlannedOrganisation,
    PlannedPole,
)
from calls.registry.reading import (
    NamedCall,
    RowRefusedError,
    split_addresses,
    split_calls,
    split_list,
    split_members,
    split_status,
    year,
)
from calls.registry.report import Note, Refusal, RegistryReport
from calls.registry.rows import check_columns
from core.tables import Table, TableRow
from core.text import normalise
from members.models import Organisation
from members.naming import organisation_key
from poles.models import Maturity, MembershipRole, Pole, PoleSource

_check_address = URLValidator(schemes=["http", "https"])


def plan_poles(
    table: Table,
    mapping: Mapping,
    territories: TerritoryMatcher,
    report: RegistryReport,
    refused: Collection[int] = (),
) -> Plan:
    """The plan of every row but those on the ``refused`` lines; fills the report's findings."""
    plan = Plan()
    seen: dict[tuple[str, str], int] = {}
    for row in table:
        if row.line in refused:
            continue
        planner = RowPlanner(row, mapping, territories)
        try:
            pole = planner.plan()
            identity = (normalise(pole.name), pole.region)
            if identity in seen:
                raise RowRefusedError(
                    f"même nom et même région que la ligne {seen[identity]} : le même pôle ?"
                )
        except RowRefusedError as error:
            report.refused.append(Refusal(table.name, row.line, row["name"], str(error)))
            continue
        seen[identity] = row.line
        plan.add(pole, planner.organisations)
        report.notes += [Note(row.line, pole.name, text) for text in planner.notes]
        report.unmapped_themes.update(planner.unmapped_themes)
        report.unmapped_types.update(planner.unmapped_types)
        report.unmapped_statuses.update(planner.unmapped_statuses)
        report.unmapped_outcomes.update(planner.unmapped_outcomes)
    return plan


class RowPlanner:
    """One row, and what is to be said of it."""

    def __init__(self, row: TableRow, mapping: Mapping, territories: TerritoryMatcher) -> None:
        self.row = row
        self.mapping = mapping
        self.territories = territories
        self.organisations: list[PlannedOrganisation] = []
        self.notes: list[str] = []
        self.unmapped_themes: list[str] = []
        self.unmapped_types: list[str] = []
        self.unmapped_statuses: list[str] = []
        self.unmapped_outcomes: list[str] = []

    def plan(self) -> PlannedPole:
        row = self.row
        if row.fault:
            raise RowRefusedError(row.fault)
        if not normalise(row["name"]):
            raise RowRefusedError("le pôle n’a pas de nom")
        seat = self.territories.seat(row["commune"], row["departement_code"], row["region"])
        self.notes += seat.notes
        pole = PlannedPole(row.line, row["name"], normalise(row["region"]), seat=seat.territory)
        pole.sources = self._addresses("source", split_addresses(row["source_url"]))
        pole.themes = self._themes()
        pole.applications = [self._application(call) for call in split_calls(row["calls"])]
        self._fill(pole)
        self._add_people(pole)
        _check_sizes(pole, self.organisations)
        return pole

    def _fill(self, pole: PlannedPole) -> None:
        row = self.row
        website = self._addresses("site", [row["website"]] if row["website"] else [])
        said = {
            "name": row["name"],
            "acronym": row["acronym"],
            "theme_words": split_list(row["themes"]),
            "founding_year": year(row["year_created"]),
            "lead_words": row["lead_structure"],
            "website": website[0] if website else "",
            "jobs_words": row["jobs"],
        }
        if row["status"]:
            pole.fields["maturity"], pole.fields["maturity_year"] = self._maturity()
            pole.fields["maturity_words"] = row["status"]
        pole.fields |= {name: value for name, value in said.items() if value not in ("", [], None)}

    def _addresses(self, what: str, addresses: list[str]) -> list[str]:
        valid = []
        for address in addresses:
            try:
                _check_address(address)
            except ValidationError:
                self.notes.append(f"{what} non valide, laissé de côté : « {address[:150]} »")
            else:
                valid.append(address)
        return valid

    def _themes(self) -> list[str]:
        slugs: list[str] = []
        for word in split_list(self.row["themes"]):
            mapped = self.mapping.theme_words.get(normalise(word), [])
            slugs += mapped
            if not mapped:
                self.unmapped_themes.append(word)
        return list(dict.fromkeys(slugs))

    def _maturity(self) -> tuple[Maturity, int | None]:
        found: list[tuple[Maturity, int | None]] = []
        for part in split_status(self.row["status"]):
            words = normalise(part.words)
            if words in self.mapping.maturities:
                found.append((Maturity(self.mapping.maturities[words]), part.year))
            elif words not in self.mapping.silent_statuses:
                self.unmapped_statuses.append(part.words)
        if len(set(found)) > 1:
            self.notes.append(f"statut qui dit deux choses : « {self.row['status']} »")
        return found[0] if len(set(found)) == 1 else (Maturity.UNKNOWN, None)

    def _application(self, named: NamedCall) -> PlannedApplication:
        entry = self.mapping.calls.get(normalise(named.call))
        outcome = normalise(named.outcome)
        stated = (entry.outcomes.get(outcome) if entry else None) or self.mapping.outcomes.get(
            outcome
        )
        if stated is None and outcome:
            self.unmapped_outcomes.append(named.outcome)
        decision = Decision(stated or "inconnue")
        if named.amount is not None and decision not in {Decision.LAUREATE, Decision.SUPPORTED}:
            raise RowRefusedError(
                f"un montant sans lauréat ni accompagné : « {named.call}|{named.outcome} »"
            )
        return PlannedApplication(
            entry.code if entry else "",
            named.call,
            entry.strand if entry else None,
            decision,
            named.outcome,
            named.amount,
        )

    def _add_people(self, pole: PlannedPole) -> None:
        """The lead, the members and the partners; the pole's own legal person is none of them."""
        cell = self.row["lead_structure"]
        lead = read_lead(cell, pole.name, self.mapping) if cell else Lead("")
        members: dict[str, PlannedMember] = {}
        if lead.treatment == "mots":
            why = lead.why[:1].lower() + lead.why[1:].rstrip(".")
            self.notes.append(f"structure porteuse gardée en mots ({why}) : « {cell} »")
        elif lead.treatment == "pole":
            pole.own_person = self._organisation(pole, lead.name, lead.type).key
        elif lead.treatment == "porteur":
            key = self._organisation(pole, lead.name, lead.type).key
            members[key] = PlannedMember(key, MembershipRole.LEAD, cell[:200])
        if lead.legal_form:
            pole.fields["legal_form"] = lead.legal_form
        for named in split_members(self.row["members"]):
            if normalise(named.name) in self.mapping.not_organisations:
                self.notes.append(
                    f"membre sans nom propre, laissé de côté : « {named.name} » ({named.type})"
                )
                continue
            organisation = self._organisation(pole, named.name, named.type)
            if organisation.key == pole.own_person:
                self.notes.append(
                    f"personne morale du pôle, donc pas son propre membre : « {named.name} »"
                )
                continue
            known = members.get(organisation.key)
            if known is None:
                role = self._type(named.type).role
                members[organisation.key] = PlannedMember(organisation.key, role, named.type)
            elif known.role == MembershipRole.LEAD:
                members[organisation.key] = PlannedMember(known.key, known.role, named.type)
            else:
                self.notes.append(f"membre nommé deux fois : « {named.name} »")
        pole.members = list(members.values())

    def _type(self, word: str) -> MemberType:
        return self.mapping.member_types.get(normalise(word), MemberType(mute=not word))

    def _organisation(self, pole: PlannedPole, name: str, type_word: str) -> PlannedOrganisation:
        entry = organisation_entry(name, self.mapping)
        organisation = PlannedOrganisation(
            organisation_key(entry.name),
            entry.name,
            entry.acronym,
            stated_facts=dict(entry.facts),
            why=entry.why,
        )
        if type_word:
            if normalise(type_word) not in self.mapping.member_types:
                self.unmapped_types.append(type_word)
            stated = self._type(type_word)
            organisation.types[type_word] = stated
            if not stated.mute:
                organisation.named_by[pole.name] = pole.sources
        if entry.commune:
            organisation.seat = self.territories.seat(
                entry.commune, self.row["departement_code"], self.row["region"]
            ).territory
        self.organisations.append(organisation)
        return organisation


def _check_sizes(pole: PlannedPole, organisations: list[PlannedOrganisation]) -> None:
    """Refuses what the columns cannot hold, which the database would say less well."""
    check_columns(Pole(**pole.fields), pole.fields)
    for organisation in organisations:
        row = Organisation(
            name=organisation.name,
            acronym=organisation.acronym,
            source_words=list(organisation.types),
        )
        check_columns(row, ["name", *(["source_words"] if organisation.types else [])])
    for application in pole.applications:
        check_columns(Call(name=application.name), ["name"])
        check_columns(Application(decision_words=application.words), ["decision_words"])
    for address in pole.sources:
        check_columns(PoleSource(url=address), ["url"])
