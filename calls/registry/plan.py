"""What a load means to write, as plain values: poles, and the organisations that they name."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from calls.models import Decision
from calls.registry.mapping import MemberType
from members.kinds import CERTAIN_FACTS, OrganisationKind
from poles.models import MembershipRole
from territories.models import Territory


@dataclass
class PlannedOrganisation:
    """An organisation as all the rows that name it describe it."""

    key: str
    name: str
    acronym: str = ""
    types: dict[str, MemberType] = field(default_factory=dict)
    """The words that say its nature, and what each means."""
    stated_facts: dict[str, bool] = field(default_factory=dict)
    """Facts that the table of organisations states, with its reason."""
    why: str = ""
    seat: Territory | None = None
    named_by: dict[str, list[str]] = field(default_factory=dict)
    """For each pole that says its nature, the pages that the pole's row cites."""

    @property
    def kind(self) -> OrganisationKind:
        """The nature on which the sources agree; unknown as soon as two of them differ."""
        stated = {kind.kind for kind in self.types.values()} - {OrganisationKind.UNKNOWN}
        forms = {kind.form for kind in self.types.values()} - {""}
        if len(forms) > 1:
            return OrganisationKind.UNKNOWN
        # An association is an ESS entity too: the word that names the form says more.
        if stated == {OrganisationKind.ESS, OrganisationKind.ASSOCIATION}:
            return OrganisationKind.ASSOCIATION
        return stated.pop() if len(stated) == 1 else OrganisationKind.UNKNOWN

    @property
    def facts(self) -> dict[str, bool]:
        """What no source contradicts, with what the nature gives for certain."""
        said: dict[str, set[bool]] = {}
        for kind in self.types.values():
            for fact, value in {**CERTAIN_FACTS[kind.kind], **dict(kind.facts)}.items():
                said.setdefault(fact, set()).add(value)
        agreed = {fact: values.pop() for fact, values in said.items() if len(values) == 1}
        return {**agreed, **self.stated_facts, **CERTAIN_FACTS[self.kind]}

    @property
    def words(self) -> list[str]:
        return [word for word, kind in self.types.items() if not kind.mute]

    def merge(self, other: "PlannedOrganisation") -> None:
        self.acronym = self.acronym or other.acronym
        self.types.update(other.types)
        self.stated_facts.update(other.stated_facts)
        self.why = self.why or other.why
        self.seat = self.seat or other.seat
        self.named_by.update(other.named_by)


@dataclass(frozen=True)
class PlannedMember:
    key: str
    role: MembershipRole
    words: str


@dataclass(frozen=True)
class PlannedApplication:
    call: str
    """The call's code; empty when the registry knows it by its name alone."""
    name: str
    strand: tuple[str, str] | None
    decision: Decision
    words: str
    amount: Decimal | None


@dataclass
class PlannedPole:
    line: int
    name: str
    region: str
    fields: dict[str, Any] = field(default_factory=dict)
    """Only what the row says: an empty cell erases nothing."""
    seat: Territory | None = None
    themes: list[str] = field(default_factory=list)
    members: list[PlannedMember] = field(default_factory=list)
    own_person: str = ""
    sources: list[str] = field(default_factory=list)
    applications: list[PlannedApplication] = field(default_factory=list)


@dataclass
class Plan:
    poles: list[PlannedPole] = field(default_factory=list)
    organisations: dict[str, PlannedOrganisation] = field(default_factory=dict)

    def add(self, pole: PlannedPole, organisations: list[PlannedOrganisation]) -> None:
        self.poles.append(pole)
        for organisation in organisations:
            known = self.organisations.setdefault(organisation.key, organisation)
            if known is not organisation:
                known.merge(organisation)
