"""What a pasted list would change of the members of a pole, line by line, before it is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.utils import timezone

from core.typed import typed_day
from members.creating import unit_values
from members.finding import Likely, Wanted, likely_doubles
from members.models import Organisation
from members.naming import organisation_key
from members.register import Unit, look_up
from poles.models import MembershipRole, Pole
from poles.planned import organisations_in
from poles.record import Change
from poles.record.fields import Json
from workspace.members.pasted import LABELS, Pasted, PastedMember

NEW = "nouvelle"
# A page does not wait for more answers of the State's register than these.
_MOST_LOOKED_UP = 15


class Status(StrEnum):
    """What would become of a line."""

    FOUND = "organisation du registre"
    CREATED = "nouvelle organisation"
    CHANGED = "participation changée"
    TO_CHOOSE = "à choisir"
    KEPT = "déjà membre"
    REPEATED = "déjà dans la liste"
    REFUSED = "refusée"


@dataclass
class PlannedMember:
    """A line; ``change`` is what it would write, ``why`` what there is to know of it."""

    row: PastedMember
    status: Status = Status.REFUSED
    organisation: Organisation | None = None
    name: str = ""
    why: str = ""
    likely: list[Likely] = field(default_factory=list)
    chosen: str = ""
    change: Change | None = None

    def refuse(self, why: str) -> None:
        self.status, self.why = Status.REFUSED, why

    @property
    def asks(self) -> bool:
        """Whether it is a person's to say which organisation this is."""
        return bool(self.likely) and self.status != Status.REFUSED and not self.settled

    @property
    def settled(self) -> bool:
        """The same number, or the same name and no other number: nobody need be asked."""
        return bool(self.likely) and _is_the_one(self.row, self.likely)


@dataclass(frozen=True)
class Plan:
    members: list[PlannedMember]
    left_out: int = 0

    @property
    def changes(self) -> list[Change]:
        return [each.change for each in self.members if each.change is not None]

    @property
    def undecided(self) -> int:
        return self.count(Status.TO_CHOOSE)

    @property
    def refused(self) -> int:
        return self.count(Status.REFUSED)

    def count(self, status: Status) -> int:
        return sum(each.status == status for each in self.members)

    @property
    def counts(self) -> list[tuple[str, int]]:
        return [(str(s), n) for s in Status if (n := self.count(s))]

    def rows(self, saved: Mapping[str, Json]) -> dict[str, Json]:
        """The members as they would be."""
        return {**saved, **{change.key: change.after for change in self.changes}}


def plan(pole: Pole, saved: Mapping[str, Json], pasted: Pasted, choices: Mapping[int, str]) -> Plan:
    """``saved``: the members as the record holds them; ``choices``: by line, the number of an
    organisation or `NEW`. Three statements, and what the register is asked."""
    likely = likely_doubles([Wanted(row.name, row.siren) for row in pasted.rows])
    names = Organisation.objects.in_bulk(organisations_in(saved))
    planning = _Planning(pole, saved, names)
    members = [
        planning.planned(row, near, choices.get(row.line, ""))
        for row, near in zip(pasted.rows, likely, strict=True)
    ]
    return Plan(members, pasted.left_out)


def _is_the_one(row: PastedMember, likely: list[Likely]) -> bool:
    first = likely[0]
    if first.same_number:
        return True
    sure = [each for each in likely if each.sure]
    return len(sure) == 1 and row.siren in {"", first.organisation.siren or row.siren}


class _Planning:
    """Goes through the lines in their order: each knows of those above it."""

    def __init__(
        self, pole: Pole, saved: Mapping[str, Json], names: Mapping[int, Organisation]
    ) -> None:
        self.pole = pole
        self.saved = saved
        self.names = names
        self.today = timezone.localdate().isoformat()
        self.seen: set[int | str] = set()
        self.looked_up = 0
        self.new = 0

    def planned(self, row: PastedMember, likely: list[Likely], chosen: str) -> PlannedMember:
        made = PlannedMember(row, name=row.name or row.siren, likely=likely)
        if row.fault:
            made.refuse(row.fault)
            return made
        known = {str(each.organisation.pk): each.organisation for each in likely}
        if made.settled:
            made.organisation = likely[0].organisation
        elif chosen in known:
            made.organisation, made.chosen = known[chosen], chosen
        elif likely and chosen != NEW:
            made.status = Status.TO_CHOOSE
            made.why = "C’est peut-être une organisation que le registre connaît déjà."
            return made
        if made.organisation is not None:
            made.name = made.organisation.name
            self._join(made, made.organisation)
        else:
            made.chosen = NEW if likely else ""
            self._create(made)
        return made

    def _join(self, made: PlannedMember, organisation: Organisation) -> None:
        if self._repeated(made, organisation.pk):
            return
        if organisation.pk == self.pole.legal_person_id:
            made.refuse("c’est la personne morale du pôle, qui n’est jamais son propre membre")
            return
        mine = [
            (key, value)
            for key, value in self.saved.items()
            if value["organisation"] == organisation.pk
        ]
        now = [each for each in mine if not (each[1]["ends_on"] or "9999") < self.today]
        if now:
            self._compare(made, *now[-1])
        elif mine and made.row.begins_on is None:
            ended = max(value["ends_on"] for _, value in mine)
            made.refuse(
                "elle a déjà participé, jusqu’au "
                f"{typed_day(date.fromisoformat(ended), last=True)}\u00a0: dites depuis quand elle "
                "est revenue"
            )
        else:
            made.status = Status.FOUND
            made.why = made.likely[0].why if made.settled else ""
            self._come(made, organisation.pk)

    def _compare(self, made: PlannedMember, key: str, before: dict[str, Json]) -> None:
        """A member already: what the line says besides its name is taken over."""
        row = made.row
        given = {"role": row.role, "begins_on": _iso(row.begins_on), "ends_on": _iso(row.ends_on)}
        moved = {name: value for name, value in given.items() if value and value != before[name]}
        if not moved:
            made.status = Status.KEPT
        elif moved.get("role") == MembershipRole.LEAD and self._other_lead(key):
            made.refuse(self._led())
        else:
            made.status = Status.CHANGED
            made.why = "\u00a0; ".join(
                f"{LABELS[name]}\u00a0: {_told(name, before[name])} → {_told(name, value)}"
                for name, value in moved.items()
            )
            made.change = Change(key, before, {**before, **moved})
            self._note_lead(moved.get("role", ""))

    def _create(self, made: PlannedMember) -> None:
        row = made.row
        unit = None
        if not row.name:
            unit = self._unit(made)
            if unit is None:
                return
            made.name = unit.name
        if self._repeated(made, row.siren or organisation_key(made.name)):
            return
        made.status = Status.CREATED
        values: dict[str, Json] = {
            "name": made.name,
            "siren": row.siren or None,
            "kind": row.kind,
            **row.facts,
        }
        if unit is not None:
            values |= {"unit": unit_values(unit), "acronym": unit.acronym[:60]}
        values["source"] = f"Liste collée\u00a0: «\u00a0{row.words}\u00a0»" if row.words else ""
        self._come(made, values)

    def _unit(self, made: PlannedMember) -> Unit | None:
        """A number without a name: the State's register gives it."""
        self.looked_up += 1
        if self.looked_up > _MOST_LOOKED_UP:
            made.refuse("donnez son nom\u00a0: l’annuaire n’est interrogé que pour quelques lignes")
            return None
        answer = look_up(made.row.siren)
        if not answer.units:
            made.refuse(answer.unavailable or "aucune organisation ne porte ce numéro")
            return None
        if not answer.units[0].name:
            made.refuse("l’annuaire ne diffuse pas son nom\u00a0: écrivez-le")
            return None
        return answer.units[0]

    def _come(self, made: PlannedMember, organisation: int | dict[str, Json]) -> None:
        row = made.row
        if row.role == MembershipRole.LEAD and self._other_lead(""):
            made.refuse(self._led())
            return
        self.new += 1
        key = f"members/+{self.new}"
        made.change = Change(
            key,
            None,
            {
                "organisation": organisation,
                "role": row.role or MembershipRole.ACTIVE.value,
                "begins_on": _iso(row.begins_on),
                "ends_on": _iso(row.ends_on),
                "source_words": row.words,
            },
        )
        self._note_lead(row.role)

    def _note_lead(self, role: str) -> None:
        """So that no line below makes another."""
        if role == MembershipRole.LEAD:
            self.seen.add(MembershipRole.LEAD)

    def _repeated(self, made: PlannedMember, what: int | str) -> bool:
        if what in self.seen:
            made.status = Status.REPEATED
            made.why = "Une ligne plus haut la nomme déjà."
            return True
        self.seen.add(what)
        return False

    def _other_lead(self, key: str) -> bool:
        return MembershipRole.LEAD in self.seen or self._lead(key) is not None

    def _lead(self, but: str = "") -> int | None:
        for key, value in self.saved.items():
            over = (value["ends_on"] or "9999") < self.today
            if key != but and value["role"] == MembershipRole.LEAD and not over:
                return value["organisation"]
        return None

    def _led(self) -> str:
        lead = self.names.get(self._lead() or 0)
        named = f"\u00a0: {lead.name}" if lead else ""
        return f"le pôle a déjà une structure porteuse{named}"


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _told(name: str, value: Json) -> str:
    if name == "role":
        return str(MembershipRole(value).label)
    if not value:
        return "inconnu"
    return typed_day(date.fromisoformat(value), last=name == "ends_on")
